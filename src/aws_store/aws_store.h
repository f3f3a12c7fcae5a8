#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "aws/client.h"
#include "base/wait.h"
#include "store/job_store.h"

/// The stores for a program without a disk: jobs in a DynamoDB table, blobs in an S3 bucket (docs/formats/jobs.md).
namespace fa {

struct DynamoJobOptions {
  std::string table;  ///< With the keys `pk` and `sk`, both texts, and `expires_at` as its time to live.
  JobLimits limits = {};
  Nanoseconds call_patience = std::chrono::seconds(10);  ///< Of one call of the store, retries included.
  Nanoseconds keep = std::chrono::hours(24 * 30);        ///< Requests and alarms: after this the table forgets them.
  Nanoseconds keep_audit = std::chrono::hours(24 * 365);
};

/// Any number of processes may work on one table. Nothing is asked here; a table that cannot be used is found by
/// JobStore::check(). Limits on what waits are looked at before a request is stored, not with it: requests that come at
/// the same moment may exceed them by as many. Borrows all references.
[[nodiscard]] std::unique_ptr<JobStore> make_dynamo_job_store(aws::Client& client, Sleeper& sleeper, Random& random,
                                                              DynamoJobOptions options);

struct S3BlobOptions {
  std::string bucket;
  std::string prefix;  ///< Before all keys; empty, or ending in '/'.
  /// Where folders are collected into and read from: made here, and removed with the store.
  std::filesystem::path local;
  std::size_t part_bytes = std::size_t{64} << 20;  ///< Larger files become several objects, each held in memory once.
  Nanoseconds call_patience = std::chrono::minutes(5);  ///< Of each object.
};

/// kUnreadable where the local folder cannot be made. Borrows the client.
[[nodiscard]] Result<std::unique_ptr<BlobStore>> open_s3_blob_store(aws::Client& client, S3BlobOptions options);

}  // namespace fa
