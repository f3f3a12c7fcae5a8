#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/aws/world.h"

namespace fa::test {

/// Answers the Logs Insights queries that FA2 writes (and no others: those are an error, as a syntax error is in the
/// service), over the events of one or several groups.
struct InsightsAnswer {
  std::string error;  ///< MalformedQueryException's message; empty when the query was understood.
  std::vector<std::vector<std::pair<std::string, std::string>>> rows;
  std::uint64_t matched = 0;
  std::uint64_t scanned = 0;
  std::uint64_t bytes = 0;
};
InsightsAnswer evaluate_insights(const std::string& query,
                                 const std::vector<std::pair<std::string, const AwsWorld::LogGroup*>>& groups,
                                 TimeRange range, std::size_t limit);

}  // namespace fa::test
