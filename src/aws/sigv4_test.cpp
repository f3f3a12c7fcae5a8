#include "aws/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/uri.h"
#include "base/hash.h"

namespace fa::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Key, time and results of the examples in the Amazon S3 API reference, "Authenticating Requests".
Credentials example_credentials() {
  Credentials credentials;
  credentials.access_key_id = "AKIAIOSFODNN7EXAMPLE";
  credentials.secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  return credentials;
}

const TimePoint kExampleTime = parse_rfc3339("2013-05-24T00:00:00Z").value();

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

SigningScope logs() {
  SigningScope scope;
  scope.region = "eu-west-1";
  scope.service = "logs";
  return scope;
}

/// What stands in line `index` of the canonical request: 1 the path, 2 the query.
std::string canonical_line(const Result<SignatureParts>& parts, int index) {
  std::string_view text = parts.value().canonical_request;
  for (; index > 0; --index) text.remove_prefix(text.find('\n') + 1);
  return std::string(text.substr(0, text.find('\n')));
}

int count(const HttpHeaders& headers, std::string_view name) {
  int found = 0;
  for (const auto& header : headers) found += header.first == name ? 1 : 0;
  return found;
}

TEST(SigV4, signs_the_examples_of_the_s3_reference) {
  struct Case {
    const char* what;
    HttpRequest request;
    const char* signature;
  };
  HttpRequest object = get("https://examplebucket.s3.amazonaws.com/test.txt");
  object.headers = {{"Range", "bytes=0-9"}};
  HttpRequest put = get("https://examplebucket.s3.amazonaws.com/test%24file.text");
  put.method = "PUT";
  put.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  put.body = "Welcome to Amazon S3.";
  const Case kCases[] = {
      {"an object", object, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"a key with $", put, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {"a parameter without value", get("https://examplebucket.s3.amazonaws.com/?lifecycle"),
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"a listing", get("https://examplebucket.s3.amazonaws.com?prefix=J&max-keys=2"),
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const Case& c : kCases) {
    HttpRequest request = c.request;
    const auto parts = sign_request(request, SigningScope::s3("us-east-1"), example_credentials(), kExampleTime);
    ASSERT_TRUE(parts) << c.what;
    EXPECT_EQ(parts->signature, c.signature) << c.what << '\n' << parts->canonical_request;
    EXPECT_EQ(find_header(request.headers, "x-amz-content-sha256"), sha256_hex(request.body)) << c.what;
  }
}

TEST(SigV4, presigns_the_example_of_the_s3_reference) {
  HttpRequest request = get("https://examplebucket.s3.amazonaws.com/test.txt");
  const auto parts = presign_request(request, SigningScope::s3("us-east-1"), example_credentials(), kExampleTime,
                                     std::chrono::seconds(86400));
  ASSERT_TRUE(parts);
  EXPECT_THAT(parts->canonical_request, testing::EndsWith("\nUNSIGNED-PAYLOAD"));
  EXPECT_EQ(parts->signature, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  EXPECT_THAT(request.url, StartsWith("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm="));
}

TEST(SigV4, s3_keys_are_encoded_once_and_keep_their_slashes_and_dots) {
  struct Case {
    const char* key;
    const char* canonical;
  };
  const Case kCases[] = {
      {"a b.gz", "/a%20b.gz"},
      {"\xe6\x97\xa5\xe6\x9c\xac/\xc3\xa9.log", "/%E6%97%A5%E6%9C%AC/%C3%A9.log"},
      {"a//b///c", "/a//b///c"},
      {"/leading", "//leading"},
      {"./a/../b/.", "/./a/../b/."},
      {"a+b&c=d?e#f%20", "/a%2Bb%26c%3Dd%3Fe%23f%2520"},
      {"dir/", "/dir/"},
  };
  for (const Case& c : kCases) {
    HttpRequest request = get("https://bucket.s3.us-east-1.amazonaws.com/" + uri_encode_path(c.key));
    const std::string url = request.url;
    const auto parts = sign_request(request, SigningScope::s3("us-east-1"), example_credentials(), kExampleTime);
    EXPECT_EQ(canonical_line(parts, 1), c.canonical);
    EXPECT_EQ(request.url, url) << "signing must not change what is sent";
  }
}

TEST(SigV4, s3_sees_the_same_path_however_the_url_writes_it) {
  for (const char* url :
       {"https://b.s3.amazonaws.com/it's%20(1)!%e6.gz", "https://b.s3.amazonaws.com/it%27s%20%281%29%21%E6.gz"}) {
    HttpRequest request = get(url);
    const auto parts = sign_request(request, SigningScope::s3("us-east-1"), example_credentials(), kExampleTime);
    EXPECT_EQ(canonical_line(parts, 1), "/it%27s%20%281%29%21%E6.gz");
  }
}

TEST(SigV4, other_services_encode_the_path_once_more_and_normalise_it) {
  struct Case {
    const char* path;
    const char* canonical;
  };
  const Case kCases[] = {
      {"", "/"},
      {"/model/anthropic.claude%3A0/converse", "/model/anthropic.claude%253A0/converse"},
      {"/a%20b", "/a%2520b"},
      {"/a/./b/../c//", "/a/c/"},
      {"/../../a", "/a"},
      {"/a/b/..", "/a/"},
      {"/a/.", "/a/"},
      {"/..a/.b/c..", "/..a/.b/c.."},
  };
  for (const Case& c : kCases) {
    HttpRequest request = get("https://h.amazonaws.com" + std::string(c.path));
    EXPECT_EQ(canonical_line(sign_request(request, logs(), example_credentials(), kExampleTime), 1), c.canonical);
  }
}

TEST(SigV4, the_query_is_sorted_by_encoded_name_then_value) {
  struct Case {
    const char* query;
    const char* canonical;
  };
  const Case kCases[] = {
      {"b=2&a=1", "a=1&b=2"},
      {"a=2&a=10&a=1", "a=1&a=10&a=2"},
      {"Param-3=x&Param=y", "Param=y&Param-3=x"},  // '-' is before '=': sorting whole parameters would be wrong
      {"a&b=&c", "a=&b=&c="},
      {"&&a=1&&", "a=1"},
      {"a=b=c", "a=b%3Dc"},
      {"B=1&a=1", "B=1&a=1"},
      {"p=a%2fb&q=%7e", "p=a%2Fb&q=~"},  // lower-case codes and needless ones
      {"p=\xe6\x97\xa5&p=a b", "p=%E6%97%A5&p=a%20b"},
      {"p=a+b", "p=a%2Bb"},
      {"p=100%", "p=100%25"},
  };
  for (const Case& c : kCases) {
    HttpRequest request = get("https://h.amazonaws.com/?" + std::string(c.query));
    EXPECT_EQ(canonical_line(sign_request(request, logs(), example_credentials(), kExampleTime), 2), c.canonical)
        << c.query;
  }
}

TEST(SigV4, headers_that_are_changed_on_the_way_are_not_signed) {
  HttpRequest request = get("https://h.amazonaws.com/");
  request.headers = {{"User-Agent", "fa2"},
                     {"connection", "keep-alive"},
                     {"Expect", "100-continue"},
                     {"X-Amzn-Trace-Id", "Root=1"},
                     {"Transfer-Encoding", "chunked"},
                     {"TE", "trailers"},
                     {"X-Amz-Target", "Logs_20140328.FilterLogEvents"},
                     {"Content-Type", "application/x-amz-json-1.1"}};
  ASSERT_TRUE(sign_request(request, logs(), example_credentials(), kExampleTime));
  EXPECT_THAT(std::string(find_header(request.headers, "Authorization").value()),
              HasSubstr("SignedHeaders=content-type;host;x-amz-date;x-amz-target,"));
  EXPECT_EQ(find_header(request.headers, "User-Agent"), "fa2") << "they are still sent";
}

TEST(SigV4, header_values_lose_what_lines_and_blanks_add) {
  HttpRequest request = get("https://h.amazonaws.com/");
  request.headers = {{"X-B", "  one \t two\r\n three  "}, {"x-a", ""}, {"X-b", " four"}};
  const auto parts = sign_request(request, logs(), example_credentials(), kExampleTime);
  EXPECT_THAT(parts.value().canonical_request,
              HasSubstr("\nx-a:\nx-amz-date:20130524T000000Z\nx-b:one two three,four\n"));
}

TEST(SigV4, the_host_is_added_where_missing_and_kept_where_given) {
  HttpRequest request = get("http://127.0.0.1:4566/");
  ASSERT_TRUE(sign_request(request, logs(), example_credentials(), kExampleTime));
  EXPECT_EQ(find_header(request.headers, "Host"), "127.0.0.1:4566");

  HttpRequest tunnelled = get("http://127.0.0.1:4566/");
  tunnelled.headers = {{"host", "logs.eu-west-1.amazonaws.com"}};
  const auto parts = sign_request(tunnelled, logs(), example_credentials(), kExampleTime);
  EXPECT_THAT(parts.value().canonical_request, HasSubstr("host:logs.eu-west-1.amazonaws.com\n"));
}

TEST(SigV4, signing_again_replaces_the_earlier_signature) {
  Credentials old = example_credentials();
  old.session_token = Secret("old-token");
  HttpRequest request = get("https://h.amazonaws.com/?b=1&a=2");
  ASSERT_TRUE(sign_request(request, logs(), old, kExampleTime - std::chrono::hours(1)));
  const auto again = sign_request(request, logs(), example_credentials(), kExampleTime);

  HttpRequest fresh = get("https://h.amazonaws.com/?b=1&a=2");
  const auto once = sign_request(fresh, logs(), example_credentials(), kExampleTime);
  EXPECT_EQ(again.value().signature, once.value().signature);
  EXPECT_EQ(count(request.headers, "X-Amz-Date"), 1);
  EXPECT_EQ(count(request.headers, "Authorization"), 1);
  EXPECT_EQ(count(request.headers, "X-Amz-Security-Token"), 0) << "the new credentials have none";
}

TEST(SigV4, parameters_of_an_earlier_signature_are_taken_out) {
  Credentials session = example_credentials();
  session.session_token = Secret("token/+=");
  const auto presign = [&](HttpRequest& request) {
    return presign_request(request, logs(), session, kExampleTime, std::chrono::seconds(60)).value();
  };
  HttpRequest once = get("https://h.amazonaws.com/p?b=1&X-Amz-Target=kept&a");
  const SignatureParts first = presign(once);
  HttpRequest twice = once;
  EXPECT_EQ(presign(twice).signature, first.signature);
  EXPECT_EQ(twice.url, once.url);
  EXPECT_THAT(once.url, StartsWith("https://h.amazonaws.com/p?b=1&X-Amz-Target=kept&a&X-Amz-Algorithm="));
  EXPECT_THAT(once.url, HasSubstr("&X-Amz-Security-Token=token%2F%2B%3D&X-Amz-Signature="));

  for (const char* odd :
       {"https://h.amazonaws.com/p?a=&&b=1", "https://h.amazonaws.com/p?&", "https://h.amazonaws.com?"}) {
    HttpRequest request = get(odd);
    presign(request);
    const std::string signed_once = request.url;
    presign(request);
    EXPECT_EQ(request.url, signed_once) << odd;
  }

  HttpRequest by_header = once;
  ASSERT_TRUE(sign_request(by_header, logs(), session, kExampleTime));
  EXPECT_EQ(by_header.url, "https://h.amazonaws.com/p?b=1&X-Amz-Target=kept&a");
  HttpRequest only_signature = get("https://h.amazonaws.com/p?X-Amz-Date=20150830T123600Z&X-Amz-Signature=00");
  ASSERT_TRUE(sign_request(only_signature, logs(), session, kExampleTime));
  EXPECT_EQ(only_signature.url, "https://h.amazonaws.com/p");
}

TEST(SigV4, the_payload_is_hashed_stated_or_left_unsigned) {
  const auto last_line = [](const Result<SignatureParts>& parts) {
    const std::string& text = parts.value().canonical_request;
    return text.substr(text.rfind('\n') + 1);
  };
  HttpRequest request = get("https://h.amazonaws.com/");
  request.body = "{}";
  HttpRequest plain = request;
  EXPECT_EQ(last_line(sign_request(plain, logs(), example_credentials(), kExampleTime)), sha256_hex("{}"));
  EXPECT_FALSE(find_header(plain.headers, "x-amz-content-sha256"));

  HttpRequest stated = request;
  stated.headers = {{"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"}};
  EXPECT_EQ(last_line(sign_request(stated, logs(), example_credentials(), kExampleTime)), "UNSIGNED-PAYLOAD");

  SigningScope scope = SigningScope::s3("eu-west-1");
  HttpRequest stale = request;  // signed before with another body
  stale.headers = {{"X-Amz-Content-Sha256", sha256_hex("other")}};
  EXPECT_EQ(last_line(sign_request(stale, scope, example_credentials(), kExampleTime)), sha256_hex("{}"));
  EXPECT_EQ(count(stale.headers, "x-amz-content-sha256") + count(stale.headers, "X-Amz-Content-Sha256"), 1);

  scope.unsigned_payload = true;
  HttpRequest without = request;
  EXPECT_EQ(last_line(sign_request(without, scope, example_credentials(), kExampleTime)), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(find_header(without.headers, "x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
}

TEST(SigV4, the_date_is_in_utc_with_whole_seconds_whatever_the_instant) {
  struct Case {
    const char* now;
    const char* header;
  };
  const Case kCases[] = {{"2026-03-14T23:59:59.999999999Z", "20260314T235959Z"},
                         {"2026-03-15T00:30:00+01:00", "20260314T233000Z"},
                         {"2024-02-29T01:02:03Z", "20240229T010203Z"}};
  for (const Case& c : kCases) {
    HttpRequest request = get("https://h.amazonaws.com/");
    ASSERT_TRUE(sign_request(request, logs(), example_credentials(), parse_rfc3339(c.now).value()));
    EXPECT_EQ(find_header(request.headers, "X-Amz-Date"), c.header);
  }
}

TEST(SigV4, says_why_it_cannot_sign) {
  HttpRequest no_host = get("/path");
  EXPECT_EQ(sign_request(no_host, logs(), example_credentials(), kExampleTime).error().code, ErrorCode::kInvalidInput);

  Credentials no_key;
  no_key.origin = "profile ops";
  HttpRequest request = get("https://h.amazonaws.com/");
  const auto denied = sign_request(request, logs(), no_key, kExampleTime);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
  EXPECT_THAT(denied.error().message, HasSubstr("profile ops"));

  for (const std::chrono::seconds wrong : {std::chrono::seconds(0), std::chrono::seconds(604801)}) {
    const auto refused = presign_request(request, logs(), example_credentials(), kExampleTime, wrong);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("604800"));
  }
  EXPECT_TRUE(presign_request(request, logs(), example_credentials(), kExampleTime, std::chrono::seconds(604800)));
}

TEST(SigV4, the_secret_is_nowhere_in_the_results) {
  HttpRequest request = get("https://h.amazonaws.com/");
  const Credentials credentials = example_credentials();
  const auto parts = sign_request(request, logs(), credentials, kExampleTime);
  EXPECT_THAT(parts.value().canonical_request + parts.value().string_to_sign,
              Not(HasSubstr(credentials.secret_access_key.reveal())));
  for (const auto& [name, value] : request.headers) {
    EXPECT_THAT(value, Not(HasSubstr(credentials.secret_access_key.reveal()))) << name;
  }
}

}  // namespace
}  // namespace fa::aws
