#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/report.h"

namespace fa {

/// What a user asks.
struct InvestigateRequest {
  std::vector<std::string> paths;  ///< Incident folders, folders, files, `-`.
  std::optional<TimeRange> window;
  std::optional<TimeRange> baseline;
  std::string description;     ///< Overrides the incident file's when not empty.
  std::optional<Alarm> alarm;  ///< Likewise.
  std::string architecture;    ///< The team's description of its system: calls for the topology (architecture.h).
  Language language = Language::kEnglish;
  std::size_t threads = 0;  ///< 0: as many as the machine has. No result depends on it.
};

}  // namespace fa
