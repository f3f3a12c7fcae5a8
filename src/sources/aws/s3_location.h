#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fa {

/// What a user's url says of a bucket that holds logs of AWS services. The services write below
/// `[prefix/]AWSLogs/[o-organisation/]account/service/region/yyyy/MM/dd/`; a url may end anywhere on that path, and
/// what it names narrows the search.
struct S3LogLocation {
  std::string bucket;
  std::string prefix;        ///< What stands before `AWSLogs/`: empty, or ending in '/'.
  std::string organization;  ///< `o-...`; empty when not named.
  std::string account;       ///< Twelve digits; empty when not named.
  std::string region;        ///< Empty when not named.

  /// `s3://bucket/prefix/AWSLogs/`, for people.
  [[nodiscard]] std::string shown() const { return "s3://" + bucket + "/" + root(); }
  /// Prefix of all keys: `prefix/AWSLogs/`.
  [[nodiscard]] std::string root() const { return prefix + "AWSLogs/"; }
};

/// Reads `s3://bucket/prefix`, `bucket/prefix`, `arn:aws:s3:::bucket/prefix`, each with or without `AWSLogs/...` behind
/// it. kInvalidInput for anything else (a web address, a bucket name that is none), naming the text and the forms.
Result<S3LogLocation> parse_s3_log_location(std::string_view url);

/// Twelve digits.
[[nodiscard]] bool is_account_id(std::string_view text);

}  // namespace fa
