#include "insight/question_time.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "base/utf8.h"
#include "insight/question_time_scan.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// How a piece stands in its sentence.
struct Placed {
  TimePiece piece;
  std::size_t begin = 0;
  bool since = false;     ///< `since yesterday`, `昨日から`
  bool compared = false;  ///< `than yesterday`, `昨日より`
  bool until = false;     ///< `until 15:00`, `15時まで`
  [[nodiscard]] std::size_t end() const { return begin + piece.length; }
};

bool is_letter(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-'; }

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view one) { return text.ends_with(one); });
}
bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view one) { return text.starts_with(one); });
}

/// What stands before a piece, without articles and prepositions that say nothing of their own.
std::string_view leading(std::string_view before) {
  before = trim(before);
  for (const std::string_view word : {"the", "about", "around", "at", "on", "last", "past"}) {
    if (before.ends_with(word) && (before.size() == word.size() || before[before.size() - word.size() - 1] == ' ')) {
      before = trim(before.substr(0, before.size() - word.size()));
    }
  }
  return before;
}

/// What stands behind it, likewise.
std::string_view trailing(std::string_view behind) {
  behind = trim(behind);
  for (const std::string_view word : {"曜日", "日", "ごろ", "頃", "くらい", "ほど", "の同時刻", "同時刻"}) {
    if (behind.starts_with(word)) behind.remove_prefix(word.size());
  }
  return behind;
}

Placed placed(const TimePiece& piece, std::string_view text, std::size_t begin) {
  Placed out{piece, begin};
  const std::string_view before = leading(text.substr(0, begin));
  const std::string_view behind = trailing(text.substr(begin + piece.length));
  out.compared =
      ends_with_any(before, {"than", "compared to", "compared with", "vs", "vs.", "versus", "against"}) ||
      starts_with_any(behind, {"と比", "に比", "比で", "比", "より遅", "より多", "より高", "より増", "より少", "より低",
                               "より悪", "よりも", "との比較", "との差", "と違", "と同じ"}) ||
      text.substr(begin).starts_with("week over week");
  out.since = !out.compared && (ends_with_any(before, {"since", "from", "after"}) ||
                                starts_with_any(behind, {"から", "以降", "以来", "onward", "on until now"}));
  out.until = ends_with_any(before, {"until", "till", " to", "-", "~", "〜", "–", "through"}) ||
              starts_with_any(behind, {"まで"});
  return out;
}

std::vector<Placed> pieces_of(std::string_view text, TimePoint now, const LocalTime& zone) {
  std::vector<Placed> pieces;
  for (std::size_t at = 0; at < text.size();) {
    // Inside a word, or a name with digits, nothing begins.
    const bool inside = at > 0 && is_letter(text[at]) && is_letter(text[at - 1]) && text[at - 1] != '-';
    const auto piece = inside ? std::nullopt : time_piece_at(text.substr(at), text.substr(0, at), now, zone);
    // A part of a day without a day is a word like any other.
    const bool alone = piece && piece->kind == TimePiece::Kind::kPartOfDay &&
                       (pieces.empty() || at - pieces.back().end() > std::string_view(" の ").size());
    if (!piece || alone) {
      at += decode_utf8(text.substr(at)).size;
      continue;
    }
    pieces.push_back(placed(*piece, text, at));
    at += piece->length;
  }
  return pieces;
}

/// A time of day as a moment of the day it belongs to: today's, or yesterday's where today's is still to come.
TimePoint moment_of(int minute, const std::optional<TimeRange>& day, TimePoint now, const LocalTime& zone) {
  if (day) return zone.at(zone.read(day->begin).day, minute);
  const std::int64_t today = zone.read(now).day;
  const TimePoint moment = zone.at(today, minute);
  return moment <= now ? moment : zone.at(today - 1, minute);
}

/// The window that spans and moments make together.
std::optional<TimeRange> window_of(const std::vector<Placed>& pieces, TimePoint now, const LocalTime& zone) {
  std::optional<TimeRange> window;
  std::optional<TimeRange> day;
  std::optional<TimePoint> first_moment;
  for (const Placed& one : pieces) {
    if (one.compared) continue;
    const TimePiece& piece = one.piece;
    switch (piece.kind) {
      case TimePiece::Kind::kSpan:
        if (window && one.until && piece.range.end > window->begin) {
          window->end = piece.range.end;
        } else if (!window) {
          window = one.since ? TimeRange{piece.range.begin, now} : piece.range;
        }
        if (piece.whole_days) day = piece.range;
        break;
      case TimePiece::Kind::kAgo:
        if (!window) window = piece.range;
        break;
      case TimePiece::Kind::kPartOfDay:
        if (day && window) {
          const std::int64_t first = zone.read(day->begin).day;
          window->begin = zone.at(first, piece.from_minute);
          window->end = one.since ? now : zone.at(first, piece.to_minute);
        }
        break;
      case TimePiece::Kind::kTimeOfDay: {
        const TimePoint moment = moment_of(piece.from_minute, day, now, zone);
        if (first_moment) {
          TimePoint end = moment;
          if (end <= *first_moment) end += hours(24);
          window = TimeRange{*first_moment, end};
        } else {
          first_moment = moment;
          window = one.since ? TimeRange{moment, now} : TimeRange{moment - hours(1), moment + hours(1)};
        }
        break;
      }
    }
  }
  return window;
}

}  // namespace

TimeWords find_time_words(std::string_view text, TimePoint now, const LocalTime& zone) {
  TimeWords words;
  const std::vector<Placed> pieces = pieces_of(text, now, zone);
  for (const Placed& one : pieces) {
    words.places.emplace_back(one.begin, one.end());
    if (!one.compared || one.piece.kind != TimePiece::Kind::kSpan) continue;
    const std::int64_t today = zone.read(now).day;
    const std::int64_t days_back = today - zone.read(one.piece.range.begin).day;
    // A week or more is compared day by day, so that weekdays match.
    words.compared_to = hours(24) * (days_back >= 7 || one.piece.range.length() >= hours(6 * 24)
                                         ? std::max<std::int64_t>(1, one.piece.range.length() / hours(7 * 24 - 1)) * 7
                                         : std::max<std::int64_t>(1, days_back));
  }
  words.window = window_of(pieces, now, zone);
  if (words.window) {
    words.window->end = std::min(words.window->end, now);
    // What is asked in the first minute of a day about that day still has a minute to look at.
    words.window->begin = std::min(words.window->begin, words.window->end - minutes(1));
  }
  return words;
}

}  // namespace fa::insight
