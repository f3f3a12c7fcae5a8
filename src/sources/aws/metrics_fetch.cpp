#include "sources/aws/metrics_fetch.h"

#include <fmt/core.h>

#include <exception>
#include <map>
#include <optional>
#include <set>

#include "aws/services/pages.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kThreads = 4;  ///< GetMetricData allows 50 calls a second, but also counts points.
constexpr std::size_t kMostPages = 200;
constexpr int kMostRepeatedPages = 3;  ///< In a row, with nothing that was not complete before.

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

/// A SEARCH is charged for each metric it matches, math for none of its own.
double metrics_charged(const MetricBatch& batch) {
  std::size_t metrics = 0;
  for (const auto& query : batch.queries) metrics += query.metrics;
  return static_cast<double>(metrics);
}

/// One run over the batches of a source.
class BatchFetch {
 public:
  BatchFetch(const AwsScope& scope, TimeRange whole, const std::string& source)
      : scope_(scope), whole_(whole), source_(source) {}

  void run(std::vector<MetricBatch> batches, CollectedFolder& folder, const Context& context) const {
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

 private:
  /// Before any call, and in order, so that a limit cuts the same calls in every run.
  void reserve(std::vector<MetricBatch>& batches, CollectedFolder& folder) const {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      auto ok =
          scope_.cost.reserve(CostItem::kMetricsRequested, metrics_charged(batches[i]), batches[i].region, source_);
      if (ok) continue;
      std::uint64_t series = 0;
      for (std::size_t j = i; j < batches.size(); ++j) series += batches[j].queries.size();
      folder.add_gap({source_, whole_, ok.error().message,
                      fmt::format("{} series were not fetched. {}", format_count(series), kMetricsMissing)});
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
    std::set<aws::cloudwatch::DataPage::SeriesName> partial;
    std::set<aws::cloudwatch::DataPage::SeriesName> done;
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
      // A series is done with the page that does not say PartialData of it.
      bool fresh = page->complete.empty() && page->partial.empty();
      for (const auto& series : page->complete) {
        partial.erase(series);
        fresh = done.insert(series).second || fresh;
      }
      for (const auto& series : page->partial) {
        if (done.contains(series)) continue;
        partial.insert(series);
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
    if (!answer.error) {
      for (const auto& [id, label] : partial) answer.complaints["PartialData"].insert(id);
    }
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
          scope_.cost.settle(CostItem::kMetricsRequested, metrics_charged(batch), 0, batch.region, source_);
        }
        folder.add_gap(
            {source_, batch.range, answer.error->message,
             fmt::format("{} of {} series ({}) in {}. {}", answer.written ? "A part" : "None", batch.queries.size(),
                         series_by_namespace(batch.queries), batch.region, kMetricsMissing)});
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
            {source_, batch.range, fmt::format("CloudWatch said of {}: {}", what, visible(message)), kMetricsMissing});
      }
    }
    if (points == 0 && !failed && !batches.empty()) {
      folder.add_note(source_, "None of the metrics asked for has a point in window or baseline.");
    }
  }

  const AwsScope& scope_;
  TimeRange whole_;
  const std::string& source_;
};

}  // namespace

void fetch_metric_batches(const AwsScope& scope, std::vector<MetricBatch> batches, TimeRange whole,
                          const std::string& source, CollectedFolder& folder, const Context& context) {
  BatchFetch(scope, whole, source).run(std::move(batches), folder, context);
}

}  // namespace fa
