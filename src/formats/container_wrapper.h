#pragma once

#include <string_view>

#include "formats/text_arena.h"
#include "model/telemetry.h"

namespace fa {

/// A line with what the container runtime wrote around it taken off.
struct UnwrappedLine {
  std::string_view text;  ///< What the application wrote, without its newline; in the line or in the arena.
  TimePoint time = kNoTime;
  std::string_view service;  ///< From a `docker compose` or `kubectl logs --prefix` prefix.
  std::string_view instance;
  std::string_view stream;  ///< stdout, stderr; lines of different streams never belong together.
  bool wrapped = false;
  bool partial = false;  ///< The runtime split a longer line here; the next line of the stream goes on.
};

/// Recognises, each line for itself: Docker's json-file driver ({"log":...,"stream":...,"time":...}), the Kubernetes
/// CRI format (`2026-03-14T08:30:00.123456789Z stdout F text`), `docker compose logs` (`web_1  | text`) and
/// `kubectl logs --prefix` (`[pod/name/container] text`). Any other line comes back as it is.
UnwrappedLine unwrap_container_line(std::string_view line, TextArena& arena);

}  // namespace fa
