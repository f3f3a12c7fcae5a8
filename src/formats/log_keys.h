#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fa {

/// What a key of a structured log line stands for, across the usual loggers and shippers.
enum class LogRole : std::uint8_t {
  kNone,
  kTime,
  kTimeSeconds,  ///< Seconds, the fraction standing in kTimeNanos (GCP, log4j2).
  kTimeNanos,
  kLevel,
  kPythonLevel,  ///< Numeric level on Python's scale.
  kOtelLevel,    ///< SeverityNumber.
  kMessage,
  kLogger,
  kService,
  kInstance,
  kTraceId,
  kSpanId,
  kErrorType,
  kErrorMessage,
  kErrorStack,
  kCount
};

struct KeyMeaning {
  LogRole role = LogRole::kNone;
  std::uint8_t rank = 0;  ///< Lower wins where several keys of one role are present.
};

/// A dotted path of keys, normalised: lower case letters and digits only, so that `trace.id`, `traceId`, `trace_id`
/// and {"trace":{"id":...}} are one. Fixed size; a path that does not fit names nothing.
class KeyPath {
 public:
  void append(std::string_view key);
  [[nodiscard]] std::size_t size() const { return size_; }
  void truncate(std::size_t size) { size_ = size; }
  [[nodiscard]] std::string_view view() const {
    return size_ > buffer_.size() ? std::string_view{} : std::string_view{buffer_.data(), size_};
  }

 private:
  std::array<char, 64> buffer_{};
  std::size_t size_ = 0;  ///< Above the buffer's size once the path did not fit.
};

KeyMeaning meaning_of_key(std::string_view normalised_path);

/// Objects whose members count as if they stood one level higher (`fields`, `jsonPayload`, `mdc`, ...).
bool is_transparent_key(std::string_view normalised_path);

}  // namespace fa
