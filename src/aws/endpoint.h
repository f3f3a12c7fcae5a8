#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fa::aws {

/// A group of regions with its own domain and rules. Source of the figures: AWS's published partitions.json, where
/// every partition supports FIPS and dual-stack.
struct Partition {
  std::string_view name;                   ///< `aws`, `aws-cn`, `aws-us-gov`, ...
  std::string_view dns_suffix;             ///< `amazonaws.com`
  std::string_view dual_stack_dns_suffix;  ///< `api.aws`
  std::string_view global_region;          ///< Where its global services sign and answer: `us-east-1`.
};

/// The partition of a region, known or of a partition's pattern; regions that match none count as `aws`.
const Partition& partition_of(std::string_view region);

/// `aws-global` -> us-east-1; other regions as they are.
std::string_view real_region(std::string_view region);

struct EndpointRequest {
  std::string service;  ///< Endpoint rule set's name: logs, cloudwatch, s3, sts, sso, xray, athena, ...
  std::string region;
  bool use_fips = false;
  bool use_dual_stack = false;
  std::string override_url;  ///< AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_<SERVICE>; wins over everything else.
  // S3 only.
  std::string bucket;  ///< A name, or the ARN of an access point.
  bool force_path_style = false;
  bool accelerate = false;
  bool use_arn_region = true;
  // STS, and S3 in us-east-1.
  bool use_global_endpoint = false;
};

struct Endpoint {
  std::string url;  ///< Scheme, host, the override's path, and for path style the bucket (encoded); no trailing '/'.
  std::string signing_region;
  std::string signing_name;
};

/// Where a service answers. Services that the table does not know answer at `<name>.<region>.<domain>`. Errors
/// (kInvalidInput) say which combination is not possible, in AWS's own words where the rule sets give them, and what
/// we do not do: S3 on Outposts, directory buckets (S3 Express) and Multi-Region Access Points.
Result<Endpoint> resolve_endpoint(const EndpointRequest& request);

/// Signing name of a service: cloudwatch -> monitoring.
std::string signing_name_of(std::string_view service);

}  // namespace fa::aws
