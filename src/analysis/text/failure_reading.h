#pragma once

#include <string_view>

#include "analysis/text/failure_phrases.h"

namespace fa {

/// What a message says of a failure.
struct FailureReading {
  Telling telling = Telling::kNothing;
  Mechanism mechanism = Mechanism::kUnknown;
  std::string_view line;  ///< The line of the message that says it; empty when none does.
};

/// Reads a message (its first 8 KiB) line by line. Of several lines the one counts whose phrase stands first among
/// failure_phrases(). Counts of zero (`0 errors`, `failed=0`), tests that passed and settings (`timeout=30s`) are no
/// failures; what the message says was handled (retried, ignored, recovered) tells one step less. Frames of stack
/// traces are not read. English and the names of common errors; ASCII case is ignored. Pure.
FailureReading read_failure(std::string_view message);

}  // namespace fa
