#include <algorithm>
#include <cctype>

#include "findings/finding_fields.h"

namespace fa::findings {
namespace {

/// ASFF's own table of SeverityNormalized (0 to 100).
Severity normalized_severity(double score) {
  if (score >= 90) return Severity::kCritical;
  if (score >= 70) return Severity::kHigh;
  if (score >= 40) return Severity::kMedium;
  return score >= 1 ? Severity::kLow : Severity::kInformational;
}

Severity asff_severity(const Json& value) {
  const Json& severity = member(value, "Severity");
  const Json& provider = member(member(value, "FindingProviderFields"), "Severity");
  for (const std::string& label : {text(severity, "Label"), text(provider, "Label")}) {
    if (const auto known = severity_from_name(label)) return *known;
  }
  return normalized_severity(number(severity, "Normalized").value_or(0));
}

/// `S3.8`: letters and digits, a dot, a number.
bool is_control_id(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size() || name.size() > 40) return false;
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dot), plain) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(), is_digit);
}

/// With consolidated control findings the id stands in Compliance; before, in ProductFields or behind the last slash of
/// the generator (`aws-foundational-security-best-practices/v/1.0.0/S3.8`).
std::string control_of(const Json& value) {
  const std::string generator = text(value, "GeneratorId");
  const std::string candidates[] = {text(member(value, "Compliance"), "SecurityControlId"),
                                    text(member(value, "ProductFields"), "ControlId"),
                                    generator.substr(generator.rfind('/') + 1)};
  for (const std::string& name : candidates) {
    if (is_control_id(name)) return name;
  }
  return {};
}

/// `Inspector`, not `Amazon Inspector`; products of older findings are told by their ARN alone.
std::string product_of(const Json& value) {
  std::string name = text(value, "ProductName", 100);
  if (name.empty()) name = text(member(value, "ProductFields"), "aws/securityhub/ProductName", 100);
  if (name.empty()) {
    const std::string arn = text(value, "ProductArn", 200);
    name = arn.substr(arn.rfind('/') + 1);
  }
  for (const std::string_view vendor : {"Amazon ", "AWS "}) {
    if (name.starts_with(vendor)) name.erase(0, vendor.size());
  }
  if (iequals(name, "securityhub")) return "Security Hub";
  return iequals(name, "guardduty") ? "GuardDuty" : name;
}

/// GuardDuty's own name of a type of which ASFF makes `TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort` or, without
/// the purpose, `TTPs/Initial Access/IAMUser-AnomalousBehavior`.
std::string guardduty_type(const std::string& asff) {
  const std::size_t slash = asff.rfind('/');
  if (slash == std::string::npos) return asff;
  std::string type = asff.substr(slash + 1);
  if (type.find(':') == std::string::npos) {
    std::string purpose = asff.substr(0, slash);
    purpose.erase(0, purpose.rfind('/') + 1);
    std::erase(purpose, ' ');
    type.insert(0, purpose + ":");
  }
  if (const std::size_t dash = type.find('-', type.find(':')); dash != std::string::npos) type[dash] = '/';
  return type;
}

/// Details whose very name says that the outside may come in.
void note_exposure(const Json& resource, SecurityFinding& finding) {
  const Json& details = member(resource, "Details");
  if (!details.is_object()) return;
  for (const auto& [kind, fields] : details.items()) {
    for (const char* name : {"PubliclyAccessible", "PublicIpAddress", "PublicIp"}) {
      const Json& held = member(fields, name);
      if ((held.is_boolean() && held.get<bool>()) || (held.is_string() && !held.get_ref<const std::string&>().empty()))
        finding.exposure.emplace_back(name);
    }
    if (text(fields, "Scheme") == "internet-facing") finding.exposure.emplace_back("Scheme: internet-facing");
  }
}

void read_resources(const Json& value, SecurityFinding& finding) {
  const Json& resources = member(value, "Resources");
  if (!resources.is_array()) return;
  for (const Json& resource : resources) {
    note_exposure(resource, finding);
    if (finding.resources.size() >= SecurityFinding::kMaxResources) {
      ++finding.further_resources;
      continue;
    }
    Resource read{text(resource, "Type", 100), text(resource, "Id", 600), text(resource, "Region", 60)};
    if (!read.id.empty()) finding.resources.push_back(std::move(read));
  }
}

void read_vulnerabilities(const Json& value, SecurityFinding& finding) {
  const Json& list = member(value, "Vulnerabilities");
  if (!list.is_array()) return;
  for (const Json& item : list) {
    const bool exploit = text(item, "ExploitAvailable") == "YES" || !text(item, "LastKnownExploitAt").empty();
    const Json& packages = member(item, "VulnerablePackages");
    static const Json kNoPackage = Json::array({Json::object()});
    for (const Json& package : packages.is_array() && !packages.empty() ? packages : kNoPackage) {
      if (finding.vulnerabilities.size() >= SecurityFinding::kMaxVulnerabilities) {
        ++finding.further_vulnerabilities;
        continue;
      }
      std::string fixed = text(package, "FixedInVersion", 100);
      if (fixed == "NotAvailable") fixed.clear();
      finding.vulnerabilities.push_back({text(item, "Id", 100), text(package, "Name", 200),
                                         text(package, "Version", 100), std::move(fixed), exploit});
    }
  }
}

}  // namespace

std::optional<SecurityFinding> read_asff(const Json& value) {
  SecurityFinding f;
  f.id = text(value, "Id");
  f.title = text(value, "Title", 500);
  if (f.id.empty() || f.title.empty()) return std::nullopt;
  f.from_security_hub = true;
  f.product = product_of(value);
  f.account = text(value, "AwsAccountId", 40);
  f.region = text(value, "Region", 60);
  f.control = control_of(value);
  f.description = text(value, "Description");
  f.severity = asff_severity(value);
  const Json& types = member(value, "Types");
  if (types.is_array() && !types.empty() && types.front().is_string()) {
    f.type = utf8_prefix(types.front().get_ref<const std::string&>(), 200);
  }
  if (f.product == "GuardDuty") {
    f.type = guardduty_type(f.type);
    f.sample = text(member(value, "ProductFields"), "aws/guardduty/service/additionalInfo/sample") == "true";
  }
  f.first_seen = time(value, "FirstObservedAt");
  if (!f.first_seen) f.first_seen = time(value, "CreatedAt");
  f.last_seen = time(value, "LastObservedAt");
  f.updated = time(value, "UpdatedAt");
  f.workflow = text(member(value, "Workflow"), "Status", 40);
  f.record_state = text(value, "RecordState", 40);
  if (f.record_state.empty()) f.record_state = "ACTIVE";  // what the service takes findings without it for
  f.compliance = text(member(value, "Compliance"), "Status", 40);
  f.sample = f.sample || flag(value, "Sample");
  read_resources(value, f);
  read_vulnerabilities(value, f);
  // Types name reachability as such; the direction tells who began.
  if (f.type.find("Network Reachability") != std::string::npos) f.exposure.emplace_back("Network Reachability");
  if (text(member(value, "Network"), "Direction") == "IN") f.exposure.emplace_back("Network.Direction: IN");
  const Json& recommendation = member(member(value, "Remediation"), "Recommendation");
  f.remedy_text = text(recommendation, "Text");
  f.remedy_url = text(recommendation, "Url", 500);
  return f;
}

}  // namespace fa::findings
