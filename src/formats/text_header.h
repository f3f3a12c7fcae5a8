#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "formats/timestamp.h"
#include "model/telemetry.h"

namespace fa {

/// The header of a plain text log line: everything before the message. Views point into the line.
struct TextHeader {
  std::optional<ParsedTimestamp> timestamp;
  Severity severity = Severity::kUnknown;
  std::string_view service;   ///< Syslog's app name.
  std::string_view instance;  ///< Host.
  std::string_view logger;
  std::string_view trace_id;
  std::string_view span_id;
  std::size_t message_begin = 0;
  bool is_rfc5424 = false;     ///< All of it follows RFC 5424: the priority in front tells the severity.
  bool starts_record = false;  ///< A timestamp or a stated level: this line cannot continue the one before.
};

/// Takes the header of `line` apart. `timestamp` is what scan_timestamp found in it. Only what is clearly header is
/// stripped: in doubt a word stays in the message.
///
/// The grammar behind it: an optional level, host or label, the timestamp, then columns. A column (number, bracketed
/// group, identifier) is provisional until something confirms it: a level word behind it, or a separator (` - `,
/// ` : `, `|`, `Name:`) behind a logger. The message begins behind the last confirmed column.
TextHeader parse_text_header(std::string_view line, const std::optional<ParsedTimestamp>& timestamp);

}  // namespace fa
