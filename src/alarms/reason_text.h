#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "alarms/alarm.h"
#include "base/time.h"

/// What CloudWatch's sentences say: reasons of state changes, and times as its mails write them.
namespace fa::alarms {

/// Times of the datapoints in a reason such as `Threshold Crossed: 1 out of the last 1 datapoints [12.0 (27/11/26
/// 08:30:00)] was greater than the threshold (10.0)`: day/month/year, UTC. Oldest first, each once, at most 100.
[[nodiscard]] std::vector<TimePoint> datapoints_of_reason(std::string_view reason);

/// The state a reason gives as reached: `(minimum 1 datapoint for OK -> ALARM transition)`, `x transitioned to ALARM
/// at`, `was not greater than the threshold`. kUnknown where it gives none, or several.
[[nodiscard]] AlarmState state_of_reason(std::string_view reason);

/// `ALARM`, `OK`, `INSUFFICIENT_DATA` as whole texts.
[[nodiscard]] AlarmState state_of_word(std::string_view word);

/// The first `Wednesday 10 November, 2021 02:45:55 UTC` (with or without the day of the week) in a text.
[[nodiscard]] std::optional<TimePoint> english_time(std::string_view text);

/// Oldest first, each once, at most `most`: the latest ones.
void put_in_order(std::vector<TimePoint>& times, std::size_t most);

}  // namespace fa::alarms
