#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/telemetry.h"

namespace fa {

/// Reads the times of a log whose lines mostly lie in the same second as the line before. Gives what parse_rfc3339
/// gives. Not thread-safe.
class AlbClock {
 public:
  std::optional<TimePoint> parse(std::string_view text);

 private:
  static constexpr std::size_t kToSecond = 19;  ///< `2026-03-14T08:30:00`
  std::array<char, kToSecond> second_{};
  TimePoint time_ = kNoTime;  ///< Of that second; kNoTime before the first.
};

/// Parses one line (without its newline) of an Application Load Balancer access log into `record`, whose views point
/// into the line; `position` is left alone. Returns null, or what was expected and not found (static text).
///
/// Fields and their order: Elastic Load Balancing user guide, "Access logs for your Application Load Balancer". The
/// list grew over the years: lines may end behind any field from `sent_bytes` on, and fields behind the last known one
/// are ignored. `-` means empty, times of `-1` unknown. Quoted text is taken as written: `\"`, `\\` and `\x22` stay.
const char* parse_alb_line(std::string_view line, AccessRecord& record, AlbClock& clock);
const char* parse_alb_line(std::string_view line, AccessRecord& record);

/// `arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID` -> NAME; empty for anything else.
[[nodiscard]] std::string_view alb_target_group_name(std::string_view arn);

/// `Self=1-..;Root=1-67891233-abcdef012345678912345678;...` -> the root, which is what X-Ray calls the trace.
[[nodiscard]] std::string_view alb_root_trace(std::string_view field);

}  // namespace fa
