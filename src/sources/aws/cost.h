#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/report.h"

namespace fa {

/// What can cost money or time at AWS, in the unit it is billed in.
enum class CostItem {
  kLogsInsightsBytes,  ///< Scanned bytes.
  kLogsApiCall,        ///< FilterLogEvents, DescribeLogGroups, ...: no charge a call.
  kMetricsRequested,   ///< GetMetricData: per metric.
  kCloudWatchApiCall,  ///< ListMetrics, DescribeAlarms, ...
  kS3List,
  kS3Get,
  kS3BytesOut,  ///< Out of the region; nothing inside it, unknown to us: counted as bytes, priced at 0.
  kAthenaBytes,
  kXRayTraces,  ///< Traces retrieved or scanned.
  kCloudTrailCall,
  kSecretsManagerCall,
  kStsCall,
};
std::string_view cost_item_name(CostItem item);
inline constexpr std::size_t kCostItemCount = static_cast<std::size_t>(CostItem::kStsCall) + 1;

/// US dollars per unit and region, with the day the list was made. Immutable.
class PriceList {
 public:
  /// The list that comes with the program (src/sources/aws/prices.toml).
  static const PriceList& built_in();
  static Result<PriceList> parse(std::string_view toml, const std::string& name);

  /// Dollars per single unit (byte, call, metric, trace). Regions not listed take the list's `default`.
  [[nodiscard]] double price(CostItem item, std::string_view region) const;
  [[nodiscard]] const std::string& date() const { return date_; }

 private:
  std::string date_;
  std::map<std::string, std::map<CostItem, double>, std::less<>> regions_;
};

/// What a source expects to use, before it does.
struct CostEstimate {
  std::string source;
  std::map<CostItem, double> units;
  std::uint64_t bytes = 0;  ///< To be scanned or fetched.
  std::uint64_t calls = 0;
  double usd = 0;
  std::string how;  ///< How it was estimated, for people.
};

struct CostLimits {
  double max_usd = 1.0;
  std::uint64_t max_scan_bytes = std::uint64_t{100} << 30;  ///< Insights and Athena together.
  std::uint64_t max_fetch_bytes = std::uint64_t{8} << 30;   ///< Downloaded from S3 and CloudWatch Logs.
  std::uint64_t max_calls = 20'000;
};

/// Keeps the account of a run and stops spending before it happens. Thread-safe.
class CostMeter {
 public:
  CostMeter(const PriceList& prices, CostLimits limits) : prices_(prices), limits_(limits) {}

  /// Reserves what a step will use at the most. kLimit, naming the limit and its configuration key, when it would go
  /// beyond; nothing is then reserved.
  Result<void> reserve(CostItem item, double units, const std::string& region, const std::string& source);
  /// Corrects a reservation to what was really used (less or more).
  void settle(CostItem item, double reserved, double used, const std::string& region, const std::string& source);

  [[nodiscard]] double spent_usd() const;
  [[nodiscard]] std::map<std::string, std::map<CostItem, double>> by_source() const;
  /// The account per source, sorted by name. `calls` are those that were reserved.
  [[nodiscard]] std::vector<SourceUsage> usage() const;
  [[nodiscard]] const PriceList& prices() const { return prices_; }
  [[nodiscard]] const CostLimits& limits() const { return limits_; }

 private:
  const PriceList& prices_;
  CostLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, std::map<CostItem, double>> used_;
  std::map<std::string, double> usd_of_;
  double usd_ = 0;
  double scan_bytes_ = 0;
  double fetch_bytes_ = 0;
  double calls_ = 0;
};

}  // namespace fa
