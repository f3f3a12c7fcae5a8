#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "insight/catalogue.h"
#include "insight/select.h"

/// Where CloudWatch calculates better than we would: shares of what two metrics count, and the few of hundreds of
/// resources that stand out. Syntax: CloudWatch User Guide, "Using math expressions with CloudWatch metrics" and
/// "CloudWatch search expression syntax". Pure and deterministic.
namespace fa::insight {

/// Series that a search gives at the most.
inline constexpr std::size_t kMostOfSearch = 10;

/// One metric as a share of another one with the same dimensions: failures of requests, use of a limit.
struct MetricShare {
  std::size_t whole = 0;       ///< Index of the other one.
  std::string statistic;       ///< Of both.
  bool whole_is_rate = false;  ///< The whole is per second, the part is a sum over the period.
};
/// What `metric` is a share of; nullopt for most metrics, and where the catalogue does not have the whole.
[[nodiscard]] std::optional<MetricShare> share_of(const Catalogue& catalogue, std::size_t metric);

/// The queries of a part and its whole with their share in percent, `Errors / Invocations (%)`. `queries` has those of
/// both that are asked for anyway; what is missing is added without being returned. Times without the whole have none;
/// a part that counts nothing is 0.
void add_share(const Catalogue& catalogue, std::size_t part, const MetricShare& share,
               std::vector<aws::cloudwatch::DataQuery>& queries);

/// `SLICE(SORT(SEARCH(...), SUM, DESC), 0, 10)`: those with the highest sum, peak, or the lowest of what must not run
/// out. Labelled with the dimensions' values, as formats/metric_queries.h reads them. nullopt for names that the syntax
/// cannot quote.
[[nodiscard]] std::optional<aws::cloudwatch::DataQuery> search_query(const Catalogue& catalogue,
                                                                     const MetricSearch& search, int period_seconds);

}  // namespace fa::insight
