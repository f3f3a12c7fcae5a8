#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

using std::chrono::hours;

constexpr std::size_t kLeastShiftSteps = 16;
constexpr std::size_t kMostShifts = 4;

double median_between(const GridValues& values, std::size_t from, std::size_t to) {
  GridValues part(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to));
  const std::vector<double> present = present_values(part);
  return 2 * present.size() >= part.size() && !present.empty() ? stats::median_of(present) : std::nan("");
}

/// Difference of the medians of `width` steps after and before `at`: what a moving sum statistic (MOSUM, Eichinger and
/// Kirch 2018) compares, made robust. NaN near the ends and over gaps.
double jump_at(const GridValues& values, std::size_t at, std::size_t width) {
  if (at < width || at + width > values.size()) return std::nan("");
  return median_between(values, at, at + width) - median_between(values, at - width, at);
}

struct Shift {
  std::size_t at = 0;  ///< First step on the new level.
  double jump = 0;
  double strength = 0;
};

/// Where within the width the two sides differ most (least squares), since the moving difference is flat around it.
std::size_t sharpest_split(const GridValues& values, std::size_t around, std::size_t width) {
  const std::size_t from = around - width;
  const std::size_t to = around + width;
  double total = 0;
  double count = 0;
  for (std::size_t i = from; i < to; ++i) {
    if (std::isnan(values[i])) continue;
    total += values[i];
    ++count;
  }
  double left = 0;
  double left_count = 0;
  double best = -1;
  std::size_t split = around;
  for (std::size_t i = from; i + 1 < to; ++i) {
    if (std::isnan(values[i])) continue;
    left += values[i];
    ++left_count;
    const double right_count = count - left_count;
    if (right_count < 1) break;
    const double gap = left / left_count - (total - left) / right_count;
    const double gain = gap * gap * left_count * right_count / count;
    if (gain > best) {
      best = gain;
      split = i + 1;
    }
  }
  return split;
}

/// Jumps that stand out from all the others of the same series: a random walk has many as large.
std::vector<Shift> outstanding_jumps(const GridValues& values, std::size_t width) {
  GridValues jumps;
  for (std::size_t at = 0; at < values.size(); ++at) jumps.push_back(jump_at(values, at, width));
  const stats::RobustCenter usual = stats::robust_center(present_values(jumps));
  const double places = static_cast<double>(values.size()) / static_cast<double>(width);
  const double scale = std::max(usual.scale, 1e-9 * std::abs(stats::median_of(present_values(values))));
  if (scale <= 0) return {};
  std::vector<Shift> shifts;
  while (shifts.size() < kMostShifts) {
    std::size_t best = 0;
    double most = 0;
    for (std::size_t at = 0; at < jumps.size(); ++at) {
      if (std::abs(jumps[at] - usual.median) > most) {
        most = std::abs(jumps[at] - usual.median);
        best = at;
      }
    }
    // The scale comes from about `places` independent jumps.
    const double strength = two_sided_strength(most / scale, std::max(2.0, places)) - std::log10(places);
    if (most <= 0 || strength < kFactStrength) break;
    shifts.push_back({sharpest_split(values, best, width), jumps[best], strength});
    const std::size_t from = best >= 2 * width ? best - 2 * width : 0;
    for (std::size_t at = from; at < std::min(jumps.size(), best + 2 * width); ++at) jumps[at] = std::nan("");
  }
  std::sort(shifts.begin(), shifts.end(), [](const Shift& a, const Shift& b) { return a.at < b.at; });
  return shifts;
}

/// True where the same jump happens a day or a week before or after: a rhythm of too few days to be known as one.
bool happens_each_day(const StudiedSeries& studied, const Shift& shift, std::size_t width) {
  constexpr std::int64_t kNear = 2;
  const GridValues& values = studied.level;
  for (const Nanoseconds apart : {Nanoseconds(hours(24)), Nanoseconds(hours(168))}) {
    if (apart % studied.joined.step != Nanoseconds(0)) continue;
    const std::int64_t steps = apart / studied.joined.step;
    if (steps < 2 * static_cast<std::int64_t>(width)) continue;  // There the shift itself is still in sight.
    for (const std::int64_t there : {-steps, steps}) {
      for (std::int64_t at = static_cast<std::int64_t>(shift.at) + there - kNear;
           at <= static_cast<std::int64_t>(shift.at) + there + kNear; ++at) {
        if (at < 0) continue;
        const double jump = jump_at(values, static_cast<std::size_t>(at), width);
        if (!std::isnan(jump) && jump / shift.jump > 0.5) return true;
      }
    }
  }
  return false;
}

struct Levels {
  std::size_t from = 0;
  std::size_t to = 0;
  double before = 0;
  double after = 0;
};

/// Levels before and after the shift, each up to the next one.
Levels levels_around(const GridValues& values, const std::vector<Shift>& shifts, std::size_t i) {
  Levels levels;
  levels.from = i == 0 ? 0 : shifts[i - 1].at;
  levels.to = i + 1 < shifts.size() ? shifts[i + 1].at : values.size();
  const auto median = [&](std::size_t from, std::size_t to) {
    return stats::median_of(present_values(GridValues(values.begin() + static_cast<std::ptrdiff_t>(from),
                                                      values.begin() + static_cast<std::ptrdiff_t>(to))));
  };
  levels.before = median(levels.from, shifts[i].at);
  levels.after = median(shifts[i].at, levels.to);
  return levels;
}

}  // namespace

std::vector<InsightFact> find_level_shifts(const StudiedSeries& studied) {
  const bool paired = can_be_paired(studied);
  const GridValues values = paired ? window_without_rhythm(studied) : studied.level;
  if (present_values(values).size() < kLeastShiftSteps) return {};
  const std::size_t to_joined = paired ? studied.joined_from : 0;
  const std::size_t width = std::clamp<std::size_t>(values.size() / 24, 3, 24);
  std::vector<Shift> shifts = outstanding_jumps(values, width);
  std::erase_if(shifts, [&](const Shift& shift) {
    // A pair holds no rhythm, but its jump may be the other's.
    return paired ? !(jump_at(studied.level, shift.at + to_joined, width) / shift.jump > 0.5)
                  : happens_each_day(studied, shift, width);
  });
  std::vector<InsightFact> facts;
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    const std::size_t at = shifts[i].at + to_joined;
    if (at < studied.joined_from) continue;
    const Levels levels = levels_around(values, shifts, i);
    const double change = levels.after - levels.before;
    const double before = paired ? median_between(studied.level, levels.from + to_joined, at) : levels.before;
    const double share = share_of_change(change, before);
    // A level that does not hold was a moment, or a slope.
    if (!(change / shifts[i].jump >= 0.5) || !(std::abs(share) >= 2 * kLeastChangeShare)) continue;
    InsightFact fact = fact_of(studied, InsightFactKind::kLevelShift);
    const bool ends = levels.to < values.size();
    fact.ranges = {
        {studied.joined.time(at), ends ? studied.joined.time(levels.to + to_joined) : studied.series->window.end}};
    const std::string& unit = studied.series->metric.unit;
    fact.numbers = {{"before", before, unit},
                    {"after", before + change, unit},
                    {"change", change, unit},
                    {"change_share", share, ""},
                    {"p", std::pow(10.0, -shifts[i].strength), ""}};
    fact.strength = change_weight(0.85, share, bad_direction(studied));
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace fa::insight
