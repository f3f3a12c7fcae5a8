#include "sources/aws/alarm_history.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"

namespace fa {
namespace {
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMostPoints = 10'000;
constexpr std::size_t kMostNames = 1000;
constexpr auto kLongestWindow = hours(3);
/// What caused an alarm comes before the first point that shows it.
constexpr auto kShortestLead = minutes(5);
constexpr auto kLongestLead = hours(1);
/// Of the longest window, what must stay behind the change to ALARM.
constexpr auto kAfterAlarm = minutes(30);
constexpr auto kShortestBaseline = hours(1);
constexpr auto kLongestBaseline = hours(6);
constexpr auto kEarliestBaseline = hours(24);

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<double> number_of(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}

StateReason reason_of(const Json& data) {
  StateReason reason;
  reason.start = parse_rfc3339(text_of(data, "startDate"));
  reason.threshold = number_of(data, "threshold");
  if (const auto period = number_of(data, "period"); period && *period > 0 && *period <= 7 * 86'400) {
    reason.period = seconds(static_cast<std::int64_t>(*period));
  }
  if (const Json* points = member(data, "evaluatedDatapoints"); points != nullptr && points->is_array()) {
    for (const Json& point : *points) {
      const auto time = parse_rfc3339(text_of(point, "timestamp"));
      const auto value = number_of(point, "value");
      if (time && value && reason.points.size() < kMostPoints) reason.points.emplace_back(*time, *value);
    }
  }
  // Older alarms state the values alone, one a period from the start on.
  if (const Json* recent = member(data, "recentDatapoints");
      reason.points.empty() && reason.start && reason.period.count() > 0 && recent != nullptr && recent->is_array()) {
    TimePoint time = *reason.start;
    for (const Json& value : *recent) {
      if (value.is_number() && reason.points.size() < kMostPoints)
        reason.points.emplace_back(time, value.get<double>());
      time += reason.period;
    }
  }
  std::sort(reason.points.begin(), reason.points.end());
  if (const Json* alarms = member(data, "triggeringAlarms"); alarms != nullptr && alarms->is_array()) {
    for (const Json& alarm : *alarms) {
      std::string arn = text_of(alarm, "arn");
      if (!arn.empty() && reason.triggering.size() < kMostNames) reason.triggering.push_back(std::move(arn));
    }
  }
  return reason;
}

/// DescribeAlarms and some histories write the data as text inside the JSON.
StateReason reason_in(const Json& state) {
  const Json* data = member(state, "stateReasonData");
  if (data == nullptr) return {};
  return data->is_string() ? parse_state_reason(data->get_ref<const std::string&>()) : reason_of(*data);
}

/// `Alarm updated from OK to ALARM`
bool states_of_summary(std::string_view summary, AlarmTransition& transition) {
  const auto word_after = [&](std::string_view what) {
    const std::size_t at = summary.find(what);
    if (at == std::string_view::npos) return std::string();
    const std::string_view rest = summary.substr(at + what.size());
    return std::string(rest.substr(0, rest.find_first_of(" .,;")));
  };
  transition.from = word_after(" from ");
  transition.to = word_after(" to ");
  return !transition.to.empty();
}

enum class Direction { kUnknown, kAbove, kBelow };

/// History does not hold the comparison; the reason says it in words.
Direction direction_of(std::string_view reason) {
  if (reason.find("greater than") != std::string_view::npos) return Direction::kAbove;
  if (reason.find("less than") != std::string_view::npos) return Direction::kBelow;
  return Direction::kUnknown;
}

}  // namespace

StateReason parse_state_reason(std::string_view json) {
  const Json data = parse_json(json);
  return data.is_discarded() ? StateReason{} : reason_of(data);
}

std::optional<AlarmTransition> parse_transition(const aws::cloudwatch::AlarmHistoryItem& item) {
  AlarmTransition transition;
  transition.time = item.time;
  if (item.time == kNoTime) return std::nullopt;
  const Json data = parse_json(item.data);
  if (!data.is_discarded()) {
    if (const Json* old_state = member(data, "oldState")) transition.from = text_of(*old_state, "stateValue");
    if (const Json* new_state = member(data, "newState")) {
      transition.to = text_of(*new_state, "stateValue");
      transition.reason = text_of(*new_state, "stateReason");
      transition.data = reason_in(*new_state);
    }
  }
  if (transition.to.empty() && !states_of_summary(item.summary, transition)) return std::nullopt;
  return transition;
}

Nanoseconds quiet_gap(seconds evaluation) { return std::clamp<Nanoseconds>(3 * evaluation, minutes(10), hours(1)); }

std::vector<AlarmEpisode> episodes_of(std::vector<AlarmTransition> transitions, Nanoseconds gap) {
  std::stable_sort(transitions.begin(), transitions.end(),
                   [](const AlarmTransition& a, const AlarmTransition& b) { return a.time < b.time; });
  std::vector<AlarmEpisode> episodes;
  for (AlarmTransition& transition : transitions) {
    const bool open = !episodes.empty() && !episodes.back().end;
    if (transition.to == "ALARM") {
      if (open) continue;
      if (!episodes.empty() && transition.time - *episodes.back().end < gap) {
        episodes.back().end.reset();
        ++episodes.back().times;
      } else {
        episodes.push_back({std::move(transition), std::nullopt, 1});
      }
    } else if (open) {
      episodes.back().end = transition.time;
    }
  }
  return episodes;
}

TimePoint first_breach(const AlarmTransition& fired, seconds evaluation) {
  const StateReason& data = fired.data;
  const Direction direction = direction_of(fired.reason);
  const auto plausible = [&](TimePoint t) { return t <= fired.time && fired.time - t <= hours(24 * 8); };
  for (const auto& [time, value] : data.points) {
    if (!plausible(time)) continue;
    if (!data.threshold || direction == Direction::kUnknown) return time;
    // "Greater than or equal" breaches at the threshold too; points at it count in either case.
    if (direction == Direction::kAbove ? value >= *data.threshold : value <= *data.threshold) return time;
  }
  if (data.start && plausible(*data.start)) return *data.start;
  return fired.time - evaluation;
}

AlarmPeriods periods_of_alarm(const std::vector<AlarmEpisode>& episodes, std::size_t index, seconds evaluation,
                              TimePoint now) {
  AlarmPeriods periods;
  const AlarmEpisode& episode = episodes[index];
  const TimePoint fired = episode.fired.time;
  const Nanoseconds lead = std::clamp<Nanoseconds>(evaluation, kShortestLead, kLongestLead);
  TimeRange& window = periods.window;
  window.begin = std::min(first_breach(episode.fired, evaluation), fired) - lead;
  if (fired - window.begin > kLongestWindow - kAfterAlarm) {
    window.begin = fired - (kLongestWindow - kAfterAlarm);
    periods.notes.push_back(
        fmt::format("The alarm looks further back than a window of {} reaches: the window begins at {}, before its "
                    "change to ALARM.",
                    format_duration(kLongestWindow), format_rfc3339(window.begin)));
  }
  // An episode of a minute is studied with a few minutes after it, so that the recovery is seen.
  window.end = std::max(episode.end.value_or(now), std::min(now, fired + kShortestLead));
  if (window.length() > kLongestWindow) {
    window.end = window.begin + kLongestWindow;
    periods.notes.push_back(fmt::format(
        "The alarm stayed in ALARM for {}{}: only the first {} are studied. Give --from and --to for another part.",
        format_duration(episode.end.value_or(now) - fired), episode.end ? "" : " and still is",
        format_duration(kLongestWindow)));
  }
  const Nanoseconds length = std::clamp<Nanoseconds>(window.length(), kShortestBaseline, kLongestBaseline);
  TimeRange baseline{window.begin - length, window.begin};
  for (std::size_t i = index; i-- > 0;) {
    const TimePoint begin = first_breach(episodes[i].fired, evaluation) - lead;
    const TimePoint end = episodes[i].end.value_or(episodes[i].fired.time);
    if (end <= baseline.begin || begin >= baseline.end) continue;
    baseline = {begin - length, begin};
  }
  if (baseline.end < window.begin && window.begin - baseline.begin > kEarliestBaseline) {
    baseline = {window.begin - length, window.begin};
    periods.notes.push_back(
        "The alarm also fired during the baseline, and often before: what is normal may be unclear.");
  } else if (baseline.end < window.begin) {
    periods.notes.push_back(
        fmt::format("The alarm also fired shortly before: the baseline is the quiet time from {} to {}.",
                    format_rfc3339(baseline.begin), format_rfc3339(baseline.end)));
  }
  periods.baseline = baseline;
  if (episode.times > 1) {
    periods.notes.push_back(
        fmt::format("The alarm fired {} times with short pauses; they are studied as one incident.", episode.times));
  }
  return periods;
}

}  // namespace fa
