#pragma once

#include <string_view>

#include "model/telemetry.h"

namespace fa {

/// Follows one record's lines and tells which further lines clearly belong to its stack trace (Java, Python, Go,
/// Node, .NET, Ruby, PHP, Rust), whether or not the lines carry timestamps elsewhere.
class StackTraceTracker {
 public:
  /// A new record starts with this line; `message` is what stands behind its header.
  void start(std::string_view line, std::string_view message);

  /// A new record starts with a line that is known to open no trace.
  void start_plain() { *this = {}; }

  /// Whether `line` (not empty) continues the record; remembers it if so.
  bool continues(std::string_view line);

  /// The record is in the middle of a trace, so that an empty line does not end it.
  [[nodiscard]] bool inside() const { return kind_ != Kind::kNone; }

 private:
  enum class Kind { kNone, kPython, kGo, kDotNetConsole, kIndented };
  void enter(std::string_view line);

  Kind kind_ = Kind::kNone;
  bool last_indented_ = false;
};

/// Whether a line that is not indented may belong to the record before it although no trace was opened there.
bool is_part_of_a_trace(std::string_view line);

/// How bad a line without header is that opens the report of a failure nobody caught (Go panic, Python traceback, Java
/// `Exception in thread`, .NET `Unhandled exception.`); kUnknown for any other line.
Severity severity_of_crash(std::string_view line);

/// The second line of a java.util.logging record: `SEVERE: message`, without timestamp.
bool is_jul_level_line(std::string_view line);

}  // namespace fa
