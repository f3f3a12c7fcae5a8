#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sources/aws/s3_key_plan.h"
#include "sources/aws/s3_location.h"
#include "sources/aws/source.h"

namespace fa {

/// The bucket a source reads, and as whom it is accounted.
struct S3Bucket {
  S3LogLocation location;
  bool requester_pays = false;
  std::string source;  ///< Name of the source, in gaps and in the account of costs.
};

/// One log file that can hold records of the study.
struct S3LogObject {
  std::string key;
  std::string account;
  std::string region;  ///< Of what wrote it, not of the bucket.
  std::uint64_t size = 0;
  TimePoint stamp = kNoTime;  ///< Of its name.
};

/// A day of one account and region.
struct S3DayFolder {
  std::string prefix;  ///< Ends in '/'.
  std::string account;
  std::string region;
  std::string start_after;  ///< Where the first listing begins; empty: at its beginning.
};

/// An error and what was being done.
struct S3Failure {
  std::string what;  ///< `s3://bucket/prefix`
  Error error;
};

struct S3Listing {
  std::vector<S3LogObject> objects;  ///< Wanted ones, sorted by key, each once.
  std::set<std::string> classic;     ///< Classic Load Balancers that log here (their files are not read).
  std::set<std::string> network;     ///< Network Load Balancers.
  bool connection_logs = false;      ///< Logs of another kind stand beside.
  std::uint64_t keys = 0;            ///< Keys seen in all.
  std::uint64_t calls = 0;
  std::vector<S3Failure> failures;  ///< Folders that were not listed to their end, sorted.
};

/// Lists the folders in parallel, as few pages of each as its names allow. `stamps` are the times wanted. Every call is
/// reserved with the cost meter; a refusal is a failure like any other.
S3Listing list_log_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3DayFolder>& folders,
                           const std::vector<TimeRange>& stamps, KeyParser parse, const Context& context);

/// Names of the folders directly below `prefix` (which ends in '/'), without it and without '/', in order.
Result<std::vector<std::string>> child_folders(const AwsScope& scope, const S3Bucket& bucket, const std::string& prefix,
                                               std::uint64_t& calls, const Context& context);

}  // namespace fa
