#include "report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "report/sparkline.h"
#include "report/time_axis.h"

namespace fa {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

ChartSeries series(ChartValues values) { return {{}, std::move(values), ""}; }

Evidence evidence(ChartValues window, ChartValues baseline = {}) {
  Evidence e;
  e.window_chart = series(std::move(window));
  if (!baseline.empty()) e.baseline_chart = series(std::move(baseline));
  return e;
}

TEST(Sparkline, shows_heights_within_the_scale_and_gaps) {
  const Evidence e = evidence({0, 1, 2, 3, 4, 5, 6, 7, std::nullopt, NAN});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 20), "▁▂▃▄▅▆▇█··");
}

TEST(Sparkline, averages_what_does_not_fit) {
  const Evidence e = evidence({0, 0, 8, 8, std::nullopt, 8});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 3), "▁██");
}

TEST(Sparkline, constant_and_empty_series_are_fine) {
  const Evidence zero = evidence({0, 0, 0});
  EXPECT_EQ(sparkline(*zero.window_chart, chart_scale(zero), 9), "▁▁▁");
  const Evidence level = evidence({5, 5});
  EXPECT_EQ(sparkline(*level.window_chart, chart_scale(level), 9), "▅▅");
  const Evidence none = evidence({});
  EXPECT_EQ(sparkline(*none.window_chart, chart_scale(none), 9), "");
  EXPECT_TRUE(chart_scale(none).empty);
}

TEST(Sparkline, extreme_values_do_not_overflow) {
  const Evidence e = evidence({-1.7e308, 1.7e308, INFINITY});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 9), "▁█·");
}

TEST(Sparkline, shows_where_the_mark_lies) {
  Evidence e = evidence({0, 0, 8, 8});
  e.window_chart->range = {TimePoint{std::chrono::hours{8}}, TimePoint{std::chrono::hours{12}}};
  const auto at = [&](double hour) {
    return sparkline(*e.window_chart, chart_scale(e), 9,
                     TimePoint{std::chrono::seconds{static_cast<std::int64_t>(hour * 3600)}});
  };
  EXPECT_EQ(at(8), "╎▁▁██");
  EXPECT_EQ(at(10.5), "▁▁╎██");
  EXPECT_EQ(at(11.99), "▁▁█╎█");
  EXPECT_EQ(at(12), "▁▁██");
  EXPECT_EQ(at(1), "▁▁██");
}

TEST(EvidenceChart, knows_the_onset_and_the_changes_of_its_report) {
  Report report;
  report.incident.onset = TimePoint{std::chrono::minutes{90}};
  Evidence change;
  change.id = "C4";
  change.kind = EvidenceKind::kChange;
  change.time = TimePoint{std::chrono::minutes{80}};
  Evidence metric = evidence({1, 2}, {1, 1});
  metric.id = "M1";
  metric.kind = EvidenceKind::kMetric;
  metric.entity = "orders";
  metric.key = "latency[p99]";
  report.evidence = {change, metric};
  EXPECT_FALSE(evidence_chart(report, change));
  const std::vector<Chart> charts = report_charts(report);
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0].title, "M1 · orders · latency[p99]");
  ASSERT_EQ(charts[0].marks.size(), 2U);
  EXPECT_EQ(charts[0].marks[0].label, "Onset");
  EXPECT_EQ(charts[0].marks[1].label, "C4");
  EXPECT_EQ(charts[0].usual->median, 1);
}

TEST(EvidenceChart, of_a_log_template_is_named_by_its_sentence) {
  Report report;
  Evidence log = evidence({1, 2});
  log.id = "L1";
  log.entity = "orders";
  log.key = "1356e64a";
  log.claim = "“orders” wrote “timeout <*>” 12 times";
  EXPECT_EQ(evidence_chart(report, log)->title, "L1 · “orders” wrote “timeout <*>” 12 times");
}

TEST(ChartScale, starts_at_zero_when_values_come_near_it_and_is_shared) {
  const ChartScale near_zero = chart_scale(evidence({1, 10}, {2, 2}));
  EXPECT_EQ(near_zero.low, 0);
  EXPECT_EQ(near_zero.high, 10);
  const ChartScale far_from_zero = chart_scale(evidence({97, 99.9}, {99.9, 99.9}));
  EXPECT_EQ(far_from_zero.low, 97);
}

TEST(ChartScale, usual_wavering_fills_at_most_a_quarter_of_the_height) {
  const ChartScale scale = chart_scale(evidence({100, 101}, {100, 101, 100, 101}));
  EXPECT_THAT(scale.high - scale.low, DoubleNear(4, 1e-9));
  EXPECT_GT(scale.low, 0);
}

TEST(ChartSummary, is_by_nearest_rank_and_ignores_gaps) {
  ChartValues values;
  for (int i = 0; i <= 100; ++i) values.emplace_back(i);
  values.emplace_back();
  const auto summary = chart_summary(series(values));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->min, 0);
  EXPECT_EQ(summary->usual_low, 5);
  EXPECT_EQ(summary->median, 50);
  EXPECT_EQ(summary->usual_high, 95);
  EXPECT_EQ(summary->max, 100);
  EXPECT_FALSE(chart_summary(series({std::nullopt})));
}

TEST(ChartTicks, are_round_and_few) {
  EXPECT_THAT(chart_ticks({0, 5.152, false}), ElementsAre(0, 2.5, 5));
  EXPECT_THAT(chart_ticks({97, 99.9, false}), ElementsAre(97, 98, 99));
  EXPECT_THAT(chart_ticks({-1, 1, false}), ElementsAre(-1, 0, 1));
  EXPECT_THAT(chart_ticks({3, 3, false}), ElementsAre(3));
  for (const double high : {1e-300, 1e300, 7.0, 1234567.0}) {
    const auto ticks = chart_ticks({0, high, false});
    EXPECT_GE(ticks.size(), 2U);
    EXPECT_LE(ticks.size(), 6U);
  }
  EXPECT_GE(chart_ticks({1e300, std::nextafter(1e300, 2e300), false}).size(), 2U);
}

TEST(TickLabels, have_one_prefix_and_tell_neighbours_apart) {
  const auto labels = [](std::vector<double> ticks) { return tick_labels(ticks); };
  EXPECT_THAT(labels({0, 2.5, 5}), ElementsAre("0", "2.5", "5"));
  EXPECT_THAT(labels({0, 2500, 5000}), ElementsAre("0", "2500", "5000"));
  EXPECT_THAT(labels({0, 25000, 50000, 75000}), ElementsAre("0", "25k", "50k", "75k"));
  EXPECT_THAT(labels({-2e6, 0, 2e6}), ElementsAre("-2M", "0", "2M"));
  EXPECT_THAT(labels({999'999.5, 1'000'000, 1'000'000.5}), ElementsAre("999999.5", "1000000", "1000000.5"));
  EXPECT_THAT(labels({1e9, 1.0005e9, 1.001e9}), ElementsAre("1G", "1.0005G", "1.001G"));
  EXPECT_THAT(labels({0, 0.0005, 0.001}), ElementsAre("0", "0.0005", "0.001"));
  EXPECT_THAT(labels({3}), ElementsAre("3"));
  EXPECT_THAT(labels({0, 5e299}), ElementsAre("0", "5e299"));
  EXPECT_TRUE(labels({}).empty());
}

/// `08:30 08:45`; dates stand in brackets behind their label.
std::string ticks(const char* from, const char* to, const char* zone, std::size_t most) {
  std::string out;
  const TimeRange range{parse_rfc3339(from).value(), parse_rfc3339(to).value()};
  for (const TimeTick& tick : time_ticks(range, TimeZone::find_or_utc(zone), most)) {
    out += (out.empty() ? "" : " ") + tick.label + (tick.date.empty() ? "" : "(" + tick.date + ")");
  }
  return out;
}

TEST(TimeTicks, are_round_on_the_readers_clock) {
  struct Case {
    const char* from;
    const char* to;
    const char* zone;
    std::size_t most;
    const char* ticks;
  };
  const Case kCases[] = {
      {"2026-03-14T08:28:44Z", "2026-03-14T08:33:44Z", "UTC", 8, "08:29(2026-03-14) 08:30 08:31 08:32 08:33"},
      {"2026-03-14T08:30:00Z", "2026-03-14T08:30:12Z", "UTC", 3, "08:30:00(2026-03-14) 08:30:05 08:30:10"},
      {"2026-03-14T14:30:00Z", "2026-03-14T15:30:00Z", "Asia/Tokyo", 3, "23:30(2026-03-14) 00:00(2026-03-15) 00:30"},
      {"2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z", "Asia/Kathmandu", 4,
       "06:00(2026-03-14) 12:00 18:00 00:00(2026-03-15)"},
      // At 02:00 clocks go to 03:00, and in autumn back to 01:00: ticks stay on round hours.
      {"2026-03-08T05:00:00Z", "2026-03-08T10:00:00Z", "America/New_York", 6,
       "00:00(2026-03-08) 01:00 03:00 04:00 05:00 06:00"},
      {"2026-11-01T04:00:00Z", "2026-11-01T08:00:00Z", "America/New_York", 6,
       "00:00(2026-11-01) 01:00 01:00 02:00 03:00"},
      {"2026-03-06T12:00:00Z", "2026-03-10T12:00:00Z", "America/New_York", 5, "03-07(2026) 03-08 03-09 03-10"},
      {"2026-12-20T00:00:00Z", "2027-01-20T00:00:00Z", "UTC", 6, "12-21(2026) 12-28 01-04(2027) 01-11 01-18"},
      {"2025-11-15T00:00:00Z", "2026-11-15T00:00:00Z", "Asia/Tokyo", 6,
       "2026-01 2026-03 2026-05 2026-07 2026-09 2026-11"},
      {"1971-01-01T00:00:00Z", "2160-01-01T00:00:00Z", "UTC", 5, "2000-01 2050-01 2100-01 2150-01"},
      {"2026-03-14T08:30:00Z", "2026-03-14T08:30:00Z", "UTC", 5, ""},
      {"2026-03-14T08:30:00Z", "2026-03-14T08:30:01Z", "UTC", 0, ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(ticks(c.from, c.to, c.zone, c.most), c.ticks);
}

TEST(TimeTicks, survive_the_ends_of_time) {
  for (const TimeRange& range : {TimeRange{}, TimeRange{kNoTime, TimePoint{}}, TimeRange{TimePoint{}, TimePoint::max()},
                                 TimeRange{TimePoint::max() - Nanoseconds(5), TimePoint::max()}}) {
    EXPECT_TRUE(time_ticks(range, TimeZone::find_or_utc("Asia/Tokyo"), 8).empty());
  }
}

}  // namespace
}  // namespace fa
