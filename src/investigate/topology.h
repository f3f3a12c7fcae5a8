#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "investigate/digest.h"
#include "model/report.h"

namespace fa {

struct TopologyInput {
  const Digest& digest;
  std::span<const Finding> findings;
  const std::map<std::size_t, std::string>& cited;  ///< Index of a finding -> id of its evidence.
  std::span<const Hypothesis> hypotheses;
  std::string_view architecture;  ///< The team's description (architecture.h); may be empty.
};

/// Who calls whom, for the report: everything the digest saw, then what the description adds, marked as such. A
/// described name is taken for an observed one where they differ by ASCII case only.
///
/// Figures are counts of what was recorded in window and baseline: of a proxy's log where one has the calls (it sees
/// every request), else of spans. Kinds come from the description, then X-Ray types, the namespaces of metrics, spans
/// (who emits them is a service), and at last from the product a name states (`postgresql/orders`). A report holds at
/// most kMaxReportEdges calls, those near the hypotheses first, then the busiest. Deterministic.
[[nodiscard]] TopologyView topology_of(const TopologyInput& input);

inline constexpr std::size_t kMaxReportEdges = 2000;

/// What the name of something that records nothing itself says about its kind; kUnknown where it says nothing.
[[nodiscard]] NodeKind kind_of_name(std::string_view name);

/// The kind of an X-Ray type or CloudFormation resource type, `AWS::DynamoDB::Table`, also inside other text.
[[nodiscard]] NodeKind kind_of_aws_type(std::string_view type);

}  // namespace fa
