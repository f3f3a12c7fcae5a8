#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "net/http.h"

namespace fa::aws {

/// How a request is signed. Specification: "AWS Signature Version 4 for API requests", IAM User Guide.
struct SigningScope {
  std::string region;
  std::string service;                 ///< Signing name: `monitoring`, not `cloudwatch`.
  bool encode_path_twice = true;       ///< False for S3: the path is encoded once, as it stands in the URL.
  bool normalize_path = true;          ///< False for S3: keys may hold `//`, `.` and `..`.
  bool content_sha256_header = false;  ///< Adds x-amz-content-sha256 (S3 wants it).
  bool unsigned_payload = false;       ///< Signs `UNSIGNED-PAYLOAD` instead of the body's hash.
  /// Session token as a header or parameter outside what is signed (a few services want it so).
  bool omit_session_token = false;

  /// S3's rules, all of them.
  static SigningScope s3(std::string region);
};

/// The steps of a signature, which published vectors state one by one.
struct SignatureParts {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;  ///< Lower-case hex.
};

/// Adds X-Amz-Date, X-Amz-Security-Token and Authorization (and Host where missing, and x-amz-content-sha256) to the
/// request. The query may be unsorted. Headers already there are signed, but for those that proxies and clients change
/// (Connection, User-Agent, X-Amzn-Trace-Id, Expect, Transfer-Encoding, TE). What an earlier signature left behind,
/// headers or query parameters, is taken out first: a request may be signed again. Without content_sha256_header, a
/// value of that header which the caller set stands for the body's hash. Fails with kInvalidInput on a URL that is
/// none, and kDenied without an access key. Thread-safe, as no state is kept.
Result<SignatureParts> sign_request(HttpRequest& request, const SigningScope& scope, const Credentials& credentials,
                                    TimePoint now);

/// The same as query parameters appended to request.url, valid for `expires` (1 s to 7 days, else kInvalidInput).
/// With content_sha256_header (S3) the payload is not signed: S3 takes a presigned URL without that header so.
Result<SignatureParts> presign_request(HttpRequest& request, const SigningScope& scope, const Credentials& credentials,
                                       TimePoint now, std::chrono::seconds expires);

}  // namespace fa::aws
