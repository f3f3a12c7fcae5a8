#pragma once

#include <string_view>

#include "investigate/study.h"

namespace fa {

enum class AbsenceVerdict {
  kHolds,
  kPresent,       ///< There is some.
  kNotRead,       ///< Nobody looked, or not everywhere: silence says nothing.
  kUnknownThing,  ///< `what` is none of the things below.
};

/// Whether the window holds no `what` (errors, logs, traces, metrics, changes, requests, anomalies) of `entity` (empty:
/// of anything). Holds only where the source that would show it was read, without gap, skip or limit, and is known to
/// have been at work in the window: an empty answer of tracing that is off is no absence of failures.
AbsenceVerdict check_absence(std::string_view what, std::string_view entity, const Study& study);

}  // namespace fa
