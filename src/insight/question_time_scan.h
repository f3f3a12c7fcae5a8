#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "insight/local_time.h"

/// Private to question_time: one piece of text about time.
namespace fa::insight {

/// Something about time that begins where it was looked for.
struct TimePiece {
  enum class Kind {
    kSpan,       ///< A range by itself: `yesterday`, `last 3 hours`.
    kAgo,        ///< A moment: `3 hours ago`.
    kTimeOfDay,  ///< `14:00`: minutes after midnight.
    kPartOfDay,  ///< `morning`: narrows the day it stands with.
  };
  Kind kind = Kind::kSpan;
  std::size_t length = 0;
  TimeRange range{};        ///< kSpan; kAgo: from that moment to now.
  bool whole_days = false;  ///< kSpan: of one or several days of the calendar.
  int from_minute = 0;      ///< kTimeOfDay, kPartOfDay.
  int to_minute = 0;        ///< kPartOfDay.
};

/// The longest piece at the beginning of `text`; `before` is what stands in front of it.
[[nodiscard]] std::optional<TimePiece> time_piece_at(std::string_view text, std::string_view before, TimePoint now,
                                                     const LocalTime& zone);

/// The longest time with a name of its own there: `yesterday`, `先週`.
[[nodiscard]] std::optional<TimePiece> named_time_at(std::string_view text, TimePoint now, const LocalTime& zone);

/// Whether the phrase stands at the beginning, as a word where it is of the alphabet.
[[nodiscard]] bool begins_with_word(std::string_view text, std::string_view phrase);

/// From the midnight of one day to that of another.
[[nodiscard]] TimeRange days_range(const LocalTime& zone, std::int64_t first, std::int64_t behind);

}  // namespace fa::insight
