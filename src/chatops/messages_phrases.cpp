#include "chatops/messages_phrases.h"

#include <array>

namespace fa::chatops {
namespace {

constexpr std::size_t kSaysCount = static_cast<std::size_t>(Says::kCount);

/// In the order of the enum.
// clang-format off
constexpr std::array<Words, kSaysCount> kMessageWords = {{
    // The form.
    {"Analyse an incident", "障害の分析"},
    {"Start an analysis", "分析を開始できます"},
    {"What is wrong?", "どのような問題が起きていますか"},
    {"Example: orders fail with HTTP 504 since about 17:30, checkout logs connection timeouts",
     "例: 17:30 ごろから注文が HTTP 504 で失敗し、checkout のログに接続タイムアウトが出ている"},
    {"Start of the time to study", "調査期間の開始"},
    {"In your own time zone. Let it begin before the trouble did.",
     "ご自身のタイムゾーンで指定してください。問題が始まる前からの期間にしてください。"},
    {"End of the time to study", "調査期間の終了"},
    {"If the trouble goes on, choose the present time.", "問題が続いている場合は、現在の時刻を指定してください。"},
    {"Analyse", "分析する"},
    {"Cancel", "キャンセル"},
    {"Write in a few words what is wrong.", "問題の内容を入力してください。"},
    {"The description has {0} characters; {1} are possible. Please shorten it.",
     "説明が {0} 文字あります。{1} 文字以内に短くしてください。"},
    {"Choose when the time to study starts.", "調査期間の開始日時を選択してください。"},
    {"Choose when the time to study ends.", "調査期間の終了日時を選択してください。"},
    {"The start lies in the future. Choose a time before {0}.",
     "開始日時が未来になっています。{0} より前の日時を選択してください。"},
    {"The end must be after the start, {0}. Choose a later end.",
     "終了日時は開始日時（{0}）より後にしてください。"},
    {"From start to end it is {0}; at most {1} can be studied at once. Choose a later start or an earlier end.",
     "開始から終了までが {0} あります。一度に調査できるのは {1} までです。開始を遅くするか、終了を早くしてください。"},
    // Decisions and questions.
    {"Confirm the cause", "原因の確定"},
    {"What you write here is kept and shown when a similar incident comes.",
     "ここに入力した内容は記録され、類似の障害が起きたときに表示されます。"},
    {"Wrong cause", "原因の訂正"},
    {"Thank you for telling. Leave empty what is not known yet.",
     "お知らせいただきありがとうございます。まだ分からない項目は空欄のままで構いません。"},
    {"What was the cause?", "原因は何でしたか"},
    {"What was the cause really?", "実際の原因は何でしたか"},
    {"Example: a deployment closed the security group of orders-db",
     "例: デプロイによって orders-db のセキュリティグループが閉じられた"},
    {"What mended it?", "どのように復旧しましたか"},
    {"Example: the inbound rule for port 5432 was restored", "例: ポート 5432 の受信ルールを元に戻した"},
    {"Save", "保存"},
    {"Ask a question", "質問する"},
    {"What do you want to know?", "知りたいことを入力してください"},
    {"Example: did orders-db restart during the incident?", "例: 障害の間に orders-db は再起動しましたか"},
    {"Send", "送信"},
    // Inquiries.
    {"Ask about metrics", "メトリクスについて質問"},
    {"Example: why was checkout slower this week? What should be changed?",
     "例: 今週 checkout が遅くなったのはなぜですか。何を変更すべきですか"},
    {"Write what you want to know.", "知りたいことを入力してください。"},
    {"Days to look at", "対象日数"},
    {"Counted back from now.", "現在からさかのぼる日数です。"},
    {"Counted back from now. A time that the question names counts instead.",
     "現在からさかのぼる日数です。質問の中に期間があれば、そちらを優先します。"},
    {"Give a whole number of days from 1 to {0}.", "日数は 1 から {0} までの整数で指定してください。"},
    {"Security findings", "セキュリティ検出結果"},
    {"Report on security findings. Severity: {0}", "セキュリティ検出結果のレポート。重大度: {0}"},
    {"Severity", "重大度"},
    {"critical only", "緊急のみ"},
    {"high and above", "高以上"},
    {"medium and above", "中以上"},
    {"low and above", "低以上"},
    {"all", "すべて"},
    {"Language of the report", "レポートの言語"},
    {"Answer in", "回答先"},
    {"Left empty: where you called the command. Where the app is no member you get a direct message.",
     "空欄の場合は、コマンドを実行した場所に回答します。アプリが参加していない場所では、ダイレクトメッセージで回答します。"},
    {"Change and send again", "修正して再送信"},
    {"The files below hold all of it.", "全文は下のファイルにあります。"},
    // Progress.
    {"Waiting. It starts as soon as a place is free.", "待機中です。順番が来しだい開始します。"},
    {"Waiting. Analyses before it: {0}.", "待機中です。先に {0} 件の分析があります。"},
    {"Collecting data", "データを収集しています"},
    {"Collecting data: {0} of {1} done", "データを収集しています（{1} 件中 {0} 件完了）"},
    {"Analysing the data", "データを分析しています"},
    {"Asking the language model", "言語モデルに問い合わせています"},
    {"Writing the report", "レポートを作成しています"},
    {"Done. The result is in this thread.", "分析が完了しました。結果はこのスレッドにあります。"},
    {"The analysis failed.", "分析に失敗しました。"},
    {"Asked by ", "依頼者: "},
    // Reports and answers.
    {"Severity: {0}", "重大度: {0}"},
    {"Since {0}", "影響の開始: {0}"},
    {"Window: {0}", "調査期間: {0}"},
    {"For: ", "裏付け: "},
    {"Against: ", "矛盾: "},
    {"{0} more in the report files", "ほか {0} 件はレポートのファイルに記載しています"},
    {"More commands in the report files: {0}", "ほかのコマンド {0} 件はレポートのファイルに記載しています"},
    {"Ranked lower: {0}", "下位の候補: {0}"},
    {"These are hypotheses: check them before you act.", "内容は仮説です。対応の前に必ずご確認ください。"},
    {"Times beside evidence are in {0}, times inside sentences in UTC.",
     "証拠の横の時刻は {0}、文中の時刻は UTC です。"},
    {"There is more than fits here; the report files hold all of it.",
     "ここに収まらない内容があります。全文はレポートのファイルをご覧ください。"},
    {"Part {0} of {1}", "{1} 分割の {0} 番目"},
    {"Confirm cause", "原因を確定"},
    {"Wrong cause", "原因が違う"},
    {"Tell the cause", "原因を登録"},
    {"Ask", "質問する"},
    {"Wider window", "期間を広げる"},
    {"Question", "質問"},
    {"There is no answer to this question.", "この質問への回答は得られませんでした。"},
}};
// clang-format on

constexpr bool all_filled() {
  for (const Words& words : kMessageWords) {
    if (words.english.empty() || words.japanese.empty()) return false;
  }
  return true;
}
static_assert(all_filled(), "kMessageWords must have an entry for every phrase");

}  // namespace

std::string_view say(Language language, Says phrase) {
  const auto index = static_cast<std::size_t>(phrase);
  if (index >= kMessageWords.size()) return {};
  return language == Language::kJapanese ? kMessageWords[index].japanese : kMessageWords[index].english;
}

std::span<const Words> all_message_words() { return kMessageWords; }

}  // namespace fa::chatops
