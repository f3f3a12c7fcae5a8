#pragma once

#include <string>
#include <string_view>

#include "analysis/logs/log_digest.h"
#include "analysis/text/failure_reading.h"
#include "model/telemetry.h"

namespace fa {

/// How much lines of a log tell by their words alone.
struct LineWeight {
  double effect = 0;    ///< 0..1, comparable with Finding::effect: a cause more than what follows from one.
  double strength = 0;  ///< Like Finding::strength before rarity is counted; 0 when the words say nothing.
};

/// Share of its effect that is left to what a service wrote evenly from the first line on: it did not bring the
/// trouble.
inline constexpr double kConstantNoise = 0.3;

/// What else was recorded beside the logs.
enum class Beside {
  kNothing,       ///< Words are all there is, and must tell a cause from its effects.
  kMeasurements,  ///< Traces or metrics say where the harm began; words then weigh by their level.
};

/// The weight of what one service wrote. Words decide; a stated level confirms them (an error) or takes back from them
/// (information). What an observer (is_observer) writes is about somebody else.
LineWeight weight_of(const FailureReading& reading, Severity severity, std::string_view service,
                     Beside beside = Beside::kNothing);

/// True when the lines came evenly all through the recording: in nearly all of its parts, as often in its second half
/// as in its first. Needs several lines; without times nothing is constant.
bool is_constant(const TemplateActivity& activity);

/// The text from its most telling line on, when it is too long to be shown whole; else the text.
std::string telling_part(const std::string& text);

}  // namespace fa
