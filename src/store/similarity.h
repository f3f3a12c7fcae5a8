#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "store/store.h"

/// How like each other incidents are by their features. Pure and thread-safe.
namespace fa {

using FeatureWeights = std::map<std::string, double>;

/// Each name once, with its largest weight; weights that are none count nothing.
[[nodiscard]] FeatureWeights weights_of(const std::vector<IncidentFeature>& features);

/// Those of `past` that are like `features`, best first, at most `limit`; equal ones by newest window, then by id.
/// Cosine of the features, each weighed by how few of `past` have it; below `least` is not similar, and neither is what
/// has no feature in common.
[[nodiscard]] std::vector<SimilarIncident> most_similar(const std::vector<IncidentFeature>& features,
                                                        std::vector<PastIncident> past, std::size_t limit,
                                                        double least);

}  // namespace fa
