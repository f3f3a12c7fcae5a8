#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/time.h"
#include "investigate/study.h"
#include "model/telemetry.h"

namespace fa {

/// Which files of a study are read once more. What a file holds is known from the first reading.
struct RereadScope {
  enum class Records { kLogs, kAccess };
  Records records = Records::kLogs;
  /// Files all of whose records lie outside these ranges are left out; empty: none is. Where undated log records count
  /// (`undated`), no file that may hold one is left out.
  std::vector<TimeRange> ranges = {};
  bool undated = false;
};

struct RereadAccount {
  std::size_t files = 0;                   ///< Read, wholly or in part.
  bool stopped = false;                    ///< The context ended before everything was read.
  std::vector<std::string> not_read = {};  ///< Names of files that broke off or cannot be opened, sorted.
};

using MakeSink = std::function<std::unique_ptr<TelemetrySink>(std::uint32_t file)>;
using TakeSink = std::function<void(std::uint32_t file, TelemetrySink& sink)>;

/// Reads inputs of a study once more, several files at a time, each into a sink of its own: `make` is called for each
/// file, from several threads at once; `take` gets every sink back when its file is done, one at a time and in the
/// order of the inputs, so that what is put together does not depend on the number of threads. Memory: a block per
/// thread and the sinks that wait for their turn. Neither function may throw.
RereadAccount reread(const Study& study, const RereadScope& scope, const MakeSink& make, const TakeSink& take,
                     const Context& context);

}  // namespace fa
