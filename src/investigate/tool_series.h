#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/metrics/metric_digest.h"
#include "base/result.h"
#include "investigate/tool_support.h"

namespace fa::tools {

/// The points of a series inside a range.
struct SeriesSummary {
  std::size_t points = 0;
  double mean = 0;
  double median = 0;
  double p95 = 0;
  double min = 0;
  double max = 0;
  TimePoint max_time = kNoTime;  ///< The first of the highest.
};
SeriesSummary summary_of(const Series& series, const TimeRange& range);

/// Indices of the points inside the range: [first, last).
std::pair<std::size_t, std::size_t> points_inside(const Series& series, const TimeRange& range);

/// The series a call names by `entity` (may name none), metric (its name or its label with statistic and dimensions)
/// and `statistic`, in the digest's order. kNotFound lists what there is.
Result<std::vector<const Series*>> series_named(const Call& call, std::string_view metric_parameter);

/// The series behind a metric item, of the report or of a tool; empty where there is none.
std::vector<const Series*> series_of_item(const Study& study, const Evidence& item);

/// What tells a series from the others of its entity in the evidence book: its label, as the report's own items have
/// it, where no other series of the entity has the same.
std::string series_identity(const Study& study, const Series& series);

/// An item about the point of a series at `time`; its key begins with tool and series and ends with the question.
Evidence series_item(const Call& call, const Series& series, TimePoint time);

/// Name, statistic, unit, instance, dimensions and namespace, as far as there are any.
JsonWriter series_members(const Series& series);

}  // namespace fa::tools
