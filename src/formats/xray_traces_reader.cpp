#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "formats/answer_pages.h"
#include "formats/batch_text.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"
#include "formats/json_walk.h"
#include "formats/readers.h"
#include "formats/xray_segment.h"

namespace fa {
namespace {

/// Texts kept for spans not yet handed over; keeps memory flat whatever the size of the file.
constexpr std::size_t kMaxPendingText = std::size_t{4} << 20;
/// Unprocessed ids remembered of one file; a call has at most five.
constexpr std::size_t kMaxUnprocessed = 100'000;

/// BatchGetTraces answers, and single traces as documents of their own. Format: X-Ray API reference, BatchGetTraces.
class XRayTracesReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::size_t used =
        documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
    if (last) {
      end_unprocessed(sink);
      pages_.end(sink);
    }
    return used;
  }

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink) {
    RecordPositions positions(document, document.text.data());
    pages_.begin(document.position);
    std::string_view key;
    JsonSlice member;
    bool recognised = false;
    for (JsonMembers members(document.text); members.next(key, member);) {
      if (pages_.take(key, member)) continue;
      JsonSlice item;
      if (key == "Traces") {
        recognised = true;
        for (JsonElements traces(member.text); traces.next(item);) read_trace(item.text, positions, sink);
      } else if (key == "UnprocessedTraceIds") {
        recognised = true;
        for (JsonElements ids(member.text); ids.next(item);) {
          if (unprocessed_.size() < kMaxUnprocessed) {
            unprocessed_.emplace(stable_hash(item.text), position_of(member.text, positions));
          }
        }
      } else if (key == "Segments") {
        recognised = true;
        read_trace(document.text, positions, sink);
        break;
      }
    }
    if (!recognised) {
      sink.on_skipped({document.position, "expected a BatchGetTraces answer, an object with Traces", 1, false});
    }
    flush(sink);
  }

  /// For notes on what may reach beyond the end of a truncated file.
  static BytePosition position_of(std::string_view text, RecordPositions& positions) {
    return positions.whole(text) ? positions.at(text) : positions.rest(text.data());
  }

  void read_trace(std::string_view trace, RecordPositions& positions, TelemetrySink& sink) {
    std::string_view key;
    JsonSlice member;
    std::string_view id;
    JsonSlice segments;
    bool limited = false;
    for (JsonMembers members(trace); members.next(key, member);) {
      if (key == "Id" && member.text.size() > 2) {
        id = member.text.substr(1, member.text.size() - 2);
        unprocessed_.erase(stable_hash(member.text));
      }
      if (key == "LimitExceeded") limited = member.text == "true";
      if (key == "Segments") segments = member;
    }
    if (limited) {
      sink.on_skipped({position_of(trace, positions),
                       "X-Ray left out segments of this trace: it is above the size limit (LimitExceeded)", 1, true});
    }
    builder_.begin(id);
    JsonSlice segment;
    for (JsonElements elements(segments.text); elements.next(segment);) read_segment(segment, positions, sink);
    builder_.finish(spans_, sink);
    if (spans_.size() >= kMaxBatchRecords || arena_.used() > kMaxPendingText) flush(sink);
  }

  void read_segment(const JsonSlice& segment, RecordPositions& positions, TelemetrySink& sink) {
    if (!positions.whole(segment.text)) return;  // The cut was counted with its document.
    const BytePosition position = positions.at(segment.text);
    std::string_view document;
    const simdjson::error_code error =
        each_member(parser_, segment.text, [&](std::string_view key, simdjson::ondemand::value child) {
          if (key == "Document") document = json_string(child).value_or("");
        });
    if (document.empty()) {
      sink.on_skipped(
          {position,
           "expected an X-Ray segment with a Document" + (error ? " (" + json_error_text(error) + ")" : std::string()),
           1, false});
      return;
    }
    builder_.add(document, position, sink);
  }

  void flush(TelemetrySink& sink) {
    for (std::span<const SpanRecord> rest(spans_); !rest.empty();) {
      const std::size_t count = std::min(rest.size(), kMaxBatchRecords);
      sink.on_spans(rest.first(count));
      rest = rest.subspan(count);
    }
    spans_.clear();
    arena_.clear();
  }

  /// Ids that one answer did not process and a later one of the same file delivered are gone from the list by now.
  void end_unprocessed(TelemetrySink& sink) {
    std::uint64_t missing = 0;
    BytePosition first;
    for (const auto& [id, position] : unprocessed_) {
      if (missing++ == 0 || position.offset < first.offset) first = position;
    }
    if (missing > 0) {
      sink.on_skipped({first, "X-Ray did not process these trace ids (UnprocessedTraceIds)", missing, false});
    }
    unprocessed_.clear();
  }

  JsonDocuments documents_;
  JsonParser parser_;
  AnswerPages pages_;
  BatchText arena_;
  XRayTraceBuilder builder_{arena_};
  std::vector<SpanRecord> spans_;
  std::map<std::uint64_t, BytePosition> unprocessed_;  ///< By the hash of the id's JSON text.
};

}  // namespace

std::unique_ptr<RecordReader> make_xray_traces_reader(ReaderOptions) { return std::make_unique<XRayTracesReader>(); }

}  // namespace fa
