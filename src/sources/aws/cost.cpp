#include "sources/aws/cost.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace fa {
namespace {

/// Which of the limits a cost item counts against, besides money.
enum class Volume { kCalls, kScanned, kFetched, kNone };

Volume volume_of(CostItem item) {
  switch (item) {
    case CostItem::kLogsInsightsBytes:
    case CostItem::kAthenaBytes:
      return Volume::kScanned;
    case CostItem::kS3BytesOut:
      return Volume::kFetched;
    case CostItem::kMetricsRequested:
    case CostItem::kXRayTraces:
      return Volume::kNone;
    default:
      return Volume::kCalls;
  }
}

}  // namespace

std::string_view cost_item_name(CostItem item) {
  static constexpr std::string_view kNames[kCostItemCount] = {"logs_insights_bytes",
                                                              "logs_call",
                                                              "metrics_requested",
                                                              "cloudwatch_call",
                                                              "s3_list",
                                                              "s3_get",
                                                              "s3_bytes",
                                                              "athena_bytes",
                                                              "xray_traces",
                                                              "cloudtrail_call",
                                                              "secrets_manager_call",
                                                              "sts_call"};
  return kNames[static_cast<std::size_t>(item)];
}

Result<void> CostMeter::reserve(CostItem item, double units, const std::string& region, const std::string& source) {
  const double usd = units * prices_.price(item, region);
  const std::lock_guard lock(mutex_);
  const auto refuse = [&](std::string what, std::string_view key) {
    return fail(ErrorCode::kLimit,
                fmt::format("{}: not started, since {} ({} in the configuration, or its option)", source, what, key));
  };
  if (usd > 0 && usd_ + usd > limits_.max_usd) {
    return refuse(fmt::format("it would cost about {:.4f} USD on top of {:.4f} USD and the limit is {:.2f} USD", usd,
                              usd_, limits_.max_usd),
                  "aws.limits.max_usd");
  }
  const Volume volume = volume_of(item);
  const auto beyond = [&](double used, std::uint64_t limit) { return used + units > static_cast<double>(limit); };
  if (volume == Volume::kScanned && beyond(scan_bytes_, limits_.max_scan_bytes)) {
    return refuse(fmt::format("its query may scan {} and the limit for all queries is {}",
                              format_bytes(static_cast<std::uint64_t>(units)), format_bytes(limits_.max_scan_bytes)),
                  "aws.limits.max_scan_bytes");
  }
  if (volume == Volume::kFetched && beyond(fetch_bytes_, limits_.max_fetch_bytes)) {
    return refuse(fmt::format("it would fetch {} and the limit for all sources is {}",
                              format_bytes(static_cast<std::uint64_t>(units)), format_bytes(limits_.max_fetch_bytes)),
                  "aws.limits.max_fetch_bytes");
  }
  if (volume == Volume::kCalls && beyond(calls_, limits_.max_calls)) {
    return refuse(fmt::format("the limit of {} API calls is reached", limits_.max_calls), "aws.limits.max_calls");
  }
  used_[source][item] += units;
  usd_of_[source] += usd;
  usd_ += usd;
  (volume == Volume::kScanned   ? scan_bytes_
   : volume == Volume::kFetched ? fetch_bytes_
                                : calls_) += volume == Volume::kNone ? 0 : units;
  return {};
}

void CostMeter::settle(CostItem item, double reserved, double used, const std::string& region,
                       const std::string& source) {
  const double more = used - reserved;
  const std::lock_guard lock(mutex_);
  used_[source][item] += more;
  const double usd = more * prices_.price(item, region);
  usd_of_[source] += usd;
  usd_ += usd;
  const Volume volume = volume_of(item);
  if (volume == Volume::kScanned) scan_bytes_ += more;
  if (volume == Volume::kFetched) fetch_bytes_ += more;
  if (volume == Volume::kCalls) calls_ += more;
}

double CostMeter::spent_usd() const {
  const std::lock_guard lock(mutex_);
  return usd_;
}

std::map<std::string, std::map<CostItem, double>> CostMeter::by_source() const {
  const std::lock_guard lock(mutex_);
  return used_;
}

std::vector<SourceUsage> CostMeter::usage() const {
  const std::lock_guard lock(mutex_);
  std::vector<SourceUsage> all;
  for (const auto& [source, items] : used_) {
    SourceUsage u;
    u.source = source;
    double calls = 0;
    double scanned = 0;
    double fetched = 0;
    for (const auto& [item, units] : items) {
      const Volume volume = volume_of(item);
      (volume == Volume::kScanned   ? scanned
       : volume == Volume::kFetched ? fetched
                                    : calls) += volume == Volume::kNone ? 0 : units;
    }
    const auto whole = [](double value) { return static_cast<std::uint64_t>(std::llround(std::max(value, 0.0))); };
    u.calls = whole(calls);
    u.scanned_bytes = whole(scanned);
    u.fetched_bytes = whole(fetched);
    u.cost_usd = std::max(usd_of_.at(source), 0.0);
    all.push_back(std::move(u));
  }
  return all;
}

}  // namespace fa
