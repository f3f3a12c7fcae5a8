#include "alarms/reason_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostDatapoints = 100;
constexpr std::size_t kMostReasonBytes = 64 << 10;

/// Two digits at `at`; -1 where there are none.
int two_digits(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

std::optional<TimePoint> utc_time(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (month < 1 || day < 1 || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59 || year < 1970 || year > 2200) {
    return std::nullopt;
  }
  return TimePoint{std::chrono::sys_days{date}} + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

constexpr std::string_view kDatapointTime = "dd/dd/dd dd:dd:dd";  // day, month, year

/// `27/11/26 08:30:00`, which must be the whole text.
std::optional<TimePoint> datapoint_time(std::string_view text) {
  if (text.size() != kDatapointTime.size()) return std::nullopt;
  for (std::size_t i = 0; i < kDatapointTime.size(); ++i) {
    if (kDatapointTime[i] == 'd' ? !is_digit(text[i]) : text[i] != kDatapointTime[i]) return std::nullopt;
  }
  return utc_time(2000 + two_digits(text, 6), two_digits(text, 3), two_digits(text, 0), two_digits(text, 9),
                  two_digits(text, 12), two_digits(text, 15));
}

int month_of(std::string_view word) {
  constexpr auto kMonths =
      std::to_array<std::string_view>({"January", "February", "March", "April", "May", "June", "July", "August",
                                       "September", "October", "November", "December"});
  const auto* found = std::find(kMonths.begin(), kMonths.end(), word);
  return found == kMonths.end() ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

/// `2021 02:45:55 UTC` at the beginning of `rest`, of that month and day.
std::optional<TimePoint> time_after_date(std::string_view rest, int month, int day) {
  constexpr std::size_t kSize = 17;
  if (rest.size() < kSize || rest.substr(13, 4) != " UTC" || rest[4] != ' ' || rest[7] != ':' || rest[10] != ':') {
    return std::nullopt;
  }
  const int century = two_digits(rest, 0);
  const int year = two_digits(rest, 2);
  if (century < 0 || year < 0) return std::nullopt;
  return utc_time(century * 100 + year, month, day, two_digits(rest, 5), two_digits(rest, 8), two_digits(rest, 11));
}

}  // namespace

void put_in_order(std::vector<TimePoint>& times, std::size_t most) {
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  if (times.size() > most) times.erase(times.begin(), times.end() - static_cast<std::ptrdiff_t>(most));
}

std::vector<TimePoint> datapoints_of_reason(std::string_view reason) {
  reason = reason.substr(0, kMostReasonBytes);
  std::vector<TimePoint> times;
  for (std::size_t open = reason.find('('); open != std::string_view::npos; open = reason.find('(', open + 1)) {
    if (open + kDatapointTime.size() + 1 >= reason.size() || reason[open + kDatapointTime.size() + 1] != ')') continue;
    if (const auto time = datapoint_time(reason.substr(open + 1, kDatapointTime.size()))) times.push_back(*time);
  }
  put_in_order(times, kMostDatapoints);
  return times;
}

AlarmState state_of_word(std::string_view word) {
  if (word == "ALARM") return AlarmState::kAlarm;
  if (word == "OK") return AlarmState::kOk;
  if (word == "INSUFFICIENT_DATA") return AlarmState::kInsufficientData;
  return AlarmState::kUnknown;
}

AlarmState state_of_reason(std::string_view reason) {
  struct Sign {
    std::string_view words;
    AlarmState state;
  };
  constexpr auto kSigns = std::to_array<Sign>({
      {"-> ALARM transition", AlarmState::kAlarm},
      {"-> OK transition", AlarmState::kOk},
      {"transitioned to ALARM at", AlarmState::kAlarm},
      {"transitioned to OK at", AlarmState::kOk},
      {"transitioned to INSUFFICIENT_DATA at", AlarmState::kInsufficientData},
      {"Insufficient Data:", AlarmState::kInsufficientData},
  });
  AlarmState state = AlarmState::kUnknown;
  for (const Sign& sign : kSigns) {
    if (reason.find(sign.words) == std::string_view::npos) continue;
    if (state != AlarmState::kUnknown && state != sign.state) return AlarmState::kUnknown;
    state = sign.state;
  }
  if (state != AlarmState::kUnknown || reason.find("Threshold Crossed:") == std::string_view::npos) return state;
  const auto says = [&](std::string_view verb, std::string_view comparison) {
    return reason.find(std::string(verb) + std::string(comparison)) != std::string_view::npos;
  };
  for (const std::string_view verb : {"] was ", "] were ", ") was "}) {
    if (says(verb, "not greater than") || says(verb, "not less than")) return AlarmState::kOk;
    if (says(verb, "greater than") || says(verb, "less than")) return AlarmState::kAlarm;
  }
  return AlarmState::kUnknown;
}

std::optional<TimePoint> english_time(std::string_view text) {
  text = text.substr(0, kMostReasonBytes);
  for (std::size_t comma = text.find(", "); comma != std::string_view::npos; comma = text.find(", ", comma + 1)) {
    const std::string_view before = text.substr(0, comma);
    const std::size_t word = before.rfind(' ');
    if (word == std::string_view::npos || word == 0) continue;
    const int month = month_of(before.substr(word + 1));
    if (month == 0) continue;
    int day = two_digits(before, word < 2 ? before.size() : word - 2);
    if (day < 0 && is_digit(before[word - 1])) day = before[word - 1] - '0';
    if (day < 0) continue;
    if (const auto time = time_after_date(text.substr(comma + 2), month, day)) return time;
  }
  return std::nullopt;
}

}  // namespace fa::alarms
