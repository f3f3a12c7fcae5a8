#include "analysis/logs/exception_text.h"

#include <algorithm>

#include "analysis/logs/byte_class.h"
#include "analysis/logs/value_rules.h"
#include "base/text.h"

namespace fa {
namespace {

using bytes::is_alnum;
using bytes::is_blank;

constexpr std::size_t kMaxBytes = 256 * 1024;

/// A type with the message behind it.
struct Named {
  std::string_view type;
  std::string_view message;
};

bool is_type_byte(char c) { return is_alnum(c) || c == '.' || c == '_' || c == '$' || c == '`' || c == '+'; }

/// `Type: message` or a bare `Type` at the start of a text. `any` accepts types of any name (after `Caused by:` and
/// in tracebacks); otherwise the name must say that it is an exception.
std::optional<Named> named_at(std::string_view text, bool any) {
  std::size_t end = 0;
  while (end < text.size() && (is_type_byte(text[end]) ||
                               (text[end] == ':' && end + 2 < text.size() && text[end + 1] == ':' &&  // Ruby, Rust
                                is_alnum(text[end + 2])))) {
    end += text[end] == ':' ? 2U : 1U;
  }
  std::string_view type = text.substr(0, end);
  while (!type.empty() && type.back() == '.') type.remove_suffix(1);
  if (type.empty() || !bytes::is_letter(type[0]) || !(any || rules::names_exception(type))) return std::nullopt;
  std::string_view rest = text.substr(end);
  if (rest.starts_with(" [") && rest.find("]:") != std::string_view::npos) {  // Node.js: `Error [ERR_X]: text`
    rest = rest.substr(rest.find("]:") + 1);
  }
  if (!rest.empty() && rest[0] != ':') return std::nullopt;
  rest.remove_prefix(rest.empty() ? 0 : 1);
  return Named{type, trim(rest.substr(0, rest.find('\n')))};
}

/// The first place in a line where a type with a message stands; ends of lines count, plain mentions do not.
std::optional<Named> named_within(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (!bytes::is_letter(line[at])) {
      ++at;
      continue;
    }
    if (const auto named = named_at(line.substr(at), false)) return named;
    while (at < line.size() && (is_type_byte(line[at]) || line[at] == ':')) ++at;
  }
  return std::nullopt;
}

/// Chains written in one line: `A: B: text`, `A: text; nested exception is B: text`, `A: text ---> B: text`.
Named innermost(Named named) {
  for (int depth = 0; depth < 32; ++depth) {
    std::string_view next = named.message;
    if (const std::size_t arrow = next.find("---> "); arrow != std::string_view::npos) {
      next = next.substr(arrow + 5);
    } else if (const std::size_t nested = next.find("nested exception is "); nested != std::string_view::npos) {
      next = next.substr(nested + 20);
    }
    const auto inner = named_at(next, next.data() != named.message.data());
    if (!inner || inner->type.data() == named.type.data()) break;
    named = *inner;
  }
  // `failed [nested exception is A: text] with root cause`: the text ends where a bracket opened before it closes.
  int depth = 0;
  for (std::size_t i = 0; i < named.message.size(); ++i) {
    depth += named.message[i] == '[' ? 1 : named.message[i] == ']' ? -1 : 0;
    if (depth < 0) named.message = named.message.substr(0, i);
  }
  return named;
}

/// Lines of a text, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool next(std::string_view& line) {
    if (done_) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    done_ = end == std::string_view::npos;
    if (!done_) rest_.remove_prefix(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
  }
  /// What follows the last line given.
  [[nodiscard]] std::string_view rest() const { return done_ ? std::string_view{} : rest_; }

 private:
  std::string_view rest_;
  bool done_ = false;
};

std::size_t indent_of(std::string_view line) {
  std::size_t blanks = 0;
  while (blanks < line.size() && is_blank(line[blanks])) ++blanks;
  return blanks;
}

bool is_frame(std::string_view line) { return trim(line).starts_with("at "); }

/// Python: the block closest to the cause is the first; its last `File` line is the frame.
std::optional<ExceptionText> find_python(std::string_view text) {
  constexpr std::string_view kHead = "Traceback (most recent call last)";
  std::size_t at = text.find(kHead);
  std::optional<ExceptionText> found;
  while (at != std::string_view::npos) {
    const std::size_t line_begin = text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
    const std::size_t indent = line_begin == 0 ? 0 : indent_of(text.substr(line_begin, at - line_begin));
    Lines lines(text.substr(at));
    std::string_view line;
    std::string_view frame;
    lines.next(line);
    while (lines.next(line)) {
      const std::string_view content = trim(line);
      if (content.starts_with("File \"")) {
        frame = content;
      } else if (!content.empty() && indent_of(line) <= indent) {
        if (const auto named = named_at(content, true)) {
          const Named root = innermost(*named);
          if (!found) found = ExceptionText{named->type, root.type, root.message, frame};
          found->type = named->type;
        }
        break;
      }
    }
    at = text.find(kHead, at + kHead.size());
  }
  return found;
}

std::optional<ExceptionText> find_panic(std::string_view text) {
  std::size_t at = 0;
  std::string_view type = "panic";
  if (text.starts_with("panic: ")) {
    at = 7;
  } else if (const std::size_t line = text.find("\npanic: "); line != std::string_view::npos) {
    at = line + 8;
  } else if (const std::size_t fatal = text.find("fatal error: ");
             fatal != std::string_view::npos && text.find("\ngoroutine ") != std::string_view::npos) {
    at = fatal + 13;
    type = "fatal error";
  } else if (const std::size_t rust = text.find("' panicked at "); rust != std::string_view::npos) {
    at = rust + 14;
    std::string_view message = text.substr(at, text.find('\n', at) - at);
    std::string_view frame;
    if (message.ends_with(':')) {  // Since Rust 1.73 the place comes first.
      frame = message.substr(0, message.size() - 1);
      const std::size_t next = text.find('\n', at);
      message = next == std::string_view::npos ? "" : text.substr(next + 1, text.find('\n', next + 1) - next - 1);
    } else if (const std::size_t place = message.rfind(", "); place != std::string_view::npos) {
      frame = message.substr(place + 2);
      message = message.substr(0, place);
    }
    return ExceptionText{"panic", "panic", trim(message), trim(frame)};
  } else {
    return std::nullopt;
  }
  Lines lines(text.substr(at));
  std::string_view line;
  lines.next(line);
  ExceptionText found{type, type, trim(line), {}};
  bool stack = false;
  while (lines.next(line)) {
    if (line.starts_with("goroutine ")) {
      if (stack) break;
      stack = true;
    } else if (stack && !line.empty() && !is_blank(line[0]) && !line.starts_with("panic(") &&
               !line.starts_with("runtime.")) {
      found.root_frame = line;
      break;
    }
  }
  return found;
}

/// `app.rb:12:in 'run': message (NoMethodError)`.
std::optional<ExceptionText> find_ruby(std::string_view line) {
  if (!line.ends_with(')')) return std::nullopt;
  const std::size_t open = line.rfind('(');
  const std::size_t in = line.find(":in ");
  if (open == std::string_view::npos || in == std::string_view::npos || in > open) return std::nullopt;
  const std::string_view type = line.substr(open + 1, line.size() - open - 2);
  const std::size_t message = line.find(": ", in);
  if (!rules::names_exception(type) || message == std::string_view::npos || message > open) return std::nullopt;
  return ExceptionText{type, type, trim(line.substr(message + 2, open - message - 2)), line.substr(0, message)};
}

}  // namespace

std::optional<ExceptionText> find_exception(std::string_view text) {
  text = text.substr(0, kMaxBytes);
  if (const auto python = find_python(text)) return python;
  if (const auto panic = find_panic(text)) return panic;
  Lines lines(text);
  std::string_view line;
  std::optional<ExceptionText> found;
  std::size_t cause_indent = std::string_view::npos;
  bool want_frame = false;
  bool wrapped = false;
  while (lines.next(line)) {
    const std::string_view content = trim(line);
    if (content.empty()) continue;
    if (found && is_frame(content)) {
      if (want_frame) found->root_frame = content.substr(3);
      want_frame = false;
      continue;
    }
    if (found) {
      const bool caused = content.starts_with("Caused by: ");
      const bool wraps = content.starts_with("Wrapped by: ");
      const std::size_t arrow = content.starts_with("---> ") ? 5 : content.starts_with("[cause]: ") ? 9 : 0;
      if (caused || wraps || arrow != 0) {
        // Causes of suppressed exceptions stand further in.
        if (caused && cause_indent != std::string_view::npos && indent_of(line) > cause_indent) continue;
        const auto named = named_at(content.substr(caused ? 11 : wraps ? 12 : arrow), true);
        if (!named) continue;
        if (caused) cause_indent = std::min(cause_indent, indent_of(line));
        if (wraps) {
          wrapped = true;
          found->type = named->type;
        } else if (!wrapped) {
          const Named root = innermost(*named);
          found->root_type = root.type;
          found->root_message = root.message;
          found->root_frame = {};
          want_frame = true;
        }
      }
      continue;
    }
    // `Error` alone is a type only where a stack follows, as in JavaScript.
    std::optional<Named> named;
    std::string_view following;
    Lines ahead = lines;
    const bool stack = ahead.next(following) && is_frame(following);
    if (stack) {
      named = named_at(content, true);
      if (!named && content.starts_with("Uncaught ")) named = named_at(content.substr(9), true);
      if (named && named->type.find('.') == std::string_view::npos && named->type != "Error" &&
          !rules::names_exception(named->type) && named->type.find("::") == std::string_view::npos) {
        named.reset();
      }
    }
    if (!named) named = named_within(content);
    if (!named) {
      if (const auto ruby = find_ruby(content)) return ruby;
      continue;
    }
    const Named root = innermost(*named);
    found = ExceptionText{named->type, root.type, root.message, {}};
    want_frame = true;
  }
  return found;
}

}  // namespace fa
