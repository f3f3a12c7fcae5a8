#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "insight/question_time_scan.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kNoon = 12 * 60;

bool is_word_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_'; }

/// A word of the alphabet ends with the text or before something that is none of it; other scripts have no spaces.
bool ends_word(std::string_view text, std::size_t length) {
  return length >= text.size() || !is_word_char(text[length]) || !is_word_char(text[length - 1]);
}

enum class Named {
  kDayBack,    ///< n days before today.
  kWeekBack,   ///< n weeks before this one.
  kMonthBack,  ///< n months before this one.
  kWeekend,
  kThisMorning,
  kLastNight,
  kEarlyToday,
  kTonight,
  kNow,
  kWeekday,
  kRolling,  ///< The last n minutes.
};

struct NamedTime {
  std::string_view phrase;
  Named named;
  int n;
};

/// Where phrases begin alike the longest counts.
constexpr std::array kNamedTimes = std::to_array<NamedTime>({
    {"today", Named::kDayBack, 0},
    {"今日", Named::kDayBack, 0},
    {"本日", Named::kDayBack, 0},
    {"きょう", Named::kDayBack, 0},
    {"yesterday", Named::kDayBack, 1},
    {"昨日", Named::kDayBack, 1},
    {"きのう", Named::kDayBack, 1},
    {"前日", Named::kDayBack, 1},
    {"the day before yesterday", Named::kDayBack, 2},
    {"day before yesterday", Named::kDayBack, 2},
    {"一昨日", Named::kDayBack, 2},
    {"おととい", Named::kDayBack, 2},
    {"this week", Named::kWeekBack, 0},
    {"今週", Named::kWeekBack, 0},
    {"last week", Named::kWeekBack, 1},
    {"previous week", Named::kWeekBack, 1},
    {"week over week", Named::kWeekBack, 1},
    {"先週", Named::kWeekBack, 1},
    {"前週", Named::kWeekBack, 1},
    {"week before last", Named::kWeekBack, 2},
    {"先々週", Named::kWeekBack, 2},
    {"this month", Named::kMonthBack, 0},
    {"今月", Named::kMonthBack, 0},
    {"last month", Named::kMonthBack, 1},
    {"previous month", Named::kMonthBack, 1},
    {"先月", Named::kMonthBack, 1},
    {"前月", Named::kMonthBack, 1},
    {"weekend", Named::kWeekend, 0},
    {"週末", Named::kWeekend, 0},
    {"土日", Named::kWeekend, 0},
    {"this morning", Named::kThisMorning, 0},
    {"今朝", Named::kThisMorning, 0},
    {"けさ", Named::kThisMorning, 0},
    {"last night", Named::kLastNight, 0},
    {"overnight", Named::kLastNight, 0},
    {"昨夜", Named::kLastNight, 0},
    {"昨晩", Named::kLastNight, 0},
    {"ゆうべ", Named::kLastNight, 0},
    {"夜間", Named::kLastNight, 0},
    {"夜中", Named::kEarlyToday, 0},
    {"未明", Named::kEarlyToday, 0},
    {"tonight", Named::kTonight, 0},
    {"今夜", Named::kTonight, 0},
    {"今晩", Named::kTonight, 0},
    {"right now", Named::kNow, 0},
    {"just now", Named::kNow, 0},
    {"at the moment", Named::kNow, 0},
    {"currently", Named::kNow, 0},
    {"今現在", Named::kNow, 0},
    {"現在", Named::kNow, 0},
    {"たった今", Named::kNow, 0},
    {"さっき", Named::kNow, 0},
    {"先ほど", Named::kNow, 0},
    {"past hour", Named::kRolling, 60},
    {"last hour", Named::kRolling, 60},
    {"past day", Named::kRolling, 24 * 60},
    {"last day", Named::kRolling, 24 * 60},
    {"past week", Named::kRolling, 7 * 24 * 60},
    {"past month", Named::kRolling, 30 * 24 * 60},
    {"半日", Named::kRolling, 12 * 60},
    {"half an hour", Named::kRolling, 30},
    {"monday", Named::kWeekday, 0},
    {"tuesday", Named::kWeekday, 1},
    {"wednesday", Named::kWeekday, 2},
    {"thursday", Named::kWeekday, 3},
    {"friday", Named::kWeekday, 4},
    {"saturday", Named::kWeekday, 5},
    {"sunday", Named::kWeekday, 6},
    {"月曜", Named::kWeekday, 0},
    {"火曜", Named::kWeekday, 1},
    {"水曜", Named::kWeekday, 2},
    {"木曜", Named::kWeekday, 3},
    {"金曜", Named::kWeekday, 4},
    {"土曜", Named::kWeekday, 5},
    {"日曜", Named::kWeekday, 6},
});

TimeRange months_back(const LocalTime& zone, std::int64_t today, int n) {
  const LocalTime::Date date = LocalTime::date_of(today);
  const auto first_of = [](int month_index) {
    return LocalTime::day_of(month_index / 12, month_index % 12 + 1, 1).value_or(0);
  };
  const int month = date.year * 12 + date.month - 1 - n;
  return days_range(zone, first_of(month), first_of(month + 1));
}

TimePiece named_piece(const NamedTime& entry, TimePoint now, const LocalTime& zone) {
  const std::int64_t today = zone.read(now).day;
  const std::int64_t monday = today - LocalTime::weekday(today);
  TimePiece piece;
  piece.length = entry.phrase.size();
  piece.whole_days = true;
  switch (entry.named) {
    case Named::kDayBack:
      piece.range = days_range(zone, today - entry.n, today - entry.n + 1);
      return piece;
    case Named::kWeekBack:
      piece.range = days_range(zone, monday - 7 * entry.n, monday - 7 * entry.n + 7);
      return piece;
    case Named::kMonthBack:
      piece.range = months_back(zone, today, entry.n);
      return piece;
    case Named::kWeekend: {
      // On a weekend this one, else the one that is over.
      const std::int64_t saturday = LocalTime::weekday(today) >= 5 ? monday + 5 : monday - 2;
      piece.range = days_range(zone, saturday, saturday + 2);
      return piece;
    }
    case Named::kWeekday: {
      const std::int64_t back = (LocalTime::weekday(today) - entry.n + 7) % 7;
      piece.range = days_range(zone, today - back, today - back + 1);
      return piece;
    }
    default:
      break;
  }
  piece.whole_days = false;
  switch (entry.named) {
    case Named::kThisMorning:
      piece.range = {zone.at(today, 5 * 60), zone.at(today, kNoon)};
      break;
    case Named::kLastNight:
      piece.range = {zone.at(today - 1, 18 * 60), zone.at(today, 6 * 60)};
      break;
    case Named::kEarlyToday:
      piece.range = {zone.at(today), zone.at(today, 6 * 60)};
      break;
    case Named::kTonight:
      piece.range = {zone.at(today, 18 * 60), zone.at(today + 1)};
      break;
    case Named::kNow:
      piece.range = {now - hours(3), now};
      break;
    default:
      piece.range = {now - minutes(entry.n), now};
      break;
  }
  return piece;
}

}  // namespace

bool begins_with_word(std::string_view text, std::string_view phrase) {
  return text.starts_with(phrase) && ends_word(text, phrase.size());
}

TimeRange days_range(const LocalTime& zone, std::int64_t first, std::int64_t behind) {
  return {zone.at(first), zone.at(behind)};
}

std::optional<TimePiece> named_time_at(std::string_view text, TimePoint now, const LocalTime& zone) {
  const NamedTime* longest = nullptr;
  for (const NamedTime& entry : kNamedTimes) {
    if ((longest == nullptr || entry.phrase.size() > longest->phrase.size()) && begins_with_word(text, entry.phrase)) {
      longest = &entry;
    }
  }
  if (longest == nullptr) return std::nullopt;
  return named_piece(*longest, now, zone);
}

}  // namespace fa::insight
