#pragma once

#include <memory>

#include "sources/file/byte_stream.h"

namespace fa {

/// Largest zstd window accepted, as a power of two (128 MiB, what `zstd -d` accepts by default): what one stream may
/// make us allocate.
inline constexpr int kMaxZstdWindowLog = 27;

enum class Compression { kNone, kGzip, kZstd };

/// Recognises gzip (RFC 1952) and zstd (RFC 8878, also a leading skippable frame) by their first four bytes.
[[nodiscard]] Compression detect_compression(std::string_view first_bytes);

/// A stream of `raw`'s bytes, decompressed if they begin as gzip (any number of members, zero padding behind them) or
/// zstd (any number of frames), else as they are. Memory is bounded whatever the input: ISA-L's state of 100 KiB, or
/// 2^kMaxZstdWindowLog. Truncated or corrupt data yields everything that could be decompressed before it, then an
/// Error naming the compressed byte.
Result<std::unique_ptr<ByteStream>> decompress(std::unique_ptr<ByteStream> raw);

}  // namespace fa
