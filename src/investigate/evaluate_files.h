#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace fa {

/// All of a file, decompressed where it is compressed.
Result<std::string> read_decompressed(const std::filesystem::path& path);

}  // namespace fa
