#include "sources/aws/logs_slices.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace fa::logs {

std::vector<Period> study_periods(TimeRange window, TimeRange baseline) {
  std::vector<Period> periods;
  const auto add = [&](bool is_window, TimePoint begin, TimePoint end) {
    if (begin < end) periods.push_back({is_window, {begin, end}});
  };
  if (window.empty()) {
    add(false, baseline.begin, baseline.end);
    return periods;
  }
  add(true, window.begin, window.end);
  add(false, baseline.begin, std::min(baseline.end, window.begin));
  add(false, std::max(baseline.begin, window.end), baseline.end);
  return periods;
}

std::vector<TimeRange> cut_slices(TimeRange range, std::size_t count) {
  std::vector<TimeRange> slices;
  if (range.empty()) return slices;
  const Nanoseconds length = range.length();
  count = std::max<std::size_t>(count, 1);
  TimePoint begin = range.begin;
  for (std::size_t i = 1; i <= count; ++i) {
    TimePoint end = range.end;
    if (i < count) {
      const double share = static_cast<double>(i) / static_cast<double>(count);
      const Nanoseconds offset{static_cast<Nanoseconds::rep>(share * static_cast<double>(length.count()))};
      end = std::chrono::floor<std::chrono::seconds>(range.begin + offset);
    }
    if (end <= begin) continue;
    slices.push_back({begin, std::min(end, range.end)});
    begin = end;
  }
  return slices;
}

int bin_width_seconds(Nanoseconds length) {
  constexpr std::array kWidths{86400, 43200, 21600, 10800, 7200, 3600, 1800, 1200, 600, 300, 120, 60, 30, 20, 10, 5, 2};
  constexpr std::int64_t kBins = 60;
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(length).count();
  const auto fits = std::find_if(kWidths.begin(), kWidths.end(), [&](int width) { return seconds >= width * kBins; });
  return fits == kWidths.end() ? 1 : *fits;
}

std::string bin_text(int seconds) {
  if (seconds <= 60) return fmt::format("{}s", seconds);
  if (seconds <= 3600) return fmt::format("{}m", seconds / 60);
  return fmt::format("{}h", seconds / 3600);
}

}  // namespace fa::logs
