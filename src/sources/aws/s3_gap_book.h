#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "sources/aws/collected_folder.h"

namespace fa {

/// Failures by their cause: hundreds of objects that are refused for one reason are one gap, with a count and the first
/// of them as the example. Thread-safe; what it tells does not depend on the order of add().
class S3GapBook {
 public:
  /// `what` is the `s3://...` that could not be had; `range` the time its records may be of.
  void add(const std::string& what, const Error& error, TimeRange range);

  /// One gap per cause. `noun` is what was asked for (`log file`), `total` how many.
  void write(CollectedFolder& folder, const std::string& source, const std::string& noun, std::size_t total,
             const std::string& impact) const;

  [[nodiscard]] std::size_t failures() const;

 private:
  /// The service's own name of the cause, and whether a key refused (S3 calls both AccessDenied).
  using Cause = std::tuple<ErrorCode, std::string, bool>;
  struct Entry {
    std::uint64_t count = 0;
    std::string first;
    std::string message;  ///< Of the first.
    TimeRange range;
  };

  mutable std::mutex mutex_;
  std::map<Cause, Entry> entries_;
};

}  // namespace fa
