#include "formats/multiline.h"

#include <algorithm>
#include <cstddef>

#include "formats/log_text.h"

namespace fa {
namespace {

constexpr std::size_t kLongestTitle = 4096;  ///< Of a line that announces a stack trace.
constexpr std::string_view kPythonTrace = "Traceback (most recent call last):";

std::string_view trim_start(std::string_view line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  return line;
}

std::size_t digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  return n;
}

/// `... 12 more`, `... 3 common frames omitted`
bool is_elision(std::string_view text) {
  if (!text.starts_with("... ")) return false;
  text.remove_prefix(4);
  const std::size_t n = digits(text);
  return n > 0 && (text.substr(n).starts_with(" more") || text.substr(n).find("frames") != std::string_view::npos);
}

bool is_indented_frame(std::string_view text) {
  if (text.starts_with("at ") && text.size() > 3 && !is_space(text[3])) return true;
  if (text.starts_with("from ") && text.find(':') != std::string_view::npos) return true;  // Ruby
  if (text.starts_with("File \"") || text.starts_with("--- End of ")) return true;
  if (text.starts_with("---> ") && text.find("Exception") != std::string_view::npos) return true;  // .NET's inner ones
  if (text.starts_with("Caused by: ") || text.starts_with("Suppressed: ") || is_elision(text)) return true;
  const std::size_t n = digits(text);  // Rust `0: core::panicking`, PHP `#0 /app/x.php(3)`
  if (n > 0 && n <= 4 && text.substr(n).starts_with(": ")) return text.find("::") != std::string_view::npos;
  return false;
}

/// Lines that stand at the left margin and still are parts of a trace.
bool is_margin_part(std::string_view line) {
  static constexpr std::string_view kStarts[] = {
      "Caused by: ",
      "Suppressed: ",
      "Wrapped by: ",
      "During handling of the above exception",
      "The above exception was the direct cause",
      "--- End of ",
      "Stack trace:",
      "stack backtrace:",
      "[stacktrace]",
      "note: run with `RUST_BACKTRACE",
      "note: Some details are omitted",
  };
  for (const auto start : kStarts) {
    if (line.starts_with(start)) return true;
  }
  if (is_elision(line)) return true;
  if (line.size() > 3 && line[0] == '#' && is_digit(line[1])) {  // PHP `#0 /app/x.php(3): f()`, gdb `#0  0x00`
    const auto rest = trim_start(line.substr(1 + digits(line.substr(1))));
    return rest.starts_with('/') || rest.starts_with("{main}") || rest.starts_with("0x") ||
           rest.starts_with("[internal function]");
  }
  return false;
}

/// `ValueError: message`, `requests.exceptions.Timeout`: how a Python traceback ends.
bool is_python_error(std::string_view line) {
  std::size_t n = 0;
  while (n < line.size() && (is_alnum(line[n]) || line[n] == '_' || line[n] == '.')) ++n;
  return n > 0 && is_alpha(line[0]) && (n == line.size() || line[n] == ':');
}

bool is_go_part(std::string_view line) {
  if (line.starts_with("goroutine ") || line.starts_with("created by ") || line.starts_with("[signal ") ||
      line.starts_with("exit status ") || line.starts_with("panic: ") || line.starts_with("fatal error: ") ||
      line.starts_with("runtime stack:") || line.starts_with("runtime.") || line.starts_with("main.") ||
      line.starts_with("...additional frames elided")) {
    return true;
  }
  // package/path.function(args)
  return line.back() == ')' && line.find('(') != std::string_view::npos && line.find(' ') > line.find('(');
}

bool is_dotnet_console(std::string_view line) {
  return line.size() > 6 && line[4] == ':' && line[5] == ' ' &&
         (line.starts_with("fail") || line.starts_with("crit") || line.starts_with("warn") ||
          line.starts_with("info") || line.starts_with("dbug") || line.starts_with("trce")) &&
         line.back() == ']';
}

}  // namespace

void StackTraceTracker::enter(std::string_view line) {
  if (line.find(kPythonTrace) != std::string_view::npos) {
    kind_ = Kind::kPython;
  } else if (line.starts_with("panic: ") || line.starts_with("fatal error: ") || line.starts_with("goroutine ")) {
    kind_ = Kind::kGo;
  }
}

void StackTraceTracker::start(std::string_view line, std::string_view message) {
  kind_ = Kind::kNone;
  last_indented_ = false;
  if (message.size() > kLongestTitle) return;
  if (is_dotnet_console(line)) {
    kind_ = Kind::kDotNetConsole;
  } else {
    enter(message);
  }
}

bool StackTraceTracker::continues(std::string_view line) {
  if (line.empty()) return inside();
  const bool indented = is_space(line[0]);
  const auto text = trim_start(line);
  if (text.empty()) return inside();
  const bool was_indented = last_indented_;
  bool belongs = false;
  if (indented) {
    belongs = kind_ == Kind::kPython || kind_ == Kind::kGo || is_indented_frame(text) ||
              (kind_ == Kind::kDotNetConsole && line.starts_with("      ")) ||
              (kind_ == Kind::kIndented && text.starts_with("| "));
    if (belongs && kind_ == Kind::kNone) kind_ = Kind::kIndented;
  } else if (is_margin_part(line)) {
    belongs = true;
  } else if (kind_ == Kind::kPython) {
    belongs = (was_indented && is_python_error(line)) || line.starts_with(kPythonTrace);
    if (belongs && !line.starts_with(kPythonTrace)) kind_ = Kind::kIndented;
  } else if (kind_ == Kind::kGo) {
    belongs = is_go_part(line);
  } else if (kind_ == Kind::kIndented) {
    belongs = line.starts_with(kPythonTrace);
  }
  if (belongs) {
    last_indented_ = indented;
    enter(line);
  }
  return belongs;
}

bool is_part_of_a_trace(std::string_view line) { return is_margin_part(line); }

Severity severity_of_crash(std::string_view line) {
  if (line.starts_with("panic: ") || line.starts_with("fatal error: ") || line.starts_with("Unhandled exception. ")) {
    return Severity::kFatal;
  }
  if (line.starts_with(kPythonTrace) || line.starts_with("Exception in thread \"")) return Severity::kError;
  return Severity::kUnknown;
}

bool is_jul_level_line(std::string_view line) {
  static constexpr std::string_view kLevels[] = {
      "SEVERE: ", "WARNING: ", "INFO: ", "CONFIG: ", "FINE: ", "FINER: ", "FINEST: "};
  return std::any_of(std::begin(kLevels), std::end(kLevels), [&](auto level) { return line.starts_with(level); });
}

}  // namespace fa
