#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/container_wrapper.h"
#include "formats/log_parser.h"
#include "model/telemetry.h"

/// A log record while it is put together from lines. Inside of the line reader.
namespace fa {

/// What goes on beyond becomes a record of its own.
inline constexpr std::size_t kMaxLogRecordBytes = std::size_t{1} << 20;

/// One line as the application wrote it, and the raw bytes it came from: [begin, end) of the data of the current call.
struct LogLine {
  UnwrappedLine content;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t number = 0;
  std::uint32_t lines = 1;  ///< More where a container runtime had split it.
  bool truncated = false;
};

/// A record that further lines may belong to. Views point into the data of the current call, or the arena.
struct PendingLogRecord {
  bool active = false;
  bool joins = false;     ///< Lines without a time of their own belong to it.
  bool indented = false;  ///< Its first line starts with white space.
  bool has_time = false;  ///< A timestamp stands in the text.
  bool structured = false;
  bool json_block = false;  ///< Started by a lone `{`.
  bool closed = false;      ///< The block's `}` was seen.
  bool cut = false;
  bool has_metrics = false;
  bool metrics_only = false;
  bool truncated = false;
  bool joined = false;    ///< The message is in the text given to append().
  std::size_t begin = 0;  ///< In the data.
  std::size_t end = 0;
  std::uint64_t line = 0;
  std::uint32_t lines = 1;
  std::uint32_t blank_lines = 0;  ///< Since the last line that belongs.
  std::uint32_t loose_lines = 0;  ///< Joined only because they have no time.
  std::string_view stream;
  std::string_view first_text;
  LogRecord record;

  /// Begins with `from`, whose visible text is `text`. Inline: once for every record.
  void start(const LogLine& from, std::string_view text, const LogRecord& parsed_record, const ParsedLog& parsed) {
    *this = {};
    active = true;
    joins = parsed.has_time && !parsed.structured;
    has_time = parsed.has_time;
    structured = parsed.structured;
    cut = parsed.cut;
    has_metrics = parsed.has_metrics;
    metrics_only = parsed.metrics_only;
    truncated = from.truncated;
    begin = from.begin;
    end = from.end;
    line = from.number;
    lines = from.lines;
    stream = from.content.stream;
    first_text = text;
    record = parsed_record;
  }

  /// Whether the record with this line, which comes next, is within the limits of a record.
  [[nodiscard]] bool has_room_for(const LogLine& next) const;

  /// Takes a line in. The message stays a view into `data` as long as it stands there in one piece; else it is put
  /// together in `joined_text`.
  void append(const LogLine& next, std::string_view text, std::string_view data, std::string& joined_text);

  /// java.util.logging writes a record in two lines: `Mar 14, 2026 5:30:00 PM com.example.Main run` and
  /// `SEVERE: message`. `text` is the second.
  void take_jul_line(const LogLine& next, std::string_view text, Severity severity);
};

/// A message without line breaks before it and white space behind it.
std::string_view trimmed_message(std::string_view message);

}  // namespace fa
