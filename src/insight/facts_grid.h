#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/metrics/metric_kind.h"
#include "insight/facts_statistics.h"
#include "insight/insight_types.h"
#include "insight/local_time.h"

namespace fa::insight {

/// False for what is no number, and for magnitudes whose squares would overflow: nothing measures that.
[[nodiscard]] inline bool is_usable(double value) { return std::isfinite(value) && std::abs(value) < 1e150; }

/// Most steps into which a window is divided: enough to place a moment, few enough for tests of quadratic time.
inline constexpr std::size_t kMostSteps = 400;

/// A series on equal steps from `begin`: the mean of what lies in each, NaN where nothing does.
struct Grid {
  TimePoint begin = kNoTime;
  Nanoseconds step{0};
  GridValues values;

  [[nodiscard]] TimePoint time(std::size_t i) const { return begin + step * static_cast<std::int64_t>(i); }
};

/// What is usual at an hour of the day and on a day of the week, relative to the level. Empty where no such rhythm was
/// found.
struct SeasonalProfile {
  std::vector<double> hours;     ///< 24 offsets, for the middle of the hour, local time.
  std::vector<double> weekdays;  ///< 7 offsets, from Monday.
  double hour_strength = 0;      ///< -log10 p
  double weekday_strength = 0;
  double hour_agreement = 0;  ///< Mean rank correlation between days, 0..1.
  double weekday_agreement = 0;
  std::size_t days = 0;  ///< Compared.
  std::size_t weeks = 0;
};

/// A series made ready for all that is asked of it. Borrows the series.
struct StudiedSeries {
  std::size_t index = 0;
  const InsightSeries* series = nullptr;
  MetricKind kind = MetricKind::kOther;
  bool rest = false;     ///< Says what is left of something: a fall is what is bad.
  bool percent = false;  ///< Has 100 as its bound.
  Grid window;
  Grid previous;                ///< Same step, as many steps; no values where nothing is known.
  Grid joined;                  ///< Both, where the previous time ends at the window's begin; else the window.
  std::size_t joined_from = 0;  ///< Where in it the window begins.
  SeasonalProfile season;
  GridValues level;  ///< The joined values less what hour and weekday explain.
};

/// Non-finite values and points outside both ranges are left out. The step is the same ladder for all series (1 s, 10
/// s, 1 min, 5 min, ...): at least the metric's own period, at most kMostSteps in the window.
[[nodiscard]] StudiedSeries study_series(const InsightSeries& series, std::size_t index, const LocalTime& zone);

/// The series' points within `range` on the step that suits its window.
[[nodiscard]] Grid grid_over(const InsightSeries& series, TimeRange range);

/// Its values in the window as they are, in order of time.
[[nodiscard]] std::vector<double> window_values(const InsightSeries& series);

/// The part of `level` that belongs to the window.
[[nodiscard]] GridValues window_level(const StudiedSeries& studied);

/// True where too few days are there to know a daily rhythm, but the window is made of whole days and the time before
/// it is known: then a step less the one as far into the time before holds no rhythm either.
[[nodiscard]] bool can_be_paired(const StudiedSeries& studied);
/// The window without its rhythms: less the known ones, or paired as above; as it is where neither can be had.
[[nodiscard]] GridValues window_without_rhythm(const StudiedSeries& studied);

/// Values less what hour and weekday explain.
[[nodiscard]] GridValues without_season(const Grid& grid, const SeasonalProfile& season, const LocalTime& zone);
/// What hour and weekday explain at a moment.
[[nodiscard]] double seasonal_offset(const SeasonalProfile& season, TimePoint time, const LocalTime& zone);

/// Rhythms that days have in common, and weeks. Needs three days, or four weeks, that are mostly there, and a step of
/// at most an hour (a day). Days are compared by rank correlation after their own trend is taken out; that all agree is
/// tested as Kendall's W (Kendall and Babington Smith 1939), with as many degrees of freedom as their remains have
/// independent values, so that a random walk does not pass for a rhythm.
[[nodiscard]] SeasonalProfile find_season(const Grid& grid, const LocalTime& zone);

}  // namespace fa::insight
