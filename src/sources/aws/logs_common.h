#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/services/logs.h"
#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

/// What the parts of the CloudWatch Logs source share.
namespace fa::logs {

inline constexpr std::string_view kSourceName = "CloudWatch Logs";

/// A log group to read.
struct Group {
  aws::logs::LogGroup info;
  std::string account;    ///< That owns it; empty when unknown.
  bool linked = false;    ///< Owned by another account than the caller's: must be asked for by its ARN.
  std::string directory;  ///< Its folder's name in the collected folder; unique in the run.

  /// What requests name it by.
  [[nodiscard]] const std::string& identifier() const { return linked ? info.arn : info.name; }
  /// `CloudWatch Logs /ecs/orders`, for gaps.
  [[nodiscard]] std::string shown() const { return std::string(kSourceName) + " " + info.name; }
};

/// A stretch of time that is collected: the window, or a part of the baseline.
struct Period {
  bool window = true;
  TimeRange range;

  [[nodiscard]] std::string_view name() const { return window ? "window" : "baseline"; }
};

/// What collecting works with. Borrowed.
struct Work {
  const AwsScope& scope;
  const LogsSettings& settings;
  CollectedFolder& folder;
};

/// Accounts for one API call before it is made; kLimit when the run may make no more.
inline Result<void> take_call(const AwsScope& scope) {
  return scope.cost.reserve(CostItem::kLogsApiCall, 1, scope.region, std::string(kSourceName));
}

/// What it means that lines of a period are missing.
std::string impact_of_missing(const Period& period);

}  // namespace fa::logs
