#include "insight/question_time_scan.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::size_t spaces_at(std::string_view text) {
  const std::size_t end = text.find_first_not_of(' ');
  return end == std::string_view::npos ? text.size() : end;
}

struct PartOfDay {
  std::string_view phrase;
  int from_hour;
  int to_hour;
};
constexpr std::array kPartsOfDay = std::to_array<PartOfDay>({
    {"early morning", 0, 6},
    {"morning", 5, 12},
    {"noon", 11, 14},
    {"lunch", 11, 14},
    {"afternoon", 12, 18},
    {"evening", 16, 21},
    {"night", 18, 24},
    {"深夜", 0, 5},
    {"早朝", 4, 8},
    {"未明", 0, 5},
    {"午前中", 0, 12},
    {"朝", 5, 11},
    {"お昼", 11, 14},
    {"昼", 11, 14},
    {"夕方", 16, 19},
    {"夜", 18, 24},
    {"晩", 18, 24},
});

/// A number in digits, English words or Japanese numerals up to ten.
struct Count {
  int value = 0;
  std::size_t length = 0;
};
std::optional<Count> count_at(std::string_view text) {
  std::size_t digits = 0;
  int value = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    value = std::min(value * 10 + (text[digits] - '0'), 100'000);
  }
  if (digits > 0) return Count{value, digits};
  struct Word {
    std::string_view word;
    int value;
  };
  static constexpr std::array kWords = std::to_array<Word>(
      {{"a couple of", 2}, {"couple of", 2}, {"a few", 3},   {"few", 3},  {"an", 1},  {"a", 1},     {"one", 1},
       {"two", 2},         {"three", 3},     {"four", 4},    {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8},
       {"nine", 9},        {"ten", 10},      {"twelve", 12}, {"一", 1},   {"二", 2},  {"三", 3},    {"四", 4},
       {"五", 5},          {"六", 6},        {"七", 7},      {"八", 8},   {"九", 9},  {"十", 10},   {"数", 3}});
  for (const Word& word : kWords) {
    if (begins_with_word(text, word.word)) return Count{word.value, word.word.size()};
  }
  return std::nullopt;
}

struct Unit {
  std::string_view phrase;
  std::int64_t unit_minutes;
};
constexpr std::array kUnits = std::to_array<Unit>({
    {"minutes", 1},  {"minute", 1},     {"mins", 1},     {"min", 1},        {"分間", 1},      {"分", 1},
    {"hours", 60},   {"hour", 60},      {"hrs", 60},     {"hr", 60},        {"h", 60},        {"時間", 60},
    {"days", 1440},  {"day", 1440},     {"d", 1440},     {"日間", 1440},    {"日", 1440},     {"weeks", 10080},
    {"week", 10080}, {"w", 10080},      {"週間", 10080}, {"months", 43200}, {"month", 43200}, {"か月間", 43200},
    {"か月", 43200}, {"ヶ月間", 43200}, {"ヶ月", 43200}, {"カ月間", 43200}, {"カ月", 43200},  {"ヵ月", 43200},
});

/// `3 hours`, `24h`, `3日間`; only where the words around it make it a span: `last`, `ago`, `直近`, `前`, ...
std::optional<TimePiece> counted_piece(std::string_view text, std::string_view before, TimePoint now) {
  const auto count = count_at(text);
  if (!count) return std::nullopt;
  std::size_t at = count->length;
  at += spaces_at(text.substr(at));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const Unit& one) { return begins_with_word(text.substr(at), one.phrase); });
  if (unit == kUnits.end() || count->value == 0) return std::nullopt;
  at += unit->phrase.size();
  TimePiece piece;
  piece.range = {now - std::min<Nanoseconds>(minutes(unit->unit_minutes * count->value), hours(24 * 455)), now};
  std::string_view rest = text.substr(at);
  const std::size_t gap = spaces_at(rest);
  if (begins_with_word(rest.substr(gap), "ago") || rest.starts_with("前")) {
    piece.kind = TimePiece::Kind::kAgo;
    piece.length = at + (rest.starts_with("前") ? std::string_view("前").size() : gap + 3);
    return piece;
  }
  before = trim(before);
  const auto follows = [&](std::string_view word) { return before.ends_with(word); };
  static constexpr std::array<std::string_view, 17> kIntroductions{
      "last", "past", "previous", "recent", "latest", "within", "for",    "in the", "直近",
      "過去", "ここ", "この",     "最近",   "直前",   "ここの", "直近の", "過去の"};
  const bool introduced = std::any_of(kIntroductions.begin(), kIntroductions.end(), follows);
  const bool enclosed = unit->phrase.ends_with("間") || rest.starts_with("以内") || rest.starts_with("くらい") ||
                        rest.starts_with("ほど");
  if (!introduced && !enclosed) return std::nullopt;
  piece.length = at;
  return piece;
}

/// A number of one or two digits at `text`.
std::optional<Count> short_number(std::string_view text) {
  const auto count = count_at(text);
  const bool digits = count && is_digit(text.front()) && count->length <= 2;
  return digits ? count : std::nullopt;
}

std::optional<TimePiece> whole_day(std::optional<std::int64_t> day, std::size_t length, const LocalTime& zone) {
  if (!day) return std::nullopt;
  TimePiece piece;
  piece.range = days_range(zone, *day, *day + 1);
  piece.whole_days = true;
  piece.length = length;
  return piece;
}

/// A month and a day in the newest year in which it is not to come.
std::optional<std::int64_t> latest_day(int month, int day, TimePoint now, const LocalTime& zone) {
  const std::int64_t today = zone.read(now).day;
  const int year = LocalTime::date_of(today).year;
  auto found = LocalTime::day_of(year, month, day);
  if (!found || *found > today) found = LocalTime::day_of(year - 1, month, day);
  return found;
}

/// `2026-03-14`, `2026/3/14`, `3/14`, `3月14日`, `march 14`, `14 march`
std::optional<TimePiece> date_piece(std::string_view text, TimePoint now, const LocalTime& zone) {
  static constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
  const auto month_at = [&](std::string_view from) -> Count {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      for (const std::string_view name : {kMonths[i], kMonths[i].substr(0, 3)}) {
        if (begins_with_word(from, name)) return {static_cast<int>(i) + 1, name.size()};
      }
    }
    return {};
  };
  if (const Count month = month_at(text); month.value > 0) {
    const std::size_t at = month.length + spaces_at(text.substr(month.length));
    const auto day = at < text.size() ? short_number(text.substr(at)) : std::nullopt;
    if (!day) return std::nullopt;
    return whole_day(latest_day(month.value, day->value, now, zone), at + day->length, zone);
  }
  const auto first = count_at(text);
  if (!first || !is_digit(text.front())) return std::nullopt;
  std::string_view rest = text.substr(first->length);
  const bool year = first->length == 4 && !rest.empty() && (rest.front() == '-' || rest.front() == '/');
  if (year) {
    const auto month = short_number(rest.substr(1));
    if (!month) return std::nullopt;
    const std::string_view behind = rest.substr(1 + month->length);
    if (behind.empty() || behind.front() != rest.front()) return std::nullopt;
    const auto day = short_number(behind.substr(1));
    if (!day) return std::nullopt;
    return whole_day(LocalTime::day_of(first->value, month->value, day->value),
                     first->length + 2 + month->length + day->length, zone);
  }
  if (first->length > 2) return std::nullopt;
  const std::string_view month_mark = rest.starts_with("月") ? "月" : "/";
  if (rest.starts_with(month_mark)) {
    const auto day = rest.size() > month_mark.size() ? short_number(rest.substr(month_mark.size())) : std::nullopt;
    if (!day) return std::nullopt;
    std::size_t length = first->length + month_mark.size() + day->length;
    if (text.substr(length).starts_with("日")) length += std::string_view("日").size();
    return whole_day(latest_day(first->value, day->value, now, zone), length, zone);
  }
  const std::size_t gap = spaces_at(rest);
  const Count month = month_at(rest.substr(gap));
  if (month.value == 0) return std::nullopt;
  return whole_day(latest_day(month.value, first->value, now, zone), first->length + gap + month.length, zone);
}

/// `14:00`, `3am`, `14時`, `14時半`, `午後3時20分`, `noon`
std::optional<TimePiece> clock_piece(std::string_view text) {
  TimePiece piece;
  piece.kind = TimePiece::Kind::kTimeOfDay;
  std::size_t at = 0;
  int add = -1;
  for (const auto& [mark, hours_more] : {std::pair("午前", 0), std::pair("午後", 12)}) {
    if (!text.starts_with(mark)) continue;
    add = hours_more;
    at = std::string_view(mark).size();
  }
  const auto hour = at < text.size() ? short_number(text.substr(at)) : std::nullopt;
  if (!hour || hour->value > 24) return std::nullopt;
  at += hour->length;
  int clock_hour = hour->value;
  int minute = 0;
  std::string_view rest = text.substr(at);
  if (rest.starts_with(":")) {
    const auto read = short_number(rest.size() > 1 ? rest.substr(1) : std::string_view());
    if (!read || read->length != 2 || read->value > 59) return std::nullopt;
    minute = read->value;
    at += 3;
  } else if (rest.starts_with("時") && !rest.starts_with("時間")) {
    at += std::string_view("時").size();
    rest = text.substr(at);
    if (rest.starts_with("半")) {
      minute = 30;
      at += std::string_view("半").size();
    } else if (const auto read = rest.empty() ? std::nullopt : short_number(rest);
               read && read->value < 60 && rest.substr(read->length).starts_with("分")) {
      minute = read->value;
      at += read->length + std::string_view("分").size();
    }
  } else if (!begins_with_word(rest.substr(spaces_at(rest)), "am") &&
             !begins_with_word(rest.substr(spaces_at(rest)), "pm")) {
    return std::nullopt;
  }
  rest = text.substr(at);
  const std::size_t gap = spaces_at(rest);
  const bool am = begins_with_word(rest.substr(gap), "am");
  if (am || begins_with_word(rest.substr(gap), "pm")) {
    add = am ? 0 : 12;
    at += gap + 2;
  }
  if (add >= 0 && clock_hour <= 12) clock_hour = clock_hour % 12 + add;
  piece.from_minute = clock_hour * 60 + minute;
  piece.length = at;
  return piece;
}

}  // namespace

std::optional<TimePiece> time_piece_at(std::string_view text, std::string_view before, TimePoint now,
                                       const LocalTime& zone) {
  std::optional<TimePiece> best;
  const auto offer = [&](std::optional<TimePiece> piece) {
    if (piece && (!best || piece->length > best->length)) best = piece;
  };
  offer(named_time_at(text, now, zone));
  offer(counted_piece(text, before, now));
  offer(date_piece(text, now, zone));
  offer(clock_piece(text));
  for (const PartOfDay& part : kPartsOfDay) {
    if (!begins_with_word(text, part.phrase)) continue;
    TimePiece piece;
    piece.kind = TimePiece::Kind::kPartOfDay;
    piece.length = part.phrase.size();
    piece.from_minute = part.from_hour * 60;
    piece.to_minute = part.to_hour * 60;
    offer(piece);
  }
  return best;
}

}  // namespace fa::insight
