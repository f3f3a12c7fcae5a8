#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fa::findings {

/// What findings have in common, and so what mending them has.
struct Cause {
  enum class Kind {
    kControl,  ///< A check of Security Hub: `S3.8`.
    kThreat,   ///< A type of GuardDuty: `Recon:EC2/PortProbeUnprotectedPort`.
    kPackage,  ///< Installed software with known vulnerabilities: `openssl`.
    kOther,    ///< Of another product; its type, or its title where it has none.
  };
  Kind kind = Kind::kOther;
  std::string name;
  bool operator==(const Cause&) const = default;
};
/// `control`, `threat`, `package`, `other`.
std::string_view cause_kind_name(Cause::Kind kind);
Cause cause_of(const SecurityFinding& finding);

/// What a group has on one resource.
struct Affected {
  Resource resource;
  std::string account;
  Severity worst = Severity::kInformational;
  std::optional<TimePoint> first_seen;
  std::optional<TimePoint> last_seen;
  std::uint64_t findings = 0;
};

/// The findings of one cause.
struct Group {
  Cause cause;
  std::string product;
  std::string title;  ///< Of its worst finding.
  std::string description;
  std::string remedy_text;
  std::string remedy_url;
  Severity worst = Severity::kInformational;
  double risk = 0;                  ///< See risk_of.
  std::vector<std::string> ids;     ///< Of its findings, sorted.
  std::vector<Affected> resources;  ///< Worst first, then by account and id.
  std::uint64_t further_resources = 0;
  std::vector<std::string> accounts;  ///< Sorted.
  std::vector<std::string> regions;   ///< Sorted.
  std::optional<TimePoint> first_seen;
  std::optional<TimePoint> last_seen;
  std::vector<std::string> exposure;  ///< Fields that say it can be reached from outside; sorted.
  std::vector<Vulnerability> vulnerabilities;
  std::uint64_t further_vulnerabilities = 0;
  bool exploit_known = false;
  bool from_security_hub = false;
  bool from_guardduty = false;
};

/// How pressing a group is; the larger, the more. A product of
///   severity of the worst finding: 100 critical, 60 high, 25 medium, 8 low, 1 informational
///   1.5 where a finding's own fields say that it can be reached from outside (or the control is about just that)
///   1.3 where an exploit is known
///   1 + log2(number of resources) / 10, at most 2
///   when it was last seen: 1.2 within a day, 1 within a week or unknown, 0.8 before
/// Nothing is guessed from names: whether a resource is production does not stand in a finding. docs/findings.md says
/// the same to the user.
double risk_of(const Group& group, bool control_is_exposure, TimePoint now);

/// Groups by cause, most pressing first; ties by cause. Pure.
std::vector<Group> group_findings(const std::vector<SecurityFinding>& findings, TimePoint now);

/// The same number of resources for everybody who names them.
inline std::uint64_t resource_count(const Group& group) { return group.resources.size() + group.further_resources; }

}  // namespace fa::findings
