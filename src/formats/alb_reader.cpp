#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "formats/alb_edges.h"
#include "formats/alb_line.h"
#include "formats/reader.h"
#include "formats/readers.h"

namespace fa {
namespace {

/// Lines of ALB access logs. Keeps no copy of any line: records point into the caller's buffer until handed over.
class AlbReader final : public RecordReader {
 public:
  explicit AlbReader(std::uint64_t first_line) : line_number_(first_line - 1) { records_.reserve(kMaxBatchRecords); }

  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    std::size_t begin = 0;
    while (begin < data.size()) {
      const void* newline = std::memchr(data.data() + begin, '\n', data.size() - begin);
      if (newline == nullptr && !last) {
        if (data.size() - begin <= kMaxLineBytes) break;
        // Too long to wait for its end: give the memory back now, count the line when its end comes by.
        over_long_bytes_ += data.size() - begin;
        begin = data.size();
        break;
      }
      const std::size_t end =
          newline == nullptr ? data.size() : static_cast<std::size_t>(static_cast<const char*>(newline) - data.data());
      take_line(data.substr(begin, end - begin), offset + begin, sink);
      begin = newline == nullptr ? end : end + 1;
    }
    if (last && over_long_bytes_ > 0) take_line({}, offset + data.size(), sink);
    flush(sink);
    return begin;
  }

 private:
  void take_line(std::string_view line, std::uint64_t offset, TelemetrySink& sink) {
    BytePosition position{offset - over_long_bytes_, over_long_bytes_ + line.size(), ++line_number_, 1};
    if (position.length > kMaxLineBytes) {
      over_long_bytes_ = 0;
      sink.on_skipped({position, "ALB access log line longer than " + format_bytes(kMaxLineBytes), 1, false});
      return;
    }
    over_long_bytes_ = 0;
    if (position.offset == 0 && line.starts_with("\xEF\xBB\xBF")) {
      line.remove_prefix(3);
      position.offset += 3;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    position.length = line.size();
    if (trim(line).empty()) return;

    AccessRecord record;
    if (const char* problem = parse_alb_line(line, record, clock_)) {
      std::string reason = "not an ALB access log line: ";
      reason += problem;
      reason += "; the line begins ";
      reason += visible(utf8_prefix(line, 60));
      sink.on_skipped({position, std::move(reason), 1, false});
      return;
    }
    record.position = position;
    records_.push_back(record);
    edges_.note(record, sink);
    if (records_.size() == kMaxBatchRecords) flush(sink);
  }

  void flush(TelemetrySink& sink) {
    if (records_.empty()) return;
    sink.on_access(records_);
    records_.clear();
  }

  std::vector<AccessRecord> records_;
  AlbEdges edges_;
  AlbClock clock_;
  std::uint64_t line_number_;
  std::uint64_t over_long_bytes_ = 0;  ///< Already given back of the line being read; it is above the limit.
};

}  // namespace

std::unique_ptr<RecordReader> make_alb_reader(ReaderOptions options) {
  return std::make_unique<AlbReader>(options.first_line);
}

}  // namespace fa
