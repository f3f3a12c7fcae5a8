#pragma once

#include <optional>

#include "base/context.h"
#include "base/result.h"
#include "investigate/collect.h"
#include "investigate/request.h"
#include "model/period.h"

namespace fa {

/// What will be studied: the incident as known before any analysis, and the periods to compare.
struct Plan {
  IncidentInfo incident;
  std::optional<TimePoint> reference_time;  ///< Where timestamps without a date belong.
  PeriodClock periods;  ///< May start later than incident.window, where the time before the onset is the baseline.
};

/// Settles window and baseline: from the request, else the incident file, else from the data (a survey pass).
/// Fails on an unreadable incident file or on ranges that end before they begin.
Result<Plan> make_plan(const InvestigateRequest& request, const InputSet& inputs, const Clock& clock,
                       const Context& context);

}  // namespace fa
