#include "aws/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

EndpointRequest of(std::string service, std::string region) {
  EndpointRequest request;
  request.service = std::move(service);
  request.region = std::move(region);
  return request;
}

EndpointRequest bucket(std::string name, std::string override_url = "") {
  EndpointRequest request = of("s3", "eu-west-1");
  request.bucket = std::move(name);
  request.override_url = std::move(override_url);
  return request;
}

std::string url(const EndpointRequest& request) {
  const Result<Endpoint> endpoint = resolve_endpoint(request);
  return endpoint ? endpoint->url : "error: " + endpoint.error().message;
}

TEST(Endpoint, services_answer_and_sign_under_their_own_names) {
  struct Case {
    const char* service;
    const char* url;
    const char* fips;
    const char* fips_in_gov;
    const char* signing_name;
  };
  const Case kCases[] = {
      {"cloudtrail", "https://cloudtrail.eu-west-1.amazonaws.com", "https://cloudtrail-fips.us-east-1.amazonaws.com",
       "https://cloudtrail.us-gov-east-1.amazonaws.com", "cloudtrail"},
      {"sso", "https://portal.sso.eu-west-1.amazonaws.com", "https://portal.sso-fips.us-east-1.amazonaws.com",
       "https://portal.sso.us-gov-east-1.amazonaws.com", "awsssoportal"},
      {"sso-oidc", "https://oidc.eu-west-1.amazonaws.com", "https://oidc-fips.us-east-1.amazonaws.com",
       "https://oidc.us-gov-east-1.amazonaws.com", "sso-oauth"},
      {"cloudwatch", "https://monitoring.eu-west-1.amazonaws.com", "https://monitoring-fips.us-east-1.amazonaws.com",
       "https://monitoring.us-gov-east-1.amazonaws.com", "monitoring"},
      {"bedrock-runtime", "https://bedrock-runtime.eu-west-1.amazonaws.com",
       "https://bedrock-runtime-fips.us-east-1.amazonaws.com",
       "https://bedrock-runtime-fips.us-gov-east-1.amazonaws.com", "bedrock"},
      {"not-in-the-table", "https://not-in-the-table.eu-west-1.amazonaws.com",
       "https://not-in-the-table-fips.us-east-1.amazonaws.com",
       "https://not-in-the-table-fips.us-gov-east-1.amazonaws.com", "not-in-the-table"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(url(of(c.service, "eu-west-1")), c.url);
    EndpointRequest fips = of(c.service, "us-east-1");
    fips.use_fips = true;
    EXPECT_EQ(url(fips), c.fips);
    fips.region = "us-gov-east-1";
    EXPECT_EQ(url(fips), c.fips_in_gov);
    EXPECT_EQ(signing_name_of(c.service), c.signing_name);
    EXPECT_EQ(resolve_endpoint(of(c.service, "eu-west-1")).value().signing_name, c.signing_name);
    EXPECT_EQ(resolve_endpoint(of(c.service, "eu-west-1")).value().signing_region, "eu-west-1");
  }
}

TEST(Endpoint, regions_belong_to_partitions_by_name_or_form) {
  struct Case {
    const char* region;
    const char* partition;
  };
  const Case kCases[] = {
      {"us-east-1", "aws"},
      {"mx-new-7", "aws"},
      {"us-gov-new-12", "aws-us-gov"},
      {"cn-new-1", "aws-cn"},
      {"us-iso-new-1", "aws-iso"},
      {"us-isob-new-1", "aws-iso-b"},
      {"eu-isoe-new-1", "aws-iso-e"},
      {"us-isof-new-1", "aws-iso-f"},
      {"eusc-de-new-1", "aws-eusc"},
      {"aws-us-gov-global", "aws-us-gov"},
      {"local", "aws"},
      {"", "aws"},
      {"cn-", "aws"},
      {"cn-north-", "aws"},
      {"cn--1", "aws"},
      {"-north-1", "aws"},
      {"xx-cn-north-1", "aws"},
      {"cn-north-1x", "aws"},
  };
  for (const Case& c : kCases) EXPECT_EQ(partition_of(c.region).name, c.partition) << c.region;
}

TEST(Endpoint, pseudo_regions_of_global_services_become_real_ones) {
  struct Case {
    const char* region;
    const char* real;
  };
  const Case kCases[] = {{"aws-global", "us-east-1"},
                         {"aws-cn-global", "cn-northwest-1"},
                         {"aws-us-gov-global", "us-gov-west-1"},
                         {"eu-west-1", "eu-west-1"},
                         {"other-global", "other-global"}};
  for (const Case& c : kCases) EXPECT_EQ(real_region(c.region), c.real);
  const Endpoint endpoint = resolve_endpoint(of("cloudwatch", "aws-cn-global")).value();
  EXPECT_EQ(endpoint.url, "https://monitoring.cn-northwest-1.amazonaws.com.cn");
  EXPECT_EQ(endpoint.signing_region, "cn-northwest-1");
}

TEST(Endpoint, an_override_wins_and_keeps_its_path_and_port) {
  struct Case {
    const char* override_url;
    const char* url;
  };
  const Case kCases[] = {{"http://127.0.0.1:4566", "http://127.0.0.1:4566"},
                         {"http://127.0.0.1:4566/", "http://127.0.0.1:4566"},
                         {"https://proxy.example:8443/aws//", "https://proxy.example:8443/aws"},
                         {"https://h:443", "https://h"},
                         {"http://[::1]:9000/x", "http://[::1]:9000/x"}};
  for (const Case& c : kCases) {
    EndpointRequest request = of("logs", "eu-west-1");
    request.override_url = c.override_url;
    EXPECT_EQ(url(request), c.url);
    EXPECT_EQ(resolve_endpoint(request).value().signing_region, "eu-west-1");
  }
  EndpointRequest nowhere = of("logs", "");
  nowhere.override_url = "http://127.0.0.1:4566";
  EXPECT_EQ(resolve_endpoint(nowhere).value().signing_region, "us-east-1") << "a signature needs one";
}

TEST(Endpoint, overrides_that_cannot_be_used_are_refused_without_their_secrets) {
  for (const char* wrong : {"localhost:4566", "ftp://h", "https://", "https://h?x=hunter2", "https://me:hunter2@h/"}) {
    for (const char* service : {"logs", "s3"}) {
      EndpointRequest request = of(service, "eu-west-1");
      request.override_url = wrong;
      const Result<Endpoint> endpoint = resolve_endpoint(request);
      ASSERT_FALSE(endpoint) << wrong;
      EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidInput);
      EXPECT_THAT(endpoint.error().message, HasSubstr("was not a valid URI"));
      EXPECT_THAT(endpoint.error().message, Not(HasSubstr("hunter2")));
    }
  }
}

TEST(Endpoint, a_region_cannot_change_the_host) {
  for (const char* region : {"evil.com/", "a b", "x@evil.com", "eu-west-1.", "-eu", "eu..west", "eu-west-1\n", "#"}) {
    for (const char* service : {"logs", "s3", "sts", "dynamodb"}) {
      const Result<Endpoint> endpoint = resolve_endpoint(of(service, region));
      ASSERT_FALSE(endpoint) << region << " gave " << endpoint->url;
      EXPECT_THAT(endpoint.error().message, HasSubstr("Invalid region"));
    }
  }
}

TEST(Endpoint, buckets_stand_in_the_host_where_a_certificate_covers_it) {
  struct Case {
    const char* bucket;
    const char* url;
  };
  const std::string longest(63, 'a');
  const std::string too_long(64, 'a');
  const Case kCases[] = {
      {"logs-1", "https://logs-1.s3.eu-west-1.amazonaws.com"},
      {"logs.example.com", "https://s3.eu-west-1.amazonaws.com/logs.example.com"},
      {"Logs", "https://s3.eu-west-1.amazonaws.com/Logs"},
      {"ab", "https://s3.eu-west-1.amazonaws.com/ab"},
      {"-ab-", "https://s3.eu-west-1.amazonaws.com/-ab-"},
      {"192.168.0.1", "https://s3.eu-west-1.amazonaws.com/192.168.0.1"},
      {"a/b?c#d@e", "https://s3.eu-west-1.amazonaws.com/a%2Fb%3Fc%23d%40e"},
      {"ap-x1y2z3-s3alias", "https://ap-x1y2z3-s3alias.s3.eu-west-1.amazonaws.com"},
  };
  for (const Case& c : kCases) EXPECT_EQ(url(bucket(c.bucket)), c.url);
  EXPECT_EQ(url(bucket(longest)), "https://" + longest + ".s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(url(bucket(too_long)), "https://s3.eu-west-1.amazonaws.com/" + too_long);
}

TEST(Endpoint, buckets_of_overrides_stand_in_the_host_unless_it_is_an_address) {
  struct Case {
    const char* override_url;
    const char* url;
  };
  const Case kCases[] = {
      {"https://minio.example:9000/", "https://logs.minio.example:9000"},
      {"https://minio.example/store/", "https://logs.minio.example/store"},
      {"http://127.0.0.1:4566", "http://127.0.0.1:4566/logs"},
      {"http://[::1]:4566/x/", "http://[::1]:4566/x/logs"},
      {"http://localhost:4566", "http://logs.localhost:4566"},
  };
  for (const Case& c : kCases) EXPECT_EQ(url(bucket("logs", c.override_url)), c.url);
  EndpointRequest by_path = bucket("logs", "http://localhost:4566");
  by_path.force_path_style = true;
  EXPECT_EQ(url(by_path), "http://localhost:4566/logs");
  EXPECT_EQ(url(bucket("a.b", "http://h")), "http://a.b.h") << "no certificate, so dots may stand there";
  EXPECT_EQ(url(bucket("a.b", "https://h")), "https://h/a.b");
}

TEST(Endpoint, what_we_do_not_read_from_s3_is_refused_by_name) {
  struct Case {
    const char* bucket;
    const char* told;
  };
  const Case kCases[] = {
      {"logs--euw1-az1--x-s3", "directory bucket"},
      {"point--euw1-az1--xa-s3", "directory bucket"},
      {"arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/logs", "Outposts"},
      {"logs-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3", "Outposts"},
      {"arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", "SigV4A"},
      {"..", "not the name of a bucket"},
      {".", "not the name of a bucket"},
  };
  for (const Case& c : kCases) {
    const Result<Endpoint> endpoint = resolve_endpoint(bucket(c.bucket));
    ASSERT_FALSE(endpoint) << c.bucket;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(endpoint.error().message, HasSubstr(c.told));
  }
}

TEST(Endpoint, arns_that_are_cut_off_anywhere_are_refused) {
  const std::string whole = "arn:aws:s3:eu-west-1:123456789012:accesspoint/logs";
  EXPECT_EQ(url(bucket(whole)), "https://logs-123456789012.s3-accesspoint.eu-west-1.amazonaws.com");
  const std::size_t name = whole.find("logs");
  for (std::size_t size = 4; size <= name; ++size) {
    const Result<Endpoint> endpoint = resolve_endpoint(bucket(whole.substr(0, size)));
    EXPECT_FALSE(endpoint) << whole.substr(0, size) << " gave " << endpoint->url;
  }
}

}  // namespace
}  // namespace fa::aws
