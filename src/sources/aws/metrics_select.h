#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sources/aws/metrics_chooser.h"
#include "sources/aws/metrics_source.h"

namespace fa {

/// A metric and the region it was listed in.
struct ListedMetric {
  std::string region;
  aws::cloudwatch::Metric metric;
};

struct MetricsSelection {
  std::vector<ChosenSeries> series;  ///< The most telling first.
  std::uint64_t listed = 0;          ///< Different metrics looked at.
  std::uint64_t of_incident = 0;     ///< Series of the alarm or of entities the incident names.
  std::uint64_t left_out = 0;        ///< Series beyond the limit.
  std::vector<std::pair<std::string, std::uint64_t>> left_by_namespace;  ///< Most first.
};

/// Chooses at most `settings.max_metrics` series. The alarm's own metrics come first, then those of entities that the
/// incident names, then core metrics before others; between namespaces taken in turn, so that hundreds of functions do
/// not crowd out the one database. A metric that also exists without its availability zone is left out; other
/// splits (target group, operation, pod) come after the whole they are part of. `home` is the scope's region.
/// Deterministic: the order of `listed` does not matter, nor do doubles. Pure.
MetricsSelection select_metrics(std::vector<ListedMetric> listed, const MetricsFocus& focus,
                                const MetricsSettings& settings, const std::string& home);

/// Moves the series at `chosen` (indexes into the first `shown` of them) to the front, in that order; the others stay
/// behind them as they were. Returns how many entries of `chosen` were none of those, or came a second time.
std::size_t put_first(std::vector<ChosenSeries>& series, const std::vector<std::size_t>& chosen, std::size_t shown);

/// How surely a metric belongs to what the incident names: 3 a dimension is one of its names, 2 it is part of one, or a
/// word of the description, 1 a word of the description is part of one; 0 not.
class EntityMatcher {
 public:
  explicit EntityMatcher(const MetricsFocus& focus);
  [[nodiscard]] int score(const aws::cloudwatch::Metric& metric) const;

 private:
  std::vector<std::string> names_;  ///< Lower case, sorted.
  std::vector<std::string> words_;
};

}  // namespace fa
