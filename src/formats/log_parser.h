#pragma once

#include <optional>
#include <string_view>

#include "formats/log_header.h"
#include "formats/structured_fields.h"
#include "formats/text_arena.h"
#include "formats/text_header.h"
#include "formats/timestamp.h"

/// Inside of parse_log_message, shared with the line reader. Not for other folders.
namespace fa {

struct LogScratch::Impl {
  TextArena arena;
  TimestampContext timestamps;  ///< `reference_time` as given; `date_order` as learned.
  StructuredFields fields;
  JsonLineForms json_forms;
};

/// What a record's text turned out to be.
struct ParsedLog {
  bool starts_record = false;  ///< It has a timestamp or level of its own, or is a structured line.
  bool has_time = false;       ///< A timestamp stands in the text.
  bool structured = false;     ///< JSON or logfmt.
  bool cut = false;            ///< A JSON object that ends too early.
  bool has_metrics = false;    ///< Embedded Metric Format.
  bool metrics_only = false;   ///< ... and no message besides.
  bool opened = false;         ///< The message of a structured line looked like a line of its own.
  /// Of a text header with a timestamp whose message is no JSON, no logfmt and has no header of its own, or is the
  /// whole text.
  std::optional<ParsedTimestamp> plain_stamp = {};
  bool is_rfc5424 = false;  ///< As TextHeader has it.
  /// logfmt that tells no more than names, a level in words and a message, which has no header of its own.
  bool plain_logfmt = false;
};

/// Whether a message looks like a line that has a header of its own, JSON or logfmt.
bool opens_header(std::string_view message, const TimestampContext& context);

/// Whether text may begin with `key=value`; decides what is tried.
bool may_be_logfmt(std::string_view text);

/// parse_log_message without side effects on a sink. `text` may have several lines; the header is in the first.
ParsedLog parse_log_text(std::string_view text, LogRecord& record, TimePoint outer_time, LogScratch::Impl& scratch);

}  // namespace fa
