#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace fa {

/// What findings reports leave for the next one, in one file. A report that is made again, since it was interrupted,
/// is compared with the one before it and not with itself. Not thread-safe.
class FindingsMemory {
 public:
  explicit FindingsMemory(std::filesystem::path file) : file_(std::move(file)) {}

  /// The state that the report before `run` left; empty where there is none or it cannot be read.
  [[nodiscard]] std::string before(const std::string& run) const;
  /// Keeps what `run` leaves. kUnreadable where it cannot be written.
  Result<void> keep(const std::string& run, const std::string& state);

 private:
  std::filesystem::path file_;
};

}  // namespace fa
