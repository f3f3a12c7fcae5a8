#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/xray.h"
#include "base/time.h"

namespace fa {

/// `range` in pieces of at most 6 hours, which is what one X-Ray call may span.
std::vector<TimeRange> xray_ranges(TimeRange range);

/// Requests that a service graph counts where they entered: those of its root services, clients apart. Adds up over the
/// pages of one answer. nullopt when the JSON is broken.
std::optional<double> requests_in_graph(std::string_view page);

/// Response time above which a trace counts as slow: the 95th percentile of those that succeeded in the baseline (of
/// all that succeeded where the baseline has fewer than 20), rounded up to three digits. nullopt when nothing
/// succeeded.
std::optional<double> slow_threshold(const std::vector<aws::xray::SummaryInfo>& baseline,
                                     const std::vector<aws::xray::SummaryInfo>& window);

/// The filter expression for traces that failed or were slow, and the caller's own joined to it (a plain name stands
/// for that service). Both may be missing.
std::string user_filter(std::string_view given);
std::string unusual_filter(std::string_view user, std::optional<double> slow_seconds);

/// Which traces are fetched whole.
struct TraceChoice {
  std::vector<std::string> window;  ///< Ids by time.
  std::vector<std::string> baseline;
  /// How many times likelier a failing or slow trace was taken than another; the same in both periods.
  double preference = 1;
  std::size_t unusual_window = 0;  ///< Failing or slow ones among those taken.
  std::size_t unusual_baseline = 0;
};

/// Takes at most `most` traces, spread evenly over time. Where not all can be taken, failing and slow ones are
/// preferred, by one and the same factor in window and baseline: shares and times of the two then compare (the odds of
/// failing against succeeding change by that factor in both, so that their ratio stays, as in a case-control study),
/// although the shares themselves are those of the sample. Deterministic. Pure.
TraceChoice choose_traces(const std::vector<aws::xray::SummaryInfo>& window,
                          const std::vector<aws::xray::SummaryInfo>& baseline, std::optional<double> slow_seconds,
                          std::size_t most);

}  // namespace fa
