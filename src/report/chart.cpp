#include "report/chart.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/escape.h"
#include "base/text.h"
#include "report/phrases.h"

namespace fa {
namespace {

/// What is drawn of an evidence item, before anything is named.
Chart values_of(const Evidence& evidence) {
  Chart chart;
  if (evidence.baseline_chart) {
    chart.unit = evidence.baseline_chart->unit;
    chart.usual = chart_summary(*evidence.baseline_chart);
  }
  if (evidence.window_chart) {
    chart.unit = evidence.window_chart->unit;
    chart.lines.push_back({.name = {}, .series = *evidence.window_chart});
  }
  return chart;
}

std::string title_of(const Evidence& evidence) {
  // A log template has a number for a key: its sentence says more.
  const std::string& what = evidence.kind == EvidenceKind::kLog || evidence.key.empty() ? evidence.claim : evidence.key;
  std::string title = one_line(evidence.id);
  for (const std::string& part : {evidence.kind == EvidenceKind::kLog ? std::string() : evidence.entity, what}) {
    if (!part.empty()) title += (title.empty() ? "" : " · ") + one_line(part);
  }
  return title;
}

std::vector<ChartMark> marks_of(const Report& report) {
  std::vector<ChartMark> marks;
  if (report.incident.onset) {
    marks.push_back(
        {*report.incident.onset, ChartMark::Kind::kOnset, std::string(say(report.language, Phrase::kOnset))});
  }
  for (const Evidence& item : report.evidence) {
    if (item.kind == EvidenceKind::kChange && item.time != kNoTime) {
      marks.push_back({item.time, ChartMark::Kind::kChange, one_line(item.id)});
    }
  }
  return marks;
}

}  // namespace

std::optional<Chart> evidence_chart(const Report& report, const Evidence& evidence) {
  Chart chart = values_of(evidence);
  if (chart_scale(chart).empty) return std::nullopt;
  for (ChartLine& line : chart.lines) line.name = say(report.language, Phrase::kChartWindow);
  chart.title = title_of(evidence);
  chart.marks = marks_of(report);
  return chart;
}

std::vector<Chart> report_charts(const Report& report) {
  std::vector<Chart> charts;
  for (const Evidence& item : report.evidence) {
    if (auto chart = evidence_chart(report, item)) charts.push_back(std::move(*chart));
  }
  return charts;
}

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

ChartScale chart_scale(const Chart& chart) {
  ChartScale scale;
  const auto include = [&](double value) {
    scale.low = scale.empty ? value : std::min(scale.low, value);
    scale.high = scale.empty ? value : std::max(scale.high, value);
    scale.empty = false;
  };
  for (const ChartLine& line : chart.lines) {
    for (const auto& value : chart_values(line.series)) {
      if (value) include(*value);
    }
  }
  if (chart.usual) {
    include(chart.usual->min);
    include(chart.usual->max);
  }
  if (scale.high > scale.low) {
    if (scale.low > 0 && scale.low < scale.high / 2) scale.low = 0;
    if (scale.high < 0 && scale.high > scale.low / 2) scale.high = 0;
  }
  if (const auto& usual = chart.usual) {
    const double missing = 4 * (usual->usual_high - usual->usual_low) - (scale.high - scale.low);
    if (missing > 0) {
      const double below = scale.low < 0 ? missing / 2 : std::min(missing / 2, scale.low);
      scale.low -= below;
      scale.high += missing - below;
    }
  }
  return scale;
}

ChartScale chart_scale(const Evidence& evidence) { return chart_scale(values_of(evidence)); }

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

std::vector<std::string> tick_labels(std::span<const double> ticks) {
  // SI brochure, 9th edition, table 7. Below ten thousand the digits are as short as a prefix.
  struct Prefix {
    std::string_view symbol;
    double factor;
  };
  static constexpr std::array kPrefixes = {Prefix{"P", 1e15}, Prefix{"T", 1e12}, Prefix{"G", 1e9}, Prefix{"M", 1e6},
                                           Prefix{"k", 1e3}};
  double largest = 0;
  for (const double tick : ticks) largest = std::max(largest, std::abs(tick));
  const double step = ticks.size() > 1 ? std::abs(ticks[1] - ticks[0]) : 0;
  // Decimals by which neighbours differ: a step is a multiple of a quarter of a power of ten.
  const auto decimals = [&](double factor) {
    return step > 0 ? std::max(0.0, std::ceil(1 - std::log10(step / factor))) : 0;
  };
  Prefix prefix{"", 1};
  if (largest >= 1e4 && largest < 1e18) {
    prefix = *std::find_if(kPrefixes.begin(), kPrefixes.end(), [&](const Prefix& p) { return largest >= p.factor; });
    // More of them are no shorter than the number itself.
    if (decimals(prefix.factor) > 5) prefix = {"", 1};
  }
  std::vector<std::string> labels;
  for (const double tick : ticks) {
    const double scaled = tick / prefix.factor;
    const bool plain = step > 0 && decimals(prefix.factor) <= 6 && std::abs(scaled) < 1e9;
    std::string label =
        plain ? fmt::format("{:.{}f}", scaled, static_cast<int>(decimals(prefix.factor))) : format_number(scaled);
    if (plain && label.find('.') != std::string::npos) {
      label.erase(label.find_last_not_of('0') + 1);
      if (label.back() == '.') label.pop_back();
    }
    if (scaled != 0) label += prefix.symbol;
    labels.push_back(std::move(label));
  }
  return labels;
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

TimeRange time_of(std::span<const Chart> charts) {
  TimeRange all;
  for (const Chart& chart : charts) {
    for (const ChartLine& line : chart.lines) {
      const TimeRange& range = line.series.range;
      if (range.begin == kNoTime || range.end == kNoTime || range.empty()) continue;
      all.begin = all.begin == kNoTime ? range.begin : std::min(all.begin, range.begin);
      all.end = std::max(all.end, range.end);
    }
  }
  return all;
}

}  // namespace fa
