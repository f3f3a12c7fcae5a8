#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"

/// AWS Security Hub, reading only. Contract: service model securityhub 2018-10-26. Pages keep the answer's bytes in
/// `raw`, which is what `aws securityhub get-findings` prints, too. `next_token` is empty on the last page; callers end
/// loops over pages (PageGuard). An account that is not subscribed is refused with the reason InvalidAccessException.
namespace fa::aws::security_hub {

extern const Service kService;

/// Empty lists do not filter. Values of one list are alternatives, lists are joined by "and".
struct GetFindings {
  std::vector<std::string> severity_labels = {};      ///< CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL
  std::vector<std::string> workflow_statuses = {};    ///< NEW, NOTIFIED, SUPPRESSED, RESOLVED
  std::vector<std::string> record_states = {};        ///< ACTIVE, ARCHIVED
  std::vector<std::string> compliance_statuses = {};  ///< Any value drops the findings that have no compliance at all.
  std::string product_name = {};
  std::optional<TimeRange> updated = {};  ///< By UpdatedAt.
  std::string next_token = {};
  int limit = 100;  ///< 100 is the API's most.
};
struct FindingPage {
  std::string raw;
  std::uint64_t findings = 0;
  std::string next_token;
};
Result<FindingPage> get_findings(Client& client, const GetFindings& request, const Context& context);

}  // namespace fa::aws::security_hub
