#include "findings/finding_fields.h"

namespace fa::findings {
namespace {

void add_resource(SecurityFinding& finding, const char* type, std::string id) {
  if (id.empty()) return;
  if (finding.resources.size() >= SecurityFinding::kMaxResources) {
    ++finding.further_resources;
    return;
  }
  finding.resources.push_back({type, std::move(id), finding.region});
}

/// The same types as ASFF has, so that both services' groups read alike.
void read_instance(const Json& resource, SecurityFinding& finding) {
  const Json& instance = member(resource, "instanceDetails");
  if (const std::string id = text(instance, "instanceId", 100); !id.empty()) {
    // As Security Hub names it: the ARN it makes of the id.
    add_resource(finding, "AwsEc2Instance",
                 "arn:aws:ec2:" + finding.region + ":" + finding.account + ":instance/" + id);
  }
  const Json& interfaces = member(instance, "networkInterfaces");
  if (!interfaces.is_array()) return;
  for (const Json& one : interfaces) {
    if (!text(one, "publicIp").empty()) {
      finding.exposure.emplace_back("publicIp");
      return;
    }
  }
}

void read_buckets(const Json& resource, SecurityFinding& finding) {
  const Json& buckets = member(resource, "s3BucketDetails");
  if (!buckets.is_array()) return;
  for (const Json& bucket : buckets) {
    std::string id = text(bucket, "arn", 600);
    if (id.empty()) id = text(bucket, "name", 600);
    add_resource(finding, "AwsS3Bucket", std::move(id));
    if (text(member(bucket, "publicAccess"), "effectivePermission") == "PUBLIC") {
      finding.exposure.emplace_back("publicAccess.effectivePermission: PUBLIC");
    }
  }
}

void read_others(const Json& resource, SecurityFinding& finding) {
  struct Kind {
    const char* member;
    const char* id;
    const char* type;
  };
  static constexpr Kind kKinds[] = {
      {"eksClusterDetails", "arn", "AwsEksCluster"},
      {"ecsClusterDetails", "arn", "AwsEcsCluster"},
      {"lambdaDetails", "functionArn", "AwsLambdaFunction"},
      {"rdsDbInstanceDetails", "dbInstanceArn", "AwsRdsDbInstance"},
      {"rdsLimitlessDbDetails", "dbShardGroupArn", "AwsRdsDbShardGroup"},
      {"ebsSnapshotDetails", "snapshotArn", "AwsEc2Snapshot"},
      {"ec2ImageDetails", "imageArn", "AwsEc2Image"},
      {"recoveryPointDetails", "recoveryPointArn", "AwsBackupRecoveryPoint"},
      {"containerDetails", "id", "Container"},
  };
  for (const Kind& kind : kKinds) add_resource(finding, kind.type, text(member(resource, kind.member), kind.id, 600));
  const Json& key = member(resource, "accessKeyDetails");
  // Who, and with which key: a leaked key is mended at the user or role.
  std::string who = text(key, "userName", 300);
  if (const std::string id = text(key, "accessKeyId", 100); !id.empty()) who += who.empty() ? id : " (" + id + ")";
  add_resource(finding, "AwsIamAccessKey", std::move(who));
}

bool action_comes_from_outside(const Json& service) {
  const Json& action = member(service, "action");
  const Json& connection = member(action, "networkConnectionAction");
  return text(connection, "connectionDirection") == "INBOUND" || member(action, "portProbeAction").is_object();
}

}  // namespace

Severity guardduty_severity(double score) {
  if (score >= 9) return Severity::kCritical;
  if (score >= 7) return Severity::kHigh;
  if (score >= 4) return Severity::kMedium;
  return score >= 1 ? Severity::kLow : Severity::kInformational;
}

std::optional<SecurityFinding> read_guardduty(const Json& value) {
  SecurityFinding f;
  f.id = text(value, "arn");
  f.type = text(value, "type", 200);
  if (f.id.empty() || f.type.empty()) return std::nullopt;
  f.product = "GuardDuty";
  f.from_guardduty = true;
  f.account = text(value, "accountId", 40);
  f.region = text(value, "region", 60);
  f.title = text(value, "title", 500);
  if (f.title.empty()) f.title = f.type;
  f.description = text(value, "description");
  f.severity = guardduty_severity(number(value, "severity").value_or(0));
  const Json& service = member(value, "service");
  f.first_seen = time(service, "eventFirstSeen");
  if (!f.first_seen) f.first_seen = time(value, "createdAt");
  f.last_seen = time(service, "eventLastSeen");
  f.updated = time(value, "updatedAt");
  f.record_state = flag(service, "archived") ? "ARCHIVED" : "ACTIVE";
  const double seen = number(service, "count").value_or(1);
  if (seen >= 1 && seen < 1e15) f.count = static_cast<std::uint64_t>(seen);
  const Json& additional = member(service, "additionalInfo");
  f.sample = flag(additional, "sample") || text(additional, "value").find("\"sample\":true") != std::string::npos;
  const Json& resource = member(value, "resource");
  read_instance(resource, f);
  read_buckets(resource, f);
  read_others(resource, f);
  if (f.resources.empty()) add_resource(f, "AwsAccount", "AWS::::Account:" + f.account);
  if (action_comes_from_outside(service)) f.exposure.emplace_back("action: inbound");
  return f;
}

}  // namespace fa::findings
