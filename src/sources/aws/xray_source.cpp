#include "sources/aws/xray_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>

#include "base/shell_quote.h"
#include "base/text.h"
#include "sources/aws/metrics_request.h"
#include "sources/aws/xray_fetch.h"
#include "sources/aws/xray_select.h"
#include "sources/aws/xray_summaries.h"

namespace fa {
namespace {

using std::chrono::days;

constexpr auto kTracesKept = days(30);
constexpr std::size_t kTracesOfAFile = 50;

class XRaySource final : public AwsSource {
 public:
  XRaySource(const AwsScope& scope, XRaySettings settings) : scope_(scope), settings_(std::move(settings)) {}

  [[nodiscard]] std::string name() const override { return fmt::format("X-Ray in {}", scope_.region); }

  Result<CostEstimate> estimate(const Context& context) override {
    try {
      const Study study = study_of();
      const std::vector<GraphAnswer>& found = graphs(study, context);
      CostEstimate estimate;
      estimate.source = name();
      double requests = 0;
      bool known = true;
      for (const GraphAnswer& graph : found) {
        if (graph.error) return tl::unexpected(*graph.error);
        known = known && graph.requests.has_value();
        requests += graph.requests.value_or(0);
      }
      const double summaries = known ? requests : static_cast<double>(settings_.max_summaries);
      const double traces = std::min(summaries, static_cast<double>(settings_.max_traces));
      // Where a sample is taken, failing and slow traces are looked for in a second pass.
      const bool sampled = summaries > static_cast<double>(settings_.max_summaries);
      estimate.units[CostItem::kXRayTraces] = summaries * (sampled ? 2 : 1) + traces;
      estimate.calls = static_cast<std::uint64_t>(summaries / 100 + traces / 5) + found.size();
      estimate.usd =
          estimate.units[CostItem::kXRayTraces] * scope_.cost.prices().price(CostItem::kXRayTraces, scope_.region);
      estimate.how = known ? fmt::format("{} traces by the service graph, {} of them fetched whole",
                                         format_count(static_cast<std::uint64_t>(requests)),
                                         format_count(static_cast<std::uint64_t>(traces)))
                           : "the service graph does not tell how many traces there are: the limits are assumed";
      return estimate;
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", name(), error.what()));
    }
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    try {
      collect_all(folder, context);
    } catch (const std::exception& error) {
      folder.add_gap({name(), scope_.window, fmt::format("ended by an internal error: {}", error.what()), kXRayImpact});
    }
  }

 private:
  /// The periods in pieces that X-Ray still has and takes.
  struct Study {
    std::vector<XRayPiece> pieces;
    std::optional<TimeRange> expired;
  };
  [[nodiscard]] Study study_of() const {
    Study study;
    const TimePoint oldest = scope_.clock.now() - kTracesKept;
    for (const auto& [period, range] :
         {std::pair(XRayPeriod::kBaseline, scope_.baseline), std::pair(XRayPeriod::kWindow, scope_.window)}) {
      TimeRange kept = range;
      if (!range.empty() && range.begin < oldest) {
        kept.begin = std::min(oldest, range.end);
        const TimeRange lost{range.begin, kept.begin};
        study.expired = study.expired ? TimeRange{std::min(study.expired->begin, lost.begin),
                                                  std::max(study.expired->end, lost.end)}
                                      : lost;
      }
      int number = 0;
      for (const TimeRange& piece : xray_ranges(kept)) study.pieces.push_back({period, ++number, piece});
    }
    return study;
  }

  [[nodiscard]] std::string folder_name() const {
    return fmt::format("xray-{}{}{}", scope_.account, scope_.account.empty() ? "" : "-", scope_.region);
  }

  /// Asked for once, by whoever comes first.
  const std::vector<GraphAnswer>& graphs(const Study& study, const Context& context) {
    const std::lock_guard lock(mutex_);
    if (!graphs_) graphs_ = fetch_graphs(scope_, study.pieces, context);
    return *graphs_;
  }

  void collect_all(CollectedFolder& folder, const Context& context) {
    const Study study = study_of();
    if (study.expired) {
      folder.add_gap({name(), *study.expired, "X-Ray keeps traces for 30 days; these are older.",
                      study.pieces.empty() ? "No traces were asked for." : "Traces cover only the rest of the study."});
    }
    if (study.pieces.empty()) return;
    const std::vector<GraphAnswer>& found = graphs(study, context);
    const std::optional<double> requests = store_graphs(study, found, folder);
    const XRaySummaries summaries =
        collect_xray_summaries({scope_, settings_, name(), folder_name(), study.pieces}, requests, folder, context);
    if (!summaries.asked) return;
    if (summaries.window.empty() || summaries.baseline.empty()) {
      note_emptiness(summaries, folder);
      if (summaries.window.empty() && summaries.baseline.empty()) return;
    }
    collect_traces(summaries, folder, context);
  }

  /// Number of recorded requests of the whole study, as far as the graphs tell.
  std::optional<double> store_graphs(const Study& study, const std::vector<GraphAnswer>& found,
                                     CollectedFolder& folder) const {
    std::optional<double> requests = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const GraphAnswer& graph = found[i];
      const XRayPiece& piece = study.pieces[i];
      requests = requests && graph.requests ? std::optional(*requests + *graph.requests) : std::nullopt;
      if (graph.error) {
        folder.add_gap(
            {name(), piece.range, graph.error->message, "Who calls whom is known only from other data for this time."});
      }
      if (graph.pages.empty()) continue;
      const Origin origin{
          "xray",
          scope_.account,
          scope_.region,
          "service graph",
          "",
          piece.range,
          fmt::format("aws xray get-service-graph --region {} --start-time {} --end-time {}", shell_word(scope_.region),
                      format_rfc3339(piece.range.begin), format_rfc3339(piece.range.end))};
      write_pages(fmt::format("{}/graph-{}-{}.json", folder_name(), xray_period_name(piece.period), piece.number),
                  graph.pages, origin, folder);
    }
    return requests;
  }

  void write_pages(const std::string& file_name, const std::vector<std::string>& pages, const Origin& origin,
                   CollectedFolder& folder) const {
    auto file = folder.open(file_name, CollectedFolder::Storage::kAsIs);
    Result<void> ok;
    if (!file) ok = tl::unexpected(file.error());
    for (std::size_t i = 0; ok && i < pages.size(); ++i) ok = (*file)->write(pages[i] + "\n");
    if (ok) ok = (*file)->commit(origin);
    if (!ok) folder.add_gap({name(), origin.range, ok.error().message, kXRayImpact});
  }

  /// No traces are no error and no fault: it is said what that may mean.
  void note_emptiness(const XRaySummaries& summaries, CollectedFolder& folder) const {
    if (!summaries.complete) return;  // a gap says already what was not seen
    const std::string filter = settings_.filter.empty() ? "" : fmt::format(" for the filter {}", settings_.filter);
    if (summaries.window.empty() && summaries.baseline.empty()) {
      folder.add_note(name(), fmt::format("X-Ray has no traces{} in window and baseline. Tracing may be off, its "
                                          "sampling rules may record nothing, the traces may be in another region or "
                                          "account, or there were no requests. This says nothing about the services.",
                                          filter));
    } else if (summaries.window.empty()) {
      folder.add_note(name(),
                      fmt::format("X-Ray has {} traces{} in the baseline but none in the window: no requests came "
                                  "through, tracing stopped, or its sampling rules changed.",
                                  format_count(summaries.baseline.size()), filter));
    } else {
      folder.add_note(name(),
                      fmt::format("X-Ray has {} traces{} in the window but none in the baseline, so that nothing "
                                  "tells what was normal.",
                                  format_count(summaries.window.size()), filter));
    }
  }

  void collect_traces(const XRaySummaries& summaries, CollectedFolder& folder, const Context& context) const {
    const std::optional<double> slow = summaries.slow;
    const TraceChoice choice = choose_traces(summaries.window, summaries.baseline, slow, settings_.max_traces);
    const std::size_t chosen = choice.window.size() + choice.baseline.size();
    if (chosen == 0) return;
    const auto units = static_cast<double>(chosen);
    if (auto ok = scope_.cost.reserve(CostItem::kXRayTraces, units, scope_.region, name()); !ok) {
      folder.add_gap({name(), scope_.window, ok.error().message, "Traces are known by their summaries only."});
      return;
    }
    std::uint64_t fetched = store_traces(XRayPeriod::kWindow, choice.window, folder, context);
    fetched += store_traces(XRayPeriod::kBaseline, choice.baseline, folder, context);
    scope_.cost.settle(CostItem::kXRayTraces, units, static_cast<double>(fetched), scope_.region, name());
    std::string how = "all there are";
    if (chosen < summaries.window.size() + summaries.baseline.size()) {
      how = choice.preference > 1
                ? fmt::format(
                      "spread over time; failing and slow ones{} were taken {:.3g} times as often as others, in "
                      "both periods alike",
                      slow ? fmt::format(" (above {:g} s)", *slow) : std::string(), choice.preference)
                : std::string("spread over time, without preference");
    }
    folder.add_note(name(),
                    fmt::format("{} traces of the window ({} of them failing or slow) and {} of the baseline ({}) "
                                "were chosen to be fetched whole: {}.",
                                format_count(choice.window.size()), format_count(choice.unusual_window),
                                format_count(choice.baseline.size()), format_count(choice.unusual_baseline), how));
  }

  std::uint64_t store_traces(XRayPeriod period, const std::vector<std::string>& ids, CollectedFolder& folder,
                             const Context& context) const {
    std::uint64_t fetched = 0;
    std::uint64_t missing = 0;
    std::uint64_t unprocessed = 0;
    std::optional<Error> error;
    int number = 0;
    const TimeRange range = period == XRayPeriod::kWindow ? scope_.window : scope_.baseline;
    for (std::size_t begin = 0; begin < ids.size(); begin += kTracesOfAFile) {
      const std::size_t end = std::min(ids.size(), begin + kTracesOfAFile);
      const std::vector<std::string> some(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                          ids.begin() + static_cast<std::ptrdiff_t>(end));
      const TracesAnswer answer = fetch_traces(scope_, some, context);
      fetched += answer.traces;
      unprocessed += answer.unprocessed.size();
      missing += some.size() - std::min<std::uint64_t>(some.size(), answer.traces);
      if (answer.error && !error) error = answer.error;
      if (!answer.pages.empty()) {
        const Origin origin{"xray", scope_.account, scope_.region, "traces", "", range, reproduce_traces(some)};
        write_pages(fmt::format("{}/traces-{}-{:02}.json", folder_name(), xray_period_name(period), ++number),
                    answer.pages, origin, folder);
      }
      if (context.stopped()) {
        missing += ids.size() - end;
        break;
      }
    }
    if (missing > 0) {
      std::string why = "X-Ray did not deliver them";
      if (error) {
        why = error->message;
      } else if (context.stopped()) {
        why = "the time for collecting was over";
      } else if (unprocessed > 0) {
        why = fmt::format("X-Ray did not process {} of them, asked three times", unprocessed);
      }
      folder.add_gap({name(), range,
                      fmt::format("{} of {} whole traces of the {} are missing: {}", missing, ids.size(),
                                  xray_period_name(period), why),
                      "These traces are known by their summaries only."});
    }
    return fetched;
  }

  [[nodiscard]] std::string reproduce_traces(const std::vector<std::string>& ids) const {
    const std::string call =
        fmt::format("aws xray batch-get-traces --region {} --trace-ids", shell_word(scope_.region));
    std::string words;
    for (const std::string& id : ids) words += " " + shell_word(id);
    // The API takes five ids a call.
    return ids.size() <= 5 ? call + words : fmt::format("printf '%s\\n'{} | xargs -n 5 {}", words, call);
  }

  const AwsScope& scope_;
  XRaySettings settings_;
  std::mutex mutex_;
  std::optional<std::vector<GraphAnswer>> graphs_;
};

}  // namespace

std::unique_ptr<AwsSource> make_xray_source(const AwsScope& scope, XRaySettings settings) {
  return std::make_unique<XRaySource>(scope, std::move(settings));
}

}  // namespace fa
