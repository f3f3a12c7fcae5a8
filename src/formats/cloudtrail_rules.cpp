#include "formats/cloudtrail_rules.h"

#include <cstddef>

#include "formats/aws_values.h"

namespace fa {
namespace {

/// Verbs of calls that change nothing. Only asked where the event itself does not say `readOnly`.
constexpr std::string_view kReadVerbs[] = {
    "Get",
    "List",
    "Describe",
    "Head",
    "Search",
    "Lookup",
    "BatchGet",
    "BatchDescribe",
    "Query",
    "Scan",
    "Select",
    "View",
    "Check",
    "Preview",
    "Estimate",
    "Simulate",
    "Filter",
    "Discover",
    "Count",
    "Validate",
    "Verify",
    "Detect",
    "Read",
    "Receive",
    "Poll",
    "Decrypt",
    "GenerateDataKey",
    "AssumeRole",
    "TestMetricFilter",
    "StartQuery",
    "StopQuery",
};

/// The first rule that fits gives the kind. An empty source fits all; a pattern is a prefix of the event name, or with
/// a leading `*` a part of it; an empty one fits all.
struct KindRule {
  std::string_view source;
  std::string_view pattern;
  std::string_view kind;
};
constexpr KindRule kKindRules[] = {
    // Names that would fall to a wider rule below.
    {"", "*Tag", "other"},
    {"logs", "CreateLogStream", "other"},
    {"appconfig", "StartDeployment", "config_change"},
    {"evidently", "", "feature_flag"},
    {"cloudtrail", "StopLogging", "config_change"},
    // New code or a new definition of what runs.
    {"ecs", "UpdateService", "deployment"},
    {"ecs", "CreateService", "deployment"},
    {"ecs", "DeleteService", "deployment"},
    {"ecs", "*TaskDefinition", "deployment"},
    {"ecs", "*TaskSet", "deployment"},
    {"lambda", "UpdateFunctionCode", "deployment"},
    {"lambda", "CreateFunction", "deployment"},
    {"lambda", "PublishVersion", "deployment"},
    {"lambda", "PublishLayerVersion", "deployment"},
    {"lambda", "CreateAlias", "deployment"},
    {"lambda", "UpdateAlias", "deployment"},
    {"cloudformation", "*ChangeSet", "deployment"},
    {"cloudformation", "*Stack", "deployment"},
    {"codepipeline", "StartPipelineExecution", "deployment"},
    {"codebuild", "StartBuild", "deployment"},
    {"ecr", "PutImage", "deployment"},
    {"elasticbeanstalk", "UpdateEnvironment", "deployment"},
    {"elasticbeanstalk", "CreateApplicationVersion", "deployment"},
    {"apprunner", "UpdateService", "deployment"},
    {"eks", "UpdateClusterVersion", "deployment"},
    {"eks", "UpdateNodegroupVersion", "deployment"},
    {"eks", "UpdateAddon", "deployment"},
    {"states", "UpdateStateMachine", "deployment"},
    {"autoscaling", "StartInstanceRefresh", "deployment"},
    {"", "*Deployment", "deployment"},
    // How many run. Before permission: PutScalingPolicy is none.
    {"", "SetDesiredCapacity", "scaling"},
    {"", "*AutoScaling", "scaling"},
    {"", "*ScalingPolicy", "scaling"},
    {"", "*ScalableTarget", "scaling"},
    {"", "*ScheduledAction", "scaling"},
    {"", "*Concurrency", "scaling"},
    {"kinesis", "*Shard", "scaling"},
    {"eks", "UpdateNodegroupConfig", "scaling"},
    {"ecs", "*CapacityProvider", "scaling"},
    // Who may do what.
    {"iam", "", "permission"},
    {"sts", "", "permission"},
    {"sso", "", "permission"},
    {"kms", "*Grant", "permission"},
    {"kms", "DisableKey", "permission"},
    {"kms", "ScheduleKeyDeletion", "permission"},
    {"ecr", "PutLifecyclePolicy", "config_change"},
    {"elasticloadbalancing", "*LoadBalancerPolic", "config_change"},
    {"", "*Permission", "permission"},
    {"", "*Policy", "permission"},
    {"", "*PublicAccessBlock", "permission"},
    {"", "*BucketAcl", "permission"},
    // Who reaches whom.
    {"", "*SecurityGroup", "network"},
    {"", "*NetworkAcl", "network"},
    {"", "*NetworkInterface", "network"},
    {"", "*Route", "network"},
    {"", "*VpcEndpoint", "network"},
    {"", "*VpcPeering", "network"},
    {"", "*Subnet", "network"},
    {"", "*InternetGateway", "network"},
    {"", "*NatGateway", "network"},
    {"", "*TransitGateway", "network"},
    {"", "*DhcpOptions", "network"},
    {"ec2", "*Vpc", "network"},
    {"ec2", "*Address", "network"},
    {"route53", "", "network"},
    {"network-firewall", "", "network"},
    {"wafv2", "", "network"},
    {"waf", "", "network"},
    {"elasticloadbalancing", "RegisterTargets", "network"},
    {"elasticloadbalancing", "DeregisterTargets", "network"},
    {"elasticloadbalancing", "*Listener", "network"},
    {"elasticloadbalancing", "*Rule", "network"},
    // What was interrupted.
    {"", "Reboot", "restart"},
    {"", "Restart", "restart"},
    {"", "Stop", "restart"},
    {"", "Terminate", "restart"},
    {"", "Failover", "restart"},
    {"ec2", "StartInstances", "restart"},
    {"rds", "StartDB", "restart"},
    {"elasticache", "TestFailover", "restart"},
    // Settings.
    {"secretsmanager", "", "config_change"},
    {"ssm", "*Parameter", "config_change"},
    {"", "Put", "config_change"},
    {"", "Update", "config_change"},
    {"", "Modify", "config_change"},
    {"", "Set", "config_change"},
    {"", "Enable", "config_change"},
    {"", "Disable", "config_change"},
    {"", "Reset", "config_change"},
    {"", "Change", "config_change"},
};

/// Request parameters that name what is changed, most telling first. `service` says that the value names a service of
/// the workload, not just a part of AWS.
struct TargetRule {
  std::string_view source;
  std::string_view key;
  bool service;
};
constexpr TargetRule kTargetRules[] = {
    {"ecs", "service", true},
    {"ecs", "serviceName", true},
    {"ecs", "family", true},
    {"ecs", "taskDefinition", false},
    {"ecs", "cluster", false},
    {"lambda", "functionName", true},
    {"apprunner", "serviceArn", true},
    {"apprunner", "serviceName", true},
    {"codedeploy", "applicationName", true},
    {"elasticbeanstalk", "environmentName", true},
    {"elasticbeanstalk", "applicationName", true},
    {"states", "stateMachineArn", true},
    {"states", "name", true},
    {"cloudformation", "stackName", true},
    {"codepipeline", "name", true},
    {"codebuild", "projectName", true},
    {"ecr", "repositoryName", true},
    {"eks", "nodegroupName", false},
    {"eks", "clusterName", false},
    {"application-autoscaling", "resourceId", true},
    {"monitoring", "alarmName", false},
    {"ssm", "documentName", false},
    {"", "dBInstanceIdentifier", true},
    {"", "dBClusterIdentifier", true},
    {"", "tableName", true},
    {"", "replicationGroupId", true},
    {"", "cacheClusterId", true},
    {"", "autoScalingGroupName", true},
    {"", "streamName", true},
    {"", "queueUrl", true},
    {"", "queueName", true},
    {"", "topicArn", true},
    {"", "bucketName", true},
    {"", "secretId", false},
    {"", "targetGroupArn", false},
    {"", "ruleArn", false},
    {"", "listenerArn", false},
    {"", "loadBalancerArn", false},
    {"", "loadBalancerName", false},
    {"", "groupId", false},
    {"", "groupName", false},
    {"", "instanceId", false},
    {"", "routeTableId", false},
    {"", "networkAclId", false},
    {"", "vpcEndpointId", false},
    {"", "subnetId", false},
    {"", "natGatewayId", false},
    {"", "hostedZoneId", false},
    {"", "dBParameterGroupName", false},
    {"", "dBClusterParameterGroupName", false},
    {"", "keyId", false},
    {"", "roleName", false},
    {"", "policyArn", false},
    {"", "userName", false},
    {"", "restApiId", false},
    {"", "apiId", false},
    {"", "logGroupName", false},
    {"", "resourceArn", false},
    {"", "resourceName", false},
    {"", "name", false},
    {"", "vpcId", false},
    {"", "arn", false},
    {"", "id", false},
};

bool fits(std::string_view pattern, std::string_view action) {
  if (pattern.starts_with('*')) return action.find(pattern.substr(1)) != std::string_view::npos;
  return action.starts_with(pattern);
}

/// EC2's newer operations write their parameters inside `<Operation>Request` and with a capital (`VpcEndpointId`).
bool is_key(std::string_view key, std::string_view rule) {
  return key.size() == rule.size() && key.substr(1) == rule.substr(1) &&
         (key[0] == rule[0] || key[0] == static_cast<char>(rule[0] - 'a' + 'A'));
}

}  // namespace

bool is_read_action(std::string_view action) {
  for (const std::string_view verb : kReadVerbs) {
    // The verb must end there: `Listen...` is no `List`, `Checkout...` no `Check`.
    if (action.starts_with(verb) && (action.size() == verb.size() || action[verb.size()] < 'a')) return true;
  }
  return false;
}

std::string_view change_kind(std::string_view source, std::string_view action) {
  for (const KindRule& rule : kKindRules) {
    if ((rule.source.empty() || rule.source == source) && fits(rule.pattern, action)) return rule.kind;
  }
  return "other";
}

void RequestTargetFinder::take(std::string_view key, std::string_view value) {
  if (key.empty() || value.empty()) return;
  std::size_t index = 0;
  for (const TargetRule& rule : kTargetRules) {
    if (index >= resource_rule_ && index >= service_rule_) return;
    if (is_key(key, rule.key) && (rule.source.empty() || rule.source == source_)) {
      if (index < resource_rule_) {
        resource_rule_ = index;
        target_.resource = value;
      }
      if (rule.service && index < service_rule_) {
        service_rule_ = index;
        target_.service = short_resource_name(value);
      }
      return;
    }
    ++index;
  }
}

std::string_view short_resource_name(std::string_view resource) {
  if (const Arn arn = parse_arn(resource); !arn.resource.empty()) {
    if (arn.service == "elasticloadbalancing") {
      // loadbalancer/app/NAME/ID, targetgroup/NAME/ID, listener/app/NAME/ID/ID
      std::string_view rest = arn.resource.substr(arn.resource.find('/') + 1);
      if (rest.starts_with("app/") || rest.starts_with("net/") || rest.starts_with("gwy/")) rest.remove_prefix(4);
      return rest.substr(0, rest.find('/'));
    }
    std::string_view name = arn.resource;
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
      name.remove_prefix(colon + 1);  // function:NAME:QUALIFIER, db:NAME, stateMachine:NAME, log-group:NAME:*
      name = name.substr(0, name.find(':'));
      return name;
    }
    if (arn.service == "cloudformation" || arn.service == "apprunner" || arn.service == "autoscaling") {
      name.remove_prefix(name.find('/') == std::string_view::npos ? 0 : name.find('/') + 1);  // stack/NAME/ID
      return name.substr(0, name.find('/'));
    }
    return name.substr(name.rfind('/') + 1);
  }
  if (resource.find("://") != std::string_view::npos || resource.starts_with("service/")) {
    return resource.substr(resource.rfind('/') + 1);
  }
  return resource;
}

}  // namespace fa
