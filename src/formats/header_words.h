#pragma once

#include <string_view>

#include "model/telemetry.h"

/// Judging single columns of a log header by their shape. Inside of parse_text_header.
namespace fa::header {

/// Shapes of one column, found in one pass over it.
struct Shape {
  bool lower = false;
  bool upper = false;
  bool digit = false;
  bool dot = false;    ///< `.` between two identifier characters
  bool joint = false;  ///< `::`, `/`, `$`, `@`, `#`, `_`
  bool camel = false;  ///< A lower-case letter followed by an upper-case one.
  bool other = false;  ///< Something no identifier holds.
  bool colon = false;
};

Shape shape_of(std::string_view token);

/// Digits only, at least one.
bool is_number(std::string_view token);

/// `java.net.ConnectException`, `ValueError`: a logger is not called so.
bool names_exception(std::string_view name);

/// `file.go:12`, `Class#532`, `Class@466`, `(file.py:12)`, `app.main:run:42`: a place in code.
bool is_source_location(std::string_view token);

/// A name with the marks of code in it, which prose has not.
bool is_logger_like(std::string_view name);

/// A fully qualified class name: at least two dots, the last part capitalised.
bool is_class_name(std::string_view name);

bool is_uuid(std::string_view token);

/// Levels that are everyday words too: they need a mark around them to count as a level.
bool is_everyday_word(std::string_view level);

/// `error: message` behind a header without level (sshd and many others): it says how bad it is, and stays.
Severity opening_word(std::string_view message);

}  // namespace fa::header
