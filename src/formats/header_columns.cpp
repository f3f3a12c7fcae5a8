#include <algorithm>

#include "formats/header_parser.h"
#include "formats/header_words.h"
#include "formats/log_text.h"

namespace fa::header {
namespace {

constexpr int kMaxColumns = 14;

bool is_separator(char c) { return c == '-' || c == '|' || c == ':' || c == ';' || c == ',' || c == '~'; }

}  // namespace

void HeaderParser::columns() {
  for (int column = 0; column < kMaxColumns; ++column) {
    for (std::size_t before = p_ + 1; before != p_;) {  // `-- :` are two.
      before = p_;
      if (!separators()) return;
    }
    if (p_ >= s_.size() || !this->column()) return;
  }
}

bool HeaderParser::separators() {
  const std::size_t before = p_;
  skip_spaces();
  std::size_t i = p_;
  while (is_separator(at(i))) ++i;
  const bool lone = i > p_ && (i >= s_.size() || is_space(s_[i])) && i - p_ <= 3;
  if (!lone) {
    if (before == committed_) commit();
    return true;
  }
  const bool header_so_far = before == committed_ || logger_pending_ || (stated_ && group_pending_) || stated_columns_;
  if (!header_so_far && !after_timestamp_) return false;
  separated_ = true;
  p_ = i;
  skip_spaces();
  if (header_so_far) {
    if (logger_pending_ && out_.logger.empty()) out_.logger = pending_logger_;
    logger_pending_ = group_pending_ = false;
    confirmed_ = confirmed_ || stated_;
    commit();
  }
  return true;
}

bool HeaderParser::column() {
  const char c = at(p_);
  if (c == '[' || c == '(' || c == '<' || c == '{') return group(c);
  if (level_word()) return true;
  const std::size_t end = token_end(p_);
  const auto token = part(p_, end - p_);
  if (token.size() > kLongestGroup) return false;
  if (logcat(token)) return true;
  if (trace_keys()) return true;
  if (is_number(token) || is_process_number(token)) {
    if (stated_ && after_number_) return false;
    after_number_ = true;
    p_ = end;
    if (token.back() == ':' || token.back() == ']') {
      if (stated_ && token.find('#') == std::string_view::npos) return false;  // `500: /path` is a message.
      if (stated_) commit();
      return true;
    }
    return !stated_ || next_is_dashes() || is_tab(end);
  }
  if (is_uuid(token) && is_tab(end)) {  // AWS Lambda: timestamp, request id, level, message
    p_ = end;
    commit();
    return true;
  }
  return name(token, end);
}

bool HeaderParser::next_is_dashes() const {
  std::size_t i = p_;
  while (is_space(at(i))) ++i;
  return part(i, 3) == "---";
}

bool HeaderParser::is_process_number(std::string_view token) {
  if (token.size() < 2) return false;
  bool digit = false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char ch = token[i];
    if (is_digit(ch)) {
      digit = true;
    } else if (ch != '#' && !(i + 1 == token.size() && (ch == ']' || ch == ':'))) {
      return false;
    }
  }
  return digit;
}

bool HeaderParser::level_word() {
  std::size_t i = p_;
  while (is_alnum(at(i)) && i - p_ < 14) ++i;
  const auto word = part(p_, i - p_);
  const Severity severity = severity_of_word(word);
  const char next = at(i);
  if (severity == Severity::kUnknown) return false;
  if (stated_) {  // Ruby says it twice: `E, [2026-03-14T17:30:00.123456 #12] ERROR -- : message`
    if (!letter_stated_ || severity != out_.severity) return false;
    letter_stated_ = false;
    p_ = i;
    commit();
    return true;
  }
  const bool ends = next == '\0' || is_space(next) || next == ':' || next == ']' || next == '|' || next == ',' ||
                    next == ')' || next == '[' || next == '/' || next == '>' || next == ';';
  if (!ends) return false;
  const bool upper = std::all_of(word.begin(), word.end(), [](char ch) { return !(ch >= 'a' && ch <= 'z'); });
  const bool colon = next == ':' && (is_space(at(i + 1)) || i + 1 >= s_.size());
  const bool marked = colon || next == ']' || next == '|' || next == '\t' || (next == ' ' && at(i + 1) == ' ') ||
                      part(i, 3) == " - " || part(i, 3) == " | ";
  // LOG, FINE, NOTE, SUCCESS, FAIL are also plain words.
  const bool doubtful = is_everyday_word(word);
  bool strong = upper && (!doubtful || marked || columns_);
  if (!after_timestamp_ && upper && !marked && next != ':' && next != '[') strong = false;
  if (!upper && after_timestamp_) {
    const char follow = at(i + 1);
    strong = !doubtful && (marked || (next == ' ' && (is_quiet_level(severity) || is_upper(follow) || follow == '[' ||
                                                      follow == '"' || follow == '{')));
    if (columns_ && !marked) strong = false;
  }
  if (!upper && !after_timestamp_ && colon && is_dotnet_level(word)) strong = true;
  if (!upper && word[0] >= 'A' && word[0] <= 'Z' && colon) strong = false;  // `Error: message` is an exception's text.
  if (!strong) {
    if (!columns_ || upper) {
      const bool opens = p_ == committed_ && upper;  // `ERROR 1064 (42000): ...` without a header
      if ((colon || after_timestamp_ || opens) && !doubtful && out_.severity == Severity::kUnknown) {
        out_.severity = severity;
      }
    }
    return false;
  }
  state_severity(severity);
  p_ = i;
  while (at(p_) == ':' || at(p_) == ']' || at(p_) == ')' || at(p_) == '>' || at(p_) == ',') {
    const bool bracket = at(p_) != ':';
    ++p_;
    if (!bracket && !is_space(at(p_)) && p_ < s_.size()) {  // Python: `WARNING:root:message`
      python_name();
      break;
    }
  }
  if (at(p_) == '/') ++p_;
  after_number_ = logger_pending_ = group_pending_ = false;
  stated_columns_ = true;
  commit();
  return true;
}

bool HeaderParser::is_dotnet_level(std::string_view word) {
  return word == "info" || word == "warn" || word == "fail" || word == "crit" || word == "dbug" || word == "trce";
}

void HeaderParser::python_name() {
  std::size_t i = p_;
  while (is_alnum(at(i)) || at(i) == '.' || at(i) == '_' || at(i) == '-') ++i;
  if (i == p_ || at(i) != ':' || i - p_ > 80) return;
  out_.logger = part(p_, i - p_);
  p_ = i + 1;
}

bool HeaderParser::group(char open) {
  const char close = open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : '}';
  std::size_t depth = 0;
  std::size_t i = p_;
  const std::size_t limit = std::min(s_.size(), p_ + kLongestGroup);
  for (; i < limit; ++i) {
    if (s_[i] == open) ++depth;
    if (s_[i] == close && --depth == 0) break;
  }
  if (i >= limit) return false;
  const auto inside = part(p_ + 1, i - p_ - 1);
  const auto trimmed = strip_brackets(inside);
  const bool glued = p_ > 0 && (s_[p_ - 1] == ']' || s_[p_ - 1] == ')');
  const std::size_t behind = i + 1;
  if (open == '{') return false;
  if (!stated_) {
    auto word = trimmed;
    const auto colon = word.rfind(':');  // Apache 2.4: [core:error]
    if (colon != std::string_view::npos) word.remove_prefix(colon + 1);
    Severity severity = severity_of_word(word);
    if (severity == Severity::kUnknown && word.size() == 1) severity = severity_of_letter(word[0]);
    if (severity != Severity::kUnknown) {
      if (colon != std::string_view::npos) out_.logger = trimmed.substr(0, colon);
      state_severity(severity);
      bracketed_level_ = true;
      stated_columns_ = true;
      p_ = behind;
      if (at(p_) == ':') ++p_;
      commit();
      return true;
    }
  }
  if (open == '<') return false;
  if (trace_group(inside)) {
    p_ = behind;
    commit();
    return true;
  }
  const bool process = inside.starts_with("pid ") || inside.starts_with("tid ") || inside.starts_with("pid=") ||
                       inside.starts_with("tid=");
  if (process || (glued && bracketed_level_ && columns_ < 4)) {
    if (!process && is_logger_like(trimmed) && out_.logger.empty()) out_.logger = trimmed;
    p_ = behind;
    ++columns_;
    commit();
    return true;
  }
  if (stated_ && out_.logger.empty() && open == '[' && std::count(inside.begin(), inside.end(), '.') >= 2 &&
      is_logger_like(trimmed) && !shape_of(trimmed).digit) {  // JBoss: `INFO  [org.jboss.as] (thread) message`
    out_.logger = trimmed;
    p_ = behind;
    commit();
    bracketed_logger_ = true;
    return true;
  }
  if (open == '(' && bracketed_logger_ && inside.size() < 60) {
    p_ = behind;
    commit();
    return true;
  }
  if (open == '(' && !stated_) return false;
  if (is_source_location(trimmed) && stated_ && out_.logger.empty()) {
    out_.logger = trimmed;
    p_ = behind;
    if (at(p_) == ':') ++p_;
    commit();
    return true;
  }
  p_ = behind;
  ++columns_;
  group_pending_ = true;
  if (at(p_) == ':' && (is_space(at(p_ + 1)) || p_ + 1 >= s_.size())) {
    ++p_;
    if (stated_) commit();
  }
  return true;
}

bool HeaderParser::trace_group(std::string_view inside) {
  const auto first = inside.find_first_of(",-");
  if (first != std::string_view::npos) {
    const char mark = inside[first];
    auto trace = mark == ',' ? inside.substr(first + 1) : inside;
    const auto second = trace.find(mark);
    if (second != std::string_view::npos) {
      auto span = trace.substr(second + 1);
      span = span.substr(0, span.find(mark));
      trace = trace.substr(0, second);
      if (is_trace_id(trace) && is_trace_id(span) && !is_number(trace)) {
        if (mark == ',' && out_.service.empty()) out_.service = inside.substr(0, first);
        out_.trace_id = trace;
        out_.span_id = span;
        return true;
      }
      if (mark == ',' && trace.empty() && span.empty() && !inside.empty() && inside[0] != ',') {
        if (out_.service.empty() && shape_of(inside.substr(0, first)).lower) out_.service = inside.substr(0, first);
        return out_.service == inside.substr(0, first);
      }
    }
  }
  const auto ids = find_trace_ids(inside);
  if (ids.trace_id.empty()) return false;
  out_.trace_id = ids.trace_id;
  out_.span_id = ids.span_id;
  return true;
}

bool HeaderParser::trace_keys() {
  const char c = lower(at(p_));
  if (c != 't' && c != 's') return false;
  const bool trace = c == 't';
  const std::string_view word = trace ? "trace" : "span";
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(at(p_ + i)) != word[i]) return false;
  }
  std::size_t i = p_ + word.size();
  if (at(i) == '_' || at(i) == '-' || at(i) == '.') ++i;
  if (lower(at(i)) != 'i' || lower(at(i + 1)) != 'd') return false;
  i += 2;
  if (at(i) != '=' && at(i) != ':') return false;
  ++i;
  if (at(i) == ' ') ++i;
  std::size_t end = i;
  while (is_hex(at(end)) || at(end) == '-') ++end;
  const auto id = part(i, end - i);
  if (id.size() < 8 || (end < s_.size() && !is_space(s_[end]) && s_[end] != ',' && s_[end] != ']')) return false;
  if (trace && !is_trace_id(id)) return false;
  (trace ? out_.trace_id : out_.span_id) = id;
  if (at(end) == ',') ++end;
  if (logger_pending_ && out_.logger.empty()) out_.logger = pending_logger_;
  logger_pending_ = false;
  p_ = end;
  commit();
  return true;
}

bool HeaderParser::logcat(std::string_view token) {
  if (stated_ || !after_timestamp_) return false;
  if (token.size() >= 3 && token[1] == '/' && severity_of_letter(token[0]) != Severity::kUnknown) {
    const auto mark = part(p_, kLongestGroup).find("):");
    const auto open = part(p_, kLongestGroup).find('(');
    if (mark == std::string_view::npos || open == std::string_view::npos || open > mark) return false;
    state_severity(severity_of_letter(token[0]));
    out_.logger = strip_brackets(part(p_ + 2, open - 2));
    p_ += mark + 2;
    commit();
    return false;
  }
  if (token.size() != 1 || !after_number_ || severity_of_letter(token[0]) == Severity::kUnknown) return false;
  const auto rest = part(p_ + 2, kLongestGroup);
  const auto colon = rest.find(": ");
  state_severity(severity_of_letter(token[0]));
  if (colon != std::string_view::npos) {
    out_.logger = rest.substr(0, colon);
    while (!out_.logger.empty() && is_space(out_.logger.back())) out_.logger.remove_suffix(1);
    p_ += 2 + colon + 2;
  } else if (!rest.empty() && rest.back() == ':') {
    out_.logger = rest.substr(0, rest.size() - 1);
    p_ = s_.size();
  } else {
    p_ = std::min(p_ + 2, s_.size());
  }
  commit();
  return false;
}

bool HeaderParser::name(std::string_view token, std::size_t end) {
  auto bare = token;
  const bool colon = bare.size() > 1 && bare.back() == ':';
  if (colon) bare.remove_suffix(1);
  if (bare.size() > 1 && bare.back() == ']' && bare.find('[') == std::string_view::npos) bare.remove_suffix(1);
  if (is_source_location(bare)) {
    if (stated_ || out_.logger.empty()) {
      pending_logger_ = bare;
      logger_pending_ = true;
    }
    p_ = end;
    if (stated_) {
      if (out_.logger.empty() || logger_was_name_) out_.logger = bare;
      logger_was_name_ = false;
      logger_pending_ = false;
      commit();
      return true;
    }
    ++columns_;
    return after_timestamp_;
  }
  if (stated_) {
    if (!out_.logger.empty()) return false;
    if (colon ? is_logger_like(bare) : is_class_name(bare)) {
      out_.logger = bare;
      logger_was_name_ = true;
      p_ = end;
      commit();
      return true;
    }
    if (separator_follows(end) && (is_logger_like(bare) || is_lower_word(bare))) {
      pending_logger_ = bare;
      logger_pending_ = true;
      p_ = end;
      return true;
    }
    return false;
  }
  if (!after_timestamp_) return false;
  // Before any level: columns that carry digits or are all capitals, or a name set off by a separator or tab.
  const Shape shape = shape_of(bare);
  if (shape.other || names_exception(bare)) return false;
  const bool set_off = separator_follows(end) || is_tab(end);
  const bool like_logger = is_logger_like(bare);
  if (colon && !like_logger && !shape.digit) return false;
  if (!set_off && !like_logger && shape.lower && !shape.digit) return false;
  if (!set_off && !like_logger && !shape.digit && !id_column_) return false;  // Capitals only behind an id column.
  if (shape.digit) id_column_ = true;
  if (like_logger || (set_off && !shape.digit)) {
    pending_logger_ = bare;
    logger_pending_ = like_logger || separated_;
  }
  ++columns_;
  p_ = end;
  if (colon && like_logger) {
    if (out_.logger.empty()) out_.logger = bare;
    logger_pending_ = false;
    if (columns_ == 1) commit();
  }
  return true;
}

bool HeaderParser::separator_follows(std::size_t end) const {
  std::size_t i = end;
  while (is_space(at(i))) ++i;
  std::size_t j = i;
  while (is_separator(at(j))) ++j;
  return i > end && j > i && j - i <= 3 && is_space(at(j));
}

bool HeaderParser::is_lower_word(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-'; });
}

}  // namespace fa::header
