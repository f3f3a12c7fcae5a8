/// The published endpoint cases of the services that FA2 calls, and the published list of partitions and regions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "aws/endpoint.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kEndpoints = FA_PROJECT_DIR "/../shared/aws/endpoints";

Json read(const fs::path& file) {
  std::ifstream in(file);
  return Json::parse(in);
}

bool flag(const Json& parameters, const char* name, bool otherwise = false) {
  return parameters.value(name, otherwise);
}

EndpointRequest request_of(const std::string& service, const Json& parameters) {
  EndpointRequest request;
  request.service = service;
  request.region = parameters.value("Region", "");
  request.use_fips = flag(parameters, "UseFIPS");
  request.use_dual_stack = flag(parameters, "UseDualStack");
  request.override_url = parameters.value("Endpoint", "");
  request.bucket = parameters.value("Bucket", "");
  request.force_path_style = flag(parameters, "ForcePathStyle");
  request.accelerate = flag(parameters, "Accelerate");
  request.use_arn_region = flag(parameters, "UseArnRegion", true);
  request.use_global_endpoint = flag(parameters, "UseGlobalEndpoint");
  return request;
}

/// Cases that are about something we do not do. `refused`: the request can reach us and must get an error that says
/// so; otherwise it holds an input that no call of ours ever gives.
struct Exclusion {
  const char* name;
  bool refused;
  bool (*covers)(const std::string& service, const Json& parameters);
};

bool bucket_has(const Json& parameters, const char* part) {
  return parameters.value("Bucket", "").find(part) != std::string::npos;
}

const Exclusion kExclusions[] = {
    {"S3 Express: directory buckets need sessions of their own", true,
     [](const std::string& service, const Json& p) {
       return service == "s3" && (bucket_has(p, "--x-s3") || bucket_has(p, "--xa-s3"));
     }},
    {"S3 on Outposts: no logs are delivered there", true,
     [](const std::string& service, const Json& p) {
       return service == "s3" && (bucket_has(p, ":s3-outposts:") || bucket_has(p, "--op-s3"));
     }},
    {"S3 Multi-Region Access Points: need asymmetric signatures (SigV4A)", true,
     [](const std::string& service, const Json& p) { return service == "s3" && bucket_has(p, ".mrap"); }},
    {"S3 control operations of directory buckets", false,
     [](const std::string& service, const Json& p) {
       return service == "s3" && flag(p, "UseS3ExpressControlEndpoint");
     }},
    {"S3 WriteGetObjectResponse, which only Object Lambda functions call", false,
     [](const std::string& service, const Json& p) { return service == "s3" && flag(p, "UseObjectLambdaEndpoint"); }},
    {"S3 operations that take no access points (bucket creation and the like)", false,
     [](const std::string& service, const Json& p) {
       return service == "s3" && (flag(p, "DisableAccessPoints") || flag(p, "DisableMultiRegionAccessPoints"));
     }},
    {"DynamoDB search operations", false,
     [](const std::string& service, const Json& p) { return service == "dynamodb" && flag(p, "IsSearchOperation"); }},
    {"DynamoDB endpoints by account id (AccountIdEndpointMode is never sent)", false,
     [](const std::string& service, const Json& p) {
       const std::string mode = p.value("AccountIdEndpointMode", "");
       return service == "dynamodb" && (mode == "preferred" || mode == "required");
     }},
};

const Exclusion* exclusion_of(const std::string& service, const Json& parameters) {
  for (const Exclusion& exclusion : kExclusions) {
    if (exclusion.covers(service, parameters)) return &exclusion;
  }
  return nullptr;
}

/// The scheme that we can sign with; null when the case has none.
Json sigv4_of(const Json& endpoint) {
  for (const Json& scheme : endpoint.value("properties", Json::object()).value("authSchemes", Json::array())) {
    if (scheme.at("name") == "sigv4") return scheme;
  }
  return {};
}

/// What differs from what the case expects; empty when nothing does.
std::string difference(const EndpointRequest& request, const Json& expect) {
  const Result<Endpoint> got = resolve_endpoint(request);
  if (expect.contains("error")) {
    const std::string error = expect.at("error").get<std::string>();
    if (got) return "gave " + got->url + ", expected the error: " + error;
    // Ours may go on with what to do next.
    return got.error().message.starts_with(error) ? "" : "said: " + got.error().message + ", expected: " + error;
  }
  const Json& endpoint = expect.at("endpoint");
  const std::string url = endpoint.at("url").get<std::string>();
  if (!got) return "said: " + got.error().message + ", expected " + url;
  if (got->url != url) return "gave " + got->url + ", expected " + url;
  const bool states_schemes = endpoint.value("properties", Json::object()).contains("authSchemes");
  const Json scheme = sigv4_of(endpoint);
  if (states_schemes && scheme.is_null()) return "no scheme that we can sign with";
  if (scheme.is_null()) return "";
  const std::string name = scheme.value("signingName", got->signing_name);
  const std::string region = scheme.value("signingRegion", got->signing_region);
  if (got->signing_name != name) return "signs as " + got->signing_name + ", expected " + name;
  if (got->signing_region != region) return "signs for " + got->signing_region + ", expected " + region;
  return "";
}

struct Totals {
  int cases = 0;
  int passed = 0;
  std::map<std::string, int> left_out;
};

void run_cases(const std::string& service, Totals& all) {
  Totals own;
  const Json file = read(kEndpoints / "endpoint-rules" / service / "endpoint-tests-1.json");
  for (const Json& test : file.at("testCases")) {
    ++own.cases;
    const Json parameters = test.value("params", Json::object());
    const EndpointRequest request = request_of(service, parameters);
    const std::string different = difference(request, test.at("expect"));
    if (different.empty()) {
      ++own.passed;
      continue;
    }
    const Exclusion* exclusion = exclusion_of(service, parameters);
    if (exclusion == nullptr) {
      ADD_FAILURE() << service << ": " << test.at("documentation") << "\n  " << parameters << "\n  " << different;
      continue;
    }
    ++own.left_out[exclusion->name];
    if (!exclusion->refused) continue;
    const Result<Endpoint> got = resolve_endpoint(request);
    EXPECT_FALSE(got) << parameters << ": must be refused, not sent somewhere";
  }
  std::printf("endpoint cases of %s: %d of %d pass\n", service.c_str(), own.passed, own.cases);
  EXPECT_GT(own.cases, 0) << service;
  all.cases += own.cases;
  all.passed += own.passed;
  for (const auto& [name, count] : own.left_out) {
    std::printf("  left out: %3d  %s\n", count, name.c_str());
    all.left_out[name] += count;
  }
}

TEST(EndpointCases, all_published_cases_but_those_named_as_left_out) {
  if (!fs::is_directory(kEndpoints)) GTEST_SKIP() << "the published endpoint cases are not at " << kEndpoints;
  Totals all;
  int services = 0;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(kEndpoints / "endpoint-rules")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    run_cases(folder.filename().string(), all);
    ++services;
  }
  int left_out = 0;
  for (const auto& [name, count] : all.left_out) left_out += count;
  std::printf("endpoint cases: %d of %d pass, %d left out, %d services\n", all.passed, all.cases, left_out, services);
  EXPECT_EQ(all.passed + left_out, all.cases);
  EXPECT_EQ(services, 13);
}

TEST(EndpointCases, partitions_and_regions_are_the_published_ones) {
  if (!fs::exists(kEndpoints / "partitions.json")) GTEST_SKIP() << "partitions.json is not at " << kEndpoints;
  int regions = 0;
  const Json file = read(kEndpoints / "partitions.json");
  for (const Json& partition : file.at("partitions")) {
    const Json& outputs = partition.at("outputs");
    EXPECT_TRUE(outputs.at("supportsFIPS").get<bool>() && outputs.at("supportsDualStack").get<bool>())
        << partition.at("id") << ": the code takes both for granted";
    for (const auto& [region, about] : partition.at("regions").items()) {
      ++regions;
      const Partition& found = partition_of(region);
      EXPECT_EQ(found.name, partition.at("id")) << region;
      EXPECT_EQ(found.dns_suffix, outputs.at("dnsSuffix")) << region;
      EXPECT_EQ(found.dual_stack_dns_suffix, outputs.at("dualStackDnsSuffix")) << region;
      EXPECT_EQ(found.global_region, outputs.at("implicitGlobalRegion")) << region;
    }
  }
  EXPECT_GT(regions, 40);
}

}  // namespace
}  // namespace fa::aws
