#include <gtest/gtest.h>

#include "aws/client.h"
#include "base/text.h"

namespace fa::aws {
namespace {

using Kind = RetryDecision::Kind;

struct Case {
  const char* about;
  Protocol protocol;
  HttpHeaders headers;
  std::string body;
  const char* code;
  const char* message;
  const char* request_id;
};

TEST(ServiceError, is_read_from_the_documents_of_all_protocols) {
  const Case kCases[] = {
      {"JSON 1.1 with a namespace",
       Protocol::kJson11,
       {{"x-amzn-RequestId", "r-1"}},
       R"({"__type":"com.amazonaws.logs#ThrottlingException","message":"Rate exceeded"})",
       "ThrottlingException",
       "Rate exceeded",
       "r-1"},
      {"JSON 1.0, capital Message",
       Protocol::kJson10,
       {},
       R"({"__type":"InvalidParameterValueException","Message":"bad"})",
       "InvalidParameterValueException",
       "bad",
       ""},
      {"rest-json: the header has the code, with a link behind it",
       Protocol::kRestJson,
       {{"X-Amzn-ErrorType", "ThrottledException:http://internal.amazon.com/coral/"}, {"x-amzn-requestid", "r-2"}},
       R"({"message":"slow"})",
       "ThrottledException",
       "slow",
       "r-2"},
      {"rest-json: code in the body",
       Protocol::kRestJson,
       {},
       R"({"code":"InvalidRequestException"})",
       "InvalidRequestException",
       "",
       ""},
      {"query-compatible: the header's code where the body has none",
       Protocol::kJson10,
       {{"x-amzn-query-error", "ResourceNotFound;Sender"}},
       R"({"message":"no alarm"})",
       "ResourceNotFound",
       "no alarm",
       ""},
      {"query",
       Protocol::kQuery,
       {},
       "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
       "<Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message>"
       "</Error><RequestId>q-1</RequestId></ErrorResponse>",
       "InvalidClientTokenId",
       "The security token included in the request is invalid.",
       "q-1"},
      {"EC2's form of query",
       Protocol::kQuery,
       {},
       "<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors>"
       "<RequestID>q-2</RequestID></Response>",
       "AuthFailure",
       "m",
       "q-2"},
      {"S3",
       Protocol::kRestXml,
       {{"x-amz-request-id", "S3ID"}},
       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not "
       "exist.</Message><Key>a</Key><RequestId>other</RequestId></Error>",
       "NoSuchKey",
       "The specified key does not exist.",
       "S3ID"},
      {"XML of a gateway before a JSON service",
       Protocol::kJson11,
       {},
       "<AccessDeniedException>\n  <Message>Unable to determine service</Message>\n</AccessDeniedException>",
       "AccessDeniedException",
       "Unable to determine service",
       ""},
      {"empty body", Protocol::kJson11, {{"x-amzn-requestid", "r-3"}}, "", "", "", "r-3"},
      {"HTML of a proxy", Protocol::kRestXml, {}, "<html><body><h1>403 Forbidden</h1></body></html>", "", "", ""},
      {"broken JSON", Protocol::kJson11, {}, R"({"__type":"Thro)", "", "", ""},
      {"broken XML", Protocol::kRestXml, {}, "<Error><Code>NoSuchKey", "", "", ""},
      {"JSON of other kinds", Protocol::kJson11, {}, R"({"__type":7,"message":["a"]})", "", "", ""},
      {"JSON that is no object", Protocol::kJson11, {}, R"(["__type"])", "", "", ""},
      {"a code that is no name", Protocol::kJson11, {}, R"({"__type":"<script>","message":"x"})", "", "x", ""},
  };
  for (const Case& c : kCases) {
    const ServiceError error = parse_service_error(c.protocol, {400, c.headers, c.body});
    EXPECT_EQ(error.code, c.code) << c.about;
    EXPECT_EQ(error.message, c.message) << c.about;
    EXPECT_EQ(error.request_id, c.request_id) << c.about;
  }
}

TEST(ServiceError, tells_the_region_of_a_bucket_and_the_class_of_an_archived_object) {
  const auto malformed = parse_service_error(
      Protocol::kRestXml,
      {400, {}, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"});
  EXPECT_EQ(malformed.region, "eu-west-1");
  const auto moved = parse_service_error(Protocol::kRestXml, {301, {{"x-amz-bucket-region", "us-west-2"}}, ""});
  EXPECT_EQ(moved.region, "us-west-2");
  const auto archived = parse_service_error(
      Protocol::kRestXml,
      {403, {}, "<Error><Code>InvalidObjectState</Code><StorageClass>DEEP_ARCHIVE</StorageClass></Error>"});
  EXPECT_EQ(archived.storage_class, "DEEP_ARCHIVE");
}

TEST(ServiceError, never_repeats_the_canonical_request_that_holds_the_session_token) {
  const auto error = parse_service_error(
      Protocol::kJson11,
      {400,
       {},
       R"({"__type":"InvalidSignatureException","message":"The request signature we calculated does not match. The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:TOKEN"})"});
  EXPECT_EQ(error.message, "The request signature we calculated does not match.");
}

TEST(ServiceError, stays_short_and_valid_text_whatever_the_body) {
  const std::string long_text(100'000, 'x');
  const auto cut =
      parse_service_error(Protocol::kJson11, {400, {}, R"({"__type":"A","message":")" + long_text + "\"}"});
  EXPECT_EQ(cut.code, "A");
  EXPECT_LT(cut.message.size(), 2000U);
  const auto bytes = parse_service_error(Protocol::kRestXml, {400, {}, "<Error><Message>\xff\xfe</Message></Error>"});
  EXPECT_TRUE(is_valid_utf8(bytes.message));
  const std::string huge(std::size_t{8} << 20, '[');
  EXPECT_EQ(parse_service_error(Protocol::kJson11, {500, {}, huge}).code, "");
  const std::string deep = "{\"a\":" + std::string(200'000, '[');
  EXPECT_EQ(parse_service_error(Protocol::kJson11, {500, {}, deep}).code, "");
  EXPECT_EQ(parse_service_error(Protocol::kRestXml, {500, {}, std::string("<Error>\0<Code>", 14)}).code, "");
}

TEST(RetryKind, follows_the_published_standard_mode) {
  struct Row {
    int status;
    const char* code;
    Kind kind;
  };
  const Row kRows[] = {
      {200, "", Kind::kDone},
      {400, "ThrottlingException", Kind::kThrottled},
      {400, "Throttling", Kind::kThrottled},
      {429, "ThrottledException", Kind::kThrottled},
      {400, "RequestThrottledException", Kind::kThrottled},
      {400, "TooManyRequestsException", Kind::kThrottled},
      {400, "ProvisionedThroughputExceededException", Kind::kThrottled},
      {400, "TransactionInProgressException", Kind::kThrottled},
      {503, "RequestLimitExceeded", Kind::kThrottled},
      {509, "BandwidthLimitExceeded", Kind::kThrottled},
      {400, "LimitExceededException", Kind::kThrottled},
      {400, "RequestThrottled", Kind::kThrottled},
      {503, "SlowDown", Kind::kThrottled},
      {400, "PriorRequestNotComplete", Kind::kThrottled},
      {502, "EC2ThrottledException", Kind::kThrottled},
      {429, "", Kind::kThrottled},
      {400, "RequestTimeout", Kind::kTransient},
      {400, "RequestTimeoutException", Kind::kTransient},
      {500, "InternalServerError", Kind::kTransient},
      {502, "", Kind::kTransient},
      {503, "ServiceUnavailable", Kind::kTransient},
      {504, "", Kind::kTransient},
      {501, "NotImplemented", Kind::kDone},
      {400, "ValidationException", Kind::kDone},
      {403, "AccessDenied", Kind::kDone},
      {404, "NoSuchKey", Kind::kDone},
      {301, "PermanentRedirect", Kind::kDone},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(retry_kind(row.status, row.code), row.kind) << row.status << " " << row.code;
  }
}

}  // namespace
}  // namespace fa::aws
