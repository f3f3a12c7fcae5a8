#pragma once

#include <cstddef>
#include <optional>

#include "base/context.h"
#include "investigate/digest.h"
#include "investigate/progress.h"
#include "sources/file/discover.h"

namespace fa {

struct CollectOptions {
  std::size_t threads = 0;                  ///< 0: as many as the machine has. No result depends on it.
  std::optional<TimePoint> reference_time;  ///< Places timestamps without a date or year.
  Progress* progress = nullptr;
};

/// Reads all inputs once, in parallel by file, into a digest. Files are merged in the order of the set, so that the
/// result is the same whatever the number of threads. Unreadable files become gaps.
Digest collect(const InputSet& inputs, const PeriodClock& periods, const CollectOptions& options,
               const Context& context);

}  // namespace fa
