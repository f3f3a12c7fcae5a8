#include "sources/aws/metrics_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "aws/services/pages.h"
#include "base/text.h"
#include "sources/aws/metrics_listing.h"
#include "sources/aws/metrics_request.h"

namespace fa {
namespace {

constexpr std::size_t kThreads = 4;  ///< GetMetricData allows 50 calls a second, but also counts points.
constexpr std::size_t kMostPages = 200;
constexpr int kMostRepeatedPages = 3;  ///< In a row, with nothing that was not complete before.
constexpr const char* kImpact = "These metrics are missing: a service may look healthy that was not.";

struct FileNames {
  std::string data;
  std::string queries;
};

/// What one GetMetricData call with its pages said besides the data.
struct BatchAnswer {
  std::uint64_t points = 0;
  std::map<std::string, std::set<std::string>> complaints;  ///< message -> ids
  std::optional<Error> error;
  bool written = false;
};

/// `m1: Forbidden` -> id and message; messages of the whole call name no id.
std::pair<std::string, std::string> split_message(const std::string& message) {
  const std::size_t colon = message.find(": ");
  const bool id = colon == 17 && message.front() == 'm';
  return id ? std::pair(message.substr(0, colon), message.substr(colon + 2)) : std::pair(std::string(), message);
}

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
      folder.add_gap({name(), whole(), fmt::format("ended by an internal error: {}", error.what()), kImpact});
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
    reserve(batches, folder);
    std::vector<BatchAnswer> answers(batches.size());
    const std::vector<FileNames> names = file_names(batches);
    for_each_parallel(batches.size(), kThreads, [&](std::size_t i) {
      try {
        answers[i] = fetch(batches[i], names[i], folder, context);
      } catch (const std::exception& error) {
        answers[i].error = Error{ErrorCode::kInternal, error.what()};
      }
    });
    report(batches, answers, folder);
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

  /// Before any call, and in order, so that a limit cuts the same calls in every run.
  void reserve(std::vector<MetricBatch>& batches, CollectedFolder& folder) const {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const auto queries = static_cast<double>(batches[i].queries.size());
      auto ok = scope_.cost.reserve(CostItem::kMetricsRequested, queries, batches[i].region, name());
      if (ok) continue;
      std::uint64_t series = 0;
      for (std::size_t j = i; j < batches.size(); ++j) series += batches[j].queries.size();
      folder.add_gap({name(), whole(), ok.error().message,
                      fmt::format("{} series were not fetched. {}", format_count(series), kImpact)});
      batches.resize(i);
    }
  }

  [[nodiscard]] std::vector<FileNames> file_names(const std::vector<MetricBatch>& batches) const {
    std::vector<FileNames> names;
    std::map<std::string, int> numbers;
    for (const MetricBatch& batch : batches) {
      // One folder a region: ids are unique within it.
      const std::string folder =
          fmt::format("cloudwatch-{}{}{}", scope_.account, scope_.account.empty() ? "" : "-", batch.region);
      const int number = ++numbers[folder];
      names.push_back(
          {fmt::format("{}/metrics-{:04}.json", folder, number), fmt::format("{}/queries-{:04}.json", folder, number)});
    }
    return names;
  }

  BatchAnswer fetch(const MetricBatch& batch, const FileNames& names, CollectedFolder& folder,
                    const Context& context) const {
    BatchAnswer answer;
    auto file = folder.open(names.data, CollectedFolder::Storage::kAsIs);
    if (!file) {
      answer.error = file.error();
      return answer;
    }
    aws::PageGuard guard(kMostPages);
    aws::cloudwatch::GetMetricData call{.region = batch.region, .queries = batch.queries, .range = batch.range};
    std::set<std::string> partial;
    std::set<std::string> done;
    int repeated = 0;
    while (true) {
      auto page = aws::cloudwatch::get_metric_data(scope_.client, call, context);
      if (!page) {
        answer.error = page.error();
        break;
      }
      for (const std::string& message : page->messages) {
        auto [id, text] = split_message(message);
        answer.complaints[std::move(text)].insert(std::move(id));
      }
      // An id is done with the page that does not say PartialData of it.
      bool fresh = page->complete.empty() && page->partial.empty();
      for (const std::string& id : page->complete) {
        partial.erase(id);
        fresh = done.insert(id).second || fresh;
      }
      for (const std::string& id : page->partial) {
        if (done.contains(id)) continue;
        partial.insert(id);
        fresh = true;
      }
      if (fresh) answer.points += page->points;
      repeated = fresh ? 0 : repeated + 1;
      if (repeated == kMostRepeatedPages) {
        answer.error = Error{ErrorCode::kUnavailable, "GetMetricData: the service repeats its pages"};
        break;
      }
      // Pages without points hold nothing to read; the first one is kept, as the answer that there is nothing.
      if ((page->points > 0 && fresh) || !answer.written) {
        if (auto ok = (*file)->write(page->raw + "\n"); !ok) {
          answer.error = ok.error();
          break;
        }
        answer.written = true;
      }
      if (page->next_token.empty()) break;
      if (const auto why = guard.refuse(page->next_token)) {
        answer.error = Error{ErrorCode::kUnavailable, "GetMetricData: " + *why};
        break;
      }
      call.next_token = page->next_token;
    }
    if (!answer.error && !partial.empty()) answer.complaints["PartialData"] = std::move(partial);
    if (answer.written) keep(batch, **file, names.queries, folder, answer);
    return answer;
  }

  /// Completes the file of the data and writes the one of its queries.
  void keep(const MetricBatch& batch, CollectedFile& file, const std::string& queries_name, CollectedFolder& folder,
            BatchAnswer& answer) const {
    Origin origin;
    origin.source = "cloudwatch";
    origin.account = scope_.account;
    origin.region = batch.region;
    origin.resource = series_by_namespace(batch.queries);
    origin.query = fmt::format("{} series in steps of {} s", batch.queries.size(),
                               batch.queries.empty() ? 0 : batch.queries.front().period_seconds);
    origin.range = batch.range;
    origin.reproduce = reproduce_metrics(batch, queries_name);
    auto queries = folder.open(queries_name, CollectedFolder::Storage::kAsIs);
    Result<void> ok;
    if (!queries) ok = tl::unexpected(queries.error());
    if (ok) ok = (*queries)->write(aws::cloudwatch::queries_json(batch.queries) + "\n");
    if (ok) ok = (*queries)->commit(origin);
    if (ok) ok = file.commit(std::move(origin));
    if (!ok && !answer.error) answer.error = ok.error();
  }

  void report(const std::vector<MetricBatch>& batches, const std::vector<BatchAnswer>& answers,
              CollectedFolder& folder) const {
    std::uint64_t points = 0;
    bool failed = false;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const MetricBatch& batch = batches[i];
      const BatchAnswer& answer = answers[i];
      points += answer.points;
      if (answer.error) {
        failed = true;
        if (!answer.written) {
          // Nothing came back: nothing is billed.
          scope_.cost.settle(CostItem::kMetricsRequested, static_cast<double>(batch.queries.size()), 0, batch.region,
                             name());
        }
        folder.add_gap({name(), batch.range, answer.error->message,
                        fmt::format("{} of {} series ({}) in {}. {}", answer.written ? "A part" : "None",
                                    batch.queries.size(), series_by_namespace(batch.queries), batch.region, kImpact)});
      }
      for (const auto& [message, ids] : answer.complaints) {
        std::vector<aws::cloudwatch::DataQuery> named;
        for (const auto& query : batch.queries) {
          if (ids.contains(query.id)) named.push_back(query);
        }
        const std::string what = named.empty()
                                     ? fmt::format("a call for {} series in {}", batch.queries.size(), batch.region)
                                     : series_by_namespace(named) + " in " + batch.region;
        folder.add_gap(
            {name(), batch.range, fmt::format("CloudWatch said of {}: {}", what, visible(message)), kImpact});
      }
    }
    if (points == 0 && !failed && !batches.empty()) {
      folder.add_note(name(), "None of the metrics asked for has a point in window or baseline.");
    }
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
