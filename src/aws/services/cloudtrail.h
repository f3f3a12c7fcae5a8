#pragma once

#include <cstdint>
#include <string>

#include "aws/client.h"

/// CloudTrail event history (management events of 90 days, one region). Contract: service model cloudtrail 2013-11-01.
namespace fa::aws::cloudtrail {

extern const Service kService;

struct EventPage {
  std::string raw;
  std::uint64_t events = 0;
  std::string next_token;
};
/// Writes only (ReadOnly = false), newest first, 50 a page; the service allows two calls a second.
Result<EventPage> lookup_events(Client& client, const std::string& region, TimeRange range,
                                const std::string& next_token, const Context& context);

}  // namespace fa::aws::cloudtrail
