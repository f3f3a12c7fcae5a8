/// CloudTrail of the reference incident: who did what, as objects of the trail and in the event history. Records:
/// CloudTrail user guide, "CloudTrail record contents"; keys: "Finding your CloudTrail log files".
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/reference_parts.h"
#include "support/aws/wire.h"

namespace fa::test::reference {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Somebody or something that calls AWS.
Json person(const std::string& role, const std::string& name) {
  return {{"type", "AssumedRole"},
          {"principalId", "AROAEXAMPLE0000000001:" + name},
          {"arn", fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", kAccount, role, name)},
          {"accountId", kAccount},
          {"accessKeyId", "ASIAEXAMPLE000000001"},
          {"sessionContext",
           {{"sessionIssuer",
             {{"type", "Role"},
              {"principalId", "AROAEXAMPLE0000000001"},
              {"arn", fmt::format("arn:aws:iam::{}:role/{}", kAccount, role)},
              {"accountId", kAccount},
              {"userName", role}}},
            {"attributes", {{"creationDate", "2026-03-14T08:27:10Z"}, {"mfaAuthenticated", "true"}}}}}};
}
Json service(const std::string& name) { return {{"type", "AWSService"}, {"invokedBy", name}}; }

struct Event {
  TimePoint time;
  std::string source;  ///< `ec2`
  std::string name;
  Json who;
  std::string address;
  Json parameters;
  bool read = false;
  std::string region = std::string(kRegion);
  std::string error = {};
};

Json record_of(const Event& event, Dice& dice) {
  Json record = {{"eventVersion", "1.09"},
                 {"userIdentity", event.who},
                 {"eventTime", format_rfc3339(event.time)},
                 {"eventSource", event.source + ".amazonaws.com"},
                 {"eventName", event.name},
                 {"awsRegion", event.region},
                 {"sourceIPAddress", event.address},
                 {"userAgent", event.address},
                 {"requestParameters", event.parameters},
                 {"responseElements", nullptr},
                 {"requestID", wire::uuid_of(dice.hex(16))},
                 {"eventID", wire::uuid_of(dice.hex(16))},
                 {"readOnly", event.read},
                 {"eventType", "AwsApiCall"},
                 {"managementEvent", true},
                 {"recipientAccountId", kAccount},
                 {"eventCategory", "Management"}};
  if (!event.error.empty()) {
    record["errorCode"] = event.error;
    record["errorMessage"] = "You are not authorized to perform this operation.";
  }
  return record;
}

Json network_admin() { return person("AWSReservedSSO_NetworkAdmin_5c1d7e90ab34f286", reference_facts().actor); }
Json pipeline() { return person("deploy-pipeline", "GitHubActions"); }

std::vector<Event> told_events() {
  const ReferenceFacts facts = reference_facts();
  const TimePoint onset = facts.window.begin;
  const std::string cloudshell = facts.actor_address;
  const std::string ci = "198.51.100.200";
  return {
      {onset - minutes(95),
       "ssm",
       "PutParameter",
       person("AWSReservedSSO_Developer_1f", "aya.suzuki"),
       "203.0.113.77",
       {{"name", "/shop/catalog/page-size"}, {"type", "String"}, {"overwrite", true}}},
      {onset - minutes(21),
       "ecs",
       "RegisterTaskDefinition",
       pipeline(),
       ci,
       {{"family", "catalog-api"},
        {"containerDefinitions",
         Json::array({Json{{"name", "app"}, {"image", "registry.example.com/catalog-api:2.14.0"}}})}}},
      {onset - minutes(20),
       "ecs",
       "UpdateService",
       pipeline(),
       ci,
       {{"cluster", "shop"}, {"service", "catalog-api"}, {"taskDefinition", "catalog-api:87"}, {"desiredCount", 2}}},
      {onset - minutes(6),
       "iam",
       "PutRolePolicy",
       person("terraform", "atlantis"),
       "198.51.100.14",
       {{"roleName", "report-reader"}, {"policyName", "read-reports"}},
       false,
       "us-east-1"},
      {onset - seconds(170), "signin", "ConsoleLogin", network_admin(), cloudshell, nullptr, false, "us-east-1"},
      {onset - seconds(85), "ec2", "DescribeVpcEndpoints", network_admin(), cloudshell, Json::object(), true},
      {onset - seconds(40), "ec2", "DescribeRouteTables", network_admin(), cloudshell, Json::object(), true},
      {facts.change,
       "ec2",
       facts.change_event,
       network_admin(),
       cloudshell,
       {{"ModifyVpcEndpointRequest",
         {{"VpcEndpointId", facts.change_resource},
          {"RemoveRouteTableId", {{"tag", 1}, {"content", "rtb-0f63b1d8a27c94e5a"}}}}}}},
      {onset + seconds(1),
       "ecs",
       "RunTask",
       service("events.amazonaws.com"),
       "events.amazonaws.com",
       {{"cluster", "shop"}, {"taskDefinition", "stock-sync:12"}, {"count", 1}}},
      {onset + minutes(4),
       "ec2",
       "RevokeSecurityGroupIngress",
       person("AWSReservedSSO_Developer_1f", "aya.suzuki"),
       "203.0.113.77",
       {{"groupId", "sg-0b5d1e7c94a8f2036"}},
       false,
       std::string(kRegion),
       "Client.UnauthorizedOperation"},
      {onset + minutes(12),
       "ecs",
       "UpdateService",
       person("AWSReservedSSO_Developer_1f", "aya.suzuki"),
       "203.0.113.77",
       {{"cluster", "shop"}, {"service", "orders-api"}, {"forceNewDeployment", true}}},
  };
}

/// What services do all day long.
void add_routine(std::vector<Event>& events, Dice& dice) {
  for (TimePoint minute = first_time(); minute < last_time(); minute += minutes(1)) {
    const auto at = [&] { return minute + seconds(dice.below(60)); };
    events.push_back({at(),
                      "sts",
                      "AssumeRole",
                      service("ecs-tasks.amazonaws.com"),
                      "ecs-tasks.amazonaws.com",
                      {{"roleArn", fmt::format("arn:aws:iam::{}:role/orders-api-task", kAccount)}},
                      true});
    events.push_back(
        {at(), "ec2", "DescribeInstances", person("monitoring", "collector"), "198.51.100.61", Json::object(), true});
    if (dice.below(5) == 0) {
      events.push_back({at(),
                        "logs",
                        "CreateLogStream",
                        service("ecs.amazonaws.com"),
                        "ecs.amazonaws.com",
                        {{"logGroupName", "/ecs/stock-sync"}, {"logStreamName", "stock-sync/job/" + dice.hex(16)}}});
    }
    if (dice.below(8) == 0) {
      events.push_back({at(),
                        "iam",
                        "GetRole",
                        person("terraform", "atlantis"),
                        "198.51.100.14",
                        {{"roleName", "report-reader"}},
                        true,
                        "us-east-1"});
    }
  }
}

std::string compact_time(TimePoint t) {
  const std::string stamp = format_rfc3339(t);
  return stamp.substr(0, 4) + stamp.substr(5, 2) + stamp.substr(8, 5) + stamp.substr(14, 2) + "Z";
}

}  // namespace

void add_changes(AwsWorld& world) {
  const ReferenceFacts facts = reference_facts();
  Dice dice(3);
  std::vector<Event> events = told_events();
  add_routine(events, dice);
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time < b.time; });

  // (region, delivery) -> records. Delivered some minutes after the call, in files of five minutes.
  std::map<std::pair<std::string, TimePoint>, Json> files;
  for (const Event& event : events) {
    Json record = record_of(event, dice);
    world.management_events.push_back(dump(record));
    const TimePoint late = event.time + minutes(3) + seconds(dice.below(240));
    const TimePoint delivered = late - late.time_since_epoch() % minutes(5) + minutes(5);
    Json& records = files[{event.region, delivered}];
    if (records.is_null()) records = Json::array();
    records.push_back(std::move(record));
  }
  AwsWorld::Bucket& bucket = world.buckets[facts.trail_bucket];
  for (auto& [at, records] : files) {
    const auto& [region, delivered] = at;
    const std::string stamp = compact_time(delivered);
    const std::string day = stamp.substr(0, 4) + "/" + stamp.substr(4, 2) + "/" + stamp.substr(6, 2);
    const std::string key = fmt::format("AWSLogs/{0}/CloudTrail/{1}/{2}/{0}_CloudTrail_{1}_{3}_{4}.json.gz", kAccount,
                                        region, day, stamp, dice.hex(16));
    Json body = Json::object();
    body["Records"] = std::move(records);
    bucket.objects[key] = gzip(dump(body));
    // Stored with Content-Encoding: gzip, so that HTTP clients may unpack it on the way.
    bucket.info[key] = {delivered + seconds(20), "STANDARD", "application/json", "gzip"};
    const std::string digest =
        fmt::format("AWSLogs/{0}/CloudTrail-Digest/{1}/{2}/{0}_CloudTrail-Digest_{1}_shop-trail_{1}_{3}.json.gz",
                    kAccount, region, day, stamp);
    if (stamp.substr(11, 2) == "00") bucket.objects[digest] = gzip("{}");
  }
}

}  // namespace fa::test::reference
