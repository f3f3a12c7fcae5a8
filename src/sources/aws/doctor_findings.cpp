#include "sources/aws/doctor_findings.h"

#include <fmt/core.h>

#include "aws/services/guardduty.h"
#include "aws/services/security_hub.h"

namespace fa {
namespace {

using State = DoctorCheck::State;

DoctorCheck refused_findings(std::string subject, const Error& error, std::string_view action) {
  std::string fix = "fa2 findings reports without it.";
  if (error.code == ErrorCode::kDenied) {
    fix = fmt::format("For fa2 findings allow {} on * (docs/ops/iam-policy.json has the statement).", action);
  }
  return {std::move(subject), State::kWarning, error.message, std::move(fix)};
}

DoctorCheck examine_security_hub(aws::Client& client, const Context& context) {
  aws::security_hub::GetFindings get;
  get.limit = 1;
  const auto page = aws::security_hub::get_findings(client, get, context);
  if (page) return {"Security Hub", State::kGood, "its findings can be read", {}};
  if (page.error().reason == "InvalidAccessException") {
    return {"Security Hub", State::kSkipped, "it is not enabled here", {}};
  }
  return refused_findings("Security Hub", page.error(), "securityhub:GetFindings");
}

DoctorCheck examine_guardduty(aws::Client& client, const Context& context) {
  const auto detectors = aws::guardduty::list_detectors(client, "", context);
  if (!detectors) return refused_findings("GuardDuty", detectors.error(), "guardduty:ListDetectors");
  if (detectors->ids.empty()) return {"GuardDuty", State::kSkipped, "it is not enabled here", {}};
  aws::guardduty::ListFindings list;
  list.detector = detectors->ids.front();
  const auto found = aws::guardduty::list_findings(client, list, context);
  if (!found) return refused_findings("GuardDuty", found.error(), "guardduty:ListFindings");
  if (!found->ids.empty()) {
    const auto got = aws::guardduty::get_findings(client, list.detector, {found->ids.front()}, context);
    if (!got) return refused_findings("GuardDuty", got.error(), "guardduty:GetFindings");
  }
  return {"GuardDuty", State::kGood, "its findings can be read", {}};
}

}  // namespace

std::vector<DoctorCheck> examine_findings(aws::Client& client, const Context& context) {
  return {examine_security_hub(client, context), examine_guardduty(client, context)};
}

}  // namespace fa
