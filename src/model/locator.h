#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace fa {

/// Where a record's bytes lie inside its file. Offsets count in the decompressed stream, so that they stay true for
/// .gz and .zst. `line` counts from 1; `line_count` is above 1 for joined multi-line records.
struct BytePosition {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 0;
  std::uint32_t line_count = 1;
  bool operator==(const BytePosition&) const = default;
};

/// How to ask for the same bytes again. For files: `source` is "file", `resource` the path as given by the user
/// (incident folders: relative to the folder), and `position` the bytes. For queries of live systems: `query`,
/// `account`, `region` and `range` say what was asked.
struct Locator {
  std::string source;
  std::string account;
  std::string region;
  std::string resource;
  std::string query;
  TimeRange range;
  BytePosition position;
  bool operator==(const Locator&) const = default;
};

}  // namespace fa
