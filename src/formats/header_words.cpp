#include "formats/header_words.h"

#include <algorithm>

#include "formats/log_text.h"

namespace fa::header {

Shape shape_of(std::string_view token) {
  Shape shape;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    if (is_digit(c)) {
      shape.digit = true;
    } else if (is_upper(c)) {
      shape.upper = true;
      if (i > 0 && token[i - 1] >= 'a' && token[i - 1] <= 'z') shape.camel = true;
    } else if (c >= 'a' && c <= 'z') {
      shape.lower = true;
    } else if (c == '.') {
      if (i > 0 && i + 1 < token.size() && token[i + 1] != '.' && token[i - 1] != '.') shape.dot = true;
    } else if (c == '$' || c == '@' || c == '#' || c == '_' || c == '/' || c == '\\') {
      shape.joint = true;
    } else if (c == ':') {
      if (i + 1 < token.size() && token[i + 1] == ':') {
        shape.joint = true;
        ++i;
      } else {
        shape.colon = true;
      }
    } else if (c != '-' && c != '[' && c != ']' && c != '<' && c != '>') {
      shape.other = true;
    }
  }
  return shape;
}

bool is_number(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return is_digit(c); });
}

bool names_exception(std::string_view name) {
  return name.ends_with("Exception") || name.ends_with("Error") || name.ends_with("Throwable");
}

bool is_source_location(std::string_view token) {
  token = strip_brackets(token);
  const auto mark = token.find_last_of(":#@");
  if (mark == std::string_view::npos || mark == 0 || !is_number(token.substr(mark + 1))) return false;
  if (token.find(' ') != std::string_view::npos) return false;  // `[Worker #1]` is a thread.
  const auto name = token.substr(0, mark);
  const Shape shape = shape_of(name);
  if (!shape.lower && !shape.upper) return false;
  if (token[mark] == '#') return true;
  if (shape.other || name.find("//") != std::string_view::npos) return false;
  if (token[mark] == '@') return true;
  const auto colon = name.find(':');  // loguru: `module:function:12`
  if (token[mark] == ':' && colon != std::string_view::npos && colon > 0 && colon + 1 < name.size()) {
    const auto function = name.substr(colon + 1);
    const bool named =
        std::all_of(function.begin(), function.end(), [](char c) { return is_alnum(c) || c == '_' || c == '.'; });
    return (is_alpha(name[0]) || name[0] == '_') &&
           ((named && !is_digit(function[0])) || (function.front() == '<' && function.back() == '>'));
  }
  // With one colon it could be host:port: a file has an extension of code.
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto extension = name.substr(dot + 1, name.find(':', dot) - dot - 1);
  static constexpr std::string_view kCode[] = {"go", "py", "js",  "ts", "java", "rb",  "rs",    "cc",    "cpp", "c",
                                               "h",  "cs", "php", "kt", "ex",   "erl", "scala", "swift", "mjs"};
  return std::find(std::begin(kCode), std::end(kCode), extension) != std::end(kCode);
}

bool is_logger_like(std::string_view name) {
  if (name.size() < 2 || name.size() > 120 || !(is_alpha(name[0]) || name[0] == '_')) return false;
  const Shape shape = shape_of(name);
  if (shape.other || shape.colon || names_exception(name) || name.find('[') != std::string_view::npos) return false;
  return shape.dot || shape.joint || shape.camel;
}

bool is_class_name(std::string_view name) {
  if (!is_logger_like(name) || std::count(name.begin(), name.end(), '.') < 2) return false;
  const auto last = name.substr(name.rfind('.') + 1);
  return !last.empty() && is_upper(last[0]) && shape_of(name).lower;
}

bool is_uuid(std::string_view token) {
  if (token.size() != 36 || token[8] != '-' || token[13] != '-' || token[18] != '-' || token[23] != '-') return false;
  return std::all_of(token.begin(), token.end(), [](char c) { return is_hex(c) || c == '-'; });
}

bool is_everyday_word(std::string_view level) {
  static constexpr std::string_view kWords[] = {"log",         "fine",          "finer",   "finest", "fail",
                                                "failure",     "note",          "success", "alert",  "audit",
                                                "information", "informational", "panic",   "system"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return word.size() == level.size() &&
           std::equal(word.begin(), word.end(), level.begin(), [](char a, char b) { return a == lower(b); });
  });
}

Severity opening_word(std::string_view message) {
  const auto colon = message.substr(0, 14).find(':');
  if (colon == std::string_view::npos || is_everyday_word(message.substr(0, colon))) return Severity::kUnknown;
  return severity_of_word(message.substr(0, colon));
}

}  // namespace fa::header
