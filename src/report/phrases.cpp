#include "report/phrases.h"

#include <array>

namespace fa {
namespace {

struct Entry {
  Phrase phrase;
  Words words;
};

constexpr std::size_t kPhraseCount = static_cast<std::size_t>(Phrase::kCount);

// clang-format off
constexpr std::array<Entry, kPhraseCount> kPhrases = {{
    {Phrase::kTitle, {"Failure analysis", "障害分析レポート"}},
    {Phrase::kConfidence, {"confidence", "確信度"}},
    {Phrase::kConfidenceHigh, {"high", "高"}},
    {Phrase::kConfidenceMedium, {"moderate", "中"}},
    {Phrase::kConfidenceLow, {"low", "低"}},
    {Phrase::kSeverity, {"severity", "重大度"}},
    {Phrase::kImpact, {"Impact", "影響"}},
    {Phrase::kAffected, {"Affected", "影響範囲"}},
    {Phrase::kSince, {"Since", "影響の開始"}},
    {Phrase::kOnset, {"Onset", "異常の開始"}},
    {Phrase::kWindow, {"Window", "調査期間"}},
    {Phrase::kBaseline, {"Baseline", "比較期間"}},
    {Phrase::kBaselineNone, {"none found in the data", "データの中に見つかりませんでした"}},
    {Phrase::kGiven, {"given", "指定"}},
    {Phrase::kFoundFromData, {"found from the data", "データから推定"}},
    {Phrase::kAlarm, {"Alarm", "アラーム"}},
    {Phrase::kReported, {"Reported", "報告内容"}},
    {Phrase::kCase, {"Case", "案件"}},
    {Phrase::kHypotheses, {"Likeliest causes", "原因の候補（可能性の高い順）"}},
    {Phrase::kLikeliestCause, {"Likeliest cause", "最有力の原因"}},
    {Phrase::kSupports, {"For", "裏付けとなる証拠"}},
    {Phrase::kContradicts, {"Against", "矛盾する証拠"}},
    {Phrase::kBreaksAfter, {"Breaks after", "途切れる直前"}},
    {Phrase::kBreaksBefore, {"and before", "本来の続き"}},
    {Phrase::kRankedLower, {"Ranked lower:", "下位の候補:"}},
    {Phrase::kShownAbove, {"(shown above)", "（前掲）"}},
    {Phrase::kMoreEvidence,
     {"{0} more in the HTML, Markdown and JSON reports", "ほか {0} 件は HTML・Markdown・JSON のレポートに記載しています"}},
    {Phrase::kMoreEntries, {"{0} more in the HTML, Markdown and JSON reports",
                            "ほか {0} 件は HTML・Markdown・JSON のレポートに記載しています"}},
    {Phrase::kEvidence, {"Evidence", "証拠"}},
    {Phrase::kChartWindow, {"window", "調査期間"}},
    {Phrase::kChartBaseline, {"baseline", "比較期間"}},
    {Phrase::kChartUsual, {"usual range (baseline)", "通常の範囲（比較期間）"}},
    {Phrase::kChartMedian, {"median (baseline)", "中央値（比較期間）"}},
    {Phrase::kChartShift, {"Level shift", "水準の変化"}},
    {Phrase::kChartOutlier, {"Outlier", "外れ値"}},
    {Phrase::kChartNoValues, {"no values", "値なし"}},
    {Phrase::kCharts, {"Charts", "グラフ"}},
    {Phrase::kMoreCharts, {"{0} more with the evidence in the HTML report", "ほか {0} 件は HTML レポートの証拠の欄にあります"}},
    {Phrase::kTimeline, {"Timeline ({0})", "経過（時刻は {0}）"}},
    {Phrase::kEvent, {"Event", "出来事"}},
    {Phrase::kActions, {"What to do now", "推奨する対応"}},
    {Phrase::kPrevention, {"Prevention", "再発防止策"}},
    {Phrase::kReproduce, {"How to check by hand", "手作業での確認方法"}},
    {Phrase::kReproduceHint,
     {"Each line below shows the stored bytes behind an item; compare them with its excerpt and figures.",
      "次の各行を実行すると、証拠の元データを表示できます。引用や数値と見比べてご確認ください。"}},
    {Phrase::kCoverage, {"What was read", "読み取ったデータ"}},
    {Phrase::kSource, {"Source", "データ元"}},
    {Phrase::kFormat, {"Format", "形式"}},
    {Phrase::kRecords, {"Records", "件数"}},
    {Phrase::kSize, {"Size", "サイズ"}},
    {Phrase::kRange, {"Time range ({0})", "期間（{0}）"}},
    {Phrase::kNotes, {"Notes", "備考"}},
    {Phrase::kCountRecords, {"{0} records", "{0} 件"}},
    {Phrase::kCountSkipped, {"{0} skipped", "未使用 {0} 件"}},
    {Phrase::kCountTruncated, {"{0} cut", "切り詰め {0} 件"}},
    {Phrase::kUndated, {"no times", "時刻なし"}},
    {Phrase::kUnrecognised, {"not recognised", "形式不明"}},
    {Phrase::kMoreSources, {"and {0} more sources with {1} records", "ほか {0} 個のデータ元（{1} 件）"}},
    {Phrase::kGaps, {"What could not be seen", "確認できなかったこと"}},
    {Phrase::kNoGaps, {"No gap was noticed.", "データの欠落は検出されませんでした。"}},
    {Phrase::kQuestions, {"What would settle it", "判断のために必要な確認"}},
    {Phrase::kVerification, {"Verification", "照合結果"}},
    {Phrase::kVerified,
     {"{0} of {1} statements verified against the stored bytes",
      "証拠 {1} 件のうち {0} 件について、保存された元データとの一致を確認しました"}},
    {Phrase::kNothingVerified,
     {"No statement was verified against the stored bytes", "元データとの照合は行われていません"}},
    {Phrase::kUsage, {"Read: {0} records, {1}", "読み取り量: {0} 件、{1}"}},
    {Phrase::kUsageNoModel, {"No language model was used", "言語モデルは使用していません"}},
    {Phrase::kUsageModel,
     {"Language model: {0} tokens in, {1} tokens out, {2} USD", "言語モデル: 入力 {0} トークン、出力 {1} トークン、{2} USD"}},
    {Phrase::kUsageLive,
     {"Live sources: {0} calls, about {1} USD (prices of {2})", "ライブ収集: {0} 回の呼び出し、約 {1} USD（{2} 時点の料金）"}},
    {Phrase::kCollection, {"How it was collected", "データの収集方法"}},
    {Phrase::kAskedAs, {"Asked as {0}", "照会に使用した権限: {0}"}},
    {Phrase::kSourceUsage,
     {"{0} calls · {1} scanned · {2} fetched · about {3} USD", "呼び出し {0} 回 · スキャン {1} · 取得 {2} · 約 {3} USD"}},
    {Phrase::kNotice,
     {"These are hypotheses drawn mechanically from the data that was read. A person must check them before acting: "
      "run the line given for an item, compare what it shows with the excerpt and figures here, and read what could "
      "not be seen.",
      "本レポートの内容は、読み取ったデータから機械的に導いた仮説です。対応の前に、必ず担当者がご確認ください。"
      "各証拠に示した確認方法を実行し、表示された内容を本レポートの引用や数値と見比べたうえで、"
      "「確認できなかったこと」もあわせてお読みください。"}},
    {Phrase::kTimesInUtc, {"All times are in UTC.", "時刻はすべて UTC です。"}},
    {Phrase::kTimesLocal,
     {"Times are in {0}, those inside sentences in UTC.", "時刻は {0}、文中の時刻は UTC です。"}},
    {Phrase::kTopology, {"Who calls whom", "呼び出し関係"}},
    {Phrase::kSuspect, {"likeliest cause", "最有力の原因"}},
    {Phrase::kFigures, {"Figures", "数値"}},
    {Phrase::kWhere, {"Where", "場所"}},
    {Phrase::kTime, {"Time", "時刻"}},
    {Phrase::kSubject, {"Subject", "対象"}},
    {Phrase::kStatus, {"Status", "状態"}},
    {Phrase::kKind, {"Kind", "種別"}},
    {Phrase::kHash, {"SHA-256 of the bytes", "元データの SHA-256"}},
    {Phrase::kKey, {"Key", "キー"}},
    {Phrase::kCut, {"(cut here; the JSON report has all of it)", "（ここで省略。全文は JSON レポートにあります）"}},
    {Phrase::kProducedBy, {"Produced by FA2 {0}", "FA2 {0} が作成"}},
    {Phrase::kQuoteOpen, {"“", "「"}},
    {Phrase::kQuoteClose, {"”", "」"}},
    {Phrase::kListSeparator, {", ", "、"}},
    {Phrase::kUnnamed, {"(unnamed)", "（名称不明）"}},
    {Phrase::kModelReading, {"What the language model says", "言語モデルの見解"}},
    {Phrase::kModelVerified, {"{0}: {1} of {2} statements verified against the stored bytes.",
                              "{0}: {2} 件中 {1} 件の記述について、元データとの一致を確認しました。"}},
    {Phrase::kModelContradicts,
     {"It names another first cause than the ranking above, which stands as it is. Compare the evidence of both.",
      "上の順位とは異なる原因を第一に挙げています。順位は変更していません。両方の証拠を見比べてください。"}},
    {Phrase::kModelMissing, {"What it would want to know", "追加で確認したいこと"}},
    {Phrase::kModelSteps, {"How the model investigated", "言語モデルの調査手順"}},
    {Phrase::kUnverified, {"not verified: {0}", "未検証: {0}"}},
    {Phrase::kShownInPart, {"shown in part", "一部のみ表示"}},
    {Phrase::kStepNoData, {"nothing found", "該当なし"}},
    {Phrase::kStepError, {"wrong call", "誤った呼び出し"}},
    {Phrase::kStepRefused, {"refused", "拒否"}},
    {Phrase::kSimilar, {"Seen before", "過去の類似インシデント"}},
    {Phrase::kSeenOn, {"Seen on {0}: {1} ({2} alike).", "{0} に発生: {1}（類似度 {2}）。"}},
    {Phrase::kCauseWas, {"It was: {0}.", "実際の原因: {0}。"}},
    {Phrase::kFixedBy, {"Fixed by: {0}.", "対処: {0}。"}},
    {Phrase::kPassages, {"From your documents", "関連ドキュメント"}},
    {Phrase::kDiagramAlarm, {"alarm", "アラーム"}},
    {Phrase::kDiagramInvolved, {"named in the cause", "原因に関係"}},
    {Phrase::kDiagramSymptoms, {"symptoms", "症状あり"}},
    {Phrase::kDiagramPath, {"path of the symptom", "症状が伝わった経路"}},
    {Phrase::kDiagramFailing, {"calls named in the cause", "原因とされる呼び出し"}},
    {Phrase::kDiagramInferred, {"not observed: concluded or described", "未観測（推定、または構成の説明による）"}},
    {Phrase::kDiagramGroup, {"several nodes, folded", "複数をまとめて表示"}},
    {Phrase::kDiagramMore, {"{0} more without symptoms", "ほか {0} 件（症状なし）"}},
    {Phrase::kDiagramMoreSymptoms, {"{0} more, {1} with symptoms", "ほか {0} 件（うち症状あり {1} 件）"}},
    {Phrase::kDiagramFolded,
     {"{0} nodes are folded; of the calls of such a group one arrow is drawn.",
      "{0} 件をまとめて表示しています。まとめた部分の呼び出しは矢印 1 本だけを描いています。"}},
    {Phrase::kDiagramPerMinute, {"{0}/min", "{0} 回/分"}},
    {Phrase::kDiagramRequests, {"{0} requests", "{0} 回"}},
    {Phrase::kDiagramErrors, {"{0} errors", "エラー {0}"}},
    {Phrase::kDiagramMean, {"mean {0}", "平均 {0}"}},
    {Phrase::kDiagramWas, {"{0} (was {1})", "{0}（通常 {1}）"}},
    {Phrase::kDiagramNoCalls, {"no calls", "呼び出しなし"}},
    {Phrase::kDiagramFigures,
     {"On arrows: calls in the window, in brackets in the baseline", "矢印の数値: 調査期間の呼び出し（括弧内は比較期間）"}},
    {Phrase::kDiagramNodes, {"{0} nodes and {1} calls.", "ノード {0} 件、呼び出し {1} 件。"}},
    {Phrase::kDiagramCauseAt, {"Likeliest cause: {0} ({1}).", "最有力の原因: {0}（{1}）。"}},
    {Phrase::kDiagramPathIs, {"The symptom came along: {0}.", "症状が伝わった経路: {0}。"}},
    {Phrase::kDiagramNoGraphviz,
     {"The diagram is not drawn: Graphviz (package graphviz, program dot) is not installed.",
      "Graphviz（パッケージ graphviz、プログラム dot）がないため、図は描かれていません。"}},
    {Phrase::kDiagramTooSlow,
     {"The diagram is not drawn: Graphviz did not finish within {0} seconds.",
      "Graphviz が {0} 秒以内に終わらなかったため、図は描かれていません。"}},
    {Phrase::kDiagramFailed, {"The diagram is not drawn: {0}", "図は描かれていません: {0}"}},
    {Phrase::kDiagramMermaid, {"Diagram as Mermaid text, for pasting", "構成図（Mermaid 形式、貼り付け用）"}},
    {Phrase::kTopologyAll, {"All {0} calls", "すべての呼び出し（{0} 件）"}},
}};

constexpr std::array<Words, 3> kVerdicts = {{
    {"Incident", "障害"},
    {"No incident visible", "障害は見当たりません"},
    {"The data cannot tell", "データからは判断できません"},
}};
constexpr std::array<Words, 5> kSeverities = {{
    {"none", "なし"}, {"low", "低"}, {"medium", "中"}, {"high", "高"}, {"critical", "緊急"},
}};
constexpr std::array<Words, 5> kKinds = {{
    {"log", "ログ"}, {"metric", "メトリクス"}, {"trace", "トレース"}, {"change", "変更"}, {"topology", "構成"},
}};
constexpr std::array<Words, 10> kNodeKinds = {{
    {"kind unknown", "種別不明"},
    {"service", "サービス"},
    {"function", "関数"},
    {"database", "データベース"},
    {"cache", "キャッシュ"},
    {"queue", "キュー"},
    {"storage", "ストレージ"},
    {"load balancer", "ロードバランサー"},
    {"external", "外部システム"},
    {"client", "クライアント"},
}};
constexpr std::array<Words, 4> kStatuses = {{
    {"proposed, to be checked", "仮説（要確認）"},
    {"evidence verified", "証拠の照合済み"},
    {"refuted", "否定"},
    {"untested", "未検証"},
}};
constexpr std::array<Words, 3> kChecks = {{
    {"not verified", "未照合"},
    {"matches the stored bytes", "元データと一致"},
    {"does not match the stored bytes", "元データと不一致"},
}};
constexpr std::array<Words, kMechanismCount> kMechanisms = {{
    {"CPU saturated", "CPU の飽和"},
    {"memory pressure", "メモリの逼迫"},
    {"disk full", "ディスク容量の枯渇"},
    {"network delay", "ネットワークの遅延"},
    {"network cut off", "ネットワークの分断"},
    {"dependency does not answer in time", "依存先のタイムアウト"},
    {"dependency returns errors", "依存先のエラー"},
    {"dependency is slow", "依存先の応答遅延"},
    {"exception in code", "プログラムの例外"},
    {"wrong result", "誤った結果"},
    {"slow processing", "処理の遅延"},
    {"configuration change", "設定変更"},
    {"deployment", "デプロイ"},
    {"throttling", "スロットリング（流量制限）"},
    {"certificate problem", "証明書の問題"},
    {"name resolution fails (DNS)", "名前解決（DNS）の失敗"},
    {"authentication or permission refused", "認証・認可の拒否"},
    {"connection pool exhausted", "コネクションプールの枯渇"},
    {"resource exhausted", "リソースの枯渇"},
    {"crash or restart", "クラッシュ・再起動"},
    {"traffic surge", "トラフィックの急増"},
    {"traffic drop", "トラフィックの急減"},
    {"mechanism unknown", "原因の種類は不明"},
}};
// clang-format on

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kPhrases.size(); ++i) {
    if (static_cast<std::size_t>(kPhrases[i].phrase) != i) return false;
  }
  return true;
}
static_assert(in_enum_order(), "kPhrases must list every Phrase once, in the enum's order");

std::string_view in(Language language, const Words& words) {
  return language == Language::kJapanese ? words.japanese : words.english;
}

template <std::size_t N, class Enum>
std::string_view in(Language language, const std::array<Words, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? in(language, names[index]) : std::string_view();
}

}  // namespace

std::string_view say(Language language, Phrase phrase) {
  const auto index = static_cast<std::size_t>(phrase);
  return index < kPhrases.size() ? in(language, kPhrases[index].words) : std::string_view();
}
std::string_view say(Language language, Verdict verdict) { return in(language, kVerdicts, verdict); }
std::string_view say(Language language, ReportSeverity severity) { return in(language, kSeverities, severity); }
std::string_view say(Language language, EvidenceKind kind) { return in(language, kKinds, kind); }
std::string_view say(Language language, NodeKind kind) { return in(language, kNodeKinds, kind); }
std::string_view say(Language language, HypothesisStatus status) { return in(language, kStatuses, status); }
std::string_view say(Language language, CheckStatus status) { return in(language, kChecks, status); }
std::string_view say(Language language, Mechanism mechanism) { return in(language, kMechanisms, mechanism); }

std::span<const Words> all_words() {
  static const auto kAll = [] {
    std::array<Words, kPhraseCount + kVerdicts.size() + kSeverities.size() + kKinds.size() + kStatuses.size() +
                          kNodeKinds.size() + kChecks.size() + kMechanisms.size()>
        all;
    std::size_t next = 0;
    for (const Entry& entry : kPhrases) all[next++] = entry.words;
    const auto add = [&](const auto& names) {
      for (const Words& words : names) all[next++] = words;
    };
    add(kVerdicts);
    add(kSeverities);
    add(kKinds);
    add(kNodeKinds);
    add(kStatuses);
    add(kChecks);
    add(kMechanisms);
    return all;
  }();
  return kAll;
}

}  // namespace fa
