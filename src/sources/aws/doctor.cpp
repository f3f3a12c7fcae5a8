#include "sources/aws/doctor.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "aws/services/athena.h"
#include "aws/services/cloudtrail.h"
#include "aws/services/cloudwatch.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/sts.h"
#include "aws/services/xray.h"
#include "base/text.h"
#include "sources/aws/aws_session.h"
#include "sources/aws/doctor_findings.h"
#include "sources/aws/s3_location.h"

namespace fa {
namespace {

using State = DoctorCheck::State;

constexpr NeededAction kNeeded[] = {
    {"logs:DescribeLogGroups", "logs"},
    {"logs:ListTagsForResource", "logs"},
    {"logs:FilterLogEvents", "logs"},
    {"logs:StartQuery", "logs"},
    {"logs:GetQueryResults", "logs"},
    {"logs:StopQuery", "logs"},
    {"logs:GetLogRecord", "logs"},
    {"cloudwatch:ListMetrics", "metrics"},
    {"cloudwatch:GetMetricData", "metrics"},
    {"cloudwatch:DescribeAlarms", "alarm"},
    {"cloudwatch:DescribeAlarmHistory", "alarm"},
    {"xray:GetTraceSummaries", "xray"},
    {"xray:BatchGetTraces", "xray"},
    {"xray:GetServiceGraph", "xray"},
    {"cloudtrail:LookupEvents", "cloudtrail"},
    {"s3:ListBucket", "s3"},
    {"s3:GetObject", "s3"},
    {"s3:GetBucketLocation", "athena"},
    {"s3:PutObject", "athena"},
    {"athena:StartQueryExecution", "athena"},
    {"athena:GetQueryExecution", "athena"},
    {"athena:GetQueryResults", "athena"},
    {"athena:StopQueryExecution", "athena"},
    {"athena:GetWorkGroup", "athena"},
    {"glue:GetDatabase", "athena"},
    {"glue:GetTable", "athena"},
    {"glue:GetPartitions", "athena"},
    {"securityhub:GetFindings", "findings"},
    {"guardduty:ListDetectors", "findings"},
    {"guardduty:ListFindings", "findings"},
    {"guardduty:GetFindings", "findings"},
};

constexpr auto kProbe = std::chrono::seconds(1);

/// Counts bytes and keeps none.
class NullSink final : public BodySink {
 public:
  Result<void> restart() override { return {}; }
  Result<void> write(std::string_view) override { return {}; }
};

class Examination {
 public:
  Examination(const AwsRequest& request, const AwsWorldAccess& world, const Context& context)
      : request_(request), world_(world), context_(context) {}

  std::vector<DoctorCheck> run() {
    auto session = AwsSession::open(request_.profile, world_);
    if (!session) {
      add("credentials", State::kBad, session.error().message, kCredentialsFix);
      return std::move(checks_);
    }
    const auto credentials = (*session)->credentials().get(context_);
    if (!credentials) {
      add("credentials", State::kBad, credentials.error().message, kCredentialsFix);
      return std::move(checks_);
    }
    add("credentials", State::kGood,
        fmt::format("from {}{}", credentials->origin.empty() ? "the default chain" : credentials->origin,
                    credentials->expiry ? ", valid until " + format_rfc3339(*credentials->expiry) : ""));
    const std::vector<AwsTarget> targets = request_.targets.empty() ? std::vector<AwsTarget>{{}} : request_.targets;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      auto identity = (*session)->identity(targets[i]);
      if (!identity) {
        add("region", State::kBad, identity.error().message, "");
        continue;
      }
      target_ = targets[i].role_arn.empty() ? (*identity)->client().region()
                                            : targets[i].role_arn + " in " + (*identity)->client().region();
      examine((*identity)->client(), i == 0);
    }
    return std::move(checks_);
  }

 private:
  static constexpr const char* kCredentialsFix =
      "Sign in (`aws sso login`, `aws configure`), set AWS_PROFILE or --profile, or run where a role is attached.";

  void examine(aws::Client& client, bool first) {
    if (!examine_identity(client)) return;
    examine_logs(client);
    if (first) {
      for (const S3LogsSettings& alb : request_.alb) examine_bucket(client, alb, "ALB access logs");
      for (const S3LogsSettings& trail : request_.cloudtrail.buckets) examine_bucket(client, trail, "CloudTrail logs");
    }
    if (request_.cloudtrail.buckets.empty() && request_.cloudtrail.event_history) examine_event_history(client);
    if (request_.alb.empty() && request_.athena.tables.empty()) {
      add("ALB access logs", State::kSkipped, "no bucket is configured",
          "Give --alb-logs s3://bucket/prefix if you have a load balancer.");
    }
    examine_metrics(client);
    examine_xray(client);
    for (DoctorCheck& check : examine_findings(client, context_)) {
      add(std::move(check.subject), check.state, std::move(check.finding), std::move(check.fix));
    }
    if (first && !request_.athena.tables.empty()) examine_athena(client);
  }

  bool examine_identity(aws::Client& client) {
    const auto me = aws::sts::get_caller_identity(client, context_);
    if (!me) {
      add("identity", State::kBad, me.error().message,
          me.error().code == ErrorCode::kDenied
              ? "The credentials are not accepted: sign in again, or check the role's trust policy and external id."
              : "STS does not answer: check the network, proxy and endpoint settings.");
      return me.error().code != ErrorCode::kDenied;
    }
    add("identity", State::kGood, me->arn);
    const auto skew = client.clock_skew();
    if (skew == Nanoseconds{0}) {
      add("clock", State::kGood, "AWS accepts the time of this machine");
    } else {
      add("clock", State::kWarning,
          fmt::format("this machine's clock is {} {} AWS's; requests are signed with AWS's time",
                      format_duration(skew < Nanoseconds{0} ? -skew : skew),
                      skew < Nanoseconds{0} ? "ahead of" : "behind"),
          "Set the clock (timedatectl set-ntp true): windows such as now-30m are off by as much.");
    }
    return true;
  }

  void examine_logs(aws::Client& client) {
    const LogsSettings& logs = request_.logs;
    if (logs.groups.empty() && logs.prefixes.empty() && logs.tags.empty()) {
      add("log groups", State::kBad, "none is configured",
          "Name them with --log-group, --log-group-prefix or [aws.logs].");
      return;
    }
    std::vector<std::string> found;
    const auto look = [&](const std::string& prefix, const std::string& shown) {
      aws::logs::DescribeLogGroups describe;
      describe.name_prefix = prefix;
      describe.limit = 1;
      const auto page = aws::logs::describe_log_groups(client, describe, context_);
      if (!page) {
        denied(shown, page.error(), "logs:DescribeLogGroups", "*");
        return;
      }
      if (page->groups.empty()) {
        add(shown, State::kBad, "there is no such log group in this account and region",
            "Check its name and the region (aws logs describe-log-groups lists them).");
        return;
      }
      const aws::logs::LogGroup& group = page->groups.front();
      found.push_back(group.name);
      add(shown, State::kGood, fmt::format("{} stored in {}", format_bytes(group.stored_bytes), group.name));
    };
    for (const std::string& group : logs.groups) {
      if (group.starts_with("arn:")) {
        found.push_back(group);
      } else {
        look(group, "log group " + group);
      }
    }
    for (const std::string& prefix : logs.prefixes) look(prefix, "log groups " + prefix + "*");
    if (!logs.tags.empty() && found.empty()) look("", "log groups by tag");
    for (const std::string& group : found) examine_log_group(client, group);
  }

  void examine_log_group(aws::Client& client, const std::string& group) {
    const TimePoint now = world_.clock.now();
    const std::string shown = "log group " + group;
    aws::logs::FilterLogEvents filter;
    filter.group = group;
    filter.range = {now - std::chrono::minutes(5), now};
    filter.limit = 1;
    if (const auto page = aws::logs::filter_log_events(client, filter, context_); !page) {
      denied(shown, page.error(), "logs:FilterLogEvents", "the log group");
    } else {
      add(shown, State::kGood, "its events can be read");
    }
    aws::logs::StartQuery query;
    query.groups = {group};
    query.range = {now - std::chrono::minutes(10), now - std::chrono::minutes(10) + kProbe};
    query.query = "fields @timestamp | limit 1";
    query.limit = 1;
    const auto id = aws::logs::start_query(client, query, context_);
    if (!id) {
      denied(shown, id.error(), "logs:StartQuery", "the log group");
      return;
    }
    if (const auto results = aws::logs::get_query_results(client, *id, context_); !results) {
      denied(shown, results.error(), "logs:GetQueryResults", "*");
    } else {
      add(shown, State::kGood, "Logs Insights queries can be run");
    }
    // It may be done already: then there is nothing to stop, and that is no fault.
    if (const auto stopped = aws::logs::stop_query(client, *id, context_);
        !stopped && stopped.error().code == ErrorCode::kDenied) {
      denied(shown, stopped.error(), "logs:StopQuery", "*");
    }
  }

  void examine_bucket(aws::Client& client, const S3LogsSettings& settings, const std::string& what) {
    const auto location = parse_s3_log_location(settings.url);
    if (!location) {
      add(what, State::kBad, location.error().message, "");
      return;
    }
    const std::string shown = what + " in " + settings.url;
    aws::s3::ListObjects list;
    list.bucket = location->bucket;
    list.prefix = location->root();
    list.requester_pays = settings.requester_pays;
    list.max_keys = 20;
    const auto page = aws::s3::list_objects(client, list, context_);
    if (!page) {
      denied(shown, page.error(), "s3:ListBucket", "arn:aws:s3:::" + location->bucket);
      return;
    }
    if (page->objects.empty()) {
      add(shown, State::kWarning, "there is nothing below this prefix",
          "Check the prefix (it stands before AWSLogs/) and that logging is on.");
      return;
    }
    const auto smallest = std::min_element(page->objects.begin(), page->objects.end(),
                                           [](const auto& a, const auto& b) { return a.size < b.size; });
    aws::s3::GetObject get;
    get.bucket = location->bucket;
    get.key = smallest->key;
    get.requester_pays = settings.requester_pays;
    NullSink sink;
    if (const auto got = aws::s3::get_object(client, get, sink, context_); !got) {
      denied(shown, got.error(), "s3:GetObject", fmt::format("arn:aws:s3:::{}/*", location->bucket));
    } else {
      add(shown, State::kGood, "its objects can be listed and read");
    }
  }

  void examine_event_history(aws::Client& client) {
    const TimePoint now = world_.clock.now();
    const auto page =
        aws::cloudtrail::lookup_events(client, client.region(), {now - std::chrono::hours(1), now}, "", context_);
    if (!page) {
      denied("CloudTrail event history", page.error(), "cloudtrail:LookupEvents", "*");
    } else {
      add("CloudTrail event history", State::kGood, fmt::format("{} changes in the newest page", page->events));
    }
  }

  void examine_metrics(aws::Client& client) {
    if (!request_.metrics.enabled) {
      add("CloudWatch metrics", State::kSkipped, "left out by configuration");
      return;
    }
    aws::cloudwatch::ListMetrics list;
    list.recently_active = true;
    const auto page = aws::cloudwatch::list_metrics(client, list, context_);
    if (!page) {
      denied("CloudWatch metrics", page.error(), "cloudwatch:ListMetrics", "*");
      return;
    }
    if (page->metrics.empty()) {
      add("CloudWatch metrics", State::kWarning, "no metric was active in the last three hours",
          "Check the region; metrics of other regions are not seen.");
      return;
    }
    aws::cloudwatch::GetMetricData get;
    const TimePoint now = world_.clock.now();
    get.queries.push_back({"probe", page->metrics.front(), "Average", 300, ""});
    get.range = {now - std::chrono::minutes(10), now};
    if (const auto data = aws::cloudwatch::get_metric_data(client, get, context_); !data) {
      denied("CloudWatch metrics", data.error(), "cloudwatch:GetMetricData", "*");
    } else {
      add("CloudWatch metrics", State::kGood, "metrics can be listed and read");
    }
    if (const auto alarms = aws::cloudwatch::describe_alarms(client, "", {}, context_); !alarms) {
      denied("CloudWatch alarms", alarms.error(), "cloudwatch:DescribeAlarms", "*");
    } else if (const auto history = aws::cloudwatch::describe_alarm_history(
                   client, "", "", {now - std::chrono::hours(1), now}, "", context_);
               !history) {
      denied("CloudWatch alarms", history.error(), "cloudwatch:DescribeAlarmHistory", "*");
    } else {
      add("CloudWatch alarms", State::kGood, "alarms and their history can be read");
    }
  }

  void examine_xray(aws::Client& client) {
    if (!request_.xray.enabled) {
      add("X-Ray", State::kSkipped, "left out by configuration");
      return;
    }
    const TimePoint now = world_.clock.now();
    aws::xray::GetTraceSummaries get;
    get.range = {now - std::chrono::minutes(10), now};
    const auto page = aws::xray::get_trace_summaries(client, get, context_);
    if (!page) {
      denied("X-Ray", page.error(), "xray:GetTraceSummaries", "*");
      return;
    }
    if (const auto graph = aws::xray::get_service_graph(client, get.range, "", context_); !graph) {
      denied("X-Ray", graph.error(), "xray:GetServiceGraph", "*");
    }
    const std::string id = page->traces.empty() ? "1-00000000-000000000000000000000000" : page->traces.front().id;
    if (const auto traces = aws::xray::batch_get_traces(client, {id}, "", context_);
        !traces && traces.error().code == ErrorCode::kDenied) {
      denied("X-Ray", traces.error(), "xray:BatchGetTraces", "*");
    }
    if (page->traces.empty()) {
      add("X-Ray", State::kWarning, "it answers, and has no traces of the last ten minutes",
          "If your services are traced, check the region and the sampling rules; else leave X-Ray out (--no-xray).");
    } else {
      add("X-Ray", State::kGood, "traces can be read");
    }
  }

  void examine_athena(aws::Client& client) {
    const AthenaSettings& athena = request_.athena;
    const std::string shown = "Athena workgroup " + athena.workgroup;
    const auto group = aws::athena::get_work_group(client, athena.workgroup, context_);
    if (!group) {
      denied(shown, group.error(), "athena:GetWorkGroup", "the workgroup");
      return;
    }
    if (group->state == "DISABLED") {
      add(shown, State::kBad, "it is disabled", "Enable it, or name another with aws.athena.workgroup.");
      return;
    }
    if (group->output_location.empty() && athena.output_location.empty()) {
      add(shown, State::kBad, "it has no place for query results",
          "Set one for the workgroup, or aws.athena.output_location.");
      return;
    }
    add(shown, State::kGood,
        fmt::format("results go to {}",
                    group->output_location.empty() ? athena.output_location : group->output_location));
  }

  void denied(const std::string& subject, const Error& error, std::string_view action, const std::string& resource) {
    std::string fix;
    if (error.code == ErrorCode::kDenied) {
      fix = fmt::format("Allow {} on {} (docs/ops/iam-policy.json has the statement).", action, resource);
    } else if (error.code == ErrorCode::kUnavailable) {
      fix = "Try again; if it stays, check the network, proxy and endpoint settings.";
    }
    add(subject, State::kBad, error.message, std::move(fix));
  }

  void add(std::string subject, State state, std::string finding, std::string fix = {}) {
    if (!target_.empty() && request_.targets.size() > 1) subject += " (" + target_ + ")";
    checks_.push_back({std::move(subject), state, std::move(finding), std::move(fix)});
  }

  const AwsRequest& request_;
  const AwsWorldAccess& world_;
  const Context& context_;
  std::string target_;
  std::vector<DoctorCheck> checks_;
};

}  // namespace

std::span<const NeededAction> needed_actions() { return kNeeded; }

std::vector<DoctorCheck> examine_aws(const AwsRequest& request, const AwsWorldAccess& world, const Context& context) {
  return Examination(request, world, context).run();
}

}  // namespace fa
