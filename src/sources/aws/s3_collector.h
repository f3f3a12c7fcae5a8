#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "formats/reader.h"
#include "sources/aws/aws_request.h"
#include "sources/aws/s3_fetch.h"

namespace fa {

/// What differs between the kinds of logs that AWS services write below AWSLogs/.
struct S3LogKind {
  std::string service_folder;        ///< `elasticloadbalancing`, `CloudTrail`
  std::string noun;                  ///< `access log`, for people.
  std::string impact;                ///< What it means for the answer when some are missing.
  std::string target_folder;         ///< Of the collected folder.
  Format format = Format::kUnknown;  ///< What the objects hold.
  KeyParser parse = nullptr;
  bool organizations = false;  ///< Trails of an organisation write below `AWSLogs/o-.../account/`.
  bool one_series = false;     ///< A day folder holds one writer's files: listing can begin at the first wanted time.
  std::chrono::minutes interval{5};  ///< How far before its name's time the records of a file may lie.
  std::string empty_reasons;         ///< Why there may be none, for people.
};

/// Fetches the log files of one bucket that can hold records of a study: finds accounts, lists, reserves, downloads,
/// and says what is missing. estimate() and collect() share one listing.
class S3LogCollector {
 public:
  /// `ranges`: when the wanted records may be. `regions`: of what writes the logs.
  S3LogCollector(const AwsScope& scope, S3LogsSettings settings, S3LogKind kind, std::vector<std::string> regions,
                 std::vector<TimeRange> ranges, std::string source);

  Result<CostEstimate> estimate(const Context& context);

  /// What was had; the gaps are in the folder already.
  struct Outcome {
    std::size_t fetched = 0;
    bool unreadable = false;  ///< Nothing could be listed at all: refused, not there, or not named rightly.
  };
  Outcome collect(CollectedFolder& folder, const Context& context);

 private:
  /// What the listing came to. `objects` are in order of need.
  struct Plan {
    std::optional<Error> error;  ///< Nothing can be listed at all.
    std::vector<std::string> notes;
    std::vector<S3DayFolder> folders;
    S3Listing listing;
  };
  /// A folder `AWSLogs/account/` or `AWSLogs/o-.../account/`.
  struct AccountFolder {
    std::string prefix;
    std::string account;
  };

  const Plan& plan(const Context& context);
  Plan make_plan(const Context& context);
  Result<std::vector<AccountFolder>> find_accounts(Plan& plan, std::uint64_t& calls, const Context& context);
  [[nodiscard]] std::vector<std::string> known_accounts() const;
  void tell_listing(const Plan& plan, CollectedFolder& folder) const;
  void tell_empty(const Plan& plan, CollectedFolder& folder) const;
  void tell_freshness(const Plan& plan, CollectedFolder& folder) const;
  void tell_limit(const Plan& plan, const S3Allowance& allowed, CollectedFolder& folder) const;
  [[nodiscard]] TimeRange range_of(const S3LogObject& object) const {
    return {object.stamp - kind_.interval, object.stamp};
  }

  const AwsScope& scope_;
  S3LogsSettings settings_;
  S3LogKind kind_;
  std::vector<std::string> regions_;
  std::vector<TimeRange> ranges_;
  std::vector<TimeRange> stamps_;
  S3Bucket bucket_;
  std::optional<Error> bad_url_;
  std::mutex mutex_;
  std::optional<Plan> plan_;
};

/// The region of what writes the logs, as far as the settings or their url name it; empty: the caller's own.
std::string region_named(const S3LogsSettings& settings);

/// `a`, `a and b`, `a, b and c`.
std::string listed(const std::vector<std::string>& names);

}  // namespace fa
