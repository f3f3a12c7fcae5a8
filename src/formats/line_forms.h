#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digit_forms.h"
#include "formats/container_wrapper.h"
#include "formats/log_parser.h"
#include "formats/timestamp.h"
#include "model/telemetry.h"

namespace fa {

/// What the header of one line taught about all lines that differ from it in digits and ids only.
struct LineForm {
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  std::uint64_t number = 0;         ///< LogRecord::form of its records.
  bool usable = false;              ///< Digits other than those of the timestamp decide nothing.
  bool stamp_stands_alone = false;  ///< Nor can digits behind the timestamp become part of it.
  ParsedTimestamp stamp;            ///< Its time is that of the line learned from.
  Severity severity = Severity::kUnknown;
  bool has_priority = false;  ///< `<34>1 ` in front (RFC 5424) tells the severity.
  Part service;
  Part instance;
  Part logger;
  Part message;
  Part stream;   ///< Of a container runtime's line.
  Part content;  ///< What the application wrote: all of the line but for what a container runtime put in front.
  bool look_into_message = false;  ///< By its digits it may have a header of its own.
  bool in_container = false;       ///< The timestamp is the container runtime's; behind it stands logfmt.
};

/// Reads lines whose form came before without taking their headers apart again: gives exactly what parse_log_text
/// would, or nothing. One per file; not thread-safe.
class LineForms {
 public:
  LineForms();

  /// Looks the line up. nullptr when nothing is known of its form, or its header must be read each time.
  const LineForm* find(std::string_view line);

  /// The record of a line that has this form: all but its position. `context` is used and taught as
  /// parse_log_text would. False when the values of digits make it another kind of line.
  bool read(std::string_view line, const LineForm& form, TimestampContext& context, LogRecord& record);

  static std::string_view text_of(std::string_view line, LineForm::Part part) {
    return line.substr(part.begin, part.length);
  }

  /// Learns from the line looked up last, if it is worth it, what it was parsed to. `plain`: it opens no
  /// stack trace.
  void learn(std::string_view line, const LogRecord& record, const ParsedLog& parsed, bool plain);

  /// The same for a line whose `content` is not all of it.
  void learn_wrapped(std::string_view line, const UnwrappedLine& content, const LogRecord& record,
                     const ParsedLog& parsed);

 private:
  [[nodiscard]] bool is_worth_learning(std::string_view line) const;
  [[nodiscard]] bool is_last_stamp(std::string_view text, const LineForm& form, const TimestampContext& context) const;

  void number(LineForm& form, std::string_view line);

  DigitForms<LineForm> forms_;
  std::uint64_t next_number_;
  /// The timestamp that was parsed last, its positions counted from its own beginning. Most lines have the same but for
  /// the fraction of the second.
  ParsedTimestamp last_;
  std::string last_text_;
  TimestampContext last_context_;
};

}  // namespace fa
