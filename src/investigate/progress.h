#pragma once

#include <cstdint>
#include <string_view>

namespace fa {

/// Told how long work gets on. Implementations must be thread-safe.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `done` of `total` input files of the pass called `what` have been read.
  virtual void on_files(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

}  // namespace fa
