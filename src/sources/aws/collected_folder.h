#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/collection.h"
#include "model/report.h"

namespace fa {

/// A file of the folder that is being written. One thread at a time.
class CollectedFile {
 public:
  virtual ~CollectedFile() = default;
  /// Appends; documents of JSON (pages of an answer) follow each other with a line feed between them.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Forgets everything written so far (a download begins anew).
  virtual Result<void> restart() = 0;
  /// Completes the file and lists it with its origin. Without it (or after an error) the file is removed.
  virtual Result<void> commit(Origin origin) = 0;
};

/// The incident folder that a collection is written into: what the sources got, byte for byte, with an account of where
/// it came from, what it cost and what is missing. `fa2 investigate` reads it like any other. Thread-safe.
class CollectedFolder {
 public:
  enum class Storage { kAsIs, kZstd };

  /// Makes the folder; it must not exist or must be empty.
  static Result<std::unique_ptr<CollectedFolder>> create(const std::filesystem::path& path);
  virtual ~CollectedFolder() = default;

  /// `name` is relative, in `folder/file` form; characters that do not belong into a file name are replaced
  /// (safe_name). kZstd adds `.zst` to it. A name taken already gets `-2`, `-3`, ... .
  virtual Result<std::unique_ptr<CollectedFile>> open(const std::string& name, Storage storage) = 0;
  virtual void add_gap(Gap gap) = 0;
  /// Something worth saying that is no gap: how it was decided what to fetch.
  virtual void add_note(std::string source, std::string text) = 0;
  /// Writes fa2-collection.json and incident.json. Sorted, so that the order of threads does not show.
  virtual Result<void> finish(const IncidentInfo& incident, const Usage& usage, const std::string& identity) = 0;
  [[nodiscard]] virtual const std::filesystem::path& path() const = 0;
};

/// A name from AWS (log group, bucket key, ...) as one file name: letters, digits, `.`, `_`, `-`; others become `_`; at
/// most 120 bytes, cut names keep a hash so that they stay distinct.
std::string safe_name(std::string_view name);

}  // namespace fa
