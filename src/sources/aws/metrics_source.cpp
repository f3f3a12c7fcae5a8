#include "sources/aws/metrics_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/text.h"
#include "sources/aws/metrics_fetch.h"
#include "sources/aws/metrics_listing.h"
#include "sources/aws/metrics_request.h"

namespace fa {
namespace {

class MetricsSource final : public AwsSource {
 public:
  MetricsSource(const AwsScope& scope, MetricsSettings settings, MetricsFocus focus, MetricChooser chooser)
      : scope_(scope), settings_(std::move(settings)), focus_(std::move(focus)), chooser_(std::move(chooser)) {}

  [[nodiscard]] std::string name() const override { return fmt::format("CloudWatch metrics in {}", scope_.region); }

  Result<CostEstimate> estimate(const Context& context) override {
    try {
      const MetricsListing& found = listing(context);
      if (found.metrics.empty() && !found.gaps.empty()) {
        return fail(ErrorCode::kUnavailable, found.gaps.front().error);
      }
      const MetricsSelection selection = choose(found);
      const MetricTimes times = metric_times(scope_.window, scope_.baseline, scope_.clock.now());
      const std::vector<MetricBatch> batches = batches_of(selection.series, times);
      CostEstimate estimate;
      estimate.source = name();
      for (const MetricBatch& batch : batches) {
        const auto queries = static_cast<double>(batch.queries.size());
        estimate.units[CostItem::kMetricsRequested] += queries;
        estimate.usd += queries * scope_.cost.prices().price(CostItem::kMetricsRequested, batch.region);
        ++estimate.calls;
      }
      estimate.how = fmt::format("{} series of {} metrics listed, in {} calls", format_count(selection.series.size()),
                                 format_count(selection.listed), batches.size());
      return estimate;
    } catch (const std::exception& error) {
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", name(), error.what()));
    }
  }

  void collect(CollectedFolder& folder, const Context& context) override {
    try {
      collect_all(folder, context);
    } catch (const std::exception& error) {
      folder.add_gap({name(), whole(), fmt::format("ended by an internal error: {}", error.what()), kMetricsMissing});
    }
  }

 private:
  [[nodiscard]] TimeRange whole() const {
    if (scope_.baseline.empty()) return scope_.window;
    return {std::min(scope_.window.begin, scope_.baseline.begin), std::max(scope_.window.end, scope_.baseline.end)};
  }

  /// Listed once, by whoever asks first.
  const MetricsListing& listing(const Context& context) {
    const std::lock_guard lock(mutex_);
    if (!listing_) listing_ = list_all_metrics(scope_, settings_, focus_.global, name(), context);
    return *listing_;
  }

  [[nodiscard]] MetricsSelection choose(const MetricsListing& found) const {
    return select_metrics(found.metrics, focus_, settings_, scope_.region);
  }

  void collect_all(CollectedFolder& folder, const Context& context) {
    const TimePoint now = scope_.clock.now();
    const MetricTimes times = metric_times(scope_.window, scope_.baseline, now);
    if (times.expired) {
      folder.add_gap(
          {name(), *times.expired, "CloudWatch keeps metrics for 455 days; these are older.",
           times.ranges.empty() ? "No metrics were asked for." : "Metrics cover only the rest of the study."});
    }
    if (times.ranges.empty()) return;
    const MetricsListing& found = listing(context);
    for (Gap gap : found.gaps) {
      gap.range = whole();
      folder.add_gap(std::move(gap));
    }
    MetricsSelection selection = choose(found);
    add_notes(folder, found, selection, times, now);
    if (chooser_ && !selection.series.empty()) let_choose(selection.series, folder, context);
    std::vector<MetricBatch> batches = batches_of(selection.series, times);
    fetch_metric_batches(scope_, std::move(batches), whole(), name(), folder, context);
  }

  /// Changes nothing but the order, which decides what limits cut.
  void let_choose(std::vector<ChosenSeries>& series, CollectedFolder& folder, const Context& context) const {
    const std::size_t shown = std::min(series.size(), kMostSeriesToChooseFrom);
    const std::vector<ChosenSeries> shortlist(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(shown));
    std::vector<std::size_t> chosen;
    try {
      chosen = chooser_(shortlist, context);
    } catch (const std::exception&) {
      chosen.clear();  // The rules' order stands, and the note says so.
    }
    const std::size_t ignored = put_first(series, chosen, shown);
    std::string text = chosen.size() == ignored
                           ? fmt::format("Of the first {} series none was chosen to be fetched before the others.",
                                         format_count(shown))
                           : fmt::format("{} of the first {} series were chosen to be fetched before the others.",
                                         format_count(chosen.size() - ignored), format_count(shown));
    if (ignored > 0) {
      text +=
          fmt::format(" Ignored of the choice, as no series of the list or named twice: {}.", format_count(ignored));
    }
    folder.add_note(name(), std::move(text));
  }

  void add_notes(CollectedFolder& folder, const MetricsListing& found, const MetricsSelection& selection,
                 const MetricTimes& times, TimePoint now) const {
    std::string text = fmt::format(
        "{} of the {} metrics listed {} are asked for as {} series, {} of them of the alarm or of names the incident "
        "gives, in steps of {}.",
        format_count(metrics_in(selection)), format_count(selection.listed),
        found.recently_active ? "as active in the last three hours" : "as active in the last two weeks",
        format_count(selection.series.size()), format_count(selection.of_incident),
        format_duration(std::chrono::seconds(times.period_seconds)));
    if (selection.left_out > 0) {
      std::string left;
      constexpr std::size_t kShown = 6;
      for (std::size_t i = 0; i < std::min(kShown, selection.left_by_namespace.size()); ++i) {
        const auto& [name, count] = selection.left_by_namespace[i];
        left += fmt::format("{}{} {}", i > 0 ? ", " : "", visible(name), format_count(count));
      }
      if (selection.left_by_namespace.size() > kShown) {
        left += fmt::format(" and {} more namespaces", selection.left_by_namespace.size() - kShown);
      }
      text += fmt::format(" {} less telling series were left out (aws.metrics.max_metrics = {}): {}.",
                          format_count(selection.left_out), format_count(settings_.max_metrics), left);
    }
    folder.add_note(name(), std::move(text));
    if (scope_.window.begin < now - std::chrono::days(14)) {
      folder.add_note(name(),
                      "CloudWatch lists only metrics that had data in the last two weeks; one that ended before "
                      "is asked for only if it is the alarm's own.");
    }
    if (found.metrics.empty() && found.gaps.empty()) {
      folder.add_note(name(), settings_.namespaces.empty() ? "This account and region publish no metrics."
                                                           : "The namespaces given have no metrics here.");
    }
  }

  static std::size_t metrics_in(const MetricsSelection& selection) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < selection.series.size(); ++i) {
      const bool same = i > 0 && selection.series[i].region == selection.series[i - 1].region &&
                        selection.series[i].metric == selection.series[i - 1].metric;
      if (!same) ++count;
    }
    return count;
  }

  const AwsScope& scope_;
  MetricsSettings settings_;
  MetricsFocus focus_;
  MetricChooser chooser_;
  std::mutex mutex_;
  std::optional<MetricsListing> listing_;
};

}  // namespace

std::unique_ptr<AwsSource> make_metrics_source(const AwsScope& scope, MetricsSettings settings, MetricsFocus focus,
                                               MetricChooser chooser) {
  return std::make_unique<MetricsSource>(scope, std::move(settings), std::move(focus), std::move(chooser));
}

}  // namespace fa
