#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "analysis/stats/statistics.h"
#include "base/text.h"
#include "insight/facts.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

/// Held for some time, this share of a limit leaves no room for what comes on top (queues grow as 1 / (1 - share)).
constexpr double kNearShare = 0.8;
constexpr double kReachedShare = 0.95;
/// Of what is left of something: below this share of its highest level little is left.
constexpr double kLittleLeft = 0.25;
/// The same in percent of the whole.
constexpr double kLittleLeftPercent = 10;
/// A line is followed at most so many windows into the future.
constexpr double kMostWindowsAhead = 8;

/// Quotas from the services' user guides ("Quotas", "Limits"); `assumed` where AWS raises them on request.
struct KnownLimit {
  std::string_view metric_namespace;
  std::string_view name;
  double limit;
  bool lower = false;
  bool assumed = false;
  bool account_wide = false;  ///< Applies to the metric without dimensions only.
};
constexpr std::array kKnownLimits = {
    KnownLimit{"AWS/Lambda", "ConcurrentExecutions", 1'000, false, true, true},
    KnownLimit{"AWS/Lambda", "ClaimedAccountConcurrency", 1'000, false, true, true},
    KnownLimit{"AWS/Lambda", "ProvisionedConcurrencyUtilization", 1},
    KnownLimit{"AWS/Lambda", "Duration", 900'000},
    KnownLimit{"AWS/Lambda", "IteratorAge", 86'400'000, false, true},
    KnownLimit{"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", 86'400'000, false, true},
    KnownLimit{"AWS/SQS", "ApproximateNumberOfMessagesNotVisible", 120'000},
    KnownLimit{"AWS/SQS", "ApproximateAgeOfOldestMessage", 345'600, false, true},
    KnownLimit{"AWS/ApiGateway", "Latency", 29'000, false, true},
    KnownLimit{"AWS/ApiGateway", "IntegrationLatency", 29'000, false, true},
    KnownLimit{"AWS/RDS", "MaximumUsedTransactionIDs", 2'144'483'648},  // 2^31 - 3 million: PostgreSQL stops there
    KnownLimit{"AWS/CertificateManager", "DaysToExpiry", 0, true},
};

/// Metrics that state the limit of another one with the same dimensions.
struct LimitPair {
  std::string_view used;
  std::string_view limit;
  bool per_second = false;  ///< The limit is; the use is a sum over the period.
};
constexpr std::array kLimitPairs = {
    LimitPair{"ConsumedReadCapacityUnits", "ProvisionedReadCapacityUnits", true},
    LimitPair{"ConsumedWriteCapacityUnits", "ProvisionedWriteCapacityUnits", true},
    LimitPair{"hikaricp.connections.active", "hikaricp.connections.max"},
    LimitPair{"CpuUtilized", "CpuReserved"},
    LimitPair{"MemoryUtilized", "MemoryReserved"},
    LimitPair{"EphemeralStorageUtilized", "EphemeralStorageReserved"},
    LimitPair{"GroupInServiceInstances", "GroupMaxSize"},
};

/// Of these, much is what one wants.
bool is_good_when_high(std::string_view name) {
  return icontains(name, "hit") || icontains(name, "success") || icontains(name, "healthy");
}

bool is_percent_metric(const StudiedSeries& studied) {
  const InsightMetric& metric = studied.series->metric;
  // All requests failing is no limit that is neared.
  if (is_good_when_high(metric.name) || studied.kind == MetricKind::kErrors) return false;
  const bool named = icontains(metric.name, "percent") || metric.name.ends_with("MemoryPressure");
  return studied.percent || (named && (metric.unit.empty() || iequals(metric.unit, "percent") || metric.unit == "%"));
}

std::optional<MetricLimit> limit_from_pair(const StudiedSeries& studied, std::span<const StudiedSeries> all) {
  const InsightMetric& metric = studied.series->metric;
  for (const LimitPair& pair : kLimitPairs) {
    if (metric.name != pair.used) continue;
    for (const StudiedSeries& other : all) {
      const InsightMetric& bound = other.series->metric;
      if (bound.name != pair.limit || bound.metric_namespace != metric.metric_namespace ||
          bound.dimensions != metric.dimensions) {
        continue;
      }
      const std::vector<double> values = present_values(other.window.values);
      if (values.empty()) continue;
      const bool sum = pair.per_second && metric.statistic == "Sum";
      const double factor = sum ? std::max(1, metric.period_seconds) : 1;
      if (values.back() > 0) return MetricLimit{values.back() * factor, false, false};
    }
  }
  return std::nullopt;
}

std::optional<MetricLimit> known_limit(const InsightMetric& metric) {
  for (const KnownLimit& known : kKnownLimits) {
    if (known.metric_namespace != metric.metric_namespace || known.name != metric.name) continue;
    if (known.account_wide && !metric.dimensions.empty()) continue;
    // A FIFO queue holds fewer messages in flight.
    const bool fifo = known.metric_namespace == "AWS/SQS" && known.limit == 120'000 && metric.dimensions.size() == 1 &&
                      metric.dimensions.front().second.ends_with(".fifo");
    return MetricLimit{fifo ? 20'000 : known.limit, known.lower, known.assumed};
  }
  return std::nullopt;
}

bool is_low(const StudiedSeries& studied, double lowest, double highest) {
  const InsightMetric& metric = studied.series->metric;
  if (metric.name == "DaysToExpiry") return lowest < 30;
  const bool percent =
      metric.unit == "Percent" || metric.unit == "%" || metric.name == "BurstBalance" || metric.name.ends_with('%');
  return percent ? lowest < kLittleLeftPercent : lowest <= kLittleLeft * highest;
}

}  // namespace

std::optional<MetricLimit> find_limit(const StudiedSeries& studied, std::span<const StudiedSeries> all) {
  if (auto paired = limit_from_pair(studied, all)) return paired;
  if (auto known = known_limit(studied.series->metric)) return known;
  if (studied.rest) return MetricLimit{0, true, false};
  if (is_percent_metric(studied)) return MetricLimit{100, false, false};
  return std::nullopt;
}

std::optional<InsightFact> find_saturation(const StudiedSeries& studied, const MetricLimit& limit) {
  std::vector<double> values = window_values(*studied.series);
  if (values.empty()) return std::nullopt;
  const double last = values.back();
  std::sort(values.begin(), values.end());
  const std::string& unit = studied.series->metric.unit;
  InsightFact fact = fact_of(studied, InsightFactKind::kSaturation);
  if (limit.lower) {
    const std::vector<double> known = present_values(studied.joined.values);
    const double highest = std::max(values.back(), *std::max_element(known.begin(), known.end()));
    if (!is_low(studied, values.front(), highest)) return std::nullopt;
    fact.numbers = {{"limit", limit.value, unit}, {"lowest", values.front(), unit}, {"last", last, unit}};
    fact.strength = highest > 0 ? 0.95 * (1 - std::clamp(values.front() / highest, 0.0, 1.0)) : 0.5;
    return fact;
  }
  if (limit.value <= 0) return std::nullopt;
  const auto near =
      std::count_if(values.begin(), values.end(), [&](double v) { return v >= kNearShare * limit.value; });
  const double time_share = static_cast<double>(near) / static_cast<double>(values.size());
  const double usual_high = stats::quantile(values, 0.95);
  if (usual_high < kNearShare * limit.value && values.back() < kReachedShare * limit.value) return std::nullopt;
  fact.numbers = {{"limit", limit.value, unit},
                  {"peak", values.back(), unit},
                  {"peak_share", values.back() / limit.value, ""},
                  {"time_share", time_share, ""},
                  {"limit_default", limit.assumed ? 1.0 : 0.0, ""}};
  fact.strength = std::min(0.95, 0.65 + 0.3 * time_share);
  return fact;
}

std::optional<InsightFact> find_time_to_limit(const StudiedSeries& studied, const MetricLimit& limit,
                                              const TrendFit& fit, const InsightFact& trend) {
  const double current = number_of(trend, "end");
  const double distance = limit.value - current;
  const bool towards = limit.lower ? distance < 0 && fit.slope < 0 : distance > 0 && fit.slope > 0;
  if (!towards) return std::nullopt;
  const double step = std::chrono::duration<double>(studied.window.step).count();
  const double seconds = distance / fit.slope * step;
  const double window = std::chrono::duration<double>(studied.series->window.length()).count();
  if (seconds > kMostWindowsAhead * window) return std::nullopt;
  const double fast = limit.lower ? fit.slope_low : fit.slope_high;
  const double slow = limit.lower ? fit.slope_high : fit.slope_low;
  InsightFact fact = fact_of(studied, InsightFactKind::kTimeToLimit);
  fact.numbers = {{"limit", limit.value, studied.series->metric.unit},
                  {"current", current, studied.series->metric.unit},
                  {"seconds", seconds, "s"},
                  {"seconds_low", distance / fast * step, "s"},
                  {"limit_default", limit.assumed ? 1.0 : 0.0, ""}};
  if (slow * fit.slope > 0) fact.numbers.push_back({"seconds_high", distance / slow * step, "s"});
  fact.strength = 0.7 + 0.3 * (1 - seconds / (kMostWindowsAhead * window));
  return fact;
}

}  // namespace fa::insight
