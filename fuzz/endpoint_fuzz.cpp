#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/endpoint.h"
#include "aws/uri.h"
#include "base/text.h"

/// Flags, then lines: service, region, bucket, override. Whatever they hold, an endpoint must be a URL that can be
/// called, and without an override its host must be AWS's own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const auto lines = fa::split({reinterpret_cast<const char*>(data) + 1, size - 1}, '\n');
  const auto line = [&](std::size_t index) { return index < lines.size() ? std::string(lines[index]) : std::string(); };
  fa::aws::EndpointRequest request;
  constexpr std::string_view kServices[] = {"s3", "sts", "dynamodb", "logs", "secretsmanager"};
  request.service = kServices[line(0).size() % std::size(kServices)];
  request.region = line(1);
  request.bucket = line(2);
  request.override_url = line(3);
  request.use_fips = (data[0] & 1) != 0;
  request.use_dual_stack = (data[0] & 2) != 0;
  request.force_path_style = (data[0] & 4) != 0;
  request.accelerate = (data[0] & 8) != 0;
  request.use_arn_region = (data[0] & 16) != 0;
  request.use_global_endpoint = (data[0] & 32) != 0;

  const auto endpoint = fa::aws::resolve_endpoint(request);
  if (!endpoint) {
    if (endpoint.error().message.empty()) std::abort();
    return 0;
  }
  const auto url = fa::aws::parse_url(endpoint->url);
  if (!url || !url->query.empty() || endpoint->url.ends_with('/')) std::abort();
  if (endpoint->signing_region.empty() || endpoint->signing_name.empty()) std::abort();
  if (!request.override_url.empty() || endpoint->url == "http://localhost:8000") return 0;
  bool own = false;
  for (const char* region : {"us-east-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1",
                             "eu-isoe-west-1", "us-isof-south-1", "us-gov-west-1"}) {
    const fa::aws::Partition& partition = fa::aws::partition_of(region);
    own = own || url->host.ends_with("." + std::string(partition.dns_suffix)) ||
          url->host.ends_with("." + std::string(partition.dual_stack_dns_suffix));
  }
  if (!own) std::abort();
  return 0;
}
