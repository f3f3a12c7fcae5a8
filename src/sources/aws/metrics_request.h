#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sources/aws/metrics_select.h"

namespace fa {

/// What CloudWatch still has of a study's time, and how finely.
struct MetricTimes {
  int period_seconds = 0;            ///< One for window and baseline, so that their points compare; 0: nothing is left.
  std::vector<TimeRange> ranges;     ///< To ask for: aligned to the period; one where window and baseline touch.
  std::optional<TimeRange> expired;  ///< Part of the study that CloudWatch no longer has.
};

/// The period by the age of the oldest point: 60 s for 15 days, 300 s for 63, 3600 s for 455 (retention of CloudWatch,
/// "Metrics retention", user guide). Never finer than that (such a request has no points), nor than
/// `least_period_seconds`. Pure.
MetricTimes metric_times(TimeRange window, TimeRange baseline, TimePoint now, int least_period_seconds = 0);

/// One GetMetricData call with its further pages.
struct MetricBatch {
  std::string region;
  TimeRange range;
  std::vector<aws::cloudwatch::DataQuery> queries;
};

/// Calls of at most 500 queries whose points fit one answer (100,800), the limits of the API. Ids are made of what they
/// ask, so that they are the same in every run and never twice in one region. Ordered by region, range, choice.
std::vector<MetricBatch> batches_of(const std::vector<ChosenSeries>& series, const MetricTimes& times);

/// Queries of one region that only make sense in one call: an expression with what it is made of.
struct QueryGroup {
  std::string region;
  std::vector<aws::cloudwatch::DataQuery> queries;
};
/// The same for queries that are ready but for their period, which is set. A group that alone is beyond the limits has
/// a call of its own.
std::vector<MetricBatch> batches_of(std::vector<QueryGroup> groups, const MetricTimes& times);

/// `m` and 16 hex digits of what is asked.
std::string query_id(const ChosenSeries& series);

/// The command that fetches the same data; `queries_file` is the stored file of its queries.
std::string reproduce_metrics(const MetricBatch& batch, const std::string& queries_file);

/// `AWS/Lambda 12, AWS/RDS 4`: series by namespace, by name.
std::string series_by_namespace(const std::vector<aws::cloudwatch::DataQuery>& queries);

}  // namespace fa
