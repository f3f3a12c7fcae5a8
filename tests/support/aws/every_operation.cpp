#include "support/aws/every_operation.h"

#include "aws/services/athena.h"
#include "aws/services/cloudtrail.h"
#include "aws/services/cloudwatch.h"
#include "aws/services/guardduty.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/secrets_manager.h"
#include "aws/services/security_hub.h"
#include "aws/services/sts.h"
#include "aws/services/xray.h"

namespace fa::test {
namespace {

using aws::Client;

const TimeRange kRange{*parse_rfc3339("2026-03-14T08:00:00.250Z"), *parse_rfc3339("2026-03-14T08:30:00.750Z")};
const std::string kGroupArn = "arn:aws:logs:ap-northeast-1:210987654321:log-group:/ecs/payments:*";

class NoSink final : public BodySink {
 public:
  Result<void> restart() override { return {}; }
  Result<void> write(std::string_view) override { return {}; }
};

template <class T>
Result<void> outcome(const Result<T>& result) {
  if (!result) return tl::unexpected(result.error());
  return {};
}

void add_logs(std::vector<OperationCall>& out) {
  namespace logs = aws::logs;
  out.push_back(
      {"logs", "DescribeLogGroups", "all", [](Client& c) { return outcome(logs::describe_log_groups(c, {}, {})); }});
  out.push_back({"logs", "DescribeLogGroups", "by prefix, linked accounts, later page", [](Client& c) {
                   return outcome(logs::describe_log_groups(c,
                                                            {.name_prefix = "/ecs/",
                                                             .include_linked_accounts = true,
                                                             .account_ids = {"210987654321"},
                                                             .next_token = "token",
                                                             .limit = 1000},
                                                            {}));
                 }});
  out.push_back({"logs", "DescribeLogGroups", "by pattern",
                 [](Client& c) { return outcome(logs::describe_log_groups(c, {.name_pattern = "orders"}, {})); }});
  out.push_back(
      {"logs", "ListTagsForResource", "", [](Client& c) { return outcome(logs::list_tags(c, kGroupArn, {})); }});
  out.push_back({"logs", "FilterLogEvents", "by name", [](Client& c) {
                   return outcome(logs::filter_log_events(c, {.group = "/ecs/orders", .range = kRange}, {}));
                 }});
  out.push_back(
      {"logs", "FilterLogEvents", "by ARN, pattern, later page", [](Client& c) {
         return outcome(logs::filter_log_events(
             c, {.group = kGroupArn, .range = kRange, .pattern = "?ERROR \"\xe6\x97\xa5\"", .next_token = "t"}, {}));
       }});
  const auto start = [](std::vector<std::string> groups) {
    return [groups](Client& c) {
      const logs::StartQuery query{.groups = groups, .range = kRange, .query = "fields @timestamp, @message"};
      return outcome(logs::start_query(c, query, {}));
    };
  };
  out.push_back({"logs", "StartQuery", "names", start({"/ecs/orders", "/ecs/payments"}), true});
  out.push_back({"logs", "StartQuery", "names and ARNs", start({"/ecs/orders", kGroupArn}), true});
  out.push_back({"logs", "StartQuery", "groups in the query", start({}), true});
  out.push_back(
      {"logs", "GetQueryResults", "", [](Client& c) { return outcome(logs::get_query_results(c, "q-1", {})); }, true});
  out.push_back({"logs", "GetQueryResults", "later page",
                 [](Client& c) { return outcome(logs::get_query_results(c, "q-1", {}, "t")); }, true});
  out.push_back({"logs", "StopQuery", "", [](Client& c) { return logs::stop_query(c, "q-1", {}); }});
  // The models of ../shared do not hold it; its one parameter is from the API reference.
  out.push_back({"logs", "GetLogRecord", "", [](Client& c) { return outcome(logs::get_log_record(c, "pointer", {})); },
                 false, false});
}

void add_cloudwatch(std::vector<OperationCall>& out) {
  namespace cloudwatch = aws::cloudwatch;
  out.push_back(
      {"cloudwatch", "ListMetrics", "all", [](Client& c) { return outcome(cloudwatch::list_metrics(c, {}, {})); }});
  out.push_back({"cloudwatch", "ListMetrics", "everything set", [](Client& c) {
                   return outcome(
                       cloudwatch::list_metrics(c,
                                                {.region = "us-east-1",
                                                 .metric_namespace = "AWS/ECS",
                                                 .name = "CPUUtilization",
                                                 .dimensions = {{"ServiceName", "orders"}, {"ClusterName", ""}},
                                                 .recently_active = true,
                                                 .include_linked_accounts = true,
                                                 .next_token = "t"},
                                                {}));
                 }});
  out.push_back(
      {"cloudwatch", "GetMetricData", "two queries, later page", [](Client& c) {
         const cloudwatch::Metric cpu{"AWS/ECS", "CPUUtilization", {{"ServiceName", "orders"}}};
         const cloudwatch::Metric own{"App", "Errors", {}};
         return outcome(cloudwatch::get_metric_data(
             c,
             {.queries = {{.id = "m0", .metric = cpu, .statistic = "p99"},
                          {.id = "m1", .metric = own, .statistic = "Sum", .period_seconds = 300, .label = "errors"}},
              .range = kRange,
              .next_token = "t"},
             {}));
       }});
  out.push_back({"cloudwatch", "DescribeAlarms", "all",
                 [](Client& c) { return outcome(cloudwatch::describe_alarms(c, "", {}, {})); }});
  out.push_back({"cloudwatch", "DescribeAlarms", "by name",
                 [](Client& c) { return outcome(cloudwatch::describe_alarms(c, "us-east-1", {"orders-5xx"}, {})); }});
  out.push_back({"cloudwatch", "DescribeAlarmHistory", "", [](Client& c) {
                   return outcome(cloudwatch::describe_alarm_history(c, "", "orders-5xx", kRange, "t", {}));
                 }});
}

void add_xray(std::vector<OperationCall>& out) {
  namespace xray = aws::xray;
  out.push_back({"xray", "GetTraceSummaries", "all",
                 [](Client& c) { return outcome(xray::get_trace_summaries(c, {.range = kRange}, {})); }});
  out.push_back(
      {"xray", "GetTraceSummaries", "filtered sample, later page", [](Client& c) {
         return outcome(xray::get_trace_summaries(
             c, {.range = kRange, .filter = "fault = true", .sampling = true, .sampling_value = 0.1, .next_token = "t"},
             {}));
       }});
  out.push_back({"xray", "BatchGetTraces", "five, later page", [](Client& c) {
                   return outcome(xray::batch_get_traces(c, {"1-a-1", "1-a-2", "1-a-3", "1-a-4", "1-a-5"}, "t", {}));
                 }});
  out.push_back(
      {"xray", "GetServiceGraph", "", [](Client& c) { return outcome(xray::get_service_graph(c, kRange, "", {})); }});
}

void add_athena(std::vector<OperationCall>& out) {
  namespace athena = aws::athena;
  out.push_back({"athena", "StartQueryExecution", "everything set",
                 [](Client& c) {
                   return outcome(athena::start_query(c,
                                                      {.sql = "SELECT 1 WHERE ? = ?",
                                                       .parameters = {"'a'", "1"},
                                                       .database = "logs",
                                                       .catalog = "AwsDataCatalog",
                                                       .workgroup = "primary",
                                                       .output_location = "s3://results/fa2/",
                                                       .client_token = std::string(32, 'a')},
                                                      {}));
                 },
                 true});
  out.push_back({"athena", "StartQueryExecution", "as little as possible",
                 [](Client& c) {
                   return outcome(
                       athena::start_query(c, {.sql = "SELECT 1", .client_token = std::string(64, 'b')}, {}));
                 },
                 true});
  out.push_back({"athena", "GetQueryExecution", "",
                 [](Client& c) { return outcome(athena::get_query_execution(c, "q-1", {})); }});
  out.push_back({"athena", "StopQueryExecution", "", [](Client& c) { return athena::stop_query(c, "q-1", {}); }});
  out.push_back({"athena", "GetQueryResults", "later page",
                 [](Client& c) { return outcome(athena::get_query_results(c, "q-1", "t", false, {})); }});
  out.push_back(
      {"athena", "GetWorkGroup", "", [](Client& c) { return outcome(athena::get_work_group(c, "primary", {})); }});
}

void add_s3(std::vector<OperationCall>& out) {
  namespace s3 = aws::s3;
  out.push_back({"s3", "ListObjectsV2", "all",
                 [](Client& c) { return outcome(s3::list_objects(c, {.bucket = "logs-bucket"}, {})); }, true});
  out.push_back({"s3", "ListObjectsV2", "everything set, bucket in the path",
                 [](Client& c) {
                   return outcome(s3::list_objects(c,
                                                   {.bucket = "logs.bucket",
                                                    .region = "eu-west-1",
                                                    .prefix = "AWSLogs/1 2/\xe3\x81\x82+&=",
                                                    .delimiter = "/",
                                                    .start_after = "AWSLogs/1",
                                                    .continuation_token = "1ueGcxLPRx1Tr/XYEx+=",
                                                    .requester_pays = true,
                                                    .max_keys = 5000},
                                                   {}));
                 },
                 true});
  const auto get = [](std::string bucket, std::string key, bool pays) {
    return [=](Client& c) {
      NoSink sink;
      return outcome(s3::get_object(c, {.bucket = bucket, .key = key, .requester_pays = pays}, sink, {}));
    };
  };
  out.push_back(
      {"s3", "GetObject", "a key with everything", get("logs-bucket", "a b/\xe3\x81\x82+~'()!*;c=d&e.gz", false)});
  out.push_back({"s3", "GetObject", "bucket in the path, requester pays", get("logs.bucket", "k", true)});
  out.push_back({"s3", "HeadBucket", "", [](Client& c) { return outcome(s3::bucket_region(c, "logs-bucket", {})); }});
}

void add_findings(std::vector<OperationCall>& out) {
  namespace guardduty = aws::guardduty;
  namespace security_hub = aws::security_hub;
  out.push_back(
      {"securityhub", "GetFindings", "all", [](Client& c) { return outcome(security_hub::get_findings(c, {}, {})); }});
  out.push_back({"securityhub", "GetFindings", "everything set, later page", [](Client& c) {
                   return outcome(security_hub::get_findings(c,
                                                             {.severity_labels = {"CRITICAL", "HIGH"},
                                                              .workflow_statuses = {"NEW", "NOTIFIED"},
                                                              .record_states = {"ACTIVE"},
                                                              .compliance_statuses = {"FAILED"},
                                                              .product_name = "GuardDuty",
                                                              .updated = kRange,
                                                              .next_token = "t",
                                                              .limit = 1000},
                                                             {}));
                 }});
  out.push_back({"guardduty", "ListDetectors", "first page",
                 [](Client& c) { return outcome(guardduty::list_detectors(c, "", {})); }});
  out.push_back({"guardduty", "ListDetectors", "later page",
                 [](Client& c) { return outcome(guardduty::list_detectors(c, "t+/=", {})); }});
  out.push_back({"guardduty", "ListFindings", "all",
                 [](Client& c) { return outcome(guardduty::list_findings(c, {.detector = "12abc"}, {})); }});
  out.push_back({"guardduty", "ListFindings", "everything set, later page", [](Client& c) {
                   return outcome(guardduty::list_findings(c,
                                                           {.detector = "12abc",
                                                            .least_severity = 7,
                                                            .archived = false,
                                                            .updated_from = kRange.begin,
                                                            .next_token = "t"},
                                                           {}));
                 }});
  out.push_back({"guardduty", "GetFindings", "two", [](Client& c) {
                   return outcome(guardduty::get_findings(c, "12abc", {"f1", "f2"}, {}));
                 }});
}

}  // namespace

std::vector<OperationCall> every_operation() {
  std::vector<OperationCall> out;
  add_logs(out);
  add_cloudwatch(out);
  add_xray(out);
  add_athena(out);
  add_s3(out);
  add_findings(out);
  out.push_back({"cloudtrail", "LookupEvents", "first page",
                 [](Client& c) { return outcome(aws::cloudtrail::lookup_events(c, "us-east-1", kRange, "", {})); }});
  out.push_back({"cloudtrail", "LookupEvents", "later page",
                 [](Client& c) { return outcome(aws::cloudtrail::lookup_events(c, "", kRange, "t", {})); }});
  out.push_back({"secretsmanager", "GetSecretValue", "",
                 [](Client& c) { return outcome(aws::secrets_manager::get_secret_value(c, "prod/slack", {})); }, true});
  out.push_back(
      {"sts", "GetCallerIdentity", "", [](Client& c) { return outcome(aws::sts::get_caller_identity(c, {})); }, true});
  return out;
}

}  // namespace fa::test
