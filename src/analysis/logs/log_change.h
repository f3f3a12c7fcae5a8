#pragma once

#include <vector>

#include "analysis/logs/failure_weight.h"
#include "analysis/logs/log_digest.h"
#include "model/finding.h"

namespace fa {

/// What the logs say differently in the window: new, surging, vanished and falling templates, exceptions by their
/// innermost cause, parameters whose values moved. Without a baseline (or without times) the words alone count: lines
/// that name a failure, the rarer the more telling. Ordered by (kind, service, key).
std::vector<Finding> find_log_changes(const LogDigest& digest, const PeriodClock& periods,
                                      Beside beside = Beside::kNothing);

}  // namespace fa
