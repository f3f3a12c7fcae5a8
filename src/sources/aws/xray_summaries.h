#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sources/aws/aws_request.h"
#include "sources/aws/xray_fetch.h"

namespace fa {

/// What it means for the report when this source is not complete.
inline constexpr const char* kXRayImpact = "Slow or failing calls between services may go unseen.";

/// What the summaries of one source are asked with.
struct XRayJob {
  const AwsScope& scope;
  const XRaySettings& settings;
  std::string source;       ///< Name in gaps, notes and costs.
  std::string folder_name;  ///< Of its files.
  const std::vector<XRayPiece>& pieces;
};

/// The trace summaries that were stored; choosing whole traces rests on them.
struct XRaySummaries {
  std::vector<aws::xray::SummaryInfo> window;
  std::vector<aws::xray::SummaryInfo> baseline;
  std::optional<double> slow;  ///< Seconds above which a trace counts as slow.
  bool asked = false;          ///< False when a limit forbade it or every call failed; a gap says so.
  bool complete = true;        ///< Every call answered.
};

/// How summaries are stored matters: engines compare the share of failing traces of window and baseline, and count
/// every trace once (by its id). Therefore either all traces of both periods are stored, or, where that would be too
/// many, a sample of all at one rate for both periods and besides all failing and slow ones of both periods, by one
/// filter. A trace's chance to be stored then depends on what it is, never on its period: the shares are not the true
/// ones, but the odds of failing against succeeding are off by the same factor in both, and so comparable.
///
/// `requests`: how many traces there are, as far as the service graphs tell.
XRaySummaries collect_xray_summaries(const XRayJob& job, std::optional<double> requests, CollectedFolder& folder,
                                     const Context& context);

}  // namespace fa
