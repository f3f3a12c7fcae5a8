#include <algorithm>
#include <cmath>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

using std::chrono::hours;

constexpr std::size_t kLeastTrendPoints = 8;
/// The change over the window in standard deviations of what wavers around the line: smaller ones cannot be seen.
constexpr double kLeastTrendScales = 1.0;

}  // namespace

std::optional<InsightFact> find_trend(const StudiedSeries& studied, const TrendFit& fit) {
  if (fit.points < kLeastTrendPoints) return std::nullopt;
  const GridValues level = window_level(studied);
  double strength = fit.returns ? fit.strength : 0;
  if (strength < kFactStrength) strength = drift_strength(level);
  if (strength < kFactStrength) return std::nullopt;
  const double steps = static_cast<double>(level.size() - 1);
  const double change = fit.slope * steps;
  const double middle = std::abs(stats::median_of(present_values(level)));
  if (std::abs(change) < std::max(kLeastChangeShare * middle, kLeastTrendScales * fit.scale)) return std::nullopt;

  InsightFact fact = fact_of(studied, InsightFactKind::kTrend);
  const std::string& unit = studied.series->metric.unit;
  const double per_day = static_cast<double>(std::chrono::nanoseconds(hours(24)).count()) /
                         static_cast<double>(studied.window.step.count());
  fact.numbers = {{"start", fit.intercept, unit},
                  {"end", fit.intercept + change, unit},
                  {"change", change, unit},
                  {"change_share", share_of_change(change, fit.intercept), ""},
                  {"slope_per_day", fit.slope * per_day, unit},
                  {"slope_low_per_day", fit.slope_low * per_day, unit},
                  {"slope_high_per_day", fit.slope_high * per_day, unit},
                  {"p", std::pow(10.0, -strength), ""}};
  fact.strength = change_weight(0.7, share_of_change(change, fit.intercept), bad_direction(studied));
  return fact;
}

std::vector<InsightFact> find_seasonality(const StudiedSeries& studied) {
  const SeasonalProfile& season = studied.season;
  const double middle = std::abs(stats::median_of(present_values(studied.window.values)));
  std::vector<InsightFact> facts;
  const auto add = [&](const std::vector<double>& offsets, double strength, double agreement, std::size_t rows,
                       std::string_view column, std::string_view row) {
    if (offsets.empty() || strength < kFactStrength) return;
    const auto [low, high] = std::minmax_element(offsets.begin(), offsets.end());
    const double swing = *high - *low;
    if (swing < 2 * kLeastChangeShare * middle) return;
    InsightFact fact = fact_of(studied, InsightFactKind::kSeasonality);
    const std::string& unit = studied.series->metric.unit;
    fact.numbers = {{"highest_" + std::string(column), static_cast<double>(high - offsets.begin()), ""},
                    {"lowest_" + std::string(column), static_cast<double>(low - offsets.begin()), ""},
                    {"swing", swing, unit},
                    {"swing_share", share_of_change(swing, middle), ""},
                    {"agreement", agreement, ""},
                    {std::string(row), static_cast<double>(rows), ""},
                    {"p", std::pow(10.0, -strength), ""}};
    fact.strength = change_weight(0.35, share_of_change(swing, middle), 0);
    facts.push_back(std::move(fact));
  };
  add(season.hours, season.hour_strength, season.hour_agreement, season.days, "hour", "days");
  add(season.weekdays, season.weekday_strength, season.weekday_agreement, season.weeks, "weekday", "weeks");
  return facts;
}

}  // namespace fa::insight
