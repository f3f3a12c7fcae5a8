#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/time.h"

namespace fa::server {

/// A structured log: one JSON object per line, with `time` (RFC 3339), `level`, `event` (a stable name) and fields.
/// Never payloads, texts that people typed, or secrets: ids, counts and names only. Thread-safe; a line is written
/// whole. Bytes that are not UTF-8 become U+FFFD, texts are cut at 4 KiB, a double that is no number is null. Never
/// throws: a line that cannot be written is lost.
class Log {
 public:
  enum class Level { kInfo, kWarning, kError };
  using Value = std::variant<std::string, std::int64_t, double, bool>;
  using Fields = std::initializer_list<std::pair<std::string_view, Value>>;

  /// `write` gets each line with its newline, one call at a time. The clock is borrowed.
  Log(const Clock& clock, std::function<void(std::string_view)> write) : clock_(clock), write_(std::move(write)) {}

  void info(std::string_view event, Fields fields = {}) { line(Level::kInfo, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { line(Level::kWarning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { line(Level::kError, event, fields); }

 private:
  void line(Level level, std::string_view event, Fields fields) noexcept;
  const Clock& clock_;
  std::function<void(std::string_view)> write_;
  std::mutex mutex_;
};

}  // namespace fa::server
