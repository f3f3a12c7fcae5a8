#pragma once

#include <vector>

#include "model/finding.h"

namespace fa {

/// Share of its effect that is left to a cause named later, by another service than the first: what one service calls
/// the reason is often only what it felt of the reason another one gave before.
inline constexpr double kLaterCauseShare = 0.7;

/// Weakens findings from logs that name a cause (full effect) but begin after another service named one. For incidents
/// of text alone, where nothing else tells the first trouble from its echoes. Findings without a time are left alone.
void prefer_first_causes(std::vector<Finding>& findings);

}  // namespace fa
