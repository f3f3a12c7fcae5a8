#pragma once

#include <filesystem>
#include <optional>

#include "investigate/investigate.h"
#include "sources/aws/collect_aws.h"

namespace fa {

/// An investigation of a live AWS account.
struct LiveRequest {
  InvestigateRequest investigate;  ///< `paths` are not used; window, baseline, description and alarm may be given.
  AwsRequest aws;
  /// Where to keep what was collected; it must be new or empty. Empty: a temporary folder, gone afterwards.
  std::optional<std::filesystem::path> save;
};

/// Plans, collects into an incident folder and investigates that folder: what a replay of the saved folder says is the
/// same, byte for byte. Errors as plan_aws_study, collect_aws and investigate give them; sources that fail are gaps.
Result<Report> investigate_live(const LiveRequest& request, const AwsWorldAccess& world, Progress* progress,
                                const CollectProgress& collecting, const Context& context);

/// The incident as far as the request knows it.
IncidentInfo known_incident(const InvestigateRequest& request);

}  // namespace fa
