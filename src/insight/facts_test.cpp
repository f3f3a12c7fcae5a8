#include "insight/facts.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <string>

namespace fa::insight {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// splitmix64 (Steele et al. 2014) and Box and Muller's transform: the same noise on every machine.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}
  double uniform() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (static_cast<double>((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
  }
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * M_PI * uniform()); }

 private:
  std::uint64_t state_;
};

/// Midnight in Tokyo, a Friday.
const TimePoint kEnd = *parse_rfc3339("2026-03-20T00:00:00+09:00");
const LocalTime kTokyo = *LocalTime::of_zone("Asia/Tokyo");

/// Seconds from the window's begin (below 0: the time before) to a value.
using Shape = std::function<double(double)>;

InsightSeries series_of(const std::string& name, Nanoseconds length, seconds period, const Shape& shape) {
  InsightSeries series;
  series.metric.metric_namespace = "Test";
  series.metric.name = name;
  series.metric.resource = name;
  series.metric.period_seconds = static_cast<int>(period.count());
  series.window = {kEnd - length, kEnd};
  series.previous = {kEnd - 2 * length, kEnd - length};
  for (TimePoint t = series.previous.begin; t < kEnd; t += period) {
    series.times.push_back(t);
    series.values.push_back(shape(std::chrono::duration<double>(t - series.window.begin).count()));
  }
  return series;
}

std::vector<InsightFact> facts_of_kind(const std::vector<InsightFact>& facts, InsightFactKind kind) {
  std::vector<InsightFact> found;
  for (const InsightFact& fact : facts) {
    if (fact.kind == kind) found.push_back(fact);
  }
  return found;
}

std::vector<InsightFact> find_kind(const InsightSeries& series, InsightFactKind kind) {
  return facts_of_kind(find_facts({series}, kTokyo), kind);
}

double daily(double at, double swing) { return swing * std::sin(2 * M_PI * at / 86'400); }

TEST(Facts, finds_a_trend_with_its_slope) {
  Noise noise(1);
  const auto series = series_of("JvmHeap", days(7), hours(1), [&](double at) {
    return 100 + std::max(0.0, at) / 86'400 * 10 + daily(at, 20) + 3 * noise.normal();
  });
  const auto found = find_kind(series, InsightFactKind::kTrend);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(number_of(found[0], "slope_per_day"), 10, 1);
  EXPECT_LT(number_of(found[0], "slope_low_per_day"), 10);
  EXPECT_GT(number_of(found[0], "slope_high_per_day"), 10);
  EXPECT_LT(number_of(found[0], "p"), 0.001);
}

TEST(Facts, finds_the_hour_and_the_weekday_in_the_users_zone) {
  Noise noise(2);
  // Highest at 06:00 of Tokyo, which is 21:00 UTC of the day before; Saturday and Sunday are quiet.
  const auto series = series_of("RequestCount", days(14), hours(1), [&](double at) {
    const auto day = static_cast<int>(std::floor(at / 86'400)) + 28;
    const bool weekend = day % 7 == 1 || day % 7 == 2;
    return 200 + daily(at, 50) - (weekend ? 80 : 0) + 5 * noise.normal();
  });
  const auto found = find_kind(series, InsightFactKind::kSeasonality);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(number_of(found[0], "highest_hour"), 6, 1);
  EXPECT_NEAR(number_of(found[0], "lowest_hour"), 18, 1);
  EXPECT_NEAR(number_of(found[0], "swing"), 100, 10);
  EXPECT_GE(number_of(found[1], "lowest_weekday"), 5);
}

TEST(Facts, finds_when_a_level_shifts_and_until_when) {
  Noise noise(3);
  const auto series = series_of("Latency", days(1), minutes(1), [&](double at) {
    return 100 + daily(at, 20) + (at >= 36'000 && at < 60'000 ? 60 : 0) + 5 * noise.normal();
  });
  const auto found = find_kind(series, InsightFactKind::kLevelShift);
  ASSERT_EQ(found.size(), 2U);
  const TimePoint begin = series.window.begin;
  for (const InsightFact& fact : found) {
    const bool up = number_of(fact, "change") > 0;
    const TimePoint expected = begin + seconds(up ? 36'000 : 60'000);
    EXPECT_LE(std::abs((fact.ranges[0].begin - expected) / minutes(1)), 10);
    EXPECT_EQ(fact.ranges[0].end, up ? found[1].ranges[0].begin : series.window.end);
  }
}

TEST(Facts, finds_a_shift_that_is_smaller_than_the_daily_rhythm) {
  Noise noise(9);
  const auto series = series_of("CPUUtilization", days(7), minutes(5), [&](double at) {
    return 45 + daily(at, 20) + (at >= 360'000 ? 20 : 0) + 3 * noise.normal();
  });
  const auto found = find_kind(series, InsightFactKind::kLevelShift);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(number_of(found[0], "change"), 20, 3);
  EXPECT_LE(std::abs((found[0].ranges[0].begin - series.window.begin) / minutes(1) - 6'000), 60);
}

TEST(Facts, finds_moments_far_from_what_was_to_be_expected_and_not_those_of_every_night) {
  Noise noise(4);
  const auto with_spike = [&](double from, bool each_day) {
    return series_of("Duration", days(2), minutes(5), [&noise, from, each_day](double at) {
      const double of_day = std::fmod(at + 4 * 86'400, 86'400);
      const bool spike = each_day ? of_day >= 7'200 && of_day < 7'800 : at >= from && at < from + 600;
      return 50 + 2 * noise.normal() + (spike ? 200 : 0);
    });
  };
  const InsightSeries once = with_spike(40'000, false);
  const auto found = find_kind(once, InsightFactKind::kOutliers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(number_of(found[0], "moments"), 1);
  EXPECT_NEAR(number_of(found[0], "worst"), 250, 10);
  EXPECT_NEAR(number_of(found[0], "expected"), 50, 5);
  EXPECT_TRUE(found[0].ranges[0].contains(once.window.begin + seconds(40'200)));
  EXPECT_TRUE(find_kind(with_spike(0, true), InsightFactKind::kOutliers).empty());
}

TEST(Facts, holds_a_few_points_against_the_time_before) {
  const auto latency = [](double factor) {
    return series_of("Duration", minutes(5), minutes(1), [factor](double at) {
      const double usual = 0.6 + 0.02 * std::fmod(at / 60 + 5, 3);
      return at >= 60 && at < 120 ? usual * factor : usual;
    });
  };
  const auto found = find_kind(latency(10'000), InsightFactKind::kOutliers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(number_of(found[0], "moments"), 1);
  EXPECT_NEAR(number_of(found[0], "expected"), 0.62, 0.03);
  EXPECT_TRUE(find_kind(latency(4), InsightFactKind::kOutliers).empty()) << "may be chance";
}

TEST(Facts, finds_the_one_burst_of_failures_among_zeros) {
  const auto series =
      series_of("Errors", days(1), minutes(5), [](double at) { return at >= 30'000 && at < 30'800 ? 40.0 : 0.0; });
  const auto found = find_kind(series, InsightFactKind::kOutliers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(number_of(found[0], "points"), 3);
}

TEST(Facts, compares_with_the_time_before_through_a_daily_rhythm) {
  Noise noise(5);
  const auto series = series_of("Queries", days(1), hours(1),
                                [&](double at) { return (at < 0 ? 100 : 160) + daily(at, 40) + 4 * noise.normal(); });
  const auto found = find_kind(series, InsightFactKind::kComparison);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(number_of(found[0], "change_share"), 0.6, 0.2);
}

TEST(Facts, finds_who_moves_earlier) {
  Noise noise(6);
  std::map<int, double> load;
  const auto load_at = [&](double at) {
    const int step = static_cast<int>(std::floor(at / 300)) + 1'000'000;
    const auto [found, fresh] = load.try_emplace(step, 0);
    if (fresh) found->second = noise.normal();
    return found->second;
  };
  const auto requests = series_of("RequestCount", hours(20), minutes(5), [&](double at) { return 100 + load_at(at); });
  const auto backlog = series_of("QueueDepth", hours(20), minutes(5),
                                 [&](double at) { return 50 + 3 * load_at(at - 900) + noise.normal(); });
  const auto found = facts_of_kind(find_facts({requests, backlog}, kTokyo), InsightFactKind::kCorrelation);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(number_of(found[0], "lag_seconds"), 900);
  EXPECT_GT(number_of(found[0], "correlation"), 0.8);
  EXPECT_EQ(found[0].series, (std::vector<std::size_t>{0, 1}));
}

TEST(Facts, finds_what_is_near_its_limit_and_when_it_gets_there) {
  Noise noise(7);
  const auto falling = series_of("FreeStorageSpace", days(14), hours(1), [&](double at) {
    return 1e9 * (50 - std::max(0.0, at) / 86'400 * 2 + 0.2 * noise.normal());
  });
  const auto reached = find_kind(falling, InsightFactKind::kTimeToLimit);
  ASSERT_EQ(reached.size(), 1U);
  EXPECT_NEAR(number_of(reached[0], "seconds") / 86'400, 11, 1);
  EXPECT_LE(number_of(reached[0], "seconds_low"), number_of(reached[0], "seconds"));
  EXPECT_GE(number_of(reached[0], "seconds_high"), number_of(reached[0], "seconds"));
  EXPECT_TRUE(find_kind(falling, InsightFactKind::kOutliers).empty()) << "the end of a trend is no outlier";

  auto busy = series_of("CPUUtilization", days(1), minutes(5), [&](double) { return 93 + noise.normal(); });
  busy.metric.unit = "Percent";
  const auto saturated = find_kind(busy, InsightFactKind::kSaturation);
  ASSERT_EQ(saturated.size(), 1U);
  EXPECT_EQ(number_of(saturated[0], "limit"), 100);
  EXPECT_EQ(number_of(saturated[0], "time_share"), 1);

  auto hits = series_of("CacheHitRate", days(1), minutes(5), [&](double) { return 99 + 0.1 * noise.normal(); });
  hits.metric.unit = "Percent";
  EXPECT_TRUE(find_kind(hits, InsightFactKind::kSaturation).empty()) << "much of it is what one wants";
}

TEST(Facts, takes_limits_from_quotas_and_from_other_series) {
  auto used = series_of("hikaricp.connections.active", days(1), minutes(5), [](double) { return 19.0; });
  const auto most = series_of("hikaricp.connections.max", days(1), minutes(5), [](double) { return 20.0; });
  EXPECT_TRUE(facts_of_kind(find_facts({used}, kTokyo), InsightFactKind::kSaturation).empty());
  const auto paired = facts_of_kind(find_facts({used, most}, kTokyo), InsightFactKind::kSaturation);
  ASSERT_EQ(paired.size(), 1U);
  EXPECT_EQ(number_of(paired[0], "limit"), 20);

  auto concurrency = series_of("ConcurrentExecutions", days(1), minutes(5), [](double) { return 990.0; });
  concurrency.metric.metric_namespace = "AWS/Lambda";
  const auto quota = find_kind(concurrency, InsightFactKind::kSaturation);
  ASSERT_EQ(quota.size(), 1U);
  EXPECT_EQ(number_of(quota[0], "limit_default"), 1) << "it may have been raised";
  concurrency.metric.dimensions = {{"FunctionName", "resize"}};
  EXPECT_TRUE(find_kind(concurrency, InsightFactKind::kSaturation).empty()) << "the quota is the account's";
}

/// Seeded noise in which there is nothing to find.
TEST(Facts, says_almost_nothing_about_noise_rhythms_and_random_walks) {
  struct Case {
    std::string name;
    Nanoseconds length;
    seconds period;
    std::function<double(double, double&, Noise&)> next;  ///< At a time, with a memory of the values before.
    bool rhythm = false;                                  ///< Which may be told, and nothing else.
  };
  const auto white = [](double, double&, Noise& n) { return 100 + 10 * n.normal(); };
  const auto walk = [](double, double& sum, Noise& n) { return 1'000 + 5 * (sum += n.normal()); };
  const auto sticky = [](double, double& level, Noise& n) { return 100 + 3 * (level = 0.8 * level + n.normal()); };
  const auto skewed = [](double, double&, Noise& n) { return 20 * std::exp(n.normal()); };
  const auto rhythm = [](double at, double&, Noise& n) { return 100 + daily(at, 30) + 3 * n.normal(); };
  const std::vector<Case> cases = {
      {"white noise", days(7), hours(1), white},
      {"white noise, a day", days(1), minutes(15), white},
      {"random walk", days(7), hours(1), walk},
      {"random walk, a day", days(1), minutes(15), walk},
      {"random walk, days", days(14), hours(24), walk},
      {"autocorrelated", days(7), hours(1), sticky},
      {"skewed", days(7), hours(1), skewed},
      {"skewed, a day", days(1), minutes(15), skewed},
      {"rhythm", days(7), hours(1), rhythm, true},
      {"rhythm, a day", days(1), minutes(15), rhythm},
  };
  std::uint64_t seed = 100;
  std::size_t false_facts = 0;
  std::string which;
  std::size_t series_seen = 0;
  for (const Case& one : cases) {
    for (int group = 0; group < 5; ++group) {
      std::vector<InsightSeries> series;
      for (int i = 0; i < 4; ++i) {
        Noise noise(++seed);
        double memory = 0;
        series.push_back(series_of("metric" + std::to_string(i), one.length, one.period,
                                   [&](double at) { return one.next(at, memory, noise); }));
      }
      series_seen += series.size();
      for (const InsightFact& fact : find_facts(series, kTokyo)) {
        if (fact.kind == InsightFactKind::kLevel || (one.rhythm && fact.kind == InsightFactKind::kSeasonality))
          continue;
        ++false_facts;
        which += one.name + ": kind " + std::to_string(static_cast<int>(fact.kind)) + "\n";
      }
    }
  }
  EXPECT_LE(false_facts, series_seen / 50) << which;
}

TEST(Facts, stands_gaps_constant_series_few_points_and_values_that_are_no_numbers) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<InsightSeries> series;
  series.push_back(series_of("Constant", days(1), minutes(5), [](double) { return 7.0; }));
  series.push_back(series_of("Zero", days(1), minutes(5), [](double) { return 0.0; }));
  series.push_back(series_of("NoNumber", days(1), minutes(5), [&](double at) { return at < 40'000 ? nan : inf; }));
  series.push_back(series_of("Largest", days(1), minutes(5), [](double at) {
    return std::numeric_limits<double>::max() * (static_cast<int>(at) % 600 == 0 ? 1 : -1);
  }));
  series.push_back(series_of("Few", days(1), hours(12), [](double at) { return at; }));
  series.push_back(
      series_of("Gap", days(1), minutes(5), [&](double at) { return at > 20'000 && at < 60'000 ? nan : 5; }));
  InsightSeries empty = series.front();
  empty.times.clear();
  empty.values.clear();
  series.push_back(empty);
  InsightSeries no_window = series.front();
  no_window.window = no_window.previous = {kEnd, kEnd};
  series.push_back(no_window);
  const auto facts = find_facts(series, kTokyo);
  for (const InsightFact& fact : facts) {
    EXPECT_TRUE(std::isfinite(fact.strength)) << fact.id;
    for (const Fact& number : fact.numbers) EXPECT_TRUE(std::isfinite(number.value)) << fact.id << ' ' << number.name;
  }
  const auto levels = facts_of_kind(facts, InsightFactKind::kLevel);
  EXPECT_EQ(levels.size(), 4U) << "of each series that has a value";
}

TEST(Facts, reads_100_000_points_and_repeats_itself) {
  Noise noise(8);
  const auto series = series_of("Latency", days(35), seconds(60), [&](double at) {
    return 100 + daily(at, 20) + (at > 1'000'000 ? 50 : 0) + 5 * noise.normal();
  });
  ASSERT_GT(series.times.size(), 100'000U);
  const auto once = find_facts({series}, kTokyo);
  const auto twice = find_facts({series}, kTokyo);
  EXPECT_EQ(facts_of_kind(once, InsightFactKind::kLevelShift).size(), 1U);
  ASSERT_EQ(once.size(), twice.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].id, "M" + std::to_string(i + 1));
    ASSERT_EQ(once[i].numbers.size(), twice[i].numbers.size());
    for (std::size_t n = 0; n < once[i].numbers.size(); ++n) {
      EXPECT_EQ(once[i].numbers[n].value, twice[i].numbers[n].value);
    }
  }
}

}  // namespace
}  // namespace fa::insight
