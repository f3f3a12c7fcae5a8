#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "formats/text_header.h"

namespace fa::header {

inline constexpr std::size_t kHeaderBytes = 512;   ///< No header is longer.
inline constexpr std::size_t kLongestGroup = 256;  ///< Of one bracketed group.

/// One pass over one line's header; see parse_text_header for the grammar. The envelope (syslog, klog, what stands
/// before the timestamp) is in text_header.cpp, the columns behind the timestamp in header_columns.cpp.
class HeaderParser {
 public:
  HeaderParser(std::string_view line, TextHeader& out) : s_(line.substr(0, kHeaderBytes)), out_(out) {}
  void run(const std::optional<ParsedTimestamp>& timestamp);

 private:
  [[nodiscard]] std::string_view part(std::size_t i, std::size_t n = std::string_view::npos) const;
  [[nodiscard]] char at(std::size_t i) const { return i < s_.size() ? s_[i] : '\0'; }
  [[nodiscard]] std::size_t token_end(std::size_t i) const;
  void skip_spaces();
  /// Everything up to here is header.
  void commit();
  /// `[I 2026-03-14 17:30:00 WebApp] message`: the bracket around the timestamp holds more columns.
  void bracketed_rest(std::size_t begin);
  /// Redis: `1:M 14 Mar 2026 17:30:00.123 * message`, the mark being the level.
  bool redis_mark(std::size_t begin);
  /// `<34>` in front: facility * 8 + severity (RFC 3164, RFC 5424).
  bool syslog_priority();
  /// `<34>1 2003-10-11T22:14:15.003Z host app procid msgid [structured data] message`
  bool rfc5424(const ParsedTimestamp& timestamp);
  /// What stands before the timestamp. Levels, brackets and labels without lower-case letters are header; a host or an
  /// address stays part of the message unless a level behind the timestamp shows that this is a header.
  void prefix(std::size_t end);
  [[nodiscard]] bool is_klog_letter(std::size_t begin) const;
  /// `I0314 08:30:00.123456       1 file.go:12] message`
  void klog();
  /// `host tag[pid]: ` behind the timestamp. Certain for RFC 3164's timestamp (month name, no year); behind ISO 8601
  /// (rsyslog, journald) only with a pid in brackets.
  bool syslog(const ParsedTimestamp& timestamp);
  void state_severity(Severity severity);

  // --- columns behind the timestamp (or at the start of a line without one) ---
  void columns();
  /// Lone ` - `, ` | `, ` : `, `---`: confirms a logger or columns before it. False when the message begins here.
  bool separators();
  bool column();
  [[nodiscard]] bool is_tab(std::size_t i) const { return at(i) == '\t'; }
  /// Spring Boot: `INFO 1 --- [main]`.
  [[nodiscard]] bool next_is_dashes() const;
  /// nginx `123#456:`, Ruby `#1234]`.
  static bool is_process_number(std::string_view token);
  /// A level as a bare word: upper case always; other cases where a mark follows or prose cannot start so.
  bool level_word();
  static bool is_quiet_level(Severity severity) { return severity <= Severity::kInfo; }
  /// Microsoft.Extensions.Logging's console: `fail: Category[14]`.
  static bool is_dotnet_level(std::string_view word);
  void python_name();
  bool group(char open);
  /// Spring Cloud Sleuth `[service,trace,span]`, Micrometer `[trace-span]`, `[trace_id=... span_id=...]`.
  bool trace_group(std::string_view inside);
  /// `TraceID: <hex> SpanID: <hex>` as columns.
  bool trace_keys();
  /// Android: `1702  2395 D Tag: message` and `D/Tag( 1702): message`.
  bool logcat(std::string_view token);
  bool name(std::string_view token, std::size_t end);
  [[nodiscard]] bool separator_follows(std::size_t end) const;
  static bool is_lower_word(std::string_view word);

  std::string_view s_;
  TextHeader& out_;
  std::size_t p_ = 0;             ///< Read position.
  std::size_t committed_ = 0;     ///< Everything before it is header for certain.
  std::size_t prefix_begin_ = 0;  ///< Behind a syslog priority.
  std::string_view host_;         ///< A lone name before the timestamp.
  std::string_view pending_logger_;
  int columns_ = 0;  ///< Provisional columns since the timestamp.
  bool after_timestamp_ = false;
  bool stated_ = false;            ///< A level was found.
  bool confirmed_ = false;         ///< What stood before the timestamp is header too.
  bool keep_prefix_ = false;       ///< Something before the timestamp may belong to the message.
  bool bracketed_level_ = false;   ///< `[INFO ]`: groups glued to it are header.
  bool bracketed_logger_ = false;  ///< JBoss: a thread in parentheses follows.
  bool stated_columns_ = false;    ///< The level was a column of its own.
  bool letter_stated_ = false;     ///< By a single letter before the timestamp.
  bool logger_pending_ = false;
  bool group_pending_ = false;
  bool logger_was_name_ = false;  ///< A place in code may still replace it.
  bool after_number_ = false;
  bool id_column_ = false;  ///< A column with digits was seen: capitals behind it are columns too.
  bool separated_ = false;
};

}  // namespace fa::header
