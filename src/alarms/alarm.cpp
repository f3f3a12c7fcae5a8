#include "alarms/alarm.h"

#include <algorithm>
#include <cstdint>

#include "alarms/notice_text.h"
#include "base/hash.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

// Lengths in a summary: enough for what people write, and room for the rest of a form beside it.
constexpr std::size_t kLongestPart = 900;

/// Joined so that different parts never give the same text.
void append_key_part(std::string& key, std::string_view part) {
  key += '|';
  for (const char c : part) {
    if (c == '|' || c == '\\') key += '\\';
    key += c;
  }
}

std::string summary_part(std::string_view text) {
  const std::string line = collapsed(text);
  if (line.size() <= kLongestPart) return line;
  const std::string_view words = trim(whole_words_prefix(line, kLongestPart));
  return std::string(words.empty() ? utf8_prefix(line, kLongestPart) : words) + "…";
}

// Windows are reckoned in whole minutes, as 64-bit numbers that no clock or notice makes overflow.
using Minutes = std::int64_t;
constexpr std::int64_t kNanosPerMinute = 60'000'000'000;
constexpr Minutes kDay = 24 * 60;
constexpr Minutes kAfterwards = 30;  ///< Of an old notice's change; most alarms' causes show by then.

Minutes floor_minutes(std::int64_t nanos) { return nanos / kNanosPerMinute - (nanos % kNanosPerMinute < 0 ? 1 : 0); }
Minutes floor_minutes(TimePoint time) { return floor_minutes(to_unix_nanos(time)); }
TimePoint to_time(Minutes minutes) {
  constexpr Minutes kFirst = INT64_MIN / kNanosPerMinute;
  return from_unix_nanos(std::max(minutes, kFirst) * kNanosPerMinute);
}

/// How long the metric was looked at before the state changed.
Minutes evaluated_minutes(const AlarmNotice& notice) {
  if (!notice.period || notice.period->count() <= 0) return 0;
  const Minutes period = floor_minutes(notice.period->count() - 1) + 1;
  return std::min(period, kDay) * std::clamp<Minutes>(notice.evaluation_periods.value_or(1), 1, kDay);
}

/// When it changed; `now` for a notice that does not say or whose clock is ahead of ours.
Minutes changed_minute(const AlarmNotice& notice, Minutes now) {
  if (notice.changed_at) return std::min(floor_minutes(*notice.changed_at), now);
  if (!notice.datapoints.empty()) return std::min(floor_minutes(notice.datapoints.back()), now);
  return now;
}

/// The first point that decided, if it is not too far away to belong to this change.
Minutes first_minute(const AlarmNotice& notice, Minutes changed) {
  Minutes first = changed;
  for (const TimePoint point : notice.datapoints) {
    const Minutes minute = floor_minutes(point);
    if (minute >= changed - kDay) first = std::min(first, minute);
  }
  return first;
}

/// What the notice itself asks for; empty where nothing of it has happened yet.
TimeRange asked_window(const AlarmNotice& notice, Minutes now) {
  if (!notice.window || notice.window->empty()) return {};
  const Minutes begin = floor_minutes(notice.window->begin);
  const Minutes last = floor_minutes(to_unix_nanos(notice.window->end) - 1) + 1;
  return {to_time(begin), to_time(std::min(last, now))};
}

}  // namespace

std::string AlarmNotice::key() const {
  if (!arn.empty()) return arn;
  std::string key = source;
  for (const std::string* part : {&account, &region, &name, &entity}) append_key_part(key, *part);
  if (name.empty() && entity.empty()) append_key_part(key, sha256_hex(collapsed(description + "\n" + reason)));
  return key;
}

std::string AlarmNotice::summary() const {
  std::string text;
  const auto add = [&](std::string_view separator, std::string_view more) {
    const std::string part = summary_part(more);
    if (part.empty() || text.find(part) != std::string::npos) return;
    // A description that begins with the name says it already.
    if (!text.empty() && part.starts_with(text)) return void(text = part);
    if (!text.empty()) text.append(separator);
    text.append(part);
  };
  add("", name);
  add(": ", description);
  add(description.empty() ? ": " : " - ", reason);
  const bool metric_said = metric.empty() || text.find(metric) != std::string::npos;
  const bool entity_said = entity.empty() || text.find(entity) != std::string::npos;
  if (!metric_said || !entity_said) {
    const std::string both = metric_said ? entity : entity_said ? metric : metric + ", " + entity;
    text = text.empty() ? summary_part(both) : text + " (" + summary_part(both) + ")";
  }
  return text.empty() ? summary_part(arn) : text;
}

TimeRange suggested_window(const AlarmNotice& notice, TimePoint now, Nanoseconds lead) {
  const Minutes present = floor_minutes(now);
  if (const TimeRange asked = asked_window(notice, present); !asked.empty()) return asked;
  const Minutes changed = changed_minute(notice, present);
  const Minutes least = std::clamp<Minutes>(floor_minutes(lead.count()), 1, kDay);
  const Minutes before = std::min(std::max(least, evaluated_minutes(notice)), kDay);
  const Minutes begin = first_minute(notice, changed) - before;
  const Minutes end = std::min(present, changed + kAfterwards);
  return {to_time(begin), to_time(end)};
}

}  // namespace fa::alarms
