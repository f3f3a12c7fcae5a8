#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "findings/finding_documents.h"
#include "model/report.h"

namespace fa::findings {

/// What was read of one source: a file, or a service in a region.
struct SourceCount {
  std::string source;
  std::uint64_t findings = 0;
  std::uint64_t broken = 0;
};

struct FileFindings {
  std::vector<SourceCount> sources;  ///< Sorted by name.
  std::vector<Gap> gaps;             ///< Files that cannot be read, damage; in the language asked for.
};

/// Reads findings from files and folders (`-`: standard input), gzip and zstd unpacked, block by block: one JSON
/// document, several, or one a line. In the order of the files' names; what is broken is counted. Memory: a block, or
/// the largest document (256 MiB at the most). Never fails; stops where the context does, which is a gap.
FileFindings read_finding_files(std::span<const std::string> paths, Language language, const FindingConsumer& consume,
                                const Context& context);

/// The same for bytes in memory; what a fuzzer and tests call.
SourceCount read_finding_bytes(std::string_view bytes, const FindingConsumer& consume);

}  // namespace fa::findings
