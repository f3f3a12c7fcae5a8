#pragma once

#include <string_view>

#include "model/report.h"

namespace fa {

/// What the words of an error message say is wrong: `connect timed out` -> dependency_timeout, `x509: certificate has
/// expired` -> certificate, `OutOfMemoryError` -> memory_pressure. kUnknown when they say nothing specific.
/// English words and the names of common errors; ASCII case is ignored. Pure, O(length).
Mechanism mechanism_in_words(std::string_view text);

/// True when the words speak of a failure at all (error, exception, failed, refused, denied, timeout, killed, ...).
bool speaks_of_failure(std::string_view text);

}  // namespace fa
