#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "formats/reader.h"

namespace fa {

class Bytes64;

/// One top-level JSON document of a stream.
struct JsonDocument {
  /// The document itself, `{...}` or `[...]`, followed by at least kReadPadding readable bytes. Valid during the call
  /// only. For a truncated document a copy, closed behind its last complete element, so that it parses.
  std::string_view text;
  /// Where its bytes stand. For a truncated document `length` counts only the bytes that are in the file: a record that
  /// reaches beyond `text.data() + position.length` is not whole and must be dropped.
  BytePosition position;
  /// The stream ended in the middle of this document; that has been counted as skipped already.
  bool truncated = false;
};

/// Splits a stream into its top-level JSON documents and checks only their outline (brackets and strings): JSON lines,
/// one pretty-printed document, or several one behind the other. BOM, CRLF, blank lines, NULs and stray commas between
/// documents are passed over.
///
/// Framing is decided at the first document. When it ends on the line on which it began, or when its line is broken but
/// the next line holds a whole document, the stream is JSON lines: a newline always ends a document, a broken line is
/// skipped and the next goes on. Otherwise a document ends where its brackets close. A line that is only `{` or `[`
/// begins a pretty-printed document even among JSON lines.
///
/// Keeps at most the state of one scan between calls (no bytes); every byte is looked at once.
///
/// Use in a RecordReader:
///     std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
///       return documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
///     }
class JsonDocuments {
 public:
  using Consumer = std::function<void(const JsonDocument&)>;

  explicit JsonDocuments(std::size_t max_document_bytes = kMaxDocumentBytes, std::uint64_t first_line = 1)
      : max_document_bytes_(max_document_bytes), line_(first_line) {}

  /// Contract of RecordReader::read. Calls `consume` for every complete document in order. What is skipped (broken
  /// lines, text that is not JSON, documents above the limit, a truncated last one) goes to `sink.on_skipped` with the
  /// line and the byte.
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink,
                   const Consumer& consume);

 private:
  enum class Framing : std::uint8_t { kUndecided, kLines, kDocuments };
  /// Where the outline scan of the current document stands.
  struct Scan {
    std::size_t done = 0;  ///< Bytes of the document already looked at.
    std::size_t depth = 0;
    bool in_string = false;
    bool escaped = false;  ///< The last byte was a backslash that escapes the next one.
  };
  enum class Step : std::uint8_t { kComplete, kNewline, kNeedMore };

  Step scan(std::string_view document, bool stop_at_newline);
  static Step scan_bytes(std::string_view document, bool stop_at_newline, Scan& scan);
  static Step scan_block(const Bytes64& bytes, bool stop_at_newline, Scan& scan);
  Framing decide(std::string_view rest, bool last) const;
  void skip(TelemetrySink& sink, std::uint64_t offset, std::size_t length, std::string reason) const;
  std::size_t skip_large(std::string_view data);
  std::string too_large() const;
  void salvage(std::string_view broken, std::uint64_t offset, const Consumer& consume);

  std::size_t max_document_bytes_;
  Framing framing_ = Framing::kUndecided;
  Scan scan_;
  std::uint64_t line_;           ///< Line of the next byte to be used up.
  bool skipping_large_ = false;  ///< Inside a document above the limit.
  bool multi_line_ = false;      ///< The current document may go over newlines.
  std::string salvaged_;
};

}  // namespace fa
