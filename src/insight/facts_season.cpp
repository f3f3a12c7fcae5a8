#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "analysis/stats/statistics.h"
#include "insight/facts_grid.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// Rows (days, weeks) of as many columns (hours, weekdays); NaN where nothing is known.
using Rows = std::vector<GridValues>;

/// Weaker rhythms are taken out as well before anything else is looked for; reported are those beyond kFactStrength.
constexpr double kUseStrength = 2.0;
/// Days that agree less than this share too little to be called a rhythm, however certain.
constexpr double kLeastAgreement = 0.3;
constexpr double kRowShare = 0.75;

/// The row less its own straight line (least squares): growth is no rhythm.
GridValues without_line(const GridValues& row) {
  double n = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (std::isnan(row[i])) continue;
    const auto x = static_cast<double>(i);
    n += 1;
    sum_x += x;
    sum_y += row[i];
    sum_xx += x * x;
    sum_xy += x * row[i];
  }
  const double determinant = n * sum_xx - sum_x * sum_x;
  const double slope = determinant > 0 ? (n * sum_xy - sum_x * sum_y) / determinant : 0;
  const double intercept = n > 0 ? (sum_y - slope * sum_x) / n : 0;
  GridValues rest = row;
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= intercept + slope * static_cast<double>(i);
  return rest;
}

/// Ranks with mean 0 and variance 1.
GridValues standardised_ranks(const GridValues& row) {
  GridValues ranks = ranks_of(row);
  const std::vector<double> present = present_values(ranks);
  const auto n = static_cast<double>(present.size());
  const double mean = (n + 1) / 2;
  double squares = 0;
  for (const double r : present) squares += (r - mean) * (r - mean);
  const double scale = squares > 0 ? std::sqrt(squares / n) : 1;
  for (double& r : ranks) r = (r - mean) / scale;
  return ranks;
}

double column_mean(const Rows& rows, std::size_t column) {
  double sum = 0;
  double count = 0;
  for (const GridValues& row : rows) {
    if (std::isnan(row[column])) continue;
    sum += row[column];
    ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

/// Independent values in the rows' remains: columns over (1 + 2 sum rho^2), which is Bartlett's variance (1946) of a
/// correlation between two series of that autocorrelation.
double independent_columns(const Rows& ranks) {
  const std::size_t columns = ranks.front().size();
  std::vector<double> rho(columns / 2);
  for (const GridValues& row : ranks) {
    GridValues remains = row;
    for (std::size_t i = 0; i < columns; ++i) remains[i] -= column_mean(ranks, i);
    const std::vector<double> own = autocorrelation(remains, rho.size());
    for (std::size_t lag = 1; lag < own.size() && lag <= rho.size(); ++lag) {
      rho[lag - 1] += own[lag] / static_cast<double>(ranks.size());
    }
  }
  double sum = 0;
  for (const double r : rho) sum += r * r;
  return std::clamp(static_cast<double>(columns) / (1 + 2 * sum), 3.0, static_cast<double>(columns - 1));
}

struct Agreement {
  double mean_correlation = 0;
  double strength = 0;
};

Agreement agreement_of(const Rows& rows) {
  Rows ranks;
  for (const GridValues& row : rows) ranks.push_back(standardised_ranks(row));
  double sum = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < ranks.size(); ++a) {
    for (std::size_t b = a + 1; b < ranks.size(); ++b) {
      double product = 0;
      double count = 0;
      for (std::size_t i = 0; i < ranks[a].size(); ++i) {
        const double term = ranks[a][i] * ranks[b][i];
        if (std::isnan(term)) continue;
        product += term;
        ++count;
      }
      if (count > 0) sum += product / count;
      ++pairs;
    }
  }
  Agreement agreement;
  agreement.mean_correlation = pairs > 0 ? std::clamp(sum / pairs, -1.0, 1.0) : 0;
  if (agreement.mean_correlation < kLeastAgreement) return agreement;
  const double dof = independent_columns(ranks);
  const auto m = static_cast<double>(rows.size());
  agreement.strength = stats::chi_square_strength(dof * ((m - 1) * agreement.mean_correlation + 1), dof);
  return agreement;
}

/// Offset of each column: the median over rows, less the mean of all.
std::vector<double> offsets_of(const Rows& rows) {
  const std::size_t columns = rows.front().size();
  std::vector<double> offsets;
  for (std::size_t column = 0; column < columns; ++column) {
    GridValues values;
    for (const GridValues& row : rows) values.push_back(row[column]);
    offsets.push_back(stats::median_of(present_values(values)));
  }
  const double mean = std::accumulate(offsets.begin(), offsets.end(), 0.0) / static_cast<double>(columns);
  for (double& offset : offsets) offset -= mean;
  return offsets;
}

bool mostly_there(const GridValues& row) {
  return static_cast<double>(present_values(row).size()) >= kRowShare * static_cast<double>(row.size());
}

/// A day is not detrended by its own line: that would bend a rhythm that is higher in the evening than in the morning.
/// Its mean alone is taken out for the profile; the test uses the detrended rows.
GridValues without_mean(GridValues row) {
  const std::vector<double> present = present_values(row);
  const double mean = std::accumulate(present.begin(), present.end(), 0.0) / static_cast<double>(present.size());
  for (double& v : row) v -= mean;
  return row;
}

struct Cell {
  double sum = 0;
  double count = 0;
};

/// Means per day and hour of local time.
std::map<std::int64_t, GridValues> days_of(const Grid& grid, const LocalTime& zone) {
  std::map<std::int64_t, std::vector<Cell>> cells;
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    if (std::isnan(grid.values[i])) continue;
    const LocalTime::Reading at = zone.read(grid.time(i) + grid.step / 2);
    std::vector<Cell>& day = cells.try_emplace(at.day, 24).first->second;
    Cell& cell = day[static_cast<std::size_t>(std::clamp(at.hour, 0, 23))];
    cell.sum += grid.values[i];
    ++cell.count;
  }
  std::map<std::int64_t, GridValues> days;
  for (const auto& [day, hours_of_day] : cells) {
    GridValues& row = days[day];
    for (const Cell& cell : hours_of_day) row.push_back(cell.count > 0 ? cell.sum / cell.count : std::nan(""));
  }
  return days;
}

void find_hours(const std::map<std::int64_t, GridValues>& days, SeasonalProfile& season) {
  Rows detrended;
  Rows centred;
  for (const auto& [day, row] : days) {
    if (!mostly_there(row)) continue;
    detrended.push_back(without_line(row));
    centred.push_back(without_mean(row));
  }
  season.days = detrended.size();
  if (detrended.size() < 3) return;
  const Agreement agreement = agreement_of(detrended);
  season.hour_agreement = agreement.mean_correlation;
  season.hour_strength = agreement.strength;
  if (agreement.strength >= kUseStrength) season.hours = offsets_of(centred);
}

/// Weeks begin at the first whole day, so that none is lost to where Monday lies.
void find_weekdays(const std::map<std::int64_t, double>& days, SeasonalProfile& season) {
  if (days.empty()) return;
  Rows rows;
  const std::int64_t first = days.begin()->first;
  const std::int64_t last = days.rbegin()->first;
  for (std::int64_t week = first; week + 6 <= last; week += 7) {
    GridValues row(7, std::nan(""));
    GridValues in_order(7, std::nan(""));
    for (std::int64_t day = week; day < week + 7; ++day) {
      if (const auto found = days.find(day); found != days.end())
        in_order[static_cast<std::size_t>(day - week)] = found->second;
    }
    if (!mostly_there(in_order)) continue;
    const GridValues rest = without_line(in_order);
    for (std::int64_t day = week; day < week + 7; ++day) {
      row[static_cast<std::size_t>(LocalTime::weekday(day))] = rest[static_cast<std::size_t>(day - week)];
    }
    rows.push_back(std::move(row));
  }
  season.weeks = rows.size();
  if (rows.size() < 3) return;
  const Agreement agreement = agreement_of(rows);
  season.weekday_agreement = agreement.mean_correlation;
  season.weekday_strength = agreement.strength;
  if (agreement.strength >= kUseStrength) season.weekdays = offsets_of(rows);
}

/// Day means from all values: a step of more than an hour has no hours, but days.
std::map<std::int64_t, double> day_means(const Grid& grid, const LocalTime& zone) {
  std::map<std::int64_t, Cell> cells;
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    if (std::isnan(grid.values[i])) continue;
    Cell& cell = cells[zone.read(grid.time(i) + grid.step / 2).day];
    cell.sum += grid.values[i];
    ++cell.count;
  }
  std::map<std::int64_t, double> means;
  const double whole = static_cast<double>(hours(24) / grid.step);
  for (const auto& [day, cell] : cells) {
    if (cell.count >= kRowShare * whole) means[day] = cell.sum / cell.count;
  }
  return means;
}

}  // namespace

SeasonalProfile find_season(const Grid& grid, const LocalTime& zone) {
  SeasonalProfile season;
  if (grid.values.empty() || grid.step > hours(24)) return season;
  if (grid.step <= hours(1)) find_hours(days_of(grid, zone), season);
  find_weekdays(day_means(grid, zone), season);
  return season;
}

double seasonal_offset(const SeasonalProfile& season, TimePoint time, const LocalTime& zone) {
  if (season.hours.empty() && season.weekdays.empty()) return 0;
  const LocalTime::Reading at = zone.read(time);
  double offset = season.weekdays.empty() ? 0 : season.weekdays[static_cast<std::size_t>(LocalTime::weekday(at.day))];
  if (!season.hours.empty()) {
    // Between the middles of two hours on a straight line.
    const double hour = static_cast<double>(at.hour) + static_cast<double>(at.minute) / 60 - 0.5;
    const double below = std::floor(hour);
    const auto first = static_cast<std::size_t>(below + 24) % 24;
    const double share = hour - below;
    offset += season.hours[first] * (1 - share) + season.hours[(first + 1) % 24] * share;
  }
  return offset;
}

GridValues without_season(const Grid& grid, const SeasonalProfile& season, const LocalTime& zone) {
  GridValues values = grid.values;
  if (season.hours.empty() && season.weekdays.empty()) return values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) values[i] -= seasonal_offset(season, grid.time(i) + grid.step / 2, zone);
  }
  return values;
}

}  // namespace fa::insight
