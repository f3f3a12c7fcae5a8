#include "findings/finding_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "findings/phrases.h"
#include "formats/json_documents.h"
#include "sources/file/block_buffer.h"
#include "sources/file/decompress.h"
#include "sources/file/discover.h"

namespace fa::findings {
namespace {

/// Counts what JsonDocuments could not frame.
class BrokenSink final : public TelemetrySink {
 public:
  explicit BrokenSink(SourceCount& count) : count_(count) {}
  void on_skipped(Skipped&& skipped) override { count_.broken += std::max<std::uint64_t>(1, skipped.records); }

 private:
  SourceCount& count_;
};

/// Reads a stream to its end; why it ended early, if it did.
std::optional<Error> read_stream(ByteStream& stream, SourceCount& count, const FindingConsumer& consume,
                                 const Context& context) {
  BlockBuffer buffer;
  JsonDocuments documents;
  BrokenSink sink(count);
  const JsonDocuments::Consumer read = [&](const JsonDocument& document) {
    // A truncated document was counted when it was framed; the findings before the cut are whole.
    const ReadCount found = read_findings(document.text.substr(0, document.position.length), consume);
    count.findings += found.read;
    if (!document.truncated) count.broken += found.broken;
  };
  buffer.fill(stream, BlockBuffer::kBlockBytes);
  for (;;) {
    if (context.stopped()) return Error{ErrorCode::kCancelled, {}};
    const bool last = buffer.at_end();
    const std::string_view unread = buffer.unread();
    const std::size_t used = documents.read(unread, buffer.offset(), last, sink, read);
    buffer.consume(last ? unread.size() : used);
    if (last) return buffer.fault();
    // Nothing used: one document is larger than what was shown. Doubling keeps the bytes looked at linear.
    buffer.fill(stream, used == 0 ? std::max(unread.size(), BlockBuffer::kBlockBytes) : BlockBuffer::kBlockBytes);
  }
}

std::optional<Error> read_file(const InputFile& file, SourceCount& count, const FindingConsumer& consume,
                               const Context& context) {
  auto raw = open_file_stream(file.path);
  if (!raw) return raw.error();
  auto stream = decompress(std::move(*raw));
  if (!stream) return stream.error();
  return read_stream(**stream, count, consume, context);
}

}  // namespace

FileFindings read_finding_files(std::span<const std::string> paths, Language language, const FindingConsumer& consume,
                                const Context& context) {
  FileFindings result;
  const InputSet inputs = discover_inputs(paths, {}, context);
  for (const Gap& gap : inputs.gaps) {
    result.gaps.push_back({gap.source, {}, gap.error, std::string(phrase(Phrase::kGapFileUnread, language))});
  }
  for (const InputFile& file : inputs.files) {
    SourceCount& count = result.sources.emplace_back();
    count.source = file.name;
    const auto fault = read_file(file, count, consume, context);
    const bool stopped = fault && fault->code == ErrorCode::kCancelled && fault->message.empty();
    if (fault) {
      result.gaps.push_back({file.name,
                             {},
                             stopped ? std::string(phrase(Phrase::kGapStopped, language)) : fault->message,
                             std::string(phrase(Phrase::kGapFilePart, language))});
    }
    if (stopped) break;
    if (count.broken > 0) {
      result.gaps.push_back(
          {file.name,
           {},
           fmt::format(fmt::runtime(phrase(Phrase::kGapBroken, language)), format_count(count.broken)),
           std::string(phrase(Phrase::kGapBrokenImpact, language))});
    } else if (count.findings == 0 && !fault) {
      result.gaps.push_back({file.name,
                             {},
                             std::string(phrase(Phrase::kGapNoFindings, language)),
                             std::string(phrase(Phrase::kGapFileUnread, language))});
    }
  }
  return result;
}

SourceCount read_finding_bytes(std::string_view bytes, const FindingConsumer& consume) {
  SourceCount count;
  const auto stream = make_memory_stream(bytes);
  static_cast<void>(read_stream(*stream, count, consume, {}));
  return count;
}

}  // namespace fa::findings
