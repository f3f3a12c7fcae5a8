#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

/// Security findings of AWS Security Hub and Amazon GuardDuty, told as one kind. Plain values; texts come from the
/// services and whoever can name a resource, and are hostile: escaped wherever they are shown.
namespace fa::findings {

enum class Severity { kInformational, kLow, kMedium, kHigh, kCritical };
inline constexpr std::size_t kSeverityCount = static_cast<std::size_t>(Severity::kCritical) + 1;
/// `informational`, `low`, ...: as options and JSON spell it.
std::string_view severity_name(Severity severity);
std::optional<Severity> severity_from_name(std::string_view name);  ///< In any case.

/// Who told about a finding.
enum class Service { kSecurityHub, kGuardDuty };
/// `Security Hub`, `GuardDuty`.
std::string_view service_name(Service service);

struct Resource {
  std::string type;  ///< `AwsS3Bucket`
  std::string id;    ///< ARN or id, as the service writes it.
  std::string region;
  bool operator==(const Resource&) const = default;
};

/// A CVE and what is installed that has it.
struct Vulnerability {
  std::string id;
  std::string package;
  std::string installed;
  std::string fixed;  ///< First version without it; empty when there is none yet.
  bool exploit_known = false;
};

/// One finding. Lists and texts are cut at limits (kMaxResources, ...) so that 50,000 of them fit into memory.
struct SecurityFinding {
  static constexpr std::size_t kMaxResources = 20;
  static constexpr std::size_t kMaxVulnerabilities = 20;
  static constexpr std::size_t kMaxTextBytes = 2000;

  /// The ARN that both services know it by; findings with the same id are the same finding.
  std::string id;
  std::string product;  ///< Who found it: `Security Hub`, `GuardDuty`, `Inspector`, `Macie`, `Prowler`.
  bool from_security_hub = false;
  bool from_guardduty = false;
  std::string account;
  std::string region;
  std::string type;     ///< GuardDuty's type, else the first ASFF type.
  std::string control;  ///< `S3.8`; empty for what is no check of a control.
  std::string title;
  std::string description;
  Severity severity = Severity::kInformational;
  std::optional<TimePoint> first_seen;
  std::optional<TimePoint> last_seen;
  std::optional<TimePoint> updated;
  std::string workflow;      ///< NEW, NOTIFIED, SUPPRESSED, RESOLVED; empty when nobody keeps one (GuardDuty).
  std::string record_state;  ///< ACTIVE, ARCHIVED
  std::string compliance;    ///< PASSED, FAILED, WARNING, NOT_AVAILABLE; empty: no check (Inspector, Macie, GuardDuty).
  bool sample = false;       ///< Made by somebody who tried the service out.
  std::uint64_t count = 1;   ///< How often GuardDuty saw it.
  std::vector<Resource> resources;
  std::uint64_t further_resources = 0;  ///< Beyond kMaxResources.
  std::vector<Vulnerability> vulnerabilities;
  std::uint64_t further_vulnerabilities = 0;
  /// Why the finding's own fields say that it can be reached from outside: `publicIp`, `PubliclyAccessible`. Empty:
  /// they say nothing of it.
  std::vector<std::string> exposure;
  std::string remedy_text;  ///< What the product recommends.
  std::string remedy_url;

  [[nodiscard]] bool exploit_known() const;
  /// Last time it was seen or, without that, updated.
  [[nodiscard]] std::optional<TimePoint> newest() const { return last_seen ? last_seen : updated; }
};

}  // namespace fa::findings
