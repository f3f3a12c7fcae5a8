#pragma once

#include <string>
#include <vector>

#include "insight/catalogue.h"
#include "insight/question.h"
#include "insight/select.h"
#include "sources/aws/metrics_request.h"

namespace fa::insight {

/// What is asked of CloudWatch for the chosen metrics.
struct InsightQueries {
  std::vector<ChosenSeries> series;  ///< In the order of the choice, the statistics of a metric together.
  MetricTimes times;
  std::vector<MetricBatch> batches;    ///< At most 500 queries and 100,800 points a call.
  std::vector<MetricSearch> searches;  ///< Those of the choice that could be made; their metrics are not in `series`.
};

/// Statistics by what is measured (metrics_rules.h): sums of counts, p50, p90 and p99 of durations (with the mean,
/// where a service publishes no percentiles), mean and peak of what is used, the lowest of what must not run out. The
/// period is the finest that CloudWatch still keeps for the age, and that gives a series at most kMostPointsOfWindow
/// points in the window. Shares and searches as query_math.h has them; a search only where all of the time is one range
/// (else it would find others before than after) of the last two weeks (it does not find what was silent longer). Pure.
[[nodiscard]] InsightQueries insight_queries(const Catalogue& catalogue, const std::vector<std::size_t>& metrics,
                                             const Question& question, TimePoint now,
                                             const std::vector<MetricSearch>& searches = {});

/// Whether searches can be made for the time of a question.
[[nodiscard]] bool can_search(const Question& question, TimePoint now);

/// More points than a chart has pixels say nothing more.
inline constexpr int kMostPointsOfWindow = 1'500;

/// Of several statistics of one metric those that say most: percentiles where there are any, else the mean and the
/// peak.
[[nodiscard]] std::vector<InsightSeries> best_statistics(std::vector<InsightSeries> series);

}  // namespace fa::insight
