#pragma once

#include <cstdint>
#include <vector>

#include "sources/file/discover.h"
#include "sources/file/file_reader.h"

namespace fa {

/// What one reader reads: a file, or a part of a large one.
struct ReadTask {
  std::size_t file = 0;  ///< Index in the InputSet.
  FilePart part;         ///< Of a whole file: as it is by default.
};

/// About how long the parts of a large file are.
inline constexpr std::uint64_t kPartBytes = std::uint64_t{32} << 20;

/// The tasks that a file comes to, in the order of its bytes: several for a large file that is not compressed and whose
/// lines can be read apart (formats/part_border.h), with the numbers of the lines they begin with. How it is cut
/// depends on nothing but its bytes. Opens and reads from the file; where that fails, the file is one task, and whoever
/// reads it will say why.
std::vector<ReadTask> read_tasks(const InputFile& file, std::size_t index, bool message_only,
                                 const FormatFunctions& formats = {}, std::uint64_t part_bytes = kPartBytes);

/// Adds what was read of a later part to what was read of the file so far.
void join_outcomes(FileOutcome& file, FileOutcome&& part);

}  // namespace fa
