#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace fa {

/// What a file of ours says of itself.
struct DatabaseFormat {
  std::string_view name;   ///< "store" or "job store"
  std::size_t format = 0;  ///< How many migrations it has.
  std::size_t newest = 0;  ///< How many this program knows.
};

/// Reads the header of an SQLite file (https://www.sqlite.org/fileformat.html, 1.3: user version and application id)
/// and opens nothing, so that it may be asked beside a running server. What the file's log (`-wal`) still holds is not
/// seen. nullopt: there is no such file, or it is empty, or all of it
/// is still in its log. Errors: kUnreadable (cannot be read, or is not one of ours).
[[nodiscard]] Result<std::optional<DatabaseFormat>> database_format(const std::filesystem::path& path);

}  // namespace fa
