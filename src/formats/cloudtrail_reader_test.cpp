#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/text.h"
#include "base/time.h"
#include "formats/aws_test_sink.h"
#include "formats/cloudtrail_rules.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kUpdateService = R"({"eventVersion":"1.08","userIdentity":{"type":"AssumedRole",
"principalId":"AROAEXAMPLE:ci-4711","arn":"arn:aws:sts::123456789012:assumed-role/deployer/ci-4711",
"accountId":"123456789012","sessionContext":{"sessionIssuer":{"type":"Role","userName":"deployer"},
"attributes":{"creationDate":"2026-03-14T08:00:00Z"}}},"eventTime":"2026-03-14T08:29:11Z",
"eventSource":"ecs.amazonaws.com","eventName":"UpdateService","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.9",
"userAgent":"aws-cli/2.15","requestParameters":{"cluster":"shop", "service":"orders",
"taskDefinition":"orders:42"},"responseElements":{"service":{"status":"ACTIVE"}},"readOnly":false,
"eventType":"AwsApiCall","managementEvent":true,"eventCategory":"Management"})";

/// An event with these members in place of the usual ones (JSON text of each).
struct Fields {
  std::string source = "ecs", name = "UpdateService", identity = R"({"type":"IAMUser","userName":"alice"})";
  std::string parameters = "null", extra;

  [[nodiscard]] std::string text() const {
    return R"({"eventVersion":"1.08","userIdentity":)" + identity +
           R"(,"eventTime":"2026-03-14T08:29:11Z","eventSource":")" + source + R"(.amazonaws.com","eventName":")" +
           name + R"(","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.9","requestParameters":)" + parameters +
           extra + "}";
  }
};

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_cloudtrail_reader({}), text, sink);
  return sink;
}

ChangeEvent read_one(const Fields& fields) {
  const CollectingSink sink = read(fields.text());
  EXPECT_THAT(sink.changes, SizeIs(1)) << fields.text();
  return sink.changes.empty() ? ChangeEvent{} : sink.changes[0];
}

TEST(CloudTrailReader, ReadsADeploymentByAPipeline) {
  const std::string text = "{\"Records\":[" + kUpdateService + "]}";
  const CollectingSink sink = read(text);
  ASSERT_THAT(sink.changes, SizeIs(1));
  const ChangeEvent& c = sink.changes[0];
  EXPECT_EQ(format_rfc3339(c.time), "2026-03-14T08:29:11Z");
  EXPECT_EQ(c.kind, "deployment");
  EXPECT_EQ(c.actor, "deployer/ci-4711");
  EXPECT_EQ(c.action, "ecs:UpdateService");
  EXPECT_EQ(c.resource, "orders");
  EXPECT_EQ(c.service, "orders");
  EXPECT_EQ(c.after, R"({"cluster":"shop","service":"orders","taskDefinition":"orders:42"})");
  EXPECT_EQ(c.error, "");
  EXPECT_EQ(c.origin, "203.0.113.9");
  EXPECT_EQ(c.region, "eu-west-1");
  EXPECT_EQ(bytes_at(text, c.position), kUpdateService);
  EXPECT_THAT(sink.skipped, IsEmpty());
}

TEST(CloudTrailReader, DropsReadsButKeepsRefusedOnes) {
  Fields get, list_without_flag, refused, write_named_like_a_read;
  get.name = "GetSecretValue";
  get.extra = R"(,"readOnly":true)";
  list_without_flag.name = "ListTasks20150331";
  refused.name = "DescribeTasks";
  refused.extra = R"(,"readOnly":true,"errorCode":"AccessDenied","errorMessage":"User is not authorized")";
  write_named_like_a_read.name = "GetFederationToken";
  write_named_like_a_read.extra = R"(,"readOnly":false)";
  const CollectingSink sink = read("{\"Records\":[" + get.text() + "," + list_without_flag.text() + "," +
                                   refused.text() + "," + write_named_like_a_read.text() + "]}");
  ASSERT_THAT(sink.changes, SizeIs(2));
  EXPECT_EQ(sink.changes[0].action, "ecs:DescribeTasks");
  EXPECT_EQ(sink.changes[0].error, "AccessDenied: User is not authorized");
  EXPECT_EQ(sink.changes[1].action, "ecs:GetFederationToken");
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_EQ(sink.skipped[0].records, 2U);
  EXPECT_THAT(sink.skipped[0].reason, HasSubstr("read-only"));
}

TEST(CloudTrailReader, NamesTheActorByItsIdentity) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/Alice","userName":"Alice"})", "Alice"},
      {R"({"type":"Root","arn":"arn:aws:iam::123456789012:root","accountId":"123456789012"})", "root"},
      {R"({"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Admin/bob@example.com"})", "Admin/bob@example.com"},
      {R"({"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/carol"})", "carol"},
      {R"({"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"})", "autoscaling.amazonaws.com"},
      {R"({"type":"WebIdentityUser","principalId":"p:a:u","userName":"dave","identityProvider":"accounts.google.com"})",
       "dave"},
      {R"({"type":"SAMLUser","principalId":"x:erin","userName":"erin"})", "erin"},
      {R"({"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"544894e8-80c1","identityStoreArn":"arn:x"},"credentialId":"c"})",
       "544894e8-80c1"},
      {R"({"type":"Role","arn":"arn:aws:iam::1:role/path/worker"})", "worker"},
      {R"({"type":"AWSAccount","principalId":"AIDA","accountId":"210987654321"})", "AIDA"},
      {R"({"accountId":"210987654321"})", "210987654321"},
      {R"({"invokedBy":"cloudformation.amazonaws.com"})", "cloudformation.amazonaws.com"},
      {R"("nonsense")", ""},
  };
  for (const auto& [identity, actor] : cases) {
    Fields fields;
    fields.identity = identity;
    EXPECT_EQ(read_one(fields).actor, actor) << identity;
  }
}

TEST(CloudTrailReader, FindsWhatARequestWasAbout) {
  struct Case {
    std::string source, name, parameters, resource, service;
  };
  for (const Case& c : {
           Case{"ecs", "UpdateService", R"({"service":"arn:aws:ecs:r:1:service/shop/orders","cluster":"shop"})",
                "arn:aws:ecs:r:1:service/shop/orders", "orders"},
           Case{"ecs", "RegisterTaskDefinition", R"({"containerDefinitions":[{"name":"app"}],"family":"orders"})",
                "orders", "orders"},
           Case{"lambda", "UpdateFunctionCode20150331v2",
                R"({"functionName":"arn:aws:lambda:r:1:function:orders:live"})",
                "arn:aws:lambda:r:1:function:orders:live", "orders"},
           Case{"rds", "ModifyDBInstance", R"({"applyImmediately":true,"dBInstanceIdentifier":"orders-db"})",
                "orders-db", "orders-db"},
           Case{"dynamodb", "UpdateTable", R"({"tableName":"orders"})", "orders", "orders"},
           Case{"ssm", "PutParameter", R"({"name":"/orders/db/host","type":"String"})", "/orders/db/host", ""},
           Case{"ec2", "AuthorizeSecurityGroupIngress",
                R"({"groupId":"sg-1","ipPermissions":{"items":[{"groups":{}}]}})", "sg-1", ""},
           Case{"ec2", "TerminateInstances",
                R"({"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}})", "i-1", ""},
           Case{"ec2", "ModifyVpcEndpoint",
                R"({"ModifyVpcEndpointRequest":{"VpcEndpointId":"vpce-1","RemoveRouteTableId":{"content":"rtb-1"}}})",
                "vpce-1", ""},
           Case{"s3", "PutBucketPolicy", R"({"bucketName":"media","Host":"x"})", "media", "media"},
           Case{"elasticloadbalancing", "ModifyTargetGroup",
                R"({"targetGroupArn":"arn:aws:elasticloadbalancing:r:1:targetgroup/web/7"})",
                "arn:aws:elasticloadbalancing:r:1:targetgroup/web/7", ""},
           Case{"application-autoscaling", "RegisterScalableTarget",
                R"({"resourceId":"service/shop/orders","minCapacity":1})", "service/shop/orders", "orders"},
           Case{"sqs", "SetQueueAttributes", R"({"queueUrl":"https://sqs.r.amazonaws.com/1/jobs"})",
                "https://sqs.r.amazonaws.com/1/jobs", "jobs"},
           Case{"iam", "AttachRolePolicy", R"({"roleName":"worker","policyArn":"arn:aws:iam::aws:policy/X"})", "worker",
                ""},
           Case{"ec2", "X", "null", "", ""},
           Case{"ec2", "X", "[]", "", ""},
       }) {
    Fields fields;
    fields.source = c.source;
    fields.name = c.name;
    fields.parameters = c.parameters;
    const ChangeEvent change = read_one(fields);
    EXPECT_EQ(change.resource, c.resource) << c.parameters;
    EXPECT_EQ(change.service, c.service) << c.parameters;
  }
  Fields fields;
  fields.source = "s3";
  fields.name = "PutBucketEncryption";
  fields.parameters = R"({"bucketName":"media"})";
  fields.extra =
      R"(,"resources":[{"ARN":"arn:aws:kms:r:1:key/2"},{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::media"}])";
  EXPECT_EQ(read_one(fields).resource, "arn:aws:s3:::media");
}

TEST(CloudTrailReader, SortsActionsIntoKinds) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"ecs", "UpdateService", "deployment"},
      {"ecs", "RegisterTaskDefinition", "deployment"},
      {"lambda", "UpdateFunctionCode20150331v2", "deployment"},
      {"codedeploy", "CreateDeployment", "deployment"},
      {"cloudformation", "CreateChangeSet", "deployment"},
      {"cloudformation", "UpdateStack", "deployment"},
      {"iam", "DeleteRole", "permission"},
      {"s3", "PutBucketPolicy", "permission"},
      {"lambda", "RemovePermission20150331v2", "permission"},
      {"ec2", "RevokeSecurityGroupIngress", "network"},
      {"ec2", "ReplaceRoute", "network"},
      {"ec2", "CreateNetworkAclEntry", "network"},
      {"ec2", "DeleteVpcEndpoints", "network"},
      {"route53", "ChangeResourceRecordSets", "network"},
      {"ssm", "PutParameter", "config_change"},
      {"lambda", "UpdateFunctionConfiguration20150331v2", "config_change"},
      {"rds", "ModifyDBInstance", "config_change"},
      {"secretsmanager", "PutSecretValue", "config_change"},
      {"secretsmanager", "RotateSecret", "config_change"},
      {"autoscaling", "SetDesiredCapacity", "scaling"},
      {"autoscaling", "UpdateAutoScalingGroup", "scaling"},
      {"autoscaling", "PutScalingPolicy", "scaling"},
      {"lambda", "PutFunctionConcurrency20171031", "scaling"},
      {"rds", "RebootDBInstance", "restart"},
      {"ec2", "StopInstances", "restart"},
      {"ec2", "TerminateInstances", "restart"},
      {"evidently", "UpdateFeature", "feature_flag"},
      {"ec2", "CreateTags", "other"},
      {"s3", "DeleteObject", "other"},
      {"", "", "other"},
  };
  for (const auto& [source, action, kind] : cases)
    EXPECT_EQ(change_kind(source, action), kind) << source << ":" << action;

  Fields scale;
  scale.parameters = R"({"service":"orders","desiredCount":9})";
  EXPECT_EQ(read_one(scale).kind, "scaling");
  scale.parameters = R"({"service":"orders","desiredCount":9,"forceNewDeployment":false})";
  EXPECT_EQ(read_one(scale).kind, "scaling");
  scale.parameters = R"({"service":"orders","desiredCount":9,"forceNewDeployment":true})";
  EXPECT_EQ(read_one(scale).kind, "deployment");
  Fields object;
  object.source = "s3";
  object.name = "PutObject";
  object.extra = R"(,"eventCategory":"Data","readOnly":false)";
  EXPECT_EQ(read_one(object).kind, "other");
}

TEST(CloudTrailReader, ReadsLinesArraysEventBridgeAndLookups) {
  std::string line = kUpdateService;
  std::erase(line, '\n');
  Fields other;
  other.name = "DeleteService";
  std::string quoted;
  for (const char c : line) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  std::string lookup =
      R"({"EventId":"1","EventName":"UpdateService","ReadOnly":"false","EventTime":"2026-03-14T17:29:11+09:00",
      "EventSource":"ecs.amazonaws.com","Username":"ci-4711","Resources":[{"ResourceType":"AWS::ECS::Service","ResourceName":"orders"}])";
  std::erase(lookup, '\n');
  struct Case {
    std::string text;
    std::size_t changes;
  };
  for (const Case& c : {Case{line + "\n" + other.text() + "\n", 2}, Case{"[" + line + "," + other.text() + "]", 2},
                        Case{R"({"version":"0","detail-type":"AWS API Call via CloudTrail","detail":)" + line + "}", 1},
                        Case{"{\"Events\":[" + lookup + R"(,"CloudTrailEvent":")" + quoted + "\"}]}", 1},
                        Case{"{\"Events\":[" + lookup + "}]}", 1},
                        Case{"{\"Events\":[" + lookup + R"(,"CloudTrailEvent":"{broken"}]})", 1}}) {
    const CollectingSink sink = read(c.text);
    ASSERT_THAT(sink.changes, SizeIs(c.changes)) << c.text;
    EXPECT_EQ(sink.changes[0].action, "ecs:UpdateService");
    EXPECT_EQ(sink.changes[0].resource, "orders");
    EXPECT_EQ(format_rfc3339(sink.changes[0].time), "2026-03-14T08:29:11Z");
    EXPECT_THAT(sink.changes[0].actor, testing::AnyOf("deployer/ci-4711", "ci-4711"));
    EXPECT_THAT(bytes_at(c.text, sink.changes[0].position), testing::StartsWith("{"));
    EXPECT_THAT(bytes_at(c.text, sink.changes[0].position), testing::EndsWith("}"));
  }
  EXPECT_EQ(read("{\"Events\":[" + lookup + R"(,"CloudTrailEvent":")" + quoted + "\"}]}").changes[0].actor,
            "deployer/ci-4711");
  const CollectingSink paged =
      read("{\"Events\":[],\"NextToken\":\"abc\"}\n{\"Events\":[" + lookup + "}],\"NextToken\":\"def\"}\n");
  ASSERT_THAT(paged.skipped, SizeIs(1));
  EXPECT_THAT(paged.skipped[0].reason, HasSubstr("NextToken"));
}

TEST(CloudTrailReader, KeepsTheNeighboursOfBrokenEvents) {
  for (const std::string& broken : {std::string(R"({"eventName":tru})"), std::string(R"({"eventVersion":"1.08"})"),
                                    std::string("7"), std::string("null"), std::string("[]"), std::string("{}"),
                                    std::string(R"({"eventCategory":"Insight","insightDetails":{"eventName":"X"}})"),
                                    std::string(R"({"x":"\q","eventName":"\q"})")}) {
    const std::string text = "{\"Records\":[" + kUpdateService + "," + broken + "," + kUpdateService + "]}";
    const CollectingSink sink = read(text);
    EXPECT_THAT(sink.changes, SizeIs(2)) << broken;
    ASSERT_THAT(sink.skipped, SizeIs(1)) << broken;
    EXPECT_EQ(bytes_at(text, sink.skipped[0].position), broken);
    EXPECT_THAT(sink.skipped[0].reason, HasSubstr("CloudTrail"));
  }
}

TEST(CloudTrailReader, KeepsWhatStandsBeforeACut) {
  const std::string text = "{\"Records\":[" + kUpdateService + "," + kUpdateService + "," + kUpdateService + "]}";
  for (const std::size_t cut : {text.size() - 5, text.size() - kUpdateService.size() / 2, text.size() - 1}) {
    const CollectingSink sink = read(text.substr(0, cut));
    EXPECT_THAT(sink.changes, SizeIs(cut == text.size() - 1 ? 3 : 2)) << cut;
    EXPECT_THAT(sink.skipped, SizeIs(1)) << cut;
  }
}

TEST(CloudTrailReader, BoundsParametersAndTheirDepth) {
  Fields fields;
  fields.parameters = R"({"service":"orders","text":")";
  for (int i = 0; i < 3000; ++i) fields.parameters += "日";
  fields.parameters += "\xff\"}";
  const ChangeEvent big = read_one(fields);
  EXPECT_LE(big.after.size(), 4096U);
  EXPECT_TRUE(is_valid_utf8(big.after));
  EXPECT_EQ(big.service, "orders");

  fields.parameters = "{\"x\":";
  for (int i = 0; i < 500; ++i) fields.parameters += "[{\"y\":";
  fields.parameters += "1";
  for (int i = 0; i < 500; ++i) fields.parameters += "}]";
  fields.parameters += ",\"service\":\"orders\"}";
  const CollectingSink sink = read(fields.text());
  EXPECT_EQ(sink.changes.size() + sink.skipped.size(), 1U);
}

TEST(CloudTrailReader, UndatedEventsAreKeptAndSaid) {
  std::string text = Fields{}.text();
  text.replace(text.find("2026-03-14T08:29:11Z"), 20, "yesterday");
  const CollectingSink sink = read(text);
  ASSERT_THAT(sink.changes, SizeIs(1));
  EXPECT_EQ(sink.changes[0].time, kNoTime);
  ASSERT_THAT(sink.skipped, SizeIs(1));
  EXPECT_TRUE(sink.skipped[0].truncated);
}

}  // namespace
}  // namespace fa
