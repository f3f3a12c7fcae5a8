#include "aws/s3_endpoint.h"

#include <fmt/core.h>

#include "aws/host_label.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// What all forms of an S3 endpoint are made from.
struct Surroundings {
  const EndpointRequest& request;
  std::optional<Url> custom;
  const Partition& partition;
  std::string region;  ///< Real: never aws-global.

  /// `s3`, `s3-fips.dualstack`: the service's label with what the settings add.
  [[nodiscard]] std::string label(std::string_view service) const {
    return fmt::format("{}{}{}", service, request.use_fips ? "-fips" : "", request.use_dual_stack ? ".dualstack" : "");
  }

  [[nodiscard]] std::string custom_path() const {
    std::string path = custom->path;
    while (path.ends_with('/')) path.pop_back();
    return path;
  }

  /// URL with `front` as first labels of the host.
  [[nodiscard]] std::string custom_url(std::string_view front) const {
    return fmt::format("{}://{}{}{}{}", custom->scheme, front, front.empty() ? "" : ".", custom->authority(),
                       custom_path());
  }

  /// Without a region in it: the one global host, which aws-global and, on request, us-east-1 use.
  [[nodiscard]] bool regionless() const {
    if (request.use_fips || request.use_dual_stack) return false;
    return request.region == "aws-global" || (request.region == "us-east-1" && request.use_global_endpoint);
  }

  [[nodiscard]] std::string host() const {
    if (regionless()) return fmt::format("s3.{}", partition.dns_suffix);
    return fmt::format("{}.{}.{}", label("s3"), region, partition.dns_suffix);
  }

  [[nodiscard]] Endpoint endpoint(std::string url) const { return {std::move(url), region, "s3"}; }
};

/// `arn:partition:service:region:account:resource`, the resource split at ':' and '/'.
struct Arn {
  std::string_view service;
  std::string_view region;
  std::string_view account;
  std::vector<std::string_view> resource;
};

std::optional<Arn> parse_arn(std::string_view text) {
  constexpr std::size_t kHead = 5;
  std::vector<std::string_view> head;
  std::string_view rest = text;
  for (std::size_t i = 0; i < kHead; ++i) {
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    head.push_back(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  if (head[0] != "arn" || head[1].empty() || head[2].empty() || rest.empty()) return std::nullopt;
  Arn arn{head[2], head[3], head[4], {}};
  while (true) {
    const std::size_t end = rest.find_first_of(":/");
    arn.resource.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) return arn;
    rest.remove_prefix(end + 1);
  }
}

Result<Endpoint> global_access_point(const Surroundings& s, std::string_view name) {
  if (!is_host_name(name)) return refuse_endpoint("Invalid Access Point Name");
  if (s.request.use_dual_stack) return refuse_endpoint("S3 MRAP does not support dual-stack");
  if (s.request.use_fips) return refuse_endpoint("S3 MRAP does not support FIPS");
  if (s.request.accelerate) return refuse_endpoint("S3 MRAP does not support S3 Accelerate");
  const std::string_view text = s.request.bucket;
  const std::string_view partition = split(text, ':')[1];
  if (partition != s.partition.name) {
    return refuse_endpoint(fmt::format("Client was configured for partition `{}` but bucket referred to partition `{}`",
                                       s.partition.name, visible(partition)));
  }
  return refuse_endpoint(fmt::format(
      "the Multi-Region Access Point {} is not supported: it wants asymmetric signatures (SigV4A); name the bucket or "
      "an access point of one region instead",
      visible(text)));
}

/// Access points of S3 and of S3 Object Lambda. The order of the checks decides which of several faults is told.
Result<Endpoint> access_point(const Surroundings& s, const Arn& arn) {
  const EndpointRequest& request = s.request;
  const bool lambda = arn.service == "s3-object-lambda";
  if (lambda && request.use_dual_stack) return refuse_endpoint("S3 Object Lambda does not support Dual-stack");
  if (lambda && request.accelerate) return refuse_endpoint("S3 Object Lambda does not support S3 Accelerate");
  if (arn.resource.front() != "accesspoint") {
    return refuse_endpoint(
        fmt::format("Invalid ARN: Object Lambda ARNs only support `accesspoint` arn types, but found: `{}`",
                    visible(arn.resource.front())));
  }
  const std::string_view name = arn.resource.size() > 1 ? arn.resource[1] : std::string_view();
  if (name.empty()) {
    return refuse_endpoint(
        "Invalid ARN: Expected a resource of the format `accesspoint:<accesspoint name>` but no name was provided");
  }
  if (arn.region.empty()) {
    if (lambda) return refuse_endpoint("Invalid ARN: bucket ARN is missing a region");
    return global_access_point(s, name);
  }
  if (lambda && arn.account.empty()) return refuse_endpoint("Invalid ARN: Missing account id");
  if (request.accelerate) return refuse_endpoint("Access Points do not support S3 Accelerate");
  if (arn.resource.size() > 2) {
    return refuse_endpoint("Invalid ARN: The ARN may only contain a single resource component after `accesspoint`.");
  }
  if (!request.use_arn_region && arn.region != request.region) {
    return refuse_endpoint(
        fmt::format("Invalid configuration: region from ARN `{}` does not match client region `{}` and "
                    "UseArnRegion is `false`",
                    visible(arn.region), request.region));
  }
  const Partition& partition = partition_of(arn.region);
  if (partition.name != s.partition.name) {
    return refuse_endpoint(fmt::format("Client was configured for partition `{}` but ARN (`{}`) has `{}`",
                                       s.partition.name, visible(request.bucket), partition.name));
  }
  if (!is_host_name(arn.region)) {
    return refuse_endpoint(fmt::format("Invalid region in ARN: `{}` (invalid DNS name)", visible(arn.region)));
  }
  if (!lambda && arn.service != "s3") {
    return refuse_endpoint(
        fmt::format("Invalid ARN: The ARN was not for the S3 service, found: {}", visible(arn.service)));
  }
  for (const auto& [what, part] : {std::pair{"account id", arn.account}, std::pair{"access point name", name}}) {
    if (!is_host_label(part)) {
      return refuse_endpoint(
          fmt::format("Invalid ARN: The {} may only contain a-z, A-Z, 0-9 and `-`. Found: `{}`", what, visible(part)));
    }
  }
  const std::string front = fmt::format("{}-{}", name, arn.account);
  std::string url =
      s.custom ? s.custom_url(front)
               : fmt::format("https://{}.{}.{}.{}", front, s.label(lambda ? "s3-object-lambda" : "s3-accesspoint"),
                             arn.region, partition.dns_suffix);
  return Endpoint{std::move(url), std::string(arn.region), lambda ? "s3-object-lambda" : "s3"};
}

Result<Endpoint> by_arn(const Surroundings& s) {
  const std::string_view text = s.request.bucket;
  if (s.request.force_path_style) return refuse_endpoint("Path-style addressing cannot be used with ARN buckets");
  const std::optional<Arn> arn = parse_arn(text);
  if (!arn) return refuse_endpoint(fmt::format("Invalid ARN: `{}` was not a valid ARN", visible(text)));
  if (arn->resource.front().empty()) return refuse_endpoint("Invalid ARN: No ARN type specified");
  if (arn->service == "s3-outposts") {
    return refuse_endpoint(fmt::format(
        "{} is not supported: it is on S3 on Outposts, where neither load balancers nor CloudTrail deliver logs",
        visible(text)));
  }
  if (arn->service == "s3-object-lambda" || arn->resource.front() == "accesspoint") return access_point(s, *arn);
  return refuse_endpoint(
      fmt::format("Invalid ARN: Unrecognized format: {} (type: {})", visible(text), visible(arn->resource.front())));
}

Result<Endpoint> virtual_host(const Surroundings& s) {
  const std::string& bucket = s.request.bucket;
  if (s.custom) return s.endpoint(s.custom_url(bucket));
  if (!s.request.accelerate) return s.endpoint(fmt::format("https://{}.{}", bucket, s.host()));
  if (s.partition.name == "aws-cn") return refuse_endpoint("S3 Accelerate cannot be used in this region");
  // The published rules put the region into the name for this one combination.
  const bool odd = s.request.region == "aws-global" && s.request.use_dual_stack;
  return s.endpoint(fmt::format("https://{}.s3-accelerate{}{}.{}", bucket, s.request.use_dual_stack ? ".dualstack" : "",
                                odd ? "." + s.region : "", s.partition.dns_suffix));
}

Result<Endpoint> path_style(const Surroundings& s) {
  const std::string& bucket = s.request.bucket;
  if (s.request.accelerate) return refuse_endpoint("Path-style addressing cannot be used with S3 Accelerate");
  if (bucket == "." || bucket == "..") {
    return refuse_endpoint(
        fmt::format("'{}' is not the name of a bucket: it would change the path of the request", bucket));
  }
  return s.endpoint((s.custom ? s.custom_url("") : "https://" + s.host()) + '/' + uri_encode(bucket));
}

Result<void> check_settings(const EndpointRequest& request) {
  const bool custom = !request.override_url.empty();
  if (request.region.empty()) {
    return refuse_endpoint(
        "A region must be set when sending requests to S3. Set AWS_REGION, or region in the profile or configuration.");
  }
  if (request.accelerate && request.use_fips) return refuse_endpoint("Accelerate cannot be used with FIPS");
  if (request.use_dual_stack && custom)
    return refuse_endpoint("Cannot set dual-stack in combination with a custom endpoint.");
  if (custom && request.use_fips) return refuse_endpoint("A custom endpoint cannot be combined with FIPS");
  if (custom && request.accelerate) return refuse_endpoint("A custom endpoint cannot be combined with S3 Accelerate");
  if (request.use_fips && partition_of(request.region).name == "aws-cn") {
    return refuse_endpoint("Partition does not support FIPS");
  }
  if (!is_host_name(request.region)) {
    return refuse_endpoint(
        fmt::format("Invalid region: region was not a valid DNS name. Found: `{}`", visible(request.region)));
  }
  return {};
}

/// Names whose last part says that another service keeps them. Source: Amazon S3 User Guide, bucket naming rules.
Result<void> check_kind(const std::string& bucket) {
  if (bucket.ends_with("--x-s3") || bucket.ends_with("--xa-s3")) {
    return refuse_endpoint(fmt::format(
        "{} is not supported: it is a directory bucket (S3 Express), where neither load balancers nor CloudTrail "
        "deliver logs; name a general purpose bucket",
        visible(bucket)));
  }
  if (bucket.ends_with("--op-s3")) {
    return refuse_endpoint(fmt::format(
        "{} is not supported: it is on S3 on Outposts, where neither load balancers nor CloudTrail deliver logs",
        visible(bucket)));
  }
  return {};
}

}  // namespace

Result<Endpoint> resolve_s3_endpoint(const EndpointRequest& request) {
  if (auto checked = check_settings(request); !checked) return tl::unexpected<Error>(checked.error());
  if (auto checked = check_kind(request.bucket); !checked) return tl::unexpected<Error>(checked.error());
  Result<std::optional<Url>> custom = parse_override(request);
  if (!custom) return tl::unexpected<Error>(custom.error());
  const Surroundings s{request, std::move(*custom), partition_of(request.region),
                       std::string(real_region(request.region))};

  if (request.bucket.empty()) return s.endpoint(s.custom ? s.custom_url("") : "https://" + s.host());
  if (request.bucket.starts_with("arn:")) return by_arn(s);
  const bool no_certificate = s.custom && s.custom->scheme == "http";
  const bool in_host = !request.force_path_style && is_virtual_host_bucket(request.bucket, no_certificate) &&
                       !(s.custom && is_ip_address(s.custom->host));
  return in_host ? virtual_host(s) : path_style(s);
}

}  // namespace fa::aws
