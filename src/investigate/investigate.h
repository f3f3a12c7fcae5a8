#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "investigate/progress.h"
#include "model/report.h"
#include "sources/file/discover.h"

namespace fa {

/// What a user asks.
struct InvestigateRequest {
  std::vector<std::string> paths;  ///< Incident folders, folders, files, `-`.
  std::optional<TimeRange> window;
  std::optional<TimeRange> baseline;
  std::string description;     ///< Overrides the incident file's when not empty.
  std::optional<Alarm> alarm;  ///< Likewise.
  Language language = Language::kEnglish;
  std::size_t threads = 0;  ///< 0: as many as the machine has. No result depends on it.
};

/// The product in one call: plan, collect, digest, rank, explain, verify, report. Errors only when nothing at all was
/// readable, or the request contradicts itself; everything else that goes wrong is a gap in the report.
/// Blocks; thread-safe; stops early (with gaps) when the context says so.
Result<Report> investigate(const InvestigateRequest& request, const Clock& clock, Progress* progress,
                           const Context& context);

}  // namespace fa
