#include "findings/group.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "findings/explanation.h"

namespace fa::findings {
namespace {

constexpr std::size_t kMostVulnerabilities = 20;  // named in a group; further ones are counted

/// A group while findings are added to it.
struct Growing {
  Group group;
  std::map<std::pair<std::string, std::string>, Affected> resources;  ///< By account and id.
  std::map<std::pair<std::string, std::string>, Vulnerability> vulnerabilities;
  std::set<std::string> accounts;
  std::set<std::string> regions;
  std::set<std::string> exposure;
};

void widen(std::optional<TimePoint>& first, std::optional<TimePoint>& last, const SecurityFinding& f) {
  if (f.first_seen) first = first ? std::min(*first, *f.first_seen) : *f.first_seen;
  if (const auto newest = f.newest()) last = last ? std::max(*last, *newest) : *newest;
}

void add_resources(Growing& growing, const SecurityFinding& f) {
  for (const Resource& resource : f.resources) {
    Affected& affected = growing.resources[{f.account, resource.id}];
    affected.resource = resource;
    affected.account = f.account;
    affected.worst = std::max(affected.worst, f.severity);
    widen(affected.first_seen, affected.last_seen, f);
    ++affected.findings;
  }
  growing.group.further_resources += f.further_resources;
}

void add_vulnerabilities(Growing& growing, const SecurityFinding& f) {
  for (const Vulnerability& v : f.vulnerabilities) {
    Vulnerability& held = growing.vulnerabilities.try_emplace({v.id, v.package}, v).first->second;
    held.exploit_known = held.exploit_known || v.exploit_known;
    if (held.fixed.empty()) held.fixed = v.fixed;
  }
  growing.group.further_vulnerabilities += f.further_vulnerabilities;
  growing.group.exploit_known = growing.group.exploit_known || f.exploit_known();
}

void add(Growing& growing, const SecurityFinding& f) {
  Group& g = growing.group;
  // The words of the worst finding stand for all; findings come sorted by id, so ties are told the same every time.
  if (g.ids.empty() || f.severity > g.worst) {
    g.title = f.title;
    g.description = f.description;
    g.product = f.product;
    g.worst = f.severity;
  }
  if (g.remedy_text.empty()) g.remedy_text = f.remedy_text;
  if (g.remedy_url.empty()) g.remedy_url = f.remedy_url;
  g.ids.push_back(f.id);
  g.from_security_hub = g.from_security_hub || f.from_security_hub;
  g.from_guardduty = g.from_guardduty || f.from_guardduty;
  if (!f.account.empty()) growing.accounts.insert(f.account);
  if (!f.region.empty()) growing.regions.insert(f.region);
  growing.exposure.insert(f.exposure.begin(), f.exposure.end());
  widen(g.first_seen, g.last_seen, f);
  add_resources(growing, f);
  add_vulnerabilities(growing, f);
}

Group finish(Growing&& growing) {
  Group g = std::move(growing.group);
  std::sort(g.ids.begin(), g.ids.end());
  g.accounts.assign(growing.accounts.begin(), growing.accounts.end());
  g.regions.assign(growing.regions.begin(), growing.regions.end());
  g.exposure.assign(growing.exposure.begin(), growing.exposure.end());
  for (auto& [key, affected] : growing.resources) g.resources.push_back(std::move(affected));
  std::stable_sort(g.resources.begin(), g.resources.end(),
                   [](const Affected& a, const Affected& b) { return a.worst > b.worst; });
  for (auto& [key, vulnerability] : growing.vulnerabilities) g.vulnerabilities.push_back(std::move(vulnerability));
  // Those that are being used in attacks are named before others.
  std::stable_sort(g.vulnerabilities.begin(), g.vulnerabilities.end(),
                   [](const Vulnerability& a, const Vulnerability& b) { return a.exploit_known > b.exploit_known; });
  if (g.vulnerabilities.size() > kMostVulnerabilities) {
    g.further_vulnerabilities += g.vulnerabilities.size() - kMostVulnerabilities;
    g.vulnerabilities.resize(kMostVulnerabilities);
  }
  return g;
}

double severity_weight(Severity severity) {
  constexpr double kWeights[kSeverityCount] = {1, 8, 25, 60, 100};
  return kWeights[static_cast<std::size_t>(severity)];
}

}  // namespace

std::string_view cause_kind_name(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::kControl:
      return "control";
    case Cause::Kind::kThreat:
      return "threat";
    case Cause::Kind::kPackage:
      return "package";
    case Cause::Kind::kOther:
      break;
  }
  return "other";
}

Cause cause_of(const SecurityFinding& f) {
  if (f.product == "GuardDuty") return {Cause::Kind::kThreat, f.type};
  if (!f.control.empty()) return {Cause::Kind::kControl, f.control};
  if (!f.vulnerabilities.empty()) {
    const Vulnerability& first = f.vulnerabilities.front();
    return {Cause::Kind::kPackage, first.package.empty() ? first.id : first.package};
  }
  // Types of ASFF are as wide as "Software and Configuration Checks", but for Macie's, which end in its own type:
  // `Sensitive Data Identifications/Passwords/SensitiveData:S3Object-Credentials`.
  const bool typed = f.product == "Macie" && !f.type.empty();
  return {Cause::Kind::kOther, f.product + ": " + (typed ? f.type.substr(f.type.rfind('/') + 1) : f.title)};
}

double risk_of(const Group& group, bool control_is_exposure, TimePoint now) {
  double risk = severity_weight(group.worst);
  if (!group.exposure.empty() || control_is_exposure) risk *= 1.5;
  if (group.exploit_known) risk *= 1.3;
  const double resources = static_cast<double>(std::max<std::uint64_t>(1, resource_count(group)));
  risk *= std::min(2.0, 1 + std::log2(resources) / 10);
  if (group.last_seen) {
    const Nanoseconds age = now - *group.last_seen;
    if (age <= std::chrono::hours(24)) risk *= 1.2;
    if (age > std::chrono::hours(24 * 7)) risk *= 0.8;
  }
  return std::round(risk * 10) / 10;
}

std::vector<Group> group_findings(const std::vector<SecurityFinding>& findings, TimePoint now) {
  std::map<std::pair<Cause::Kind, std::string>, Growing> growing;
  for (const SecurityFinding& finding : findings) {
    const Cause cause = cause_of(finding);
    Growing& group = growing[{cause.kind, cause.name}];
    group.group.cause = cause;
    add(group, finding);
  }
  std::vector<Group> groups;
  for (auto& [key, group] : growing) {
    groups.push_back(finish(std::move(group)));
    groups.back().risk = risk_of(groups.back(), is_about_exposure(groups.back().cause), now);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::tuple(-a.risk, a.cause.kind, std::string_view(a.cause.name)) <
           std::tuple(-b.risk, b.cause.kind, std::string_view(b.cause.name));
  });
  return groups;
}

}  // namespace fa::findings
