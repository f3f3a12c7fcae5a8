#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "base/context.h"

namespace fa {

/// One series to ask for.
struct ChosenSeries {
  std::string region;
  aws::cloudwatch::Metric metric;
  std::string statistic;
  bool operator==(const ChosenSeries&) const = default;
};

/// Series a chooser is shown, at the most.
inline constexpr std::size_t kMostSeriesToChooseFrom = 300;

/// Says which series of a shortlist to fetch first, by index: somebody who knows more of the incident than its names.
/// It may leave the list as it is (no indexes). Called once per account and region, from several threads; must end by
/// the context's deadline and must not throw.
using MetricChooser =
    std::function<std::vector<std::size_t>(const std::vector<ChosenSeries>& shortlist, const Context& context)>;

}  // namespace fa
