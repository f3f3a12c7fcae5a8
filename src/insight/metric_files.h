#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "insight/insight_types.h"

namespace fa::insight {

/// The metrics that files hold.
struct MetricFiles {
  /// One for each metric and statistic, by region, namespace, name and dimensions; without id and ranges.
  std::vector<InsightSeries> series;
  TimeRange data;                     ///< From the first point to behind the last one; empty without points.
  std::vector<Gap> gaps;              ///< Files that could not be read, and what a collection could not get.
  std::vector<Note> notes;            ///< Of a collection: those on the choice (insight_notes.h).
  Usage usage;                        ///< Likewise; and the bytes read.
  std::vector<InsightQuery> queries;  ///< How collected metrics can be asked for again.
  bool collected = false;             ///< collect_insight wrote it: everything in it was chosen.
  /// Of its incident.json; the question's window and what it is compared with where it was collected for one.
  std::optional<TimeRange> window;
  std::optional<TimeRange> previous;
};

/// Reads all metrics below the paths: GetMetricData answers (with the queries beside them), Prometheus answers, OTLP,
/// tables of CSV; other files are left alone. Dimensions of CloudWatch metrics are those they were asked for with.
/// Sorted and merged by file name, so that the order of reading does not show. Never fails: problems are gaps.
[[nodiscard]] MetricFiles read_metric_files(const std::vector<std::string>& paths, const Context& context);

}  // namespace fa::insight
