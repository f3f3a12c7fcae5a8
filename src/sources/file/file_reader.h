#pragma once

#include <vector>

#include "base/context.h"
#include "formats/reader.h"
#include "model/report.h"
#include "sources/file/byte_stream.h"
#include "sources/file/discover.h"

namespace fa {

/// Bytes of a file shown to detect_format.
inline constexpr std::size_t kDetectBytes = std::size_t{256} << 10;

/// What reading one file came to.
struct FileOutcome {
  Format format = Format::kUnknown;
  /// `format` is `empty` for a file without bytes and `unrecognised` where that is so. `records` counts log records,
  /// spans, requests, metric points, changes, topology entries and trace summaries. `note` is the first reason for
  /// skipping, or the first bytes and the reason when the format was not recognised.
  CoverageItem coverage;
  std::vector<Gap> gaps;  ///< Damage and interruptions, beside what was read.
};

/// How a file's format is recognised and read; other values than these are for tests.
struct FormatFunctions {
  Detection (*detect)(std::string_view head, bool complete) = &detect_format;
  std::unique_ptr<RecordReader> (*make)(Format format, ReaderOptions options) = &make_reader;
};

/// A stretch of a file. By default all of it.
struct FilePart {
  static constexpr std::uint64_t kToTheEnd = ~std::uint64_t{0};

  Format format = Format::kUnknown;  ///< Known where the file was cut; otherwise it is recognised.
  std::uint64_t begin = 0;
  std::uint64_t end = kToTheEnd;
  std::uint64_t first_line = 1;
  bool operator==(const FilePart&) const = default;
};

/// Reads one file into `sink`: decompresses, recognises, and drives the format's reader over blocks of a few MiB.
/// Memory: one block, or the largest document (kMaxDocumentBytes) where the format has documents. `options.path` is
/// set to the file's name. Checks `context` once per block. Whatever goes wrong (opening, damage, an exception of a
/// reader or the sink) ends in a Gap; what came before it has reached the sink. Never throws.
/// Of a part (read_tasks.h) only its bytes are read, and positions count from the file's beginning.
FileOutcome read_input(const InputFile& file, ReaderOptions options, TelemetrySink& sink, const Context& context,
                       const FormatFunctions& formats = {}, const FilePart& part = {}) noexcept;

/// The same for a stream of still compressed bytes shown as `name`.
FileOutcome read_input_stream(Result<std::unique_ptr<ByteStream>> raw, const std::string& name, ReaderOptions options,
                              TelemetrySink& sink, const Context& context,
                              const FormatFunctions& formats = {}) noexcept;

}  // namespace fa
