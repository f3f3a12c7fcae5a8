#include "findings/finding.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fa::findings {
namespace {

constexpr std::array<std::string_view, kSeverityCount> kSeverityNames = {"informational", "low", "medium", "high",
                                                                         "critical"};

}  // namespace

std::string_view severity_name(Severity severity) { return kSeverityNames.at(static_cast<std::size_t>(severity)); }

std::optional<Severity> severity_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kSeverityCount; ++i) {
    if (iequals(name, kSeverityNames.at(i))) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::string_view service_name(Service service) {
  return service == Service::kSecurityHub ? "Security Hub" : "GuardDuty";
}

bool SecurityFinding::exploit_known() const {
  return std::any_of(vulnerabilities.begin(), vulnerabilities.end(),
                     [](const Vulnerability& v) { return v.exploit_known; });
}

}  // namespace fa::findings
