#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "findings/finding_files.h"
#include "findings/select.h"
#include "sources/aws/collect_aws.h"

namespace fa::findings {

/// Which accounts and regions are asked.
struct LiveRequest {
  std::string profile;
  std::vector<AwsTarget> targets;      ///< None: the caller's own identity in its region.
  std::vector<std::string> detectors;  ///< GuardDuty detectors to ask; none: all.
  std::size_t most_pages = 2000;       ///< Of one listing: 200,000 findings of Security Hub.
};

struct LiveFindings {
  std::vector<SourceCount> sources;  ///< One per service and target, in the request's order.
  std::vector<Gap> gaps;
  std::set<Service> incomplete;      ///< Services that did not tell everything somewhere.
  std::vector<std::string> regions;  ///< Of the targets, as they were resolved; for who repeats it by hand.
  std::uint64_t beyond = 0;          ///< Read, but not given on (`most`).
};

/// Asks Security Hub and GuardDuty of every target, all pages, what the filter lets through (worst first, so that what
/// comes within the deadline is the worst), in parallel; gives the findings on in a fixed order, from this thread, at
/// most `most` of each service and target. Security Hub is also asked which GuardDuty findings were suppressed or
/// resolved there, so that they stay so. A service that is off, denied or fails is a gap, and the others are still
/// told. Error: no credentials or region, or not one service of one target answered (kDenied where one was denied).
Result<LiveFindings> fetch_findings(const LiveRequest& request, const Filter& filter, Language language,
                                    std::size_t most, const AwsWorldAccess& world, const FindingConsumer& consume,
                                    const Context& context);

}  // namespace fa::findings
