#include "aws/endpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "aws/host_label.h"
#include "aws/s3_endpoint.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// What is not `<name>[-fips].<region>.<domain>` about a service.
struct ServiceRules {
  std::string_view name;
  std::string_view host;
  std::string_view signing_name;
  /// In GovCloud (US) the plain endpoint is the FIPS one: no `-fips` there.
  bool plain_fips_in_gov = false;
  bool plain_dual_stack_fips_in_gov = false;
  /// The plain endpoint speaks IPv6 already (partitions aws, aws-cn, aws-us-gov).
  bool plain_dual_stack = false;
};

// From the endpoint rules and service models published with botocore; sso, sso-oidc and cloudtrail from its
// endpoints.json and the AWS General Reference.
constexpr std::array<ServiceRules, 12> kServices = {{
    {"bedrock-runtime", "bedrock-runtime", "bedrock"},
    {"cloudtrail", "cloudtrail", "cloudtrail", true},
    {"cloudwatch", "monitoring", "monitoring", true, true},
    {"dynamodb", "dynamodb", "dynamodb", true},
    {"guardduty", "guardduty", "guardduty", true},
    {"logs", "logs", "logs", true},
    {"s3", "s3", "s3"},
    {"secretsmanager", "secretsmanager", "secretsmanager", false, false, true},
    {"sns", "sns", "sns", true},
    {"sso", "portal.sso", "awsssoportal", true},
    {"sso-oidc", "oidc", "sso-oauth", true},
    {"sts", "sts", "sts", true},
}};

/// Regions whose STS requests went to the one global endpoint before there were regional ones. Source: IAM User Guide,
/// "Manage AWS STS in an AWS Region", as in the published rules.
constexpr std::array<std::string_view, 16> kLegacyStsRegions = {
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1",
    "eu-north-1",     "eu-west-1",  "eu-west-2",      "eu-west-3",      "sa-east-1",    "us-east-1",
    "us-east-2",      "us-west-1",  "us-west-2",      "aws-global"};

ServiceRules rules_of(std::string_view service) {
  const auto* const found =
      std::find_if(kServices.begin(), kServices.end(), [&](const ServiceRules& s) { return s.name == service; });
  return found != kServices.end() ? *found : ServiceRules{service, service, service};
}

/// DynamoDB alone refuses an override that is its own dual-stack endpoint.
bool is_dynamodb_dual_stack(const EndpointRequest& request, const Url& url) {
  return request.service == "dynamodb" &&
         url.host == fmt::format("dynamodb.{}.{}", request.region, partition_of(request.region).dual_stack_dns_suffix);
}

Result<Endpoint> overridden(const EndpointRequest& request, const Url& url, const ServiceRules& rules) {
  if (request.use_fips) return refuse_endpoint("Invalid Configuration: FIPS and custom endpoint are not supported");
  if (request.use_dual_stack)
    return refuse_endpoint("Invalid Configuration: Dualstack and custom endpoint are not supported");
  if (is_dynamodb_dual_stack(request, url)) {
    return refuse_endpoint(
        "Endpoint override is not supported for dual-stack endpoints. Please enable dual-stack functionality by "
        "enabling the configuration. For more details, see: "
        "https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html");
  }
  // Without a region there is still something to sign for; emulators take any.
  const std::string region(request.region.empty() ? partition_of("").global_region : real_region(request.region));
  std::string path = url.path;
  while (path.ends_with('/')) path.pop_back();
  return Endpoint{url.scheme + "://" + url.authority() + path, region, std::string(rules.signing_name)};
}

std::string host_of(const EndpointRequest& request, const ServiceRules& rules, std::string_view region) {
  const Partition& partition = partition_of(region);
  const bool gov = partition.name == "aws-us-gov";
  const bool plain_fips =
      gov && (request.use_dual_stack ? rules.plain_dual_stack_fips_in_gov : rules.plain_fips_in_gov);
  const bool plain_dual_stack =
      rules.plain_dual_stack && (partition.name == "aws" || gov || (partition.name == "aws-cn" && !request.use_fips));
  return fmt::format(
      "{}{}.{}.{}", rules.host, request.use_fips && !plain_fips ? "-fips" : "", region,
      request.use_dual_stack && !plain_dual_stack ? partition.dual_stack_dns_suffix : partition.dns_suffix);
}

bool uses_global_sts(const EndpointRequest& request) {
  if (request.service != "sts" || request.use_fips || request.use_dual_stack) return false;
  if (request.region == "aws-global") return true;
  return request.use_global_endpoint &&
         std::find(kLegacyStsRegions.begin(), kLegacyStsRegions.end(), request.region) != kLegacyStsRegions.end();
}

}  // namespace

Result<std::optional<Url>> parse_override(const EndpointRequest& request) {
  if (request.override_url.empty()) return std::optional<Url>();
  Result<Url> url = parse_url(request.override_url);
  if (url && url->query.empty()) return std::optional<Url>(std::move(*url));
  // What may be a password or a token in it is not shown.
  std::string_view shown = request.override_url;
  shown = shown.substr(0, shown.find('?'));
  if (shown.find('@') != std::string_view::npos) shown = "(not shown: it holds user information)";
  return refuse_endpoint(
      fmt::format("Custom endpoint `{}` was not a valid URI; give scheme, host and, where needed, port and "
                  "path, such as http://localhost:4566",
                  visible(shown)));
}

Result<Endpoint> resolve_endpoint(const EndpointRequest& request) {
  if (request.service == "s3") return resolve_s3_endpoint(request);
  const Result<std::optional<Url>> custom = parse_override(request);
  if (!custom) return tl::unexpected<Error>(custom.error());
  const ServiceRules rules = rules_of(request.service);
  if (*custom) return overridden(request, **custom, rules);

  if (request.region.empty()) {
    return refuse_endpoint(
        "Invalid Configuration: Missing Region; set AWS_REGION, or region in the profile or configuration");
  }
  if (!is_host_name(request.region)) {
    return refuse_endpoint(
        fmt::format("Invalid region: region was not a valid DNS name. Found: `{}`", visible(request.region)));
  }
  std::string signing_name(rules.signing_name);
  if (uses_global_sts(request)) return Endpoint{"https://sts.amazonaws.com", "us-east-1", std::move(signing_name)};
  if (request.service == "dynamodb" && request.region == "local") {
    if (request.use_fips) return refuse_endpoint("Invalid Configuration: FIPS and local endpoint are not supported");
    if (request.use_dual_stack)
      return refuse_endpoint("Invalid Configuration: Dualstack and local endpoint are not supported");
    return Endpoint{"http://localhost:8000", "us-east-1", std::move(signing_name)};
  }
  std::string region(real_region(request.region));
  std::string url = "https://" + host_of(request, rules, region);
  return Endpoint{std::move(url), std::move(region), std::move(signing_name)};
}

std::string signing_name_of(std::string_view service) { return std::string(rules_of(service).signing_name); }

}  // namespace fa::aws
