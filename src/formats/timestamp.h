#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace fa {

/// Order of the fields of a numeric date such as 03/04/2026, where the numbers alone do not tell.
enum class DateOrder : std::uint8_t { kUnknown, kMonthFirst, kDayFirst };

/// What is known before a line is looked at.
struct TimestampContext {
  /// Places a timestamp without year or date, and chooses between 3 April and 4 March: the candidate closest to this
  /// instant. Without it such a timestamp is recognised (begin, end) but has no time.
  std::optional<TimePoint> reference_time;
  DateOrder date_order = DateOrder::kUnknown;  ///< Learned from unambiguous dates of the same file.
  bool allow_date_only = false;  ///< `2026-03-14` alone counts, as midnight UTC (CSV cells; never log lines).
};

/// A timestamp found in a line: bytes [begin, end) with their fraction and zone, without brackets around them.
struct ParsedTimestamp {
  TimePoint time = kNoTime;  ///< kNoTime when the date is missing and nothing places it.
  std::size_t begin = 0;
  std::size_t end = 0;
  bool has_date = false;  ///< At least month and day are given.
  bool has_year = false;
  bool has_zone = false;                       ///< An offset, a zone name that means one offset, or an epoch number.
  DateOrder date_order = DateOrder::kUnknown;  ///< Set when this date could be read in one order only.
  bool ambiguous = false;                      ///< Several dates were possible; the context chose.
  std::size_t fraction_begin = 0;              ///< Where the digits of the fraction of a second stand.
  std::size_t fraction_digits = 0;             ///< 0 when there is none.
};

/// Finds the timestamp that starts a log line, possibly after a short prefix of a few header-like tokens (`[`, a
/// level, a host, an address). Every usual form: ISO 8601 with any separator, fraction and zone, syslog, ctime, Apache,
/// log4j, 12-hour clock, month names, compact dates, epoch seconds to nanoseconds, time of day alone. No zone means
/// UTC. Years outside 1970..2261 are refused. Pure; never reads past the line.
std::optional<ParsedTimestamp> scan_timestamp(std::string_view line, const TimestampContext& context);

/// The same for text that must start with the timestamp at `begin`.
std::optional<ParsedTimestamp> parse_timestamp_at(std::string_view text, std::size_t begin,
                                                  const TimestampContext& context);

/// A whole string that is a timestamp (JSON values, CSV cells): nothing but spaces may stand around it.
std::optional<ParsedTimestamp> parse_timestamp_text(std::string_view text, const TimestampContext& context);

/// An epoch number as JSON gives it (`1710405000`, `1710405000123`, `1710405000.123456`, `1.7104e9`): the unit follows
/// from the size (seconds, milli-, micro-, nanoseconds). Exact for plain digits. nullopt outside 1970..2261.
std::optional<TimePoint> parse_epoch_number(std::string_view text);

}  // namespace fa
