#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/services/xray.h"
#include "sources/aws/source.h"

namespace fa {

enum class XRayPeriod { kBaseline, kWindow };
std::string_view xray_period_name(XRayPeriod period);  ///< `baseline`, `window`

/// A piece of window or baseline that one call may span, with its number among those of its period.
struct XRayPiece {
  XRayPeriod period = XRayPeriod::kWindow;
  int number = 1;
  TimeRange range;
};

/// What was asked of all pieces at once.
struct SummaryQuestion {
  std::string kind;      ///< Of the file's name: `summaries`, `sample`, `unusual`.
  std::string filter;    ///< Empty: all.
  double share = 1;      ///< Below 1: X-Ray samples at this fixed rate.
  std::size_t most = 0;  ///< Summaries of all pieces together; beyond it reading ends.
};

struct PieceAnswer {
  std::vector<aws::xray::SummaryInfo> traces;
  double processed = 0;
  std::optional<Error> error;
  std::unique_ptr<CollectedFile> file;  ///< Not committed; nullptr where there was nothing to write.
  Origin origin;
};

struct SummaryAnswer {
  std::vector<PieceAnswer> pieces;  ///< As the pieces asked for.
  bool too_many = false;            ///< More than `most`; the pieces hold a part.
  [[nodiscard]] double processed() const;
  [[nodiscard]] std::vector<aws::xray::SummaryInfo> traces(const std::vector<XRayPiece>& pieces, XRayPeriod of) const;
};

/// GetTraceSummaries for all pieces in parallel, all pages. Files are written but not committed: the caller decides.
SummaryAnswer fetch_summaries(const AwsScope& scope, const std::string& folder_name,
                              const std::vector<XRayPiece>& pieces, const SummaryQuestion& question,
                              CollectedFolder& folder, const Context& context);

/// Service graphs of all pieces.
struct GraphAnswer {
  std::vector<std::string> pages;  ///< With services in them.
  std::optional<double> requests;  ///< Recorded requests; nullopt when that cannot be told.
  std::uint64_t services = 0;
  std::optional<Error> error;
};
std::vector<GraphAnswer> fetch_graphs(const AwsScope& scope, const std::vector<XRayPiece>& pieces,
                                      const Context& context);

/// Whole traces.
struct TracesAnswer {
  std::vector<std::string> pages;  ///< In the order of the ids.
  std::uint64_t traces = 0;
  std::vector<std::string> unprocessed;  ///< After all tries.
  std::optional<Error> error;            ///< The first; the rest was fetched.
  std::uint64_t failed = 0;              ///< Ids of calls that failed.
};
/// BatchGetTraces by 5 in parallel; ids that X-Ray did not process are asked for again, three times.
TracesAnswer fetch_traces(const AwsScope& scope, const std::vector<std::string>& ids, const Context& context);

}  // namespace fa
