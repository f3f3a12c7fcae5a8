#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "formats/reader.h"
#include "sources/aws/s3_gap_book.h"
#include "sources/aws/s3_listing.h"

namespace fa {

/// The objects in the order in which they are worth having: those that can hold records of the window, then the others
/// by their distance to it; at the same distance by key.
void order_by_need(std::vector<S3LogObject>& objects, TimeRange window);

/// What the limits allow of a list in order of need: its first `count` objects, which are then reserved.
struct S3Allowance {
  std::size_t count = 0;
  Error refusal = {};  ///< Why not all; empty message where all are.
};
S3Allowance reserve_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3LogObject>& objects);

/// How fetched objects are kept.
struct S3FetchPlan {
  std::string folder;  ///< Of the collected folder.
  /// Name of the file; the key's last part by default.
  std::function<std::string(const S3LogObject&)> file_name;
  /// What the objects hold. Checked where one arrives unpacked, with neither a checksum nor a known size to go by: an
  /// error page of something on the way must not be taken for log lines.
  Format format = Format::kUnknown;
  /// The time the records of an object may be of.
  std::function<TimeRange(const S3LogObject&)> range;
};

/// Downloads the first `count` objects, 32 at a time, each straight into its file, byte for byte as it is stored. An
/// interrupted download begins anew. What fails goes into the book, and its reservation is given back. Returns how
/// many were had.
std::size_t fetch_objects(const AwsScope& scope, const S3Bucket& bucket, const std::vector<S3LogObject>& objects,
                          std::size_t count, const S3FetchPlan& plan, CollectedFolder& folder, S3GapBook& book,
                          const Context& context);

}  // namespace fa
