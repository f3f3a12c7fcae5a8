#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "base/time.h"

namespace fa {

/// Why an alarm changed its state, as CloudWatch states it (StateReasonData, a JSON object). What is missing or of
/// another form stays empty.
struct StateReason {
  std::optional<TimePoint> start;  ///< Of the oldest point that was looked at.
  std::chrono::seconds period{0};
  std::optional<double> threshold;
  std::vector<std::pair<TimePoint, double>> points;  ///< Oldest first.
  std::vector<std::string> triggering;               ///< ARNs of the children that moved a composite alarm.
};
StateReason parse_state_reason(std::string_view json);

/// A change of state.
struct AlarmTransition {
  TimePoint time = kNoTime;
  std::string from;
  std::string to;
  std::string reason;
  StateReason data;
};
/// One item of an alarm's history; its summary stands in where the JSON is broken. nullopt when neither names a state.
std::optional<AlarmTransition> parse_transition(const aws::cloudwatch::AlarmHistoryItem& item);

/// A time in which an alarm was in ALARM.
struct AlarmEpisode {
  AlarmTransition fired;         ///< Its first change to ALARM.
  std::optional<TimePoint> end;  ///< nullopt: it still was.
  int times = 1;                 ///< How often it fired; more than once when it was quiet for less than `gap`.
};
/// Episodes, oldest first. An alarm that fires again before it was quiet for `gap` is in the same episode: it flaps.
/// No data ends an episode as OK does, since counts of errors are often only published when there are some.
std::vector<AlarmEpisode> episodes_of(std::vector<AlarmTransition> transitions, Nanoseconds gap);

/// How long an alarm may be quiet within one episode.
Nanoseconds quiet_gap(std::chrono::seconds evaluation);

/// First point that breached the threshold when the alarm fired; without points the alarm's time less its evaluation.
TimePoint first_breach(const AlarmTransition& fired, std::chrono::seconds evaluation);

struct AlarmPeriods {
  TimeRange window;
  TimeRange baseline;
  std::vector<std::string> notes;  ///< What was cut or moved, and why.
};
/// What to study of `episode`: from some time before the first breach to its end, at most three hours with the change
/// to ALARM in them; and the time before it as the baseline, without earlier episodes where they can be avoided.
AlarmPeriods periods_of_alarm(const std::vector<AlarmEpisode>& episodes, std::size_t episode,
                              std::chrono::seconds evaluation, TimePoint now);

}  // namespace fa
