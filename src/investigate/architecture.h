#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/topology.h"

/// What a team writes about its own system, as far as it says who calls whom.
namespace fa {

struct DescribedNode {
  std::string name;
  NodeKind kind = NodeKind::kUnknown;
};

struct DescribedCall {
  DescribedNode caller;
  DescribedNode callee;
  std::string protocol;  ///< Empty when not said.
};

/// The lines of the form `A -> B: protocol` in a text of any other content, `->` or `→`; both may be followed by their
/// kind in brackets, and calls may be chained: `web (load balancer) -> shop -> orders-db (database): SQL`. A bullet or
/// number in front is passed over. What is not such a line is not an error: it is prose for people and the model.
///
/// Reads 64 KiB of text and gives 1,000 calls at most, each pair once (the first one wins); names are of at most 200
/// bytes. Pure. docs/formats/architecture.md describes the format.
[[nodiscard]] std::vector<DescribedCall> described_calls(std::string_view text);

}  // namespace fa
