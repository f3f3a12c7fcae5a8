#include "net/url_parts.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

TEST(UrlParts, name_host_path_and_what_connections_are_counted_by) {
  struct Case {
    const char* url;
    const char* authority;
    const char* path;
    const char* origin;
  };
  const Case kCases[] = {
      {"https://Logs.eu-west-1.amazonaws.com/", "Logs.eu-west-1.amazonaws.com", "/",
       "https://logs.eu-west-1.amazonaws.com:443"},
      {"http://127.0.0.1:8080/a/../b//c?q=/x", "127.0.0.1:8080", "/a/../b//c", "http://127.0.0.1:8080"},
      {"HTTPS://h", "h", "", "https://h:443"},
      {"http://h?x=1", "h", "", "http://h:80"},
      {"http://h:080/", "h:080", "/", "http://h:80"},
      {"http://[fd00:ec2::254]/latest", "[fd00:ec2::254]", "/latest", "http://[fd00:ec2::254]:80"},
      {"http://[::1]:99/", "[::1]:99", "/", "http://[::1]:99"},
      {"https://my_bucket.s3.amazonaws.com/k%20%E3%81%82", "my_bucket.s3.amazonaws.com", "/k%20%E3%81%82",
       "https://my_bucket.s3.amazonaws.com:443"},
  };
  for (const Case& c : kCases) {
    const auto parts = split_url(c.url);
    ASSERT_TRUE(parts) << c.url;
    EXPECT_EQ(parts->authority, c.authority) << c.url;
    EXPECT_EQ(parts->path, c.path) << c.url;
    EXPECT_EQ(parts->origin, c.origin) << c.url;
    EXPECT_EQ(parts->tls, parts->origin.starts_with("https")) << c.url;
  }
}

TEST(UrlParts, refuse_what_cannot_go_out_as_it_stands) {
  const std::string kCases[] = {
      "",
      "h",
      "/path",
      "//h/p",
      "ftp://h/",
      "file:///etc/passwd",
      "http:/h",
      "http://",
      "http:///p",
      "http://?q",
      "http://user@h/",
      "http://user:pw@h/",
      "http://h/a b",
      "http://h/a\nb",
      "http://h/\x7f",
      "http://h/\xc3\xa9",
      "http://h/#part",
      "http://h:/",
      "http://h:0/",
      "http://h:65536/",
      "http://h:12x/",
      "http://h:999999/",
      "http://[::1/",
      "http://[]/",
      "http://[::1]x/",
      "http://[g::1]/",
      "http://a:b:80/",
      "http://h\\x/",
      std::string("http://h/\0x", 11),
      "http://h%2f/",
  };
  for (const std::string& url : kCases) EXPECT_FALSE(split_url(url)) << url;
}

}  // namespace
}  // namespace fa
