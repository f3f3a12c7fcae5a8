#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"

/// Amazon GuardDuty, reading only. Contract: service model guardduty 2017-11-28. `next_token` is empty on the last
/// page; callers end loops over pages (PageGuard). A region where GuardDuty is off has no detector, which is no error.
namespace fa::aws::guardduty {

extern const Service kService;

struct DetectorPage {
  std::vector<std::string> ids;
  std::string next_token;
};
Result<DetectorPage> list_detectors(Client& client, const std::string& next_token, const Context& context);

struct ListFindings {
  std::string detector = {};
  int least_severity = 0;                      ///< Whole numbers from 1 to 10; 0: all.
  std::optional<bool> archived = {};           ///< nullopt: both.
  std::optional<TimePoint> updated_from = {};  ///< Sent in milliseconds.
  std::string next_token = {};
};
struct FindingIdPage {
  std::vector<std::string> ids;
  std::string next_token;
};
/// Newest first.
Result<FindingIdPage> list_findings(Client& client, const ListFindings& request, const Context& context);

struct FindingPage {
  std::string raw;
  std::uint64_t findings = 0;
};
/// Findings GetFindings takes a call; more are an error of the API.
inline constexpr std::size_t kMostFindings = 50;
Result<FindingPage> get_findings(Client& client, const std::string& detector, const std::vector<std::string>& ids,
                                 const Context& context);

}  // namespace fa::aws::guardduty
