#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/file_descriptor.h"
#include "model/report.h"

namespace fa {

/// One file to read.
struct InputFile {
  /// As shown and cited: relative to its PATH argument for folders, the argument itself for files, `-` for stdin.
  /// Unique in its InputSet.
  std::string name;
  std::filesystem::path path;  ///< Where to open it.
  std::uint64_t size = 0;      ///< On disk, when it was found.
};

/// What the arguments of a run come to. Movable; keeps the spooled standard input alive for reading it again.
struct InputSet {
  std::vector<InputFile> files;  ///< Sorted by name, each file once however many arguments lead to it.
  std::vector<Gap> gaps;         ///< Arguments and entries that cannot be read, and why.
  std::optional<std::filesystem::path> incident_file;
  std::vector<std::filesystem::path> collection_files;  ///< One per collected folder, sorted.
  FileDescriptor spooled_stdin;
};

/// Most files taken from one run; further ones become one Gap.
inline constexpr std::size_t kMaxInputFiles = 500'000;

struct DiscoverOptions {
  int stdin_fd = 0;                    ///< What `-` reads.
  std::filesystem::path spool_folder;  ///< For standard input; empty means the system's folder for temporary files.
};

/// Turns the PATH arguments of a run into files. A folder is walked to the bottom, hidden entries (`.x`) left out,
/// symbolic links followed once; a file is taken as it is; `-` is standard input, copied to an unlinked temporary file
/// so that it can be read again. A file called incident.json is never telemetry: it becomes `incident_file` (of
/// several, the only one at the top of an argument). So are the accounts of collected folders (model/collection.h).
/// Opens no file of a folder, and judges none by its name otherwise. The order of the arguments does not change the
/// result. Never fails: problems are gaps.
InputSet discover_inputs(std::span<const std::string> arguments, const DiscoverOptions& options,
                         const Context& context);

}  // namespace fa
