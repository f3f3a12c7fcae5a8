#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/context.h"
#include "base/file_descriptor.h"
#include "base/result.h"

namespace fa {

/// A copy of a stream that can be read again: a temporary file without a name, gone with its descriptor.
struct Spooled {
  FileDescriptor file;
  std::uint64_t size = 0;
  std::optional<Error> fault;  ///< What ended the copy early; what was copied before stays.

  /// Where the file can be opened as long as this object lives (each opening starts at its beginning).
  [[nodiscard]] std::filesystem::path path() const;
};

/// Copies everything `fd` gives into `folder` (empty: the system's folder for temporary files). Bounded by the disk
/// only. Ends early with a fault when the disk is full, reading fails or the context stops. Fails when no temporary
/// file can be made.
Result<Spooled> spool(int fd, const std::filesystem::path& folder, const Context& context);

}  // namespace fa
