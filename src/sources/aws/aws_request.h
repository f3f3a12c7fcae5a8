#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sources/aws/cost.h"

namespace fa {

/// What to collect of an AWS account: plain settings with their defaults ([aws.*] of the configuration, options of the
/// command line). docs/ops/configuration.md describes the keys.

struct LogsSettings {
  std::vector<std::string> groups;          ///< Names or ARNs.
  std::vector<std::string> prefixes;        ///< All groups whose name begins so.
  std::map<std::string, std::string> tags;  ///< All groups that carry every one of these tags.
  bool linked_accounts = false;             ///< Also groups of source accounts (cross-account observability).
  /// Up to this volume (uncompressed, window and baseline, all groups) every line is fetched; above it Logs Insights
  /// mines on the service's side.
  std::uint64_t fetch_all_bytes = std::uint64_t{256} << 20;
  int concurrent_queries = 10;  ///< Insights queries at a time (the account's quota is 100 in large regions, 30 else).
  std::uint64_t max_pattern_rows = 400;  ///< Patterns that stand out and are fetched.
};

struct S3LogsSettings {
  std::string url;                    ///< s3://bucket/prefix: what stands before AWSLogs/ (or the bucket alone).
  std::string region;                 ///< Of the load balancer or trail records; empty: the scope's.
  std::vector<std::string> accounts;  ///< Account ids below AWSLogs/; empty: all that are there.
  bool requester_pays = false;
};

struct CloudTrailSettings {
  std::vector<S3LogsSettings> buckets;
  bool event_history = true;         ///< LookupEvents where no bucket is given.
  std::vector<std::string> regions;  ///< Beside the scope's and us-east-1 (global services).
};

struct AthenaTable {
  std::string table;  ///< `database.table` or `table`.
  enum class Kind { kAlb, kCloudTrail } kind = Kind::kAlb;
  /// `projection`: partitions by `day` (yyyy/MM/dd) through partition projection; `year_month_day`: three string
  /// columns; `none`: no partitions (told as costly).
  std::string partitioning = "projection";
  std::string partition_column = "day";
};
struct AthenaSettings {
  std::vector<AthenaTable> tables;
  std::string database;
  std::string catalog;
  std::string workgroup = "primary";
  std::string output_location;
  int rows_limit = 100'000;
};

struct MetricsSettings {
  bool enabled = true;
  std::vector<std::string> namespaces;  ///< Empty: chosen from what the account has.
  std::uint64_t max_metrics = 1000;     ///< Series asked for; each is billed.
};

struct XRaySettings {
  bool enabled = true;
  std::uint64_t max_summaries = 20'000;
  std::uint64_t max_traces = 500;  ///< Fetched with their segments.
  std::string filter;              ///< Group or service to look at; joined with ours by AND.
};

/// One account and region. `role_arn` empty: the caller's own identity.
struct AwsTarget {
  std::string region;
  std::string role_arn;
  std::string external_id;
};

struct AwsRequest {
  std::string profile;
  std::vector<AwsTarget> targets;  ///< At least one when it is used.
  LogsSettings logs;
  std::vector<S3LogsSettings> alb;
  CloudTrailSettings cloudtrail;
  AthenaSettings athena;
  MetricsSettings metrics;
  XRaySettings xray;
  CostLimits limits;
  std::string prices_file;             ///< Empty: the list that comes with the program.
  std::string alarm_arn;               ///< Finds window and entity by itself.
  std::chrono::seconds deadline{300};  ///< For all collecting.
};

}  // namespace fa
