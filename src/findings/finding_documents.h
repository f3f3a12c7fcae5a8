#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "findings/finding.h"

namespace fa::findings {

/// What became of the findings of a document.
struct ReadCount {
  std::uint64_t read = 0;
  std::uint64_t broken = 0;  ///< No JSON, or neither kind of finding.
  ReadCount& operator+=(const ReadCount& other) {
    read += other.read;
    broken += other.broken;
    return *this;
  }
};

using FindingConsumer = std::function<void(SecurityFinding&&)>;

/// Reads the findings of one JSON document, whatever is wrapped around them: an answer of GetFindings of either service
/// (as the API or as the AWS CLI writes it), an array, an event of EventBridge ("Security Hub Findings - Imported",
/// "GuardDuty Finding"), a finding by itself in ASFF or in GuardDuty's format. A broken finding costs nobody but
/// itself. `text` may go on behind the document. Depth of wrapping is limited; never throws but what `consume` does.
ReadCount read_findings(std::string_view text, const FindingConsumer& consume);

}  // namespace fa::findings
