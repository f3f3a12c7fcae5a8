#pragma once

#include <filesystem>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace fa {

/// Makes `file` (0600) where it is missing, locks it and writes this process's id into it, for people and for the
/// message of whoever comes second. The kernel ends the lock when the descriptor is closed or its process dies, however
/// it dies; the file stays. The same process cannot lock twice. Errors: kUnavailable (locked; names the file and the
/// holder), kUnreadable (cannot be made).
[[nodiscard]] Result<FileDescriptor> lock_for_this_process(const std::filesystem::path& file);

}  // namespace fa
