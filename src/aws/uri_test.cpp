#include "aws/uri.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa::aws {
namespace {

TEST(Uri, encodes_all_but_unreserved_characters) {
  struct Case {
    std::string plain;
    const char* encoded;
    const char* as_path;
  };
  const Case kCases[] = {
      {"", "", ""},
      {"AZaz09-._~", "AZaz09-._~", "AZaz09-._~"},
      {"a b", "a%20b", "a%20b"},
      {"a/b", "a%2Fb", "a/b"},
      {"a+b=c&d", "a%2Bb%3Dc%26d", "a%2Bb%3Dc%26d"},
      {"100%", "100%25", "100%25"},
      {"\xe6\x97\xa5.gz", "%E6%97%A5.gz", "%E6%97%A5.gz"},
      {"!*'()", "%21%2A%27%28%29", "%21%2A%27%28%29"},
      {std::string("a\0b", 3), "a%00b", "a%00b"},
      {"\xff", "%FF", "%FF"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(uri_encode(c.plain), c.encoded);
    EXPECT_EQ(uri_encode_path(c.plain), c.as_path);
    EXPECT_EQ(uri_decode(c.encoded), c.plain);
    EXPECT_EQ(uri_decode(c.as_path), c.plain);
  }
}

TEST(Uri, decoding_leaves_what_is_no_code) {
  struct Case {
    const char* given;
    const char* decoded;
  };
  const Case kCases[] = {{"%", "%"},          {"%4", "%4"},     {"%zz", "%zz"},       {"a+b", "a+b"},
                         {"%e6%9", "\xe6%9"}, {"%2541", "%41"}, {"%25%34%31", "%41"}, {"100%%20", "100% "}};
  for (const Case& c : kCases) EXPECT_EQ(uri_decode(c.given), c.decoded) << c.given;
}

TEST(Uri, query_strings_keep_their_order_and_encode_both_sides) {
  EXPECT_EQ(query_string({}), "");
  EXPECT_EQ(query_string({{"list-type", "2"}, {"prefix", "a b/&"}, {"empty", ""}, {"k=", "\xe6\x97\xa5"}}),
            "list-type=2&prefix=a%20b%2F%26&empty=&k%3D=%E6%97%A5");
}

TEST(Uri, takes_urls_apart) {
  struct Case {
    const char* url;
    Url parts;
    const char* authority;
  };
  const Case kCases[] = {
      {"https://logs.us-east-1.amazonaws.com",
       {"https", "logs.us-east-1.amazonaws.com", "", "/", ""},
       "logs.us-east-1.amazonaws.com"},
      {"HTTP://h:80/", {"http", "h", "80", "/", ""}, "h"},
      {"https://h:443/a", {"https", "h", "443", "/a", ""}, "h"},
      {"http://h:443/a", {"http", "h", "443", "/a", ""}, "h:443"},
      {"http://127.0.0.1:9000/b//k/../x?list-type=2&p=%2F?",
       {"http", "127.0.0.1", "9000", "/b//k/../x", "list-type=2&p=%2F?"},
       "127.0.0.1:9000"},
      {"http://[::1]:9000?x", {"http", "[::1]", "9000", "/", "x"}, "[::1]:9000"},
      {"http://[fd00:ec2::23]/v1", {"http", "[fd00:ec2::23]", "", "/v1", ""}, "[fd00:ec2::23]"},
      {"https://h/a b\xe6\x97\xa5:@", {"https", "h", "", "/a b\xe6\x97\xa5:@", ""}, "h"},
  };
  for (const Case& c : kCases) {
    const Result<Url> url = parse_url(c.url);
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->scheme, c.parts.scheme) << c.url;
    EXPECT_EQ(url->host, c.parts.host) << c.url;
    EXPECT_EQ(url->port, c.parts.port) << c.url;
    EXPECT_EQ(url->path, c.parts.path) << c.url;
    EXPECT_EQ(url->query, c.parts.query) << c.url;
    EXPECT_EQ(url->authority(), c.authority) << c.url;
  }
}

TEST(Uri, refuses_what_cannot_be_called) {
  const std::pair<std::string, const char*> kCases[] = {
      {"", "must begin with"},           {"logs.us-east-1.amazonaws.com", "must begin with"},
      {"ftp://h/", "must begin with"},   {"https:/h", "must begin with"},
      {"https://", "no host"},           {"https:///path", "no host"},
      {"https://?q", "no host"},         {"https://:80/", "no host"},
      {"https://h:/", "port"},           {"https://h:0/", "port"},
      {"https://h:65536/", "port"},      {"https://h:8o/", "port"},
      {"https://h:123456/", "port"},     {"https://a b/", "host"},
      {"https://[::1/", "host"},         {"https://[]/", "host"},
      {"https://[x]/", "host"},          {"https://h/a#b", "%23"},
      {"https://h/\r\nX: y", "control"}, {std::string("https://h/\0", 11), "control"},
  };
  for (const auto& [url, told] : kCases) {
    const Result<Url> parsed = parse_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidInput) << url;
    EXPECT_THAT(parsed.error().message, testing::HasSubstr(told)) << url;
  }
}

TEST(Uri, messages_show_neither_passwords_nor_parameters) {
  const Result<Url> parsed = parse_url("https://user:hunter2@h/path?X-Amz-Signature=cafe");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, testing::HasSubstr("'h/path'"));
  EXPECT_THAT(parsed.error().message, testing::Not(testing::HasSubstr("hunter2")));
  EXPECT_THAT(parsed.error().message, testing::Not(testing::HasSubstr("cafe")));
}

}  // namespace
}  // namespace fa::aws
