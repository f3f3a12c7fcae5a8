#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digit_forms.h"
#include "formats/log_parser.h"
#include "formats/timestamp.h"
#include "model/telemetry.h"

namespace fa {

/// What the header of one line taught about all lines that differ from it in digits only.
struct LineForm {
  struct Part {
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
  };
  bool usable = false;              ///< Digits other than those of the timestamp decide nothing.
  bool stamp_stands_alone = false;  ///< Nor can digits behind the timestamp become part of it.
  ParsedTimestamp stamp;            ///< Its time is that of the line learned from.
  Severity severity = Severity::kUnknown;
  Part service;
  Part instance;
  Part logger;
  std::uint32_t message = 0;       ///< Where it begins.
  bool look_into_message = false;  ///< By its digits it may have a header of its own.
};

/// Reads lines whose form came before without taking their headers apart again: gives exactly what parse_log_text
/// would, or nothing. One per file; not thread-safe.
class LineForms {
 public:
  /// Looks the line up. nullptr when nothing is known of its form, or its header must be read each time.
  const LineForm* find(std::string_view line);

  /// The record of a line that has this form: all but its position. `context` is used and taught as
  /// parse_log_text would. False when the values of digits make it another kind of line.
  bool read(std::string_view line, const LineForm& form, TimestampContext& context, LogRecord& record);

  /// Learns from the line looked up last, if it is worth it, what it was parsed to. `plain`: it opens no
  /// stack trace.
  void learn(std::string_view line, const LogRecord& record, const ParsedLog& parsed, bool plain);

 private:
  [[nodiscard]] bool is_last_stamp(std::string_view text, const LineForm& form, const TimestampContext& context) const;

  DigitForms<LineForm> forms_;
  /// The timestamp that was parsed last, its positions counted from its own beginning. Most lines have the same but for
  /// the fraction of the second.
  ParsedTimestamp last_;
  std::string last_text_;
  TimestampContext last_context_;
};

}  // namespace fa
