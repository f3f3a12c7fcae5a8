/// True sentences over evidence, by the kind of finding, in English and Japanese.
#include <cmath>

#include "base/text.h"
#include "evaluate/claim_corpus_maker.h"

namespace fa::claim_corpus {

std::vector<Wording> wordings(const Evidence& e, const Finding* f, Slots& s) {
  std::vector<Wording> w;
  const bool quote = !s.at("quote").empty();
  const bool timed = s.contains("time");
  if (f == nullptr) return w;
  const bool named = !e.entity.empty();
  switch (f->kind) {
    case FindingKind::kLogNew:
      if (named && quote && fact(e, "count_baseline") == 0) {
        w.push_back(
            {"{entity} logged “{quote}” {count_window} times, never in the baseline [{id}].",
             "{entity} は「{quote}」を {count_window} 回ログに出力し、基準期間には一度もありませんでした [{id}]。"});
      }
      [[fallthrough]];
    case FindingKind::kLogSurge:
    case FindingKind::kException:
      if (named && quote) {
        w.push_back({"The log of {entity} holds “{quote}” [{id}].", "{entity} のログに「{quote}」があります [{id}]。"});
        w.push_back(
            {"{entity} wrote it {count_window} times in the window and {count_baseline} times in the baseline: "
             "“{quote}” [{id}].",
             "{entity} は対象期間に {count_window} 回、基準期間に {count_baseline} 回「{quote}」を出力しました "
             "[{id}]。"});
        if (timed) {
          w.push_back({"At {time} UTC {entity} logged “{quote}” [{id}].",
                       "{time} (UTC) に {entity} が「{quote}」とログに出力しました [{id}]。"});
        }
        if (f->kind == FindingKind::kLogSurge) {
          w.push_back({"“{quote}” of {entity} went up from {count_baseline} to {count_window} lines [{id}].",
                       "{entity} の「{quote}」が {count_baseline} 行から {count_window} 行に増加しました [{id}]。"});
        }
      }
      break;
    case FindingKind::kMetricRise:
    case FindingKind::kLatencyRise:
    case FindingKind::kTrafficRise:
    case FindingKind::kResourceSaturation:
      if (named) {
        w.push_back({"`{label}` of {entity} climbed from {before} to {now} [{id}].",
                     "{entity} の `{label}` が {before} から {now} に上昇しました [{id}]。"});
        if (timed && s.contains("value_at_time")) {
          w.push_back({"At {time} UTC `{label}` of {entity} stood at {value_at_time_amount} [{id}].",
                       "{time} (UTC) の {entity} の `{label}` は {value_at_time_amount} でした [{id}]。"});
        }
        if (f->baseline > 0 && f->window / f->baseline >= 2) {
          s["ratio"] = format_number(std::round(10 * f->window / f->baseline) / 10);
          w.push_back({"`{label}` of {entity} was about {ratio} times as high as before [{id}].",
                       "{entity} の `{label}` は以前の約 {ratio} 倍になりました [{id}]。"});
        }
      }
      break;
    case FindingKind::kMetricFall:
    case FindingKind::kTrafficFall:
      if (named) {
        w.push_back({"`{label}` of {entity} dropped from {before} to {now} [{id}].",
                     "{entity} の `{label}` が {before} から {now} に低下しました [{id}]。"});
      }
      break;
    case FindingKind::kErrorRise:
      if (named) {
        w.push_back({"`{label}` of {entity} moved from {before} to {now}, which means failures [{id}].",
                     "{entity} の `{label}` が {before} から {now} に変わり、失敗が発生しています [{id}]。"});
      }
      break;
    case FindingKind::kErrorOrigin:
    case FindingKind::kErrorPassedOn:
    case FindingKind::kCallTimeout:
      if (named && s.contains("errors_window") && s.contains("spans_window")) {
        w.push_back(
            {"{errors_window} of {spans_window} spans of {entity} failed; in the baseline it was {errors_baseline} "
             "of {spans_baseline} [{id}].",
             "{entity} のスパン {spans_window} 件中 {errors_window} 件が失敗し、基準期間では {spans_baseline} 件中 "
             "{errors_baseline} 件でした [{id}]。"});
        const double share = 100 * fact(e, "errors_window") / fact(e, "spans_window");
        s["share"] = format_number(share);
        w.push_back({"{share}% of these spans of {entity} ended in errors [{id}].",
                     "{entity} のこれらのスパンの {share}% がエラーで終わりました [{id}]。"});
      }
      break;
    case FindingKind::kOwnTimeRise:
      if (named) {
        w.push_back({"{entity} took {now} for “{label}” itself, {before} before [{id}].",
                     "{entity} 自身の「{label}」の処理時間は {now} で、以前は {before} でした [{id}]。"});
        w.push_back({"The processing time of {entity} rose from {before} to {now} [{id}].",
                     "{entity} の処理時間は {before} から {now} に増加しました [{id}]。"});
      }
      break;
    case FindingKind::kCallTimeRise:
      if (named) {
        w.push_back({"Calls to {entity} were delayed on the network: {now}, against {before} in the baseline [{id}].",
                     "{entity} への呼び出しでネットワークの遅延が {now} あり、基準期間は {before} でした [{id}]。"});
      }
      break;
    case FindingKind::kAccessErrors:
      if (named) {
        w.push_back(
            {"{failed_window} of {requests_window} requests to {entity} failed, {failed_baseline} of "
             "{requests_baseline} in the baseline [{id}].",
             "{entity} へのリクエスト {requests_window} 件中 {failed_window} 件が失敗し、基準期間は "
             "{requests_baseline} 件中 {failed_baseline} 件でした [{id}]。"});
      }
      break;
    case FindingKind::kAccessLatency:
      if (named) {
        w.push_back({"Requests to {entity} slowed down on average, up from {before}; now they take {now} [{id}].",
                     "{entity} へのリクエストの平均所要時間は {before} から {now} に増えました [{id}]。"});
      }
      break;
    case FindingKind::kMissingCalls:
    case FindingKind::kNewDependency:
      if (named && s.contains("calling_window")) {
        w.push_back({"{entity} calls {peer} in {calling_window} of {requests_window} requests [{id}].",
                     "{entity} は {requests_window} 件の処理のうち {calling_window} 件で {peer} を呼び出しています "
                     "[{id}]。"});
      }
      break;
    case FindingKind::kStepMissing:
    case FindingKind::kFlowBreak:
      if (named && s.contains("requests_window") && s.contains("happened_window")) {
        w.push_back({"In {entity} a usual step happens in only {happened_window} of {requests_window} requests [{id}].",
                     "{entity} では、通常の処理が {requests_window} 件中 {happened_window} 件でしか行われていません "
                     "[{id}]。"});
      } else if (named && s.contains("followed_window")) {
        w.push_back(
            {"In {entity} the usual next step follows {followed_window} of {visits_window} times [{id}].",
             "{entity} では、通常の次の処理が {visits_window} 回中 {followed_window} 回しか続いていません [{id}]。"});
      }
      break;
    case FindingKind::kChange:
      if (!f->label.empty()) {
        w.push_back({"The change “{label}” was made at {time} UTC [{id}].",
                     "変更「{label}」が {time} (UTC) に行われました [{id}]。"});
        if (!f->peer.empty() && f->window >= 1) {
          w.push_back(
              {"“{peer}” ran “{label}” {seconds_before_onset_amount} before the first sign of trouble [{id}].",
               "「{peer}」が最初の兆候の {seconds_before_onset_amount} 前に「{label}」を実行しました [{id}]。"});
        }
      }
      break;
    default:
      break;
  }
  return w;
}

}  // namespace fa::claim_corpus
