#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace fa {

/// Writes the bytes to standard output, or to a file that appears whole or not at all (written beside it under another
/// name, synced, renamed). The error names the file and the reason.
Result<void> write_output(std::string_view bytes, const std::optional<std::filesystem::path>& file);

/// One line on standard error: `fa2: ...`.
void complain(std::string_view message);

/// Says an error on standard error and gives the exit status: wrong usage, unreadable data and refused credentials are
/// the user's to mend, a bug is ours.
int report_failure(const Error& error);

}  // namespace fa
