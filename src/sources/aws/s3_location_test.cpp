#include "sources/aws/s3_location.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(S3LogLocation, takes_a_url_that_ends_anywhere_on_the_path) {
  struct Case {
    const char* url;
    const char* bucket;
    const char* prefix;
    const char* organization;
    const char* account;
    const char* region;
  };
  const Case cases[] = {
      {"s3://logs", "logs", "", "", "", ""},
      {"logs", "logs", "", "", "", ""},
      {" s3://logs/ ", "logs", "", "", "", ""},
      {"logs/alb", "logs", "alb/", "", "", ""},
      {"s3://logs/alb/prod/", "logs", "alb/prod/", "", "", ""},
      {"arn:aws:s3:::logs/alb", "logs", "alb/", "", "", ""},
      {"arn:aws-cn:s3:::logs", "logs", "", "", "", ""},
      {"s3://logs/AWSLogs", "logs", "", "", "", ""},
      {"s3://logs/AWSLogs/", "logs", "", "", "", ""},
      {"s3://logs/alb/AWSLogs/123456789012", "logs", "alb/", "", "123456789012", ""},
      {"s3://logs/AWSLogs/123456789012/elasticloadbalancing/ap-northeast-1/2026/03/14/", "logs", "", "", "123456789012",
       "ap-northeast-1"},
      {"s3://logs/AWSLogs/o-exampleorgid/123456789012/CloudTrail/us-gov-west-1", "logs", "", "o-exampleorgid",
       "123456789012", "us-gov-west-1"},
      {"s3://logs/AWSLogs/o-exampleorgid/", "logs", "", "o-exampleorgid", "", ""},
      // An account-like folder before AWSLogs is a prefix like any other; double slashes are part of a key.
      {"s3://logs/123456789012/", "logs", "123456789012/", "", "", ""},
      {"s3://logs/a//b/AWSLogs", "logs", "a//b/", "", "", ""},
      {"s3://my.logs-1.example", "my.logs-1.example", "", "", "", ""},
  };
  for (const Case& c : cases) {
    const auto at = parse_s3_log_location(c.url);
    ASSERT_TRUE(at.has_value()) << c.url << ": " << at.error().message;
    EXPECT_EQ(at->bucket, c.bucket) << c.url;
    EXPECT_EQ(at->prefix, c.prefix) << c.url;
    EXPECT_EQ(at->organization, c.organization) << c.url;
    EXPECT_EQ(at->account, c.account) << c.url;
    EXPECT_EQ(at->region, c.region) << c.url;
  }
}

TEST(S3LogLocation, names_what_it_cannot_read) {
  for (const char* url : {"", "s3://", "https://logs.s3.amazonaws.com/x", "s3:///key",
                          "arn:aws:iam::123456789012:user/a", "s3://lo gs/x", "ab", "s3://..//", "s3://bu\x01cket"}) {
    const auto at = parse_s3_log_location(url);
    ASSERT_FALSE(at.has_value()) << url;
    EXPECT_EQ(at.error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(at.error().message.find("s3://bucket/prefix"), std::string::npos);
  }
}

TEST(S3LogLocation, gives_the_root_of_all_keys) {
  EXPECT_EQ(parse_s3_log_location("logs/alb/AWSLogs/123456789012")->root(), "alb/AWSLogs/");
  EXPECT_EQ(parse_s3_log_location("logs")->shown(), "s3://logs/AWSLogs/");
}

}  // namespace
}  // namespace fa
