#include <algorithm>
#include <string>
#include <vector>

#include "formats/command_output.h"
#include "formats/readers.h"

namespace fa {
namespace {

/// Hands records on under the name of whom they are about, with their place in the whole file.
class PartSink final : public TelemetrySink {
 public:
  PartSink(const CommandOutputPart& part, std::uint64_t lines_before, TelemetrySink& next)
      : part_(part), lines_before_(lines_before), next_(next) {}

  void on_logs(std::span<const LogRecord> records) override {
    renamed_.assign(records.begin(), records.end());
    for (LogRecord& r : renamed_) {
      r.position.line += lines_before_;
      if (part_.kind == CommandOutputPart::Kind::kTable) {
        const std::string_view name = name_in_row(r.message, part_.name_column);
        if (!name.empty()) r.service = name;
      } else if (part_.kind == CommandOutputPart::Kind::kSheet) {
        r.service = part_.subject;
      }
      if (r.instance.empty()) r.instance = part_.host;
    }
    next_.on_logs(renamed_);
  }
  void on_metric(MetricSeries&& series) override { next_.on_metric(std::move(series)); }
  void on_skipped(Skipped&& skipped) override {
    skipped.position.line += lines_before_;
    next_.on_skipped(std::move(skipped));
  }

 private:
  const CommandOutputPart& part_;
  std::uint64_t lines_before_;
  TelemetrySink& next_;
  std::vector<LogRecord> renamed_;
};

/// Splits a session or the output of single commands into parts and lets the reader of text logs read each.
class CommandOutputReader final : public RecordReader {
 public:
  explicit CommandOutputReader(ReaderOptions options) : options_(std::move(options)) {}

  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    std::size_t p = 0;
    while (p < data.size() || (last && lines_ != nullptr)) {
      if (lines_ == nullptr) {
        const std::size_t newline = data.find('\n', p);
        if (newline == std::string_view::npos && !last) return p;
        const std::size_t end = newline == std::string_view::npos ? data.size() : newline + 1;
        own_line_ = offset + p;
        if (begin_part(data.substr(p, std::min(newline, data.size()) - p))) {
          ++lines_before_;
          own_line_ = ~std::uint64_t{0};
          p = end;
          continue;
        }
      }
      const std::size_t next = next_part(data, p, offset + p == own_line_);
      const bool whole = next != std::string_view::npos || last;
      const std::size_t end = next == std::string_view::npos ? data.size() : next;
      PartSink named(part_, part_begin_, sink);
      const std::size_t used = lines_->read(data.substr(p, end - p), offset + p, whole, named);
      lines_before_ += static_cast<std::uint64_t>(std::count(
          data.begin() + static_cast<std::ptrdiff_t>(p), data.begin() + static_cast<std::ptrdiff_t>(p + used), '\n'));
      p += used;
      if (!whole) return p;
      lines_.reset();
    }
    return p;
  }

 private:
  /// Makes the reader of the part that begins with this line. True when the line is no content of it.
  bool begin_part(std::string_view line) {
    auto begun = begins_command_output(line);
    part_ = begun ? std::move(*begun) : CommandOutputPart{};
    part_begin_ = lines_before_ + (begun && !part_.line_is_content ? 1U : 0U);
    ReaderOptions options = options_;
    options.message_only = part_.kind != CommandOutputPart::Kind::kLog;
    if (!part_.subject.empty()) options.path = part_.subject;
    lines_ = make_log_lines_reader(std::move(options));
    return begun && !part_.line_is_content;
  }

  /// Where the next part begins, at `p` or behind; npos when no whole line of the data begins one. `own`: the line at
  /// `p` is the first of the current part.
  static std::size_t next_part(std::string_view data, std::size_t p, bool own) {
    for (std::size_t end = data.find('\n', p); end != std::string_view::npos; end = data.find('\n', p)) {
      if (!own && begins_command_output(data.substr(p, end - p))) return p;
      own = false;
      p = end + 1;
    }
    return std::string_view::npos;
  }

  ReaderOptions options_;
  CommandOutputPart part_;
  std::unique_ptr<RecordReader> lines_;  ///< Of the current part; null between parts.
  std::uint64_t own_line_ = 0;           ///< Offset of the content line that began the current part.
  std::uint64_t lines_before_ = 0;       ///< Lines used up.
  std::uint64_t part_begin_ = 0;         ///< Lines before the content of the current part.
};

}  // namespace

std::unique_ptr<RecordReader> make_command_output_reader(ReaderOptions options) {
  return std::make_unique<CommandOutputReader>(std::move(options));
}

}  // namespace fa
