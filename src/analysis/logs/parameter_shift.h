#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/logs/log_digest.h"

namespace fa {

/// Sampled values of one slot of a template, with the words around it.
struct SlotValues {
  struct Value {
    std::string_view text;
    TimePoint time;
  };
  std::size_t slot = 0;
  std::vector<Value> baseline;
  std::vector<Value> window;
  std::string_view word_before;  ///< Nearest word in front: `status` makes 500 a status code.
  std::string_view word_after;   ///< Directly behind: `ms` makes a number a duration.
};

/// Least evidence, -log10 p after correction for the number of values tried.
inline constexpr double kMinShiftStrength = 3;

/// Tests whether the values moved: numbers and durations by rank (Mann-Whitney, tie-corrected), all others by the
/// share of single values (G-test, corrected for the number of values). nullopt when they did not, when either side
/// has too few, and for values that only follow the clock (dates, counters).
[[nodiscard]] std::optional<ParameterShift> find_shift(const SlotValues& values);

}  // namespace fa
