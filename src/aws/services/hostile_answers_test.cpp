/// Whatever a service, a proxy or a broken line gives as an answer: an error, or what can be read of it; never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/services/cloudwatch.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/xray.h"
#include "support/aws/client_world.h"
#include "support/aws/every_operation.h"

namespace fa::aws {
namespace {

using test::ClientWorld;

/// Operations that give a body to somebody else, or need none.
bool reads_no_body(const test::OperationCall& call) {
  return call.operation == "GetObject" || call.operation == "HeadBucket" || call.operation == "StopQuery" ||
         call.operation == "StopQueryExecution";
}

Result<void> outcome_of(const test::OperationCall& call, const std::string& body) {
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> { return test::answer(200, body); });
  return call.call(world.client);
}

TEST(HostileAnswers, that_are_not_what_the_protocol_says_are_errors_of_every_operation) {
  const std::string kBodies[] = {
      "",
      "garbage",
      "<html><body>It works!</body></html>",
      "[]",
      "[{}]",
      "null",
      "\"text\"",
      "{",
      "{\"",
      "{\"events\":",
      R"({"message":"please log in"})",
      std::string("\0\0\0\0\0\0\0\0", 8),
      "\xff\xfe\xfd",
      "{}{}",
      "<?xml version=\"1.0\"?>",
      "<a><b></a></b>",
      std::string(300'000, '['),
      "{\"a\":" + std::string(300'000, '{'),
      "<" + std::string(300'000, 'a'),
  };
  for (const test::OperationCall& call : test::every_operation()) {
    if (reads_no_body(call)) continue;
    for (const std::string& body : kBodies) {
      const auto outcome = outcome_of(call, body);
      ASSERT_FALSE(outcome) << call.operation << ": " << body.substr(0, 60);
      EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable) << call.operation << ": " << body.substr(0, 60);
      EXPECT_LT(outcome.error().message.size(), 1000U);
    }
  }
}

TEST(HostileAnswers, with_nothing_in_them_are_no_data) {
  for (const test::OperationCall& call : test::every_operation()) {
    const auto outcome = outcome_of(call, "{}");
    EXPECT_EQ(outcome.has_value(), !call.needs_content) << call.operation;
  }
}

/// An answer with all kinds of fields of an operation.
struct Sample {
  const char* operation;
  std::string body;
};
const Sample kSamples[] = {
    {"DescribeLogGroups",
     R"({"logGroups":[{"logGroupName":"/a","arn":"arn:x:*","storedBytes":1,"creationTime":2,"retentionInDays":3}],"nextToken":"t"})"},
    {"FilterLogEvents",
     R"({"events":[{"timestamp":1700000000000,"message":"m","logStreamName":"s"}],"searchedLogStreams":[],"nextToken":"t"})"},
    {"GetQueryResults",
     R"({"results":[[{"field":"f","value":"v"}]],"statistics":{"recordsMatched":1.0,"bytesScanned":2.0},"status":"Complete"})"},
    {"StartQuery", R"({"queryId":"q"})"},
    {"ListTagsForResource", R"({"tags":{"a":"b"}})"},
    {"ListMetrics",
     R"({"Metrics":[{"Namespace":"n","MetricName":"m","Dimensions":[{"Name":"a","Value":"b"}]}],"NextToken":"t"})"},
    {"GetMetricData",
     R"({"MetricDataResults":[{"Id":"a","Timestamps":[1.7E9],"Values":[1.5],"StatusCode":"Complete","Messages":[{"Code":"c","Value":"v"}]}],"Messages":[]})"},
    {"DescribeAlarms",
     R"({"MetricAlarms":[{"AlarmName":"a","Period":60,"StateUpdatedTimestamp":1.5,"Metrics":[{"MetricStat":{"Metric":{"Namespace":"n"},"Period":1}}]}]})"},
    {"GetTraceSummaries",
     R"({"TraceSummaries":[{"Id":"1","HasFault":true,"ResponseTime":0.5,"Http":{"HttpStatus":500}}],"TracesProcessedCount":1})"},
    {"BatchGetTraces", R"({"Traces":[{"Id":"1"}],"UnprocessedTraceIds":["2"]})"},
    {"GetQueryExecution",
     R"({"QueryExecution":{"Status":{"State":"FAILED","AthenaError":{"ErrorMessage":"e","Retryable":true}},"Statistics":{"DataScannedInBytes":5}}})"},
    {"GetWorkGroup", R"({"WorkGroup":{"State":"ENABLED","Configuration":{"BytesScannedCutoffPerQuery":10000000}}})"},
    {"LookupEvents", R"({"Events":[{"EventId":"1"}],"NextToken":"t"})"},
    {"GetSecretValue", R"({"SecretString":"s"})"},
    {"ListObjectsV2",
     "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t"
     "</NextContinuationToken><Contents><Key>a%20b</Key><Size>1</Size></Contents></ListBucketResult>"},
    {"GetCallerIdentity",
     "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><Account>1</Account></GetCallerIdentityResult>"
     "</GetCallerIdentityResponse>"},
};

test::OperationCall call_named(const std::string& operation) {
  for (const test::OperationCall& call : test::every_operation()) {
    // Not a later page: the service would be asked for ever if it always gave a token.
    if (call.operation == operation) return call;
  }
  ADD_FAILURE() << operation;
  return {};
}

TEST(HostileAnswers, cut_anywhere_are_errors) {
  for (const Sample& sample : kSamples) {
    const auto call = call_named(sample.operation);
    ASSERT_TRUE(outcome_of(call, sample.body))
        << sample.operation << ": " << outcome_of(call, sample.body).error().message;
    for (std::size_t length = 0; length < sample.body.size(); ++length) {
      const auto outcome = outcome_of(call, sample.body.substr(0, length));
      ASSERT_FALSE(outcome) << sample.operation << " cut at " << length;
      EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable);
    }
  }
}

TEST(HostileAnswers, with_any_byte_changed_end_in_an_answer_or_an_error) {
  for (const Sample& sample : kSamples) {
    const auto call = call_named(sample.operation);
    std::size_t refused = 0;
    for (std::size_t at = 0; at < sample.body.size(); ++at) {
      for (const char byte : {'\0', '"', '{', '[', '9', '\\', '\xff', '<'}) {
        std::string body = sample.body;
        body[at] = byte;
        const auto outcome = outcome_of(call, body);
        if (!outcome) {
          ++refused;
          EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable) << sample.operation << ": " << body;
        }
      }
    }
    EXPECT_GT(refused, 0U) << sample.operation;
  }
}

TEST(HostileAnswers, with_values_of_other_kinds_are_errors) {
  const std::pair<const char*, const char*> kCases[] = {
      {"FilterLogEvents", R"({"events":{}})"},
      {"FilterLogEvents", R"({"events":"none"})"},
      {"FilterLogEvents", R"({"events":[1]})"},
      {"FilterLogEvents", R"({"events":[{"timestamp":"now"}]})"},
      {"FilterLogEvents", R"({"events":[{"timestamp":99999999999999999999}]})"},
      {"FilterLogEvents", R"({"events":[],"nextToken":5})"},
      {"DescribeLogGroups", R"({"logGroups":[{"storedBytes":-1}]})"},
      {"DescribeLogGroups", R"({"logGroups":[{"retentionInDays":1e30}]})"},
      {"GetQueryResults", R"({"status":"Complete","results":[{}]})"},
      {"GetQueryResults", R"({"status":"Complete","results":[[{"field":1}]]})"},
      {"GetQueryResults", R"({"status":["Complete"]})"},
      {"StartQuery", R"({"queryId":{}})"},
      {"ListTagsForResource", R"({"tags":["a"]})"},
      {"ListMetrics", R"({"Metrics":[{"Dimensions":{"a":"b"}}]})"},
      {"GetMetricData", R"({"MetricDataResults":[{"Values":1}]})"},
      {"DescribeAlarms", R"({"MetricAlarms":[{"StateUpdatedTimestamp":1e30}]})"},
      {"GetTraceSummaries", R"({"TraceSummaries":[{"HasFault":"yes"}]})"},
      {"BatchGetTraces", R"({"Traces":[],"UnprocessedTraceIds":[{}]})"},
      {"GetQueryExecution", R"({"QueryExecution":[]})"},
  };
  for (const auto& [operation, body] : kCases) {
    const auto outcome = outcome_of(call_named(operation), body);
    ASSERT_FALSE(outcome) << operation << ": " << body;
    EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable) << body;
  }
}

TEST(HostileAnswers, of_great_length_are_read) {
  std::string body = R"({"events":[)";
  for (int i = 0; i < 200'000; ++i) {
    body += i == 0 ? "" : ",";
    body += R"({"timestamp":1700000000000,"message":"a line of a log"})";
  }
  body += "]}";
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> { return test::answer(200, body); });
  const auto page = logs::filter_log_events(world.client, {.group = "g"}, {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->events, 200'000U);
  EXPECT_EQ(page->raw, body);
}

}  // namespace
}  // namespace fa::aws
