#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "model/locator.h"
#include "sources/file/discover.h"

namespace fa {

/// Most bytes one call gives back.
inline constexpr std::size_t kMaxReplayBytes = std::size_t{64} << 20;

/// The bytes at a position of a file, as they stand there (decompressed). Errors: kNotFound when the file ends before,
/// kLimit above kMaxReplayBytes, kUnreadable when it cannot be read.
Result<std::string> read_bytes(const InputFile& file, const BytePosition& position, const Context& context = {});

/// The same for many positions of one file, in any order and overlapping, in one pass that decompresses at most once.
/// Answers in the order asked; together they are bounded by kMaxReplayBytes, in that order.
std::vector<Result<std::string>> read_bytes(const InputFile& file, std::span<const BytePosition> positions,
                                            const Context& context = {});

}  // namespace fa
