#include "sources/file/file_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>

#include "base/text.h"
#include "formats/metric_queries.h"
#include "sources/file/block_buffer.h"
#include "sources/file/counting_sink.h"
#include "sources/file/decompress.h"
#include "sources/file/known_container.h"
#include "sources/file/shown_name.h"

namespace fa {
namespace {

constexpr std::size_t kShownBytes = 60;

std::string first_bytes(std::string_view head) {
  return shown_name(utf8_prefix(head, kShownBytes)) + (head.size() > kShownBytes ? "..." : "");
}

/// One reading of one stream. Its parts share the buffer, the outcome and the sink that keeps the account.
class Reading {
 public:
  Reading(FileOutcome& outcome, TelemetrySink& sink, const Context& context, const FormatFunctions& formats)
      : outcome_(outcome), sink_(sink, outcome.coverage), context_(context), formats_(formats) {}

  /// A part of a file that was recognised when it was cut.
  void run_part(Result<std::unique_ptr<ByteStream>> raw, const FilePart& part, ReaderOptions options) {
    outcome_.format = part.format;
    outcome_.coverage.format = format_name(part.format);
    if (!raw) {
      add_gap(std::move(raw.error().message), "Nothing of this part was used.");
      return;
    }
    buffer_.start_at(part.begin);
    begin_ = part.begin;
    buffer_.fill(**raw, BlockBuffer::kBlockBytes);
    read_records(**raw, *formats_.make(part.format, std::move(options)));
    add_fault_gap();
  }

  void run(Result<std::unique_ptr<ByteStream>> raw, ReaderOptions options) {
    auto stream = raw ? decompress(std::move(*raw)) : std::move(raw);
    if (!stream) {
      add_gap(std::move(stream.error().message), "Nothing of it was used.");
      return;
    }
    buffer_.fill(**stream, kDetectBytes + 1);
    const std::string_view head = buffer_.unread().substr(0, kDetectBytes);
    if (head.empty()) {
      if (!buffer_.fault()) {
        outcome_.coverage.format = "empty";
        outcome_.coverage.note = "the file holds no bytes";
      }
    } else {
      const bool complete = buffer_.at_end() && head.size() == buffer_.unread().size();
      const Detection detection = formats_.detect(head, complete);
      outcome_.format = detection.format;
      if (detection.format == Format::kUnknown) {
        refuse(head, detection.reason);
      } else {
        outcome_.coverage.format = format_name(detection.format);
        if (detection.format == Format::kCloudWatchQueries) {
          read_queries(**stream);
        } else {
          read_records(**stream, *formats_.make(detection.format, std::move(options)));
        }
      }
    }
    add_fault_gap();
  }

  void add_fault_gap() {
    if (buffer_.fault()) {
      add_gap(buffer_.fault()->message, fmt::format("The {} before that point were used; the rest is missing.",
                                                    format_bytes(outcome_.coverage.bytes)));
    }
  }

  void add_gap(std::string error, std::string impact) {
    if (outcome_.coverage.bytes == 0 && outcome_.coverage.note.empty()) {
      outcome_.coverage.note = "it could not be read (see the gaps)";
    }
    outcome_.gaps.push_back({outcome_.coverage.source, {}, std::move(error), std::move(impact)});
  }

  /// What an exception leaves behind: the position reached.
  void add_internal_gap(std::string_view what) {
    add_gap(fmt::format("reading ended by an internal error at byte {}: {}", buffer_.offset(), shown_name(what)),
            "What was read before was used; the rest is missing.");
  }

 private:
  /// Not read any further: a disk image or a dump may be large, and no reader would use it.
  void refuse(std::string_view head, std::string_view reason) {
    outcome_.coverage.bytes = buffer_.unread().size();
    const std::string_view container = known_container(head);
    const std::string why =
        container.empty() ? std::string(reason) : fmt::format("it is {}; unpack it first", container);
    outcome_.coverage.note = fmt::format("{}; begins with: {}", why, first_bytes(head));
  }

  /// The answers these queries belong to are explained by them; by themselves they are no telemetry.
  void read_queries(ByteStream& stream) {
    while (!buffer_.at_end() && buffer_.unread().size() <= kMaxDocumentBytes) {
      if (stopped()) {
        return;
      }
      buffer_.fill(stream, std::max(BlockBuffer::kBlockBytes, buffer_.unread().size()));
    }
    outcome_.coverage.bytes = buffer_.unread().size();
    const auto queries = read_metric_queries(buffer_.unread());
    if (queries) {
      outcome_.coverage.records = queries->size();
    } else {
      sink_.on_skipped({{0, buffer_.unread().size(), 1, 1}, queries.error().message, 1, false});
    }
  }

  void read_records(ByteStream& stream, RecordReader& reader) {
    for (;;) {
      if (stopped()) {
        return;
      }
      const std::string_view unread = buffer_.unread();
      const bool last = buffer_.at_end();
      std::size_t used = std::min(reader.read(unread, buffer_.offset(), last, sink_), unread.size());
      if (!last && used == 0 && unread.size() > kMaxDocumentBytes) {
        // By contract the reader skips a document above the limit; ours is the last line that keeps memory bounded.
        sink_.on_skipped({{buffer_.offset(), unread.size(), 0, 1},
                          fmt::format("a single record above {}", format_bytes(kMaxDocumentBytes)),
                          1,
                          false});
        used = unread.size();
      }
      buffer_.consume(last ? unread.size() : used);
      outcome_.coverage.bytes = buffer_.offset() - begin_;
      if (last) {
        return;
      }
      // Nothing used means one record is larger than what was shown: doubling keeps the bytes looked at linear.
      buffer_.fill(stream, used == 0 ? next_step(unread.size()) : BlockBuffer::kBlockBytes);
    }
  }

  /// At most one block above the largest document, so that the reader sees the limit passed.
  static std::size_t next_step(std::size_t present) {
    const std::size_t limit = kMaxDocumentBytes + BlockBuffer::kBlockBytes;
    return std::clamp(present, BlockBuffer::kBlockBytes, limit - std::min(present, kMaxDocumentBytes));
  }

  bool stopped() {
    if (!context_.stopped()) {
      return false;
    }
    add_gap(fmt::format("reading stopped at byte {}: interrupted or out of time", buffer_.offset()),
            "What was read before was used; the rest is missing.");
    return true;
  }

  FileOutcome& outcome_;
  CountingSink sink_;
  const Context& context_;
  const FormatFunctions& formats_;
  BlockBuffer buffer_;
  std::uint64_t begin_ = 0;  ///< Of the part in its file.
};

/// `read` with whatever it throws turned into a gap.
template <class Read>
FileOutcome read_guarded(const std::string& name, TelemetrySink& sink, const Context& context,
                         const FormatFunctions& formats, const Read& read) noexcept {
  FileOutcome outcome;
  outcome.coverage.source = name;
  outcome.coverage.format = "unrecognised";
  Reading reading(outcome, sink, context, formats);
  try {
    read(reading);
  } catch (const std::exception& error) {
    reading.add_internal_gap(error.what());
  } catch (...) {
    reading.add_internal_gap("an exception of unknown type");
  }
  return outcome;
}

}  // namespace

FileOutcome read_input_stream(Result<std::unique_ptr<ByteStream>> raw, const std::string& name, ReaderOptions options,
                              TelemetrySink& sink, const Context& context, const FormatFunctions& formats) noexcept {
  return read_guarded(name, sink, context, formats, [&](Reading& reading) {
    options.path = name;
    reading.run(std::move(raw), std::move(options));
  });
}

FileOutcome read_input(const InputFile& file, ReaderOptions options, TelemetrySink& sink, const Context& context,
                       const FormatFunctions& formats, const FilePart& part) noexcept {
  if (part == FilePart{}) {
    return read_input_stream(open_file_stream(file.path), file.name, std::move(options), sink, context, formats);
  }
  return read_guarded(file.name, sink, context, formats, [&](Reading& reading) {
    options.path = file.name;
    options.first_line = part.first_line;
    reading.run_part(open_file_stream(file.path, part.begin, part.end), part, std::move(options));
  });
}

}  // namespace fa
