/// What each typed operation makes of an answer as the service writes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/services/athena.h"
#include "aws/services/cloudtrail.h"
#include "aws/services/cloudwatch.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/secrets_manager.h"
#include "aws/services/sts.h"
#include "aws/services/xray.h"
#include "support/aws/client_world.h"

namespace fa::aws {
namespace {

using test::answer;
using test::ClientWorld;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

test::ScriptedHttp::Script always(HttpResponse response) {
  return [response](const HttpRequest&) -> Result<HttpResponse> { return response; };
}
test::ScriptedHttp::Script always(std::string body) { return always(answer(200, std::move(body))); }

const TimeRange kRange{*parse_rfc3339("2026-03-14T08:00:00Z"), *parse_rfc3339("2026-03-14T08:30:00Z")};

class TextSink final : public BodySink {
 public:
  Result<void> restart() override {
    text.clear();
    return {};
  }
  Result<void> write(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  std::string text;
};

TEST(LogsAnswers, describe_groups_with_plain_arns) {
  ClientWorld world(always(
      R"({"logGroups":[{"arn":"arn:aws:logs:eu-west-1:1:log-group:/a:*","creationTime":1700000000123,"logGroupClass":"STANDARD",
      "logGroupArn":"arn:aws:logs:eu-west-1:1:log-group:/a","logGroupName":"/a","metricFilterCount":0,"retentionInDays":30,
      "storedBytes":123456789012},{"arn":"arn:aws:logs:eu-west-1:1:log-group:/b:*","logGroupName":"/b"}],"nextToken":"n"})"));
  const auto page = logs::describe_log_groups(world.client, {}, {});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->groups.size(), 2U);
  EXPECT_EQ(page->groups[0].name, "/a");
  EXPECT_EQ(page->groups[0].arn, "arn:aws:logs:eu-west-1:1:log-group:/a");
  EXPECT_EQ(page->groups[0].stored_bytes, 123456789012U);
  EXPECT_EQ(page->groups[0].retention_days, 30);
  EXPECT_EQ(format_rfc3339(page->groups[0].created.value_or(kNoTime)), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(page->groups[0].log_class, "STANDARD");
  EXPECT_EQ(page->groups[1].arn, "arn:aws:logs:eu-west-1:1:log-group:/b");
  EXPECT_FALSE(page->groups[1].created);
  EXPECT_EQ(page->next_token, "n");
}

TEST(LogsAnswers, count_events_and_keep_the_bytes_as_received) {
  const std::string body =
      " {\"events\": [{\"eventId\":\"1\",\"timestamp\":1700000002000,\"message\":\"a \\ud83d\",\"ingestionTime\":5,"
      "\"logStreamName\":\"s\"},\n{\"timestamp\":1700000001000,\"message\":\"\\u0000\"}],"
      "\"searchedLogStreams\":[],\"nextToken\":\"b/\\u00e9=\"}\n";
  ClientWorld world(always(body));
  const auto page = logs::filter_log_events(world.client, {.group = "/a", .range = kRange}, {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->raw, body);
  EXPECT_EQ(page->events, 2U);
  EXPECT_EQ(page->first, parse_rfc3339("2023-11-14T22:13:21Z"));
  EXPECT_EQ(page->last, parse_rfc3339("2023-11-14T22:13:22Z"));
  EXPECT_EQ(page->next_token, "b/\xc3\xa9=");
}

TEST(LogsAnswers, without_events_are_no_error) {
  for (const char* body : {"{}", R"({"events":[]})", R"({"searchedLogStreams":[],"events":null})"}) {
    ClientWorld world(always(std::string(body)));
    const auto page = logs::filter_log_events(world.client, {.group = "/a", .range = kRange}, {});
    ASSERT_TRUE(page) << body;
    EXPECT_EQ(page->events, 0U);
    EXPECT_FALSE(page->first);
  }
}

TEST(LogsAnswers, give_rows_statistics_and_every_status_of_a_query) {
  using logs::QueryStatus;
  const std::pair<const char*, QueryStatus> kStatuses[] = {
      {"Scheduled", QueryStatus::kScheduled}, {"Running", QueryStatus::kRunning},
      {"Complete", QueryStatus::kComplete},   {"Failed", QueryStatus::kFailed},
      {"Cancelled", QueryStatus::kCancelled}, {"Timeout", QueryStatus::kTimeout},
      {"Unknown", QueryStatus::kUnknown},     {"Dreaming", QueryStatus::kUnknown}};
  for (const auto& [name, status] : kStatuses) {
    ClientWorld world(always(
        R"({"results":[[{"field":"@timestamp","value":"2026-03-14 08:00:00.000"},{"field":"n","value":"3"}],[]],
        "statistics":{"recordsMatched":2.0,"recordsScanned":7.0,"bytesScanned":512.0,"logGroupsScanned":1.0},"status":")" +
        std::string(name) + "\"}"));
    const auto results = logs::get_query_results(world.client, "q", {});
    ASSERT_TRUE(results) << results.error().message;
    EXPECT_EQ(results->status, status) << name;
    ASSERT_EQ(results->rows.size(), 2U);
    EXPECT_THAT(results->rows[0], ElementsAre(Pair("@timestamp", "2026-03-14 08:00:00.000"), Pair("n", "3")));
    EXPECT_EQ(results->records_matched, 2);
    EXPECT_EQ(results->records_scanned, 7);
    EXPECT_EQ(results->bytes_scanned, 512);
  }
}

TEST(LogsAnswers, without_what_the_caller_needs_are_errors) {
  ClientWorld world(always(std::string("{}")));
  const auto id = logs::start_query(world.client, {.groups = {"/a"}, .range = kRange, .query = "fields @message"}, {});
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().code, ErrorCode::kUnavailable);
  const auto results = logs::get_query_results(world.client, "q", {});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, ErrorCode::kUnavailable);
}

TEST(LogsAnswers, give_tags_and_records) {
  ClientWorld tags_world(always(std::string(R"({"tags":{"team":"orders","k\u00e9y":""}})")));
  const auto tags = logs::list_tags(tags_world.client, "arn:aws:logs:eu-west-1:1:log-group:/a", {});
  ASSERT_TRUE(tags);
  EXPECT_THAT(*tags, ElementsAre(Pair("k\xc3\xa9y", ""), Pair("team", "orders")));
  ClientWorld record_world(always(std::string(R"({"logRecord":{"@message":"m","@log":"1:/a"}})")));
  const auto record = logs::get_log_record(record_world.client, "p", {});
  ASSERT_TRUE(record);
  EXPECT_THAT(*record, ElementsAre(Pair("@log", "1:/a"), Pair("@message", "m")));
}

TEST(CloudWatchAnswers, list_metrics) {
  ClientWorld world(always(std::string(
      R"({"Metrics":[{"Namespace":"AWS/ECS","MetricName":"CPUUtilization","Dimensions":[{"Name":"ServiceName","Value":"o"}]},
      {"Namespace":"x","MetricName":"y"}],"OwningAccounts":["1"],"NextToken":"t"})")));
  const auto page = cloudwatch::list_metrics(world.client, {}, {});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->metrics.size(), 2U);
  EXPECT_EQ(page->metrics[0], (cloudwatch::Metric{"AWS/ECS", "CPUUtilization", {{"ServiceName", "o"}}}));
  EXPECT_EQ(page->next_token, "t");
}

TEST(CloudWatchAnswers, count_points_and_tell_what_the_service_says_beside_the_data) {
  ClientWorld world(always(std::string(
      R"({"MetricDataResults":[
      {"Id":"a","Label":"l","Timestamps":[1.7E9,1700000060],"Values":[1.0,"NaN"],"StatusCode":"Complete"},
      {"Id":"b","Timestamps":[],"Values":[],"StatusCode":"Forbidden"},
      {"Id":"c","Values":[4],"StatusCode":"PartialData"},
      {"Id":"d","StatusCode":"InternalError","Messages":[{"Code":"E","Value":"try again"}]}],
      "Messages":[{"Code":"MaxMetricsExceeded","Value":"too many"}]})")));
  const auto page = cloudwatch::get_metric_data(world.client, {.range = kRange}, {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->points, 3U);
  EXPECT_THAT(page->messages, ElementsAre("b: Forbidden", "d: E: try again", "MaxMetricsExceeded: too many"));
}

TEST(CloudWatchAnswers, describe_alarms_of_all_kinds_over_all_pages) {
  int call = 0;
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> {
    if (++call == 1) {
      return answer(200, R"j({"CompositeAlarms":[{"AlarmName":"all","AlarmRule":"ALARM(x)","StateValue":"ALARM"}],
        "MetricAlarms":[{"AlarmName":"plain","AlarmArn":"arn:p","Namespace":"AWS/ECS","MetricName":"CPU","ExtendedStatistic":"p99",
        "Dimensions":[{"Name":"S","Value":"o"}],"Period":300,"EvaluationPeriods":2,"StateValue":"OK","StateReason":"r",
        "StateReasonData":"{\"version\":\"1.0\"}","StateUpdatedTimestamp":1700000000.5,"Threshold":1.0}],"NextToken":"2"})j");
    }
    return answer(200, R"j({"MetricAlarms":[
      {"AlarmName":"one","Metrics":[{"Id":"e","Expression":"m*2"},{"Id":"m","MetricStat":{"Metric":{"Namespace":"N","MetricName":"M",
       "Dimensions":[]},"Period":60,"Stat":"Sum"}}]},
      {"AlarmName":"two","Metrics":[{"Id":"m","MetricStat":{"Metric":{"Namespace":"N","MetricName":"A"},"Period":60,"Stat":"Sum"}},
       {"Id":"n","MetricStat":{"Metric":{"Namespace":"N","MetricName":"B"},"Period":60,"Stat":"Sum"}}]}]})j");
  });
  const auto alarms = cloudwatch::describe_alarms(world.client, "", {"all", "plain", "one", "two"}, {});
  ASSERT_TRUE(alarms) << alarms.error().message;
  ASSERT_EQ(alarms->size(), 4U);
  const auto& all = alarms->at(0);
  EXPECT_TRUE(all.composite);
  EXPECT_EQ(all.alarm_rule, "ALARM(x)");
  const auto& plain = alarms->at(1);
  EXPECT_EQ(plain.metric, (cloudwatch::Metric{"AWS/ECS", "CPU", {{"S", "o"}}}));
  EXPECT_EQ(plain.statistic, "p99");
  EXPECT_EQ(plain.period_seconds, 300);
  EXPECT_EQ(plain.evaluation_periods, 2);
  EXPECT_EQ(plain.state, "OK");
  EXPECT_EQ(plain.state_reason_data, R"({"version":"1.0"})");
  EXPECT_EQ(plain.state_updated, parse_rfc3339("2023-11-14T22:13:20.5Z"));
  const auto& one = alarms->at(2);
  EXPECT_EQ(one.metric, (cloudwatch::Metric{"N", "M", {}}));
  EXPECT_EQ(one.statistic, "Sum");
  EXPECT_EQ(one.period_seconds, 60);
  EXPECT_EQ(alarms->at(3).metric.name, "");
  EXPECT_EQ(alarms->at(3).query_metrics.size(), 2U);
  EXPECT_THAT(world.http.requests().at(1).body, HasSubstr(R"("NextToken":"2")"));
}

TEST(CloudWatchAnswers, that_page_for_ever_end_in_an_error) {
  for (const bool same : {true, false}) {
    int call = 0;
    ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> {
      const std::string token = same ? "t" : std::to_string(++call);
      return answer(200, R"({"MetricAlarms":[],"NextToken":")" + token + "\"}");
    });
    const auto alarms = cloudwatch::describe_alarms(world.client, "", {}, {});
    ASSERT_FALSE(alarms);
    EXPECT_EQ(alarms.error().code, ErrorCode::kLimit);
    EXPECT_LE(world.http.requests().size(), 100U);
  }
}

TEST(CloudWatchAnswers, give_the_history_of_an_alarm) {
  ClientWorld world(always(std::string(
      R"({"AlarmHistoryItems":[{"AlarmName":"a","Timestamp":1700000000,"HistoryItemType":"StateUpdate",
      "HistorySummary":"Alarm updated from OK to ALARM","HistoryData":"{\"newState\":{}}"},{"HistorySummary":"?"}],"NextToken":"n"})")));
  const auto page = cloudwatch::describe_alarm_history(world.client, "", "a", kRange, "", {});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(format_rfc3339(page->items[0].time), "2023-11-14T22:13:20Z");
  EXPECT_EQ(page->items[0].data, R"({"newState":{}})");
  EXPECT_EQ(page->items[1].time, kNoTime);
  EXPECT_EQ(page->next_token, "n");
}

TEST(XRayAnswers, give_summaries_traces_and_the_graph) {
  const std::string body =
      R"({"TraceSummaries":[{"Id":"1-a-b","HasFault":true,"HasError":false,"ResponseTime":1.25,"Http":{"HttpStatus":500}},
      {"Id":"1-c-d","HasThrottle":true}],"ApproximateTime":1.7E9,"TracesProcessedCount":40,"NextToken":"n"})";
  ClientWorld summaries(always(body));
  const auto page = xray::get_trace_summaries(summaries.client, {.range = kRange}, {});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->raw, body);
  ASSERT_EQ(page->traces.size(), 2U);
  EXPECT_EQ(page->traces[0].id, "1-a-b");
  EXPECT_TRUE(page->traces[0].fault);
  EXPECT_EQ(page->traces[0].response_seconds, 1.25);
  EXPECT_TRUE(page->traces[1].throttle);
  EXPECT_EQ(page->processed, 40);

  ClientWorld traces(always(std::string(
      R"({"Traces":[{"Id":"1","Segments":[{"Id":"s","Document":"{}"}]},{"Id":"2"}],"UnprocessedTraceIds":["3"],"NextToken":null})")));
  const auto batch = xray::batch_get_traces(traces.client, {"1", "2", "3"}, "", {});
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->traces, 2U);
  EXPECT_THAT(batch->unprocessed, ElementsAre("3"));
  EXPECT_EQ(batch->next_token, "");

  ClientWorld graph(
      always(std::string(R"({"StartTime":1,"EndTime":2,"Services":[{},{}],"ContainsOldGroupVersions":false})")));
  const auto services = xray::get_service_graph(graph.client, kRange, "", {});
  ASSERT_TRUE(services) << services.error().message;
  EXPECT_EQ(services->services, 2U);
}

TEST(AthenaAnswers, tell_how_a_query_went) {
  ClientWorld world(always(std::string(
      R"({"QueryExecution":{"QueryExecutionId":"q","ResultConfiguration":{"OutputLocation":"s3://b/q.csv"},
      "Status":{"State":"FAILED","StateChangeReason":"TABLE_NOT_FOUND: line 1:15","AthenaError":{"ErrorCategory":2,"Retryable":true,
      "ErrorMessage":"no such table"}},"Statistics":{"DataScannedInBytes":1024}}})")));
  const auto execution = athena::get_query_execution(world.client, "q", {});
  ASSERT_TRUE(execution) << execution.error().message;
  EXPECT_EQ(execution->state, athena::QueryState::kFailed);
  EXPECT_EQ(execution->reason, "TABLE_NOT_FOUND: line 1:15 (no such table)");
  EXPECT_TRUE(execution->retryable);
  EXPECT_EQ(execution->bytes_scanned, 1024U);
  EXPECT_EQ(execution->output_location, "s3://b/q.csv");
}

TEST(AthenaAnswers, leave_out_the_header_row_of_the_first_page_and_tell_null_from_empty) {
  const std::string body =
      R"({"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"a"},{"VarCharValue":"b"}]},{"Data":[{"VarCharValue":""},{}]}],
      "ResultSetMetadata":{"ColumnInfo":[{"Name":"a","Type":"varchar"},{"Name":"b","Type":"bigint"}]}},"UpdateCount":0,"NextToken":"n"})";
  ClientWorld world(always(body));
  const auto first = athena::get_query_results(world.client, "q", "", true, {});
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(first->columns, ElementsAre("a", "b"));
  ASSERT_EQ(first->rows.size(), 1U);
  EXPECT_EQ(first->rows[0][0], "");
  EXPECT_EQ(first->rows[0][1], std::nullopt);
  EXPECT_EQ(first->next_token, "n");
  const auto later = athena::get_query_results(world.client, "q", "n", false, {});
  ASSERT_TRUE(later);
  EXPECT_EQ(later->rows.size(), 2U) << "later pages have no header row";
}

TEST(AthenaAnswers, give_the_settings_of_a_workgroup) {
  ClientWorld world(always(std::string(
      R"({"WorkGroup":{"Name":"w","State":"ENABLED","Configuration":{"ResultConfiguration":{"OutputLocation":"s3://b/"},
      "EnforceWorkGroupConfiguration":true,"BytesScannedCutoffPerQuery":10000000}}})")));
  const auto group = athena::get_work_group(world.client, "w", {});
  ASSERT_TRUE(group) << group.error().message;
  EXPECT_EQ(group->state, "ENABLED");
  EXPECT_EQ(group->output_location, "s3://b/");
  EXPECT_EQ(group->bytes_scanned_cutoff, 10000000U);
  EXPECT_TRUE(group->enforced);
}

TEST(CloudTrailAnswers, count_events_and_keep_the_bytes) {
  const std::string body = R"({"Events":[{"EventId":"1","CloudTrailEvent":"{}"},{"EventId":"2"}],"NextToken":"n"})";
  ClientWorld world(always(body));
  const auto page = cloudtrail::lookup_events(world.client, "us-east-1", kRange, "", {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->events, 2U);
  EXPECT_EQ(page->raw, body);
  EXPECT_EQ(page->next_token, "n");
  EXPECT_THAT(world.http.requests().at(0).url, HasSubstr("cloudtrail.us-east-1."));
}

TEST(SecretAnswers, are_text_or_decoded_bytes_and_never_shown) {
  ClientWorld text(always(std::string(R"({"Name":"n","SecretString":"p\u0061ss"})")));
  const auto secret = secrets_manager::get_secret_value(text.client, "n", {});
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->reveal(), "pass");

  for (const auto& [encoded, plain] :
       {std::pair<std::string, std::string>{"AAEC", std::string("\0\1\2", 3)}, {"YWI=", "ab"}, {"YQ==", "a"}}) {
    ClientWorld binary(always(R"({"SecretBinary":")" + encoded + "\"}"));
    const auto bytes =
        secrets_manager::get_secret_value(binary.client, "arn:aws:secretsmanager:eu-west-3:1:secret:n-AbCdEf", {});
    ASSERT_TRUE(bytes) << encoded;
    EXPECT_EQ(bytes->reveal(), plain);
    EXPECT_THAT(binary.http.requests().at(0).url, HasSubstr("secretsmanager.eu-west-3."));
  }
  for (const char* body : {R"({"SecretString":"hush)", R"({"SecretBinary":"hush!"})", R"({"SecretString":["hush"]})",
                           R"({"SecretBinary":"===="})", R"({"Name":"hush"})"}) {
    ClientWorld broken(always(std::string(body)));
    const auto error = secrets_manager::get_secret_value(broken.client, "n", {});
    ASSERT_FALSE(error) << body;
    EXPECT_EQ(error.error().code, ErrorCode::kUnavailable) << body;
    EXPECT_THAT(error.error().message, testing::Not(HasSubstr("hush")));
  }
}

TEST(StsAnswers, say_who_is_asking) {
  ClientWorld world(always(std::string(
      "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <GetCallerIdentityResult>\n"
      "    <Arn>arn:aws:iam::123456789012:user/x</Arn>\n    <UserId>AIDA</UserId>\n    "
      "<Account>123456789012</Account>\n"
      "  </GetCallerIdentityResult>\n  <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\n"
      "</GetCallerIdentityResponse>")));
  const auto who = sts::get_caller_identity(world.client, {});
  ASSERT_TRUE(who) << who.error().message;
  EXPECT_EQ(who->account, "123456789012");
  EXPECT_EQ(who->arn, "arn:aws:iam::123456789012:user/x");
  for (const char* body : {"", "{}", "<html/>", "<GetCallerIdentityResponse>", "<GetCallerIdentityResponse/>"}) {
    ClientWorld broken(always(std::string(body)));
    const auto error = sts::get_caller_identity(broken.client, {});
    ASSERT_FALSE(error) << body;
    EXPECT_EQ(error.error().code, ErrorCode::kUnavailable) << body;
  }
}

TEST(S3Answers, list_keys_as_they_are_whatever_characters_they_have) {
  ClientWorld world(always(std::string(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Name>b</Name><Prefix>x</Prefix><KeyCount>3</KeyCount><MaxKeys>3</MaxKeys><EncodingType>url</EncodingType>"
      "<IsTruncated>true</IsTruncated><NextContinuationToken>1ueGcxLPRx1Tr/XYEx+=</NextContinuationToken>"
      "<Contents><Key>a+b%2Bc%0A%E3%81%82</Key><LastModified>2026-03-14T08:05:11.000Z</LastModified>"
      "<ETag>&quot;e&quot;</ETag><Size>5000000000</Size><StorageClass>STANDARD</StorageClass></Contents>"
      "<Contents><Key>+</Key><LastModified>2026-03-14T08:05:11Z</LastModified><Size>0</Size>"
      "<StorageClass>GLACIER</StorageClass></Contents>"
      "<CommonPrefixes><Prefix>p%20q/</Prefix></CommonPrefixes></ListBucketResult>")));
  const auto page = s3::list_objects(world.client, {.bucket = "b"}, {});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->objects.size(), 2U);
  EXPECT_EQ(page->objects[0].key, "a b+c\n\xe3\x81\x82");
  EXPECT_EQ(page->objects[0].size, 5000000000U);
  EXPECT_EQ(page->objects[0].last_modified, parse_rfc3339("2026-03-14T08:05:11Z"));
  EXPECT_EQ(page->objects[1].key, " ");
  EXPECT_EQ(page->objects[1].storage_class, "GLACIER");
  EXPECT_THAT(page->common_prefixes, ElementsAre("p q/"));
  EXPECT_EQ(page->continuation_token, "1ueGcxLPRx1Tr/XYEx+=") << "tokens are not encoded";
}

TEST(S3Answers, without_encoding_keep_plus_and_percent) {
  ClientWorld world(
      always(std::string("<ListBucketResult><IsTruncated>false</IsTruncated>"
                         "<Contents><Key>a+b%20 c</Key><Size>1</Size></Contents></ListBucketResult>")));
  const auto page = s3::list_objects(world.client, {.bucket = "b"}, {});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects.at(0).key, "a+b%20 c");
  EXPECT_EQ(page->continuation_token, "");
}

TEST(S3Answers, that_are_no_list_are_errors) {
  for (const char* body :
       {"", "{}", "<html/>", "<ListBucketResult>", "<ListBucketResult><Contents/></ListBucketResult>",
        "<Error><Code>InternalError</Code></Error>",
        "<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
    ClientWorld world(always(std::string(body)));
    const auto page = s3::list_objects(world.client, {.bucket = "b"}, {});
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.error().code, ErrorCode::kUnavailable) << body;
  }
}

TEST(S3Answers, give_the_bytes_of_an_object_to_the_sink) {
  ClientWorld world(always(answer(200, "bytes", {{"ETag", "\"e\""}})));
  TextSink sink;
  const auto got = s3::get_object(world.client, {.bucket = "b", .key = "AWSLogs/a b+c.gz"}, sink, {});
  ASSERT_TRUE(got);
  EXPECT_EQ(sink.text, "bytes");
  EXPECT_EQ(find_header(got->headers, "etag"), "\"e\"");
  EXPECT_THAT(world.http.requests().at(0).url, testing::EndsWith("/AWSLogs/a%20b%2Bc.gz"));
}

TEST(S3Answers, explain_the_refusals_people_meet) {
  struct Case {
    const char* about;
    bool requester_pays;
    HttpResponse refusal;
    ErrorCode code;
    std::vector<const char*> words;
    const char* not_said;
  };
  const char* plain = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
  const Case kCases[] = {
      {"plain",
       false,
       answer(403, plain),
       ErrorCode::kDenied,
       {"Allow s3:GetObject on s3://b/k", "requester_pays", "kms:Decrypt", "s3:ListBucket"},
       "key's policy"},
      {"plain, and we pay", true, answer(403, plain), ErrorCode::kDenied, {"s3:GetObject"}, "requester_pays"},
      {"KMS",
       false,
       answer(403,
              "<Error><Code>AccessDenied</Code><Message>User: arn:u is not authorized to perform: kms:Decrypt on "
              "resource: arn:aws:kms:eu-west-1:1:key/x because no resource-based policy allows it</Message></Error>"),
       ErrorCode::kDenied,
       {"Allow kms:Decrypt on arn:aws:kms:eu-west-1:1:key/x", "key's policy"},
       "requester_pays"},
      {"archived",
       false,
       answer(403, "<Error><Code>InvalidObjectState</Code><StorageClass>DEEP_ARCHIVE</StorageClass></Error>"),
       ErrorCode::kUnreadable,
       {"DEEP_ARCHIVE"},
       "requester_pays"},
      {"gone",
       false,
       answer(404, "<Error><Code>NoSuchKey</Code></Error>"),
       ErrorCode::kNotFound,
       {"s3://b/k"},
       "requester_pays"},
  };
  for (const Case& c : kCases) {
    ClientWorld world(always(c.refusal));
    TextSink sink;
    const auto got =
        s3::get_object(world.client, {.bucket = "b", .key = "k", .requester_pays = c.requester_pays}, sink, {});
    ASSERT_FALSE(got) << c.about;
    EXPECT_EQ(got.error().code, c.code) << c.about;
    for (const char* word : c.words) EXPECT_THAT(got.error().message, HasSubstr(word)) << c.about;
    EXPECT_THAT(got.error().message, testing::Not(HasSubstr(c.not_said))) << c.about;
  }
}

TEST(S3Answers, tell_a_bucket_s_region_even_in_refusals) {
  const HttpHeaders there = {{"x-amz-bucket-region", "eu-north-1"}};
  for (const int status : {200, 403, 301}) {
    ClientWorld world(always(answer(status, "", there)));
    const auto region = s3::bucket_region(world.client, "b", {});
    ASSERT_TRUE(region) << status;
    EXPECT_EQ(*region, "eu-north-1");
  }
  ClientWorld silent(always(answer(200)));
  EXPECT_EQ(s3::bucket_region(silent.client, "b", {}).value_or(""), "ap-northeast-1");
  ClientWorld missing(always(answer(404)));
  const auto error = s3::bucket_region(missing.client, "b", {});
  ASSERT_FALSE(error);
  EXPECT_EQ(error.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace fa::aws
