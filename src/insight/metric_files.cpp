#include "insight/metric_files.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

#include "analysis/metrics/metric_digest.h"
#include "formats/metric_entity.h"
#include "insight/insight_notes.h"
#include "insight/name_match.h"
#include "investigate/collected.h"
#include "sources/file/discover.h"
#include "sources/file/file_reader.h"
#include "sources/file/incident_file.h"
#include "sources/file/metric_query_book.h"

namespace fa::insight {
namespace {

using std::chrono::seconds;

/// Only formats that hold nothing but measurements, and logs that begin with lines of the Embedded Metric Format: logs
/// of gigabytes are not read for what may be embedded somewhere in them.
Detection detect_metrics(std::string_view head, bool complete) {
  Detection found = detect_format(head, complete);
  switch (found.format) {
    case Format::kOtlp:
      // Spans and logs have the same format, and their files are large.
      if (head.find("etrics\"") != std::string_view::npos) return found;
      return {Format::kUnknown, "no metrics"};
    case Format::kCloudWatchMetrics:
    case Format::kPrometheus:
    case Format::kPrometheusText:
    case Format::kCsvMetrics:
      return found;
    case Format::kLogLines:
    case Format::kCloudWatchLogs:
    case Format::kCloudWatchLogsExport:
      if (head.find("CloudWatchMetrics\"") != std::string_view::npos ||
          head.find("CloudWatchMetrics\\\"") != std::string_view::npos) {
        return found;
      }
      return {Format::kUnknown, "no metrics"};
    default:
      return {Format::kUnknown, "no metrics"};
  }
}

struct SeriesSink final : TelemetrySink {
  SeriesSink(MetricDigester& to, std::uint32_t of_file) : digester(to), file(of_file) {}
  void on_metric(MetricSeries&& series) override { digester.add(file, std::move(series)); }
  MetricDigester& digester;
  std::uint32_t file;
};

/// What a reader makes of a metric; what it was asked by is found again with it.
using ReadAs = std::tuple<std::string, std::string, std::string, std::string, Dimensions>;

std::map<ReadAs, Dimensions> asked_dimensions(const MetricQueryBook& book) {
  std::map<ReadAs, Dimensions> asked;
  const auto add = [&](const MetricQueryBook::Queries& queries) {
    for (const auto& [id, query] : queries) {
      MetricEntity entity = entity_of_metric(query.dimensions);
      Dimensions all = query.dimensions;
      std::sort(all.begin(), all.end());
      const std::string& name = query.name.empty() ? query.label : query.name;
      asked.emplace(ReadAs{query.metric_namespace, name, entity.service, entity.instance, entity.dimensions},
                    std::move(all));
    }
  };
  add(book.all);
  for (const auto& [folder, queries] : book.by_folder) add(queries);
  return asked;
}

/// Seconds between neighbouring points, as most of them have it.
int usual_step(const std::vector<TimePoint>& times) {
  std::map<std::int64_t, std::size_t> counts;
  for (std::size_t i = 1; i < times.size(); ++i)
    ++counts[std::chrono::duration_cast<seconds>(times[i] - times[i - 1]).count()];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? 0 : static_cast<int>(std::min<std::int64_t>(most->first, 86'400));
}

std::string resource_name(const Series& series) {
  std::string name = called_name(series.service);
  if (!series.instance.empty()) name += (name.empty() ? "" : "/") + series.instance;
  return name;
}

InsightSeries insight_series(Series&& series, const std::string& region, const std::map<ReadAs, Dimensions>& asked) {
  InsightSeries out;
  InsightMetric& metric = out.metric;
  metric.region = region;
  metric.metric_namespace = series.metric_namespace;
  metric.name = series.name;
  metric.statistic = series.statistic;
  metric.unit = series.unit;
  metric.resource = resource_name(series);
  metric.period_seconds = usual_step(series.times);
  const auto found =
      asked.find({series.metric_namespace, series.name, series.service, series.instance, series.dimensions});
  if (found != asked.end()) {
    metric.dimensions = found->second;
  } else {
    metric.dimensions = series.dimensions;
    if (!series.service.empty()) metric.dimensions.emplace_back("service", series.service);
    if (!series.instance.empty()) metric.dimensions.emplace_back("instance", series.instance);
    std::sort(metric.dimensions.begin(), metric.dimensions.end());
  }
  out.times = std::move(series.times);
  out.values = std::move(series.values);
  return out;
}

/// The file of queries beside an answer tells how to ask again.
void add_query(const InputFile& file, const Origin& origin, std::vector<InsightQuery>& queries) {
  if (origin.source != "cloudwatch" || !file.path.filename().string().starts_with("queries-")) return;
  std::ifstream in(file.path, std::ios::binary);
  std::string body((std::istreambuf_iterator<char>(in)), {});
  if (in) queries.push_back({origin.region, origin.reproduce, std::move(body), file.name});
}

/// The question's window and what it is compared with.
void read_times(const std::filesystem::path& path, MetricFiles& out) {
  const auto incident = read_incident_file(path);
  if (!incident) return;
  if (incident->window_given) out.window = incident->window;
  if (incident->baseline_given) out.previous = incident->baseline;
}

}  // namespace

MetricFiles read_metric_files(const std::vector<std::string>& paths, const Context& context) {
  MetricFiles out;
  const InputSet inputs = discover_inputs(paths, {}, context);
  CollectedInputs collected = read_collected_inputs(inputs);
  const MetricQueryBook book = find_metric_queries(inputs, context);
  out.gaps = inputs.gaps;
  out.gaps.insert(out.gaps.end(), collected.gaps.begin(), collected.gaps.end());
  out.gaps.insert(out.gaps.end(), book.gaps.begin(), book.gaps.end());
  for (Note& note : collected.notes) {
    if (note.source == kInsightSource) out.notes.push_back(std::move(note));
  }
  out.usage = std::move(collected.usage);

  out.collected = !out.notes.empty();
  if (inputs.incident_file) read_times(*inputs.incident_file, out);

  std::map<std::string, MetricDigester> by_region;
  for (std::size_t i = 0; i < inputs.files.size(); ++i) {
    const InputFile& file = inputs.files[i];
    const auto origin = collected.origins.find(file.name);
    const bool known = origin != collected.origins.end();
    SeriesSink sink(by_region[known ? origin->second.region : std::string()], static_cast<std::uint32_t>(i));
    ReaderOptions options;
    options.metric_queries = book.for_file(file.name);
    FileOutcome read = read_input(file, options, sink, context, {&detect_metrics, &make_reader});
    std::move(read.gaps.begin(), read.gaps.end(), std::back_inserter(out.gaps));
    out.usage.bytes_read += read.coverage.bytes;
    if (known) add_query(file, origin->second, out.queries);
  }
  const std::map<ReadAs, Dimensions> asked = asked_dimensions(book);
  for (auto& [region, digester] : by_region) {
    MetricDigest digest = digester.finish();
    fill_sparse_counts(digest);
    for (Series& series : digest.series) out.series.push_back(insight_series(std::move(series), region, asked));
  }
  for (const InsightSeries& series : out.series) {
    if (series.times.empty()) continue;
    const TimePoint behind = series.times.back() + seconds(std::max(series.metric.period_seconds, 1));
    if (out.data.empty()) out.data = {series.times.front(), behind};
    out.data = {std::min(out.data.begin, series.times.front()), std::max(out.data.end, behind)};
  }
  return out;
}

}  // namespace fa::insight
