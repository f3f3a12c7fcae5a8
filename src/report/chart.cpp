#include "report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace fa {

ChartValues chart_values(const ChartSeries& series) {
  constexpr double kLargest = 1e300;
  ChartValues values;
  values.reserve(series.values.size());
  for (const auto& value : series.values) {
    const bool shown = value && std::isfinite(*value);
    values.push_back(shown ? std::optional(std::clamp(*value, -kLargest, kLargest)) : std::nullopt);
  }
  return values;
}

double ChartScale::share(double value) const {
  if (high > low) return std::clamp((value - low) / (high - low), 0.0, 1.0);
  return high == 0 ? 0.0 : 0.5;
}

ChartScale chart_scale(const Evidence& evidence) {
  ChartScale scale;
  for (const auto* series : {&evidence.window_chart, &evidence.baseline_chart}) {
    if (!series->has_value()) continue;
    for (const auto& value : chart_values(**series)) {
      if (!value) continue;
      scale.low = scale.empty ? *value : std::min(scale.low, *value);
      scale.high = scale.empty ? *value : std::max(scale.high, *value);
      scale.empty = false;
    }
  }
  if (scale.high > scale.low) {
    if (scale.low > 0 && scale.low < scale.high / 2) scale.low = 0;
    if (scale.high < 0 && scale.high > scale.low / 2) scale.high = 0;
  }
  if (const auto usual = evidence.baseline_chart ? chart_summary(*evidence.baseline_chart) : std::nullopt) {
    const double missing = 4 * (usual->usual_high - usual->usual_low) - (scale.high - scale.low);
    if (missing > 0) {
      const double below = scale.low < 0 ? missing / 2 : std::min(missing / 2, scale.low);
      scale.low -= below;
      scale.high += missing - below;
    }
  }
  return scale;
}

std::vector<double> chart_ticks(const ChartScale& scale) {
  const double extent = scale.high - scale.low;
  if (!(extent > 0)) return {scale.low};
  const double power = std::pow(10.0, std::floor(std::log10(extent / 3)));
  double step = power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    if (factor * power <= extent / 2) step = factor * power;
  }
  std::vector<double> ticks;
  const double first = std::ceil(scale.low / step);
  for (int i = 0; i < 6 && (first + i) * step <= scale.high; ++i) {
    const double tick = (first + i) * step;
    ticks.push_back(tick == 0 ? 0.0 : tick);
  }
  // Steps lost in the rounding of huge values leave no tick: then the ends serve.
  if (ticks.size() < 2) return {scale.low, scale.high};
  return ticks;
}

std::optional<ChartSummary> chart_summary(const ChartSeries& series) {
  std::vector<double> sorted;
  for (const auto& value : chart_values(series)) {
    if (value) sorted.push_back(*value);
  }
  if (sorted.empty()) return std::nullopt;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = [&](std::size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
  const auto upper = [&](std::size_t percent) { return sorted[((sorted.size() - 1) * percent + 99) / 100]; };
  const double median = (rank(50) + upper(50)) / 2;
  return ChartSummary{sorted.front(), rank(5), median, upper(95), sorted.back()};
}

std::string sparkline(const ChartSeries& series, const ChartScale& scale, std::size_t columns) {
  constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const ChartValues values = chart_values(series);
  const std::size_t cells = std::min(values.size(), std::max<std::size_t>(columns, 1));
  std::string out;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = cell * values.size() / cells; i < (cell + 1) * values.size() / cells; ++i) {
      if (!values[i]) continue;
      sum += *values[i] / 1024;  // Keeps sums of many values of 1e300 finite.
      ++count;
    }
    if (count == 0) {
      out += "·";
      continue;
    }
    const double share = scale.share(sum / static_cast<double>(count) * 1024);
    out += kBars[std::min<std::size_t>(kBars.size() - 1, static_cast<std::size_t>(share * kBars.size()))];
  }
  return out;
}

}  // namespace fa
