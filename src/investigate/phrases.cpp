#include "investigate/phrases.h"

#include <fmt/core.h>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMaxQuoted = 160;

template <class... Args>
std::string compose(const std::string& pattern, const Args&... args) {
  return fmt::format(fmt::runtime(pattern), args...);
}

double fact_of(const Finding& f, std::string_view name) {
  for (const Fact& fact : f.facts) {
    if (fact.name == name) return fact.value;
  }
  return 0;
}

std::string percent(double share) { return format_number(share * 100) + "%"; }

std::string seconds(double s) {
  if (s >= 1) return format_number(s) + " s";
  if (s >= 1e-3) return format_number(s * 1e3) + " ms";
  return format_number(s * 1e6) + " µs";
}

}  // namespace

std::string InvestigationPhrases::quoted(std::string_view words) const {
  std::string text(whole_words_prefix(words, kMaxQuoted));
  if (text.size() < words.size()) text += "…";
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return japanese_ ? "「" + text + "」" : "“" + text + "”";
}

std::string InvestigationPhrases::amount(double value, std::string_view unit) const {
  if (unit == "s") return seconds(value);
  if (unit == "share") return percent(value);
  if (unit == "%" || unit == "Percent") return format_number(value) + "%";
  if (unit == "lines/min") return format_number(value) + say(" lines a minute", " 行/分");
  if (unit == "1/s") return format_number(value) + say(" a second", " 回/秒");
  if (unit.size() > 2 && unit.front() == '{' && unit.back() == '}') unit = unit.substr(1, unit.size() - 2);  // UCUM
  if (unit.empty() || unit == "1" || unit == "Count") return format_number(value);
  return format_number(value) + " " + std::string(unit);
}

std::string InvestigationPhrases::claim(const Finding& f) const {
  const std::string who =
      f.subject.instance.empty() ? f.subject.service : f.subject.service + " (" + f.subject.instance + ")";
  const std::string who_quoted = quoted(who);
  const std::string label = quoted(f.label);
  const std::string before = amount(f.baseline, f.unit);
  const std::string now = amount(f.window, f.unit);
  const auto count = [&](std::string_view name) { return format_number(fact_of(f, name)); };
  const auto times = [&](std::string_view name) {
    const double n = fact_of(f, name);
    if (japanese_) return format_number(n) + " 回";
    return n == 1 ? std::string("once") : format_number(n) + " times";
  };
  switch (f.kind) {
    case FindingKind::kResourceSaturation:
      return compose(say("{0} of {1} went from {2} to {3}: little of it is left.",
                         "{1} の {0} が {2} から {3} になり、余裕がほとんどありません。"),
                     label, who_quoted, before, now);
    case FindingKind::kMetricRise:
    case FindingKind::kLatencyRise:
    case FindingKind::kTrafficRise:
      return compose(say("{0} of {1} rose from {2} to {3}.", "{1} の {0} が {2} から {3} に上昇しました。"), label,
                     who_quoted, before, now);
    case FindingKind::kMetricFall:
    case FindingKind::kTrafficFall:
      return compose(say("{0} of {1} fell from {2} to {3}.", "{1} の {0} が {2} から {3} に低下しました。"), label,
                     who_quoted, before, now);
    case FindingKind::kErrorRise:
      return compose(say("{0} of {1} went from {2} to {3}.", "{1} の {0} が {2} から {3} に変化しました。"), label,
                     who_quoted, before, now);
    case FindingKind::kMetricStopped:
      return compose(say("{0} of {1} stopped: no points in the window, {2} in the baseline.",
                         "{1} の {0} が途絶えました。対象期間のデータ点はなく、基準期間には {2} 点ありました。"),
                     label, who_quoted, count("points_baseline"));
    case FindingKind::kOwnTimeRise:
      return compose(
          say("{0} spends {3} on {1} itself, {2} before.", "{0} 自身の {1} の処理時間が {2} から {3} に増えました。"),
          who_quoted, label, before, now);
    case FindingKind::kCallTimeRise:
      return compose(say("Calls from {0} to {1} take {3} outside of both services' own spans, {2} before.",
                         "{0} から {1} への呼び出しで、両者のスパンに含まれない時間が {2} から {3} に増えました。"),
                     quoted(f.subject.component.empty() ? f.peer : f.subject.service),
                     quoted(f.subject.component.empty() ? f.subject.service : f.subject.component), before, now);
    case FindingKind::kErrorOrigin:
    case FindingKind::kCallTimeout:
      return compose(f.peer.empty() ? say("{1} of {2} spans of {0} fail here first ({3}); {4} of {5} in the baseline.",
                                          "{0} のスパン {2} 件中 {1} 件がここで最初に失敗しています ({3})。基準期間は "
                                          "{5} 件中 {4} 件でした。")
                                    : say("{1} of {2} calls of {0} to {6} fail ({3}); {4} of {5} in the baseline.",
                                          "{0} から {6} への呼び出し {2} 件中 {1} 件が失敗しています ({3})。基準期間は "
                                          "{5} 件中 {4} 件でした。"),
                     who_quoted, count("errors_window"), count("spans_window"), label, count("errors_baseline"),
                     count("spans_baseline"), quoted(f.peer));
    case FindingKind::kErrorPassedOn:
      return compose(
          say("{1} of {2} spans of {0} fail because a call below them fails ({3}); {4} of {5} in the baseline.",
              "{0} のスパン {2} 件中 {1} 件が、下位の呼び出しの失敗により失敗しています ({3})。基準期間は {5} 件中 {4} "
              "件でした。"),
          who_quoted, count("errors_window"), count("spans_window"), label, count("errors_baseline"),
          count("spans_baseline"));
    case FindingKind::kMissingCalls:
      return compose(say("{0} calls {1} in {2} of {3} requests {4}; it did in {5} of {6} before.",
                         "{0} が {4} の処理で {1} を呼ぶのは {3} 件中 {2} 件です。以前は {6} 件中 {5} 件でした。"),
                     who_quoted, quoted(f.peer), count("calling_window"), count("requests_window"), label,
                     count("calling_baseline"), count("requests_baseline"));
    case FindingKind::kNewDependency:
      return compose(say("{0} now calls {1} in {2} of {3} requests {4}, which it did not before.",
                         "{0} が {4} の処理 {3} 件中 {2} 件で、以前は呼んでいなかった {1} を呼んでいます。"),
                     who_quoted, quoted(f.peer), count("calling_window"), count("requests_window"), label);
    case FindingKind::kFlowBreak:
      if (!f.peer.empty()) {
        return compose(say("After {0} answered {1}, {2} went on as usual {3} of {4} times, before {5} of {6} times.",
                           "{0} が {1} に応答した後、{2} が通常どおり処理を続けたのは {4} 回中 {3} 回です (以前は {6} "
                           "回中 {5} 回)。"),
                       who_quoted, label, quoted(f.peer), count("followed_window"), count("visits_window"),
                       count("followed_baseline"), count("visits_baseline"));
      }
      return compose(say("In {0}, {1} was followed by {2} {3} of {4} times, before {5} of {6} times; now comes {7}.",
                         "{0} で {1} の次に {2} が続いたのは {4} 回中 {3} 回です (以前は {6} 回中 {5} 回)。現在は {7} "
                         "が続きます。"),
                     who_quoted, quoted(f.location.from),
                     f.location.to.empty() ? say("nothing", "処理の終了") : quoted(f.location.to),
                     count("followed_window"), count("visits_window"), count("followed_baseline"),
                     count("visits_baseline"), f.label.empty() ? say("nothing", "処理の終了") : label);
    case FindingKind::kStepMissing:
      return compose(say("In {0}, {1} happens in {2} of {3} requests{6}; before, it did in {4} of {5}{7}.",
                         "{0} の処理{6}で {1} が行われたのは {3} 件中 {2} 件です (以前は {5} 件中 {4} 件){7}。"),
                     who_quoted, quoted(f.location.to), count("happened_window"), count("requests_window"),
                     count("happened_baseline"), count("requests_baseline"), f.peer.empty() ? "" : " " + quoted(f.peer),
                     f.label.empty() ? "" : compose(say("; now comes {0}", "。代わりに {0} が現れます"), label));
    case FindingKind::kLogNew:
      if (fact_of(f, "count_baseline") == 0 && f.unit == "lines") {
        return compose(say("{0} wrote {1} {2}.", "{0} が {1} を {2}出力しました。"), who_quoted, label,
                       times("count_window"));
      }
      return compose(say("{0} wrote {1} {2} in the window and never in the baseline.",
                         "{0} が {1} を対象期間に {2}出力しました。基準期間には一度もありません。"),
                     who_quoted, label, times("count_window"));
    case FindingKind::kLogBefore:
      return compose(say("{0} wrote {1} {2} before the window.", "{0} が {1} を対象期間より前に {2}出力しました。"),
                     who_quoted, label, times("count_baseline"));
    case FindingKind::kLogSurge:
      return compose(say("{0} wrote {1} {2} in the window, {3} in the baseline.",
                         "{0} が {1} を対象期間に {2}出力しました (基準期間は {3})。"),
                     who_quoted, label, times("count_window"), times("count_baseline"));
    case FindingKind::kLogVanished:
      return compose(say("{0} no longer wrote {1}: {2} in the baseline, never in the window.",
                         "{0} の {1} が出力されなくなりました (基準期間 {2}、対象期間 なし)。"),
                     who_quoted, label, times("count_baseline"));
    case FindingKind::kLogFall:
      return compose(say("{0} wrote {1} less: {2} in the window, {3} in the baseline.",
                         "{0} の {1} が減りました (対象期間 {2}、基準期間 {3})。"),
                     who_quoted, label, times("count_window"), times("count_baseline"));
    case FindingKind::kLogParameterShift:
      return compose(say("A value in {1} of {0} moved from {2} to {3}.",
                         "{0} の {1} に含まれる値が {2} から {3} に変わりました。"),
                     who_quoted, label, format_number(f.baseline), format_number(f.window));
    case FindingKind::kException:
      return compose(say("{0} raised {1} {2} in the window, {3} in the baseline.",
                         "{0} で {1} が対象期間に {2}発生しました (基準期間は {3})。"),
                     who_quoted, label, times("count_window"), times("count_baseline"));
    case FindingKind::kChange:
      if (f.window < 1) {
        return compose(say("{0} by {1} on {2}, at the first sign of trouble.",
                           "最初の兆候と同時に、{1} が {2} に対して {0} を実行しました。"),
                       label, quoted(f.peer.empty() ? "?" : f.peer), quoted(f.subject.component));
      }
      return compose(say("{0} by {1} on {2}, {3} before the first sign of trouble.",
                         "最初の兆候の {3} 前に、{1} が {2} に対して {0} を実行しました。"),
                     label, quoted(f.peer.empty() ? "?" : f.peer), quoted(f.subject.component), seconds(f.window));
    case FindingKind::kAccessErrors:
      return compose(
          say("{1} of {2} requests through {0} ended in a 5xx status; {3} of {4} in the baseline.",
              "{0} を経由したリクエスト {2} 件中 {1} 件が 5xx で終わりました。基準期間は {4} 件中 {3} 件でした。"),
          quoted(f.label), count("failed_window"), count("requests_window"), count("failed_baseline"),
          count("requests_baseline"));
    case FindingKind::kAccessLatency:
      return compose(say("Requests through {0} take {2} on average, {1} before.",
                         "{0} を経由したリクエストの平均所要時間が {1} から {2} に増えました。"),
                     quoted(f.label), before, now);
  }
  return {};
}

std::string InvestigationPhrases::mechanism(Mechanism m) const {
  switch (m) {
    case Mechanism::kCpuSaturation:
      return say("CPU saturation", "CPU 枯渇");
    case Mechanism::kMemoryPressure:
      return say("memory pressure", "メモリ不足");
    case Mechanism::kDiskFull:
      return say("disk full", "ディスク満杯");
    case Mechanism::kNetworkDelay:
      return say("network delay", "ネットワーク遅延");
    case Mechanism::kNetworkPartition:
      return say("network partition", "ネットワーク分断");
    case Mechanism::kDependencyTimeout:
      return say("a dependency that times out", "依存先のタイムアウト");
    case Mechanism::kDependencyError:
      return say("a failing dependency", "依存先のエラー");
    case Mechanism::kDependencySlow:
      return say("a slow dependency", "依存先の遅延");
    case Mechanism::kCodeException:
      return say("an exception in the code", "コードの例外");
    case Mechanism::kWrongResult:
      return say("a changed course of processing", "処理の流れの変化 (誤った結果)");
    case Mechanism::kSlowProcessing:
      return say("slow processing", "処理の遅延");
    case Mechanism::kConfigChange:
      return say("a configuration change", "設定変更");
    case Mechanism::kDeployment:
      return say("a deployment", "デプロイ");
    case Mechanism::kThrottling:
      return say("throttling", "スロットリング");
    case Mechanism::kCertificate:
      return say("a certificate problem", "証明書の問題");
    case Mechanism::kDns:
      return say("failing name resolution", "名前解決の失敗");
    case Mechanism::kAuthentication:
      return say("refused access", "認証・認可の失敗");
    case Mechanism::kConnectionPoolExhausted:
      return say("an exhausted connection pool", "コネクションプールの枯渇");
    case Mechanism::kResourceExhaustion:
      return say("an exhausted resource", "リソースの枯渇");
    case Mechanism::kCrash:
      return say("a crash", "クラッシュ");
    case Mechanism::kTrafficSurge:
      return say("a surge of traffic", "トラフィックの急増");
    case Mechanism::kTrafficDrop:
      return say("a drop of traffic", "トラフィックの急減");
    case Mechanism::kUnknown:
      return say("an unknown mechanism", "不明な要因");
  }
  return {};
}

std::string InvestigationPhrases::statement(const Candidate& c) const {
  const std::string who = quoted(c.subject.service);
  const std::string what = mechanism(c.mechanism);
  std::string text;
  if (c.supports.empty()) {
    return compose(say("Nothing was found that speaks for {0}.", "{0} を疑う根拠は見つかっていません。"), who);
  }
  if (!c.subject.component.empty()) {
    text = compose(say("The cause lies in {0}, at {1}: {2}.", "原因は {0} の {1} にあると考えられます ({2})。"), who,
                   quoted(c.subject.component), what);
  } else {
    text = compose(say("The cause lies in {0}: {1}.", "原因は {0} にあると考えられます ({1})。"), who, what);
  }
  if (!c.explained_by.empty()) {
    text += compose(say(" Part of it may be passed on from {0}.", " 一部は {0} からの波及の可能性があります。"),
                    quoted(c.explained_by));
  }
  return text;
}

std::string InvestigationPhrases::headline(const Candidate& best, double confidence) const {
  const std::string who = best.subject.component.empty()
                              ? quoted(best.subject.service)
                              : quoted(best.subject.service) + " → " + quoted(best.subject.component);
  const std::string_view pattern_en =
      confidence >= 0.5 ? "{0}: {1} is the likeliest cause" : "{0}: {1} is the best guess, without certainty";
  const std::string_view pattern_ja =
      confidence >= 0.5 ? "{0}: {1}が最も有力な原因です" : "{0}: {1}が最有力ですが、確証はありません";
  return compose(say(pattern_en, pattern_ja), who, mechanism(best.mechanism));
}

std::string InvestigationPhrases::headline_no_incident() const {
  return say("No incident is visible in what was read", "読み取ったデータからは障害は確認できません");
}

std::string InvestigationPhrases::headline_cannot_tell() const {
  return say("What was read cannot tell the cause", "読み取ったデータだけでは原因を判断できません");
}

std::string InvestigationPhrases::impact_failing(std::string_view entity, double share, double requests) const {
  return compose(
      say("{1} of the requests to {0} failed ({2} requests).", "{0} へのリクエストの {1} ({2} 件) が失敗しました。"),
      quoted(entity), percent(share), format_number(requests));
}

std::string InvestigationPhrases::impact_slow(std::string_view entity, double before, double now) const {
  return compose(
      say("Requests to {0} took {2} instead of {1}.", "{0} へのリクエストの所要時間が {1} から {2} になりました。"),
      quoted(entity), seconds(before), seconds(now));
}

std::string InvestigationPhrases::impact_services(std::size_t count) const {
  if (count == 1) return say("One service shows symptoms.", "1 個のサービスに症状が出ています。");
  return compose(say("{0} services show symptoms.", "{0} 個のサービスに症状が出ています。"), count);
}

std::string InvestigationPhrases::impact_none() const {
  return say("No effect on users was seen.", "利用者への影響は確認されていません。");
}

std::string InvestigationPhrases::impact_unknown() const {
  return say("The effect on users cannot be told from what was read.",
             "読み取ったデータからは利用者への影響を判断できません。");
}

std::string InvestigationPhrases::technical(std::string_view message) const {
  if (!japanese_ || message.empty()) return std::string(message);
  return "詳細 (原文): " + quoted(message);
}

std::string InvestigationPhrases::chart_unit(std::string_view unit) const {
  if (!japanese_) return std::string(unit);
  if (unit == "lines") return "行";
  if (unit == "errors" || unit == "requests") return "件";
  return std::string(unit);
}

std::string InvestigationPhrases::timeline_window_begins() const { return say("The window begins", "対象期間の開始"); }
std::string InvestigationPhrases::timeline_window_ends() const { return say("The window ends", "対象期間の終了"); }
std::string InvestigationPhrases::timeline_onset() const {
  return say("First sign of the trouble", "異常の最初の兆候");
}
std::string InvestigationPhrases::timeline_alarm(std::string_view entity, std::string_view metric) const {
  return compose(say("Alarm: {1} of {0}", "アラーム: {0} の {1}"), quoted(entity), quoted(metric));
}

std::string InvestigationPhrases::action(Mechanism m, const Subject& subject) const {
  const std::string who = quoted(subject.service);
  const std::string peer = subject.component.empty() ? say("what it depends on", "依存先") : quoted(subject.component);
  std::string pattern;
  switch (m) {
    case Mechanism::kCpuSaturation:
      pattern = say("Give {0} more CPU or more instances, and look at what runs on its host.",
                    "{0} の CPU 割り当てかインスタンス数を増やし、同じホストで動くプロセスを確認してください。");
      break;
    case Mechanism::kMemoryPressure:
      pattern = say("Raise the memory limit of {0} or restart it, and take a heap dump first if you can.",
                    "{0} のメモリ上限を上げるか再起動してください。可能なら先にヒープダンプを取得してください。");
      break;
    case Mechanism::kDiskFull:
      pattern = say("Free space on the disk of {0}; old logs and temporary files first.",
                    "{0} のディスクの空きを確保してください (古いログや一時ファイルから)。");
      break;
    case Mechanism::kNetworkDelay:
    case Mechanism::kNetworkPartition:
      pattern =
          say("Test the network path to {0} (latency, loss, policies) from a caller, and move it to another host if "
              "the path is bad.",
              "呼び出し元から {0} までのネットワーク (遅延、損失、ポリシー) "
              "を確認し、経路に問題があれば別ホストへ移してください。");
      break;
    case Mechanism::kDependencyTimeout:
      pattern = say(
          "Test from {0} whether {1} can be reached (security groups, routes, network policies, its load).",
          "{0} から {1} に到達できるか確認してください (セキュリティグループ、ルート、ネットワークポリシー、負荷)。");
      break;
    case Mechanism::kDependencyError:
    case Mechanism::kDependencySlow:
      pattern = say("Look at the health of {1} as {0} sees it.", "{0} から見た {1} の状態を確認してください。");
      break;
    case Mechanism::kCodeException:
    case Mechanism::kWrongResult:
      pattern =
          say("Roll {0} back to the last version that worked, then look at the code between the two statements named.",
              "{0} を正常だったバージョンに戻し、示した二つのログ文の間のコードを確認してください。");
      break;
    case Mechanism::kThrottling:
      pattern = say("Slow the callers of {0} down or raise the limit.",
                    "{0} の呼び出し頻度を下げるか、上限を引き上げてください。");
      break;
    case Mechanism::kCertificate:
      pattern =
          say("Renew the certificate that {0} uses or is shown.", "{0} が使用または検証する証明書を更新してください。");
      break;
    case Mechanism::kDns:
      pattern = say("Resolve the names {0} uses from its own network and check the resolver.",
                    "{0} のネットワークから名前解決を試し、リゾルバーを確認してください。");
      break;
    case Mechanism::kAuthentication:
      pattern = say("Check the credentials and permissions {0} uses.", "{0} が使う認証情報と権限を確認してください。");
      break;
    case Mechanism::kConnectionPoolExhausted:
      pattern =
          say("See what holds the connections of {0}, and raise the pool only if the database can bear it.",
              "{0} の接続を占有している処理を調べてください。プールの拡大はデータベースに余裕がある場合に限ります。");
      break;
    case Mechanism::kCrash:
      pattern = say("Look at the last lines {0} wrote before it ended, and at its exit status.",
                    "{0} が終了直前に出力したログと終了ステータスを確認してください。");
      break;
    default:
      pattern = say("Look at {0} first: its recent changes, its resources, what it calls.",
                    "まず {0} を確認してください (最近の変更、リソース、呼び出し先)。");
  }
  return compose(pattern, who, peer);
}

std::string InvestigationPhrases::action_check_change(std::string_view what, std::string_view who) const {
  return compose(say("Ask {1} about {0} and undo it if it can be undone safely.",
                     "{0} について {1} に確認し、安全に戻せるなら元に戻してください。"),
                 quoted(what), quoted(who.empty() ? "?" : who));
}

std::string InvestigationPhrases::action_confirm() const {
  return say("Check the evidence by hand before acting: each item says how.",
             "対応の前に、各根拠を記載の手順で確認してください。");
}

std::string InvestigationPhrases::prevention(Mechanism m) const {
  switch (m) {
    case Mechanism::kCpuSaturation:
    case Mechanism::kMemoryPressure:
    case Mechanism::kDiskFull:
    case Mechanism::kConnectionPoolExhausted:
    case Mechanism::kResourceExhaustion:
      return say("Alarm on the resource well before it runs out, and set limits and scaling by measured load.",
                 "枯渇の十分手前でアラームを設定し、実測の負荷に基づいて上限とスケーリングを決めてください。");
    case Mechanism::kNetworkDelay:
    case Mechanism::kNetworkPartition:
    case Mechanism::kDependencyTimeout:
    case Mechanism::kDependencyError:
    case Mechanism::kDependencySlow:
      return say(
          "Give every call a short timeout, a bounded retry and a fallback, and watch each dependency separately.",
          "すべての呼び出しに短いタイムアウト、回数を限った再試行、代替動作を設け、依存先ごとに監視してください。");
    case Mechanism::kCodeException:
    case Mechanism::kWrongResult:
    case Mechanism::kDeployment:
    case Mechanism::kConfigChange:
      return say("Release in small steps with automatic rollback on errors, and test this path.",
                 "エラー時に自動で戻る段階的リリースを行い、この処理経路のテストを追加してください。");
    case Mechanism::kCertificate:
      return say("Renew certificates automatically and alarm thirty days before they end.",
                 "証明書の更新を自動化し、期限の三十日前にアラームを設定してください。");
    default:
      return say("Add an alarm on the first symptom found here, so that the next time it is seen earlier.",
                 "ここで見つかった最初の症状にアラームを設定し、次回は早く気付けるようにしてください。");
  }
}

std::string InvestigationPhrases::question_next(std::string_view first, std::string_view second) const {
  return compose(
      say("What would tell {0} from {1}: logs and traces of both for the same minutes, from another source.",
          "{0} と {1} のどちらが原因かは、同じ時間帯の両者のログとトレースを別の情報源で確認すれば判断できます。"),
      quoted(first), quoted(second));
}

std::string InvestigationPhrases::question_logs(std::string_view service) const {
  // CloudWatch Logs Insights, on the log group of the service.
  return compose(
      say("Logs of {0} for the window would show what it did when it failed; in CloudWatch Logs Insights: {1}",
          "{0} の対象期間のログがあれば、失敗時の動作が分かります。CloudWatch Logs Insights では: {1}"),
      quoted(service),
      "fields @timestamp, @logStream, @message | filter @message like "
      "/(?i)error|exception|fail|timed? ?out|refused|denied/ | sort @timestamp asc | limit 1000");
}

std::string InvestigationPhrases::question_traces(std::string_view service) const {
  std::string name;  // X-Ray's filter expressions know no escape of a quote
  for (const char c : service) {
    if (c != '"') name += c;
  }
  return compose(say("Traces through {0} would show where its requests wait or fail; in X-Ray: {1}",
                     "{0} を通るトレースがあれば、要求がどこで待ち、どこで失敗するかが分かります。X-Ray では: {1}"),
                 quoted(service), "service(\"" + name + "\") AND (fault = true OR error = true OR responsetime > 1)");
}

std::string InvestigationPhrases::question_baseline() const {
  return say("Data from a healthy time (the day before, the same hours) would show what is unusual.",
             "正常時 (前日の同じ時間帯など) のデータがあれば、何が異常かを判断できます。");
}

std::string InvestigationPhrases::gap_no_baseline() const {
  return say("There is no data from a healthy time to compare with.", "比較できる正常時のデータがありません。");
}
std::string InvestigationPhrases::gap_kind_missing(std::string_view kind) const {
  return compose(say("No {0} were given.", "{0}がありません。"), kind);
}
std::string InvestigationPhrases::gap_of_service(std::string_view kind, std::string_view service) const {
  return compose(say("There are no {0} of {1} inside the window.", "対象期間に {1} の{0}がありません。"), kind,
                 quoted(service));
}
std::string InvestigationPhrases::gap_kind_outside(std::string_view kind) const {
  return compose(say("The {0} given have no record inside the window.", "{0}に対象期間の記録がありません。"), kind);
}
std::string InvestigationPhrases::gap_impact(std::string_view kind) const {
  return compose(say("What only {0} would show is not in this report; nothing is concluded from their absence.",
                     "{0}にしか現れない事象はこの報告に含まれません。無いこと自体を根拠にはしていません。"),
                 kind);
}
std::string InvestigationPhrases::gap_dropped(std::string_view kind, double count) const {
  return compose(
      say("{1} records of {0} were beyond the limit kept in memory.", "{0}のうち {1} 件は保持上限を超えました。"), kind,
      format_number(count));
}

std::string InvestigationPhrases::check_duplicate_id(std::string_view id) const {
  return compose(say("the id {0} is used twice", "ID {0} が重複しています"), id);
}
std::string InvestigationPhrases::check_unknown_entity(std::string_view entity) const {
  return compose(say("nothing called {0} is in the data", "{0} という対象はデータに存在しません"), quoted(entity));
}
std::string InvestigationPhrases::check_unknown_source(std::string_view source) const {
  return compose(say("{0} is not among the inputs", "{0} は入力に含まれていません"), quoted(source));
}
std::string InvestigationPhrases::check_unreadable(std::string_view source) const {
  return compose(say("the bytes cited in {0} cannot be read", "{0} の引用箇所を読み取れません"), quoted(source));
}
std::string InvestigationPhrases::check_hash() const {
  return say("the bytes are not the ones that were cited", "引用時とバイト列が異なります");
}
std::string InvestigationPhrases::check_excerpt() const {
  return say("the quoted words do not stand in the bytes", "引用した文言がバイト列にありません");
}
std::string InvestigationPhrases::check_time(std::string_view time) const {
  return compose(say("the time {0} is not that of the bytes", "時刻 {0} はバイト列の時刻と異なります"), time);
}
std::string InvestigationPhrases::check_fact_unknown(std::string_view name) const {
  return compose(say("{0} cannot be counted again from the data", "{0} をデータから再計算できません"), name);
}
std::string InvestigationPhrases::check_fact(std::string_view name, double claimed, double counted) const {
  return compose(say("{0} is {2} when counted again, not {1}", "{0} は再計算では {2} であり、{1} ではありません"), name,
                 format_number(claimed), format_number(counted));
}
std::string InvestigationPhrases::check_other_record() const {
  return say("the cited record is not one that the facts were counted from",
             "引用した記録は集計の元になった記録ではありません");
}
std::string InvestigationPhrases::check_number(double number) const {
  return compose(say("the number {0} stands on no counted fact", "数値 {0} の根拠となる集計がありません"),
                 format_number(number));
}

}  // namespace fa
