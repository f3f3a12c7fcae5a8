#include "findings/phrases.h"

#include <array>

namespace fa::findings {
namespace {

struct Words {
  std::string_view en;
  std::string_view ja;
};

Words words_of_report(Phrase phrase) {
  switch (phrase) {
    case Phrase::kTitle:
      return {"Security findings", "セキュリティ検出結果"};
    case Phrase::kSubtitleLive:
      return {"Security Hub and GuardDuty, {} region(s), as of {}",
              "Security Hub と GuardDuty、{} リージョン、{} 時点"};
    case Phrase::kSubtitleFiles:
      return {"From {} file(s), as of {}", "{} 個のファイルから、{} 時点"};
    case Phrase::kSummary:
      return {"Summary", "概要"};
    case Phrase::kSummaryLine:
      return {"Findings: {}, causes: {}, resources: {}.", "検出結果 {} 件、原因 {} 種類、リソース {} 個。"};
    case Phrase::kSummaryNone:
      return {"No finding meets the criteria below.", "下記の条件に合う検出結果はありません。"};
    case Phrase::kWorstLine:
      return {"The most pressing one: {}.", "最も急を要するもの: {}。"};
    case Phrase::kService:
      return {"Found by", "検出元"};
    case Phrase::kTotal:
      return {"Total", "合計"};
    case Phrase::kAccounts:
      return {"Accounts", "アカウント"};
    case Phrase::kRegions:
      return {"Regions", "リージョン"};
    case Phrase::kPeriod:
      return {"Seen", "検知期間"};
    case Phrase::kPeriodText:
      return {"{} to {}", "{} から {}"};
    case Phrase::kCriteria:
      return {"Criteria", "条件"};
    case Phrase::kLeftOut:
      return {"Left out", "対象外"};
    case Phrase::kLeftOutItem:
      return {"{1}: {0}", "{1} {0} 件"};
    case Phrase::kMerged:
      return {"Told more than once and counted once", "重複して届き、一件として数えたもの"};
    case Phrase::kTopRisks:
      return {"What to mend first", "最初に対処するもの"};
    case Phrase::kTopRisk:
      return {"{} ({}; resources: {})", "{}（{}、リソース {} 個）"};
    case Phrase::kReachable:
      return {"reachable from outside", "外部から到達可能"};
    case Phrase::kExploit:
      return {"an exploit is known", "攻撃コードあり"};
    case Phrase::kNewFindings:
      return {"{} new", "新規 {} 件"};
    case Phrase::kSinceLast:
      return {"Since the last report", "前回のレポートからの変化"};
    case Phrase::kSinceLastFirst:
      return {"There is no earlier report to compare with; the next one will be.",
              "比較できる前回のレポートがありません。次回から比較します。"};
    case Phrase::kSinceLastLine:
      return {"Compared with {}: {} new, {} gone, {} worse.", "{} との比較: 新規 {} 件、解消 {} 件、悪化 {} 件。"};
    case Phrase::kSinceLastOther:
      return {"The last report was made with other criteria ({}), so part of the difference is theirs.",
              "前回のレポートは別の条件（{}）で作られたため、差の一部は条件によるものです。"};
    case Phrase::kSinceLastUnseen:
      return {"{} findings of the last report could not be looked for, since a source was not complete (see the gaps).",
              "情報源が不完全なため（「取得できなかったもの」を参照）、前回の検出結果のうち {} 件は確認できません。"};
    case Phrase::kSinceLastBroken:
      return {"The file with the last report's findings cannot be read, so nothing was compared: {}",
              "前回の検出結果のファイルを読めないため、比較していません: {}"};
    case Phrase::kAppeared:
      return {"New", "新規"};
    case Phrase::kGone:
      return {"Gone", "解消"};
    case Phrase::kWorse:
      return {"Worse", "悪化"};
    case Phrase::kWorseItem:
      return {"{} (was {})", "{}（以前は{}）"};
    case Phrase::kMoreItems:
      return {"and {} more", "ほか {} 件"};
    case Phrase::kCauses:
      return {"Findings by cause", "原因ごとの検出結果"};
    case Phrase::kCause:
      return {"Cause", "原因"};
    case Phrase::kSeverity:
      return {"Severity", "重要度"};
    case Phrase::kRisk:
      return {"Risk", "リスク"};
    case Phrase::kRiskText:
      return {"{} (rank {} of {})", "{}（{} 位 / {} 件中）"};
    case Phrase::kFoundBy:
      return {"Found by", "検出元"};
    case Phrase::kFirstSeen:
      return {"First seen", "初回検知"};
    case Phrase::kLastSeen:
      return {"Last seen", "最終検知"};
    case Phrase::kResources:
      return {"Resources", "リソース"};
    case Phrase::kResource:
      return {"Resource", "リソース"};
    case Phrase::kAccount:
      return {"Account", "アカウント"};
    case Phrase::kRegion:
      return {"Region", "リージョン"};
    case Phrase::kFindings:
      return {"Findings", "検出結果"};
    case Phrase::kMoreResources:
      return {"and {} more resources", "ほかリソース {} 個"};
    default:
      return {};
  }
}

Words words_of_groups(Phrase phrase) {
  switch (phrase) {
    case Phrase::kWhy:
      return {"Why it fires", "検知の理由"};
    case Phrase::kDanger:
      return {"What the risk is", "リスク"};
    case Phrase::kFix:
      return {"How to fix it", "対処方法"};
    case Phrase::kDocumentation:
      return {"Documentation", "公式ドキュメント"};
    case Phrase::kWords:
      return {"In the finding's own words", "検出結果の原文"};
    case Phrase::kVulnerabilities:
      return {"Vulnerability", "脆弱性"};
    case Phrase::kInstalled:
      return {"Installed", "導入済み"};
    case Phrase::kFixedIn:
      return {"Mended in", "修正版"};
    case Phrase::kExploitKnown:
      return {"Exploit known", "攻撃コード"};
    case Phrase::kYes:
      return {"yes", "あり"};
    case Phrase::kMoreVulnerabilities:
      return {"and {} more vulnerabilities", "ほか脆弱性 {} 件"};
    case Phrase::kByFamily:
      return {"This text is about the kind of finding, not about this very one.",
              "この説明は検出結果の種類についてのもので、この検出結果に固有のものではありません。"};
    case Phrase::kByModel:
      return {"Written by a language model from the finding; the names in it were checked against the finding.",
              "検出結果をもとに言語モデルが書いた説明です。含まれる名前は検出結果と照合済みです。"};
    case Phrase::kByProduct:
      return {"What the finding itself recommends (quoted):", "検出結果自身による推奨（引用）:"};
    case Phrase::kByNobody:
      return {
          "There is no text on this cause, and the finding recommends nothing. Its own words above are all that is "
          "known.",
          "この原因についての説明はなく、検出結果に推奨もありません。上の原文が分かっていることのすべてです。"};
    case Phrase::kFurtherCauses:
      return {"Further causes", "その他の原因"};
    case Phrase::kFurtherCausesText:
      return {"Less pressing than those above; the JSON output has all details.",
              "上のものより緊急度が低いものです。詳細はすべて JSON 出力にあります。"};
    case Phrase::kGaps:
      return {"What could not be seen", "取得できなかったもの"};
    case Phrase::kSource:
      return {"Source", "情報源"};
    case Phrase::kProblem:
      return {"What happened", "発生したこと"};
    case Phrase::kMeaning:
      return {"What it means", "影響"};
    case Phrase::kByHand:
      return {"To see the same by hand", "手作業で確認する方法"};
    case Phrase::kByHandText:
      return {"These commands give the findings this report is made of, before they are merged and grouped:",
              "次のコマンドで、統合とグループ化の前の検出結果を取得できます:"};
    case Phrase::kByHandFiles:
      return {"This report was made of the files below; the commands print the findings in them:",
              "このレポートは次のファイルから作られました。コマンドでファイル内の検出結果を表示できます:"};
    case Phrase::kRanking:
      return {"How the order comes about", "順位の決め方"};
    case Phrase::kRankingText:
      return {
          "Risk is the weight of the worst severity (critical 100, high 60, medium 25, low 8, informational 1), times "
          "1.5 "
          "where the finding says that the resource can be reached from outside, times 1.3 where an exploit is known, "
          "times 1 to 2 by the number of resources, times 1.2 where it was seen within a day and 0.8 where not within "
          "a "
          "week. Nothing is guessed from names.",
          "リスクは、最も高い重要度の重み（重大 100、高 60、中 25、低 8、情報 "
          "1）に、外部から到達可能と検出結果が示す場合は 1.5、攻撃コードが知られている場合は 1.3、"
          "リソース数に応じて 1 から 2、一日以内に検知された場合は 1.2、一週間検知されていない場合は 0.8 "
          "を掛けたものです。名前からの推測は行いません。"};
    case Phrase::kBroken:
      return {"{} findings, {} records not readable", "検出結果 {} 件、読めない記録 {} 件"};
    default:
      return {};
  }
}

Words words_of_gaps(Phrase phrase) {
  switch (phrase) {
    case Phrase::kGapBroken:
      return {"{} records are no finding or cut off", "検出結果でないか、途中で切れている記録が {} 件あります"};
    case Phrase::kGapBrokenImpact:
      return {"They were left out; all others were used.", "除外しました。ほかはすべて使いました。"};
    case Phrase::kGapNoFindings:
      return {"there is no finding in it", "検出結果が含まれていません"};
    case Phrase::kGapFileUnread:
      return {"Nothing of it was used.", "何も使っていません。"};
    case Phrase::kGapFilePart:
      return {"What came before was used; the rest is missing.", "それより前は使いました。残りは含まれていません。"};
    case Phrase::kGapStopped:
      return {"reading was stopped or ran out of time", "読み取りが中断されたか、時間切れになりました"};
    case Phrase::kGapHubOff:
      return {"Security Hub is not enabled here. To enable it: aws securityhub enable-security-hub",
              "ここでは Security Hub が有効になっていません。有効にするには: aws securityhub enable-security-hub"};
    case Phrase::kGapGuardDutyOff:
      return {
          "GuardDuty is not enabled here: there is no detector. To enable it: aws guardduty create-detector --enable",
          "ここでは GuardDuty が有効になっていません（ディテクターがありません）。有効にするには: aws guardduty "
          "create-detector --enable"};
    case Phrase::kGapDetectorMissing:
      return {"none of the detectors in the configuration is here", "設定にあるディテクターが、ここにはありません"};
    case Phrase::kGapServiceImpact:
      return {"None of its findings are in this report.", "その検出結果は、このレポートに含まれていません。"};
    case Phrase::kGapServicePart:
      return {"{} of its findings were read before; the rest is missing.",
              "それまでに読んだ {} 件は含まれています。残りは含まれていません。"};
    case Phrase::kGapBeyond:
      return {"there are {} findings more than the {} this report can hold",
              "このレポートの上限 {1} 件を超える検出結果が {0} 件あります"};
    case Phrase::kGapBeyondImpact:
      return {"They were counted, not looked at. Raise --severity or name fewer regions.",
              "数えただけで、内容は見ていません。--severity を上げるか、リージョンを減らしてください。"};
    case Phrase::kGapModel:
      return {"the language model explained nothing of what was asked of it: {}",
              "言語モデルから説明を得られませんでした: {}"};
    case Phrase::kGapModelImpact:
      return {"These causes are told in the findings' own words.", "該当する原因は、検出結果の原文で示しています。"};
    case Phrase::kServiceIn:
      return {"{} in {}", "{}（{}）"};
    default:
      return {};
  }
}

}  // namespace

std::string_view phrase(Phrase phrase, Language language) {
  Words words = words_of_report(phrase);
  if (words.en.empty()) words = words_of_groups(phrase);
  if (words.en.empty()) words = words_of_gaps(phrase);
  return language == Language::kJapanese ? words.ja : words.en;
}

std::string_view severity_word(Severity severity, Language language) {
  static constexpr std::array<Words, kSeverityCount> kSeverities = {
      {{"Informational", "情報"}, {"Low", "低"}, {"Medium", "中"}, {"High", "高"}, {"Critical", "重大"}}};
  const Words& words = kSeverities.at(static_cast<std::size_t>(severity));
  return language == Language::kJapanese ? words.ja : words.en;
}

std::string_view left_out_words(LeftOut why, Language language) {
  static constexpr std::array<Words, kLeftOutCount> kReasons = {{{"sample findings", "サンプル"},
                                                                 {"archived", "アーカイブ済み"},
                                                                 {"checks that passed", "合格したチェック"},
                                                                 {"suppressed or resolved", "抑制または解決済み"},
                                                                 {"older", "期間外"},
                                                                 {"less severe", "重要度が条件未満"}}};
  const Words& words = kReasons.at(static_cast<std::size_t>(why));
  return language == Language::kJapanese ? words.ja : words.en;
}

}  // namespace fa::findings
