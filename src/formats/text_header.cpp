#include "formats/text_header.h"

#include <algorithm>

#include "formats/header_parser.h"
#include "formats/header_words.h"
#include "formats/log_text.h"

namespace fa {
namespace header {

void HeaderParser::run(const std::optional<ParsedTimestamp>& timestamp) {
  const bool numbered = syslog_priority();
  if (timestamp) {
    out_.starts_record = true;
    if (numbered && rfc5424(*timestamp)) return;
    prefix(timestamp->begin);
    p_ = timestamp->end;
    after_timestamp_ = true;
    bracketed_rest(timestamp->begin);
    while (p_ < s_.size() && (s_[p_] == ']' || s_[p_] == ')' || s_[p_] == '>')) ++p_;
    commit();
    if (redis_mark(timestamp->begin)) return;
    if (is_klog_letter(timestamp->begin)) {
      klog();
      return;
    }
    if (syslog(*timestamp)) return;
  }
  columns();
  out_.message_begin = committed_;
  if (keep_prefix_ && !confirmed_) out_.message_begin = 0;
}

std::string_view HeaderParser::part(std::size_t i, std::size_t n) const { return s_.substr(std::min(i, s_.size()), n); }

std::size_t HeaderParser::token_end(std::size_t i) const {
  while (i < s_.size() && !is_space(s_[i])) ++i;
  return i;
}

void HeaderParser::skip_spaces() {
  while (p_ < s_.size() && is_space(s_[p_])) ++p_;
}

void HeaderParser::commit() {
  skip_spaces();
  committed_ = p_;
}

void HeaderParser::bracketed_rest(std::size_t begin) {
  const auto open = part(0, begin).rfind('[');
  if (open == std::string_view::npos || part(open, begin - open).find(']') != std::string_view::npos) return;
  const auto close = part(p_, 80).find_first_of("[]");
  if (close == std::string_view::npos || s_[p_ + close] != ']') return;
  const std::size_t end = p_ + close;
  while (p_ < end) {
    skip_spaces();
    const std::size_t stop = std::min(token_end(p_), end);
    const auto word = strip_brackets(part(p_, stop - p_));
    const Severity severity = severity_of_word(word);
    if (severity != Severity::kUnknown && !stated_) {
      state_severity(severity);
    } else if (out_.logger.empty() && !word.empty() && is_alpha(word[0])) {
      out_.logger = word;
    }
    p_ = stop;
  }
}

bool HeaderParser::redis_mark(std::size_t begin) {
  const char mark = at(p_);
  if (!is_digit(at(0)) || begin < 4 || s_[begin - 3] != ':' || !is_upper(s_[begin - 2]) || at(p_ + 1) != ' ') {
    return false;
  }
  const Severity severity = mark == '#'                  ? Severity::kWarn
                            : mark == '*'                ? Severity::kInfo
                            : mark == '-' || mark == '.' ? Severity::kDebug
                                                         : Severity::kUnknown;
  if (severity == Severity::kUnknown) return false;
  state_severity(severity);
  ++p_;
  commit();
  out_.message_begin = committed_;
  return true;
}

bool HeaderParser::syslog_priority() {
  if (at(0) != '<' || !is_digit(at(1))) return false;
  std::size_t i = 1;
  int value = 0;
  while (is_digit(at(i)) && i < 4) value = value * 10 + (s_[i++] - '0');
  if (at(i) != '>' || value > 191) return false;
  p_ = i + 1;
  out_.severity = severity_of_number(value % 8);
  out_.starts_record = true;
  prefix_begin_ = p_;
  commit();
  return true;
}

bool HeaderParser::rfc5424(const ParsedTimestamp& timestamp) {
  if (at(p_) != '1' || at(p_ + 1) != ' ' || timestamp.begin != p_ + 2) return false;
  p_ = timestamp.end;
  std::string_view fields[4];  // host, app, procid, msgid
  for (auto& field : fields) {
    if (at(p_) != ' ') return false;
    ++p_;
    const std::size_t end = token_end(p_);
    field = part(p_, end - p_);
    if (field == "-") field = {};
    p_ = end;
  }
  if (at(p_) == ' ') ++p_;
  if (at(p_) == '-') {
    ++p_;
  } else {
    while (at(p_) == '[') {
      bool quoted = false;
      for (++p_; p_ < s_.size() && (quoted || s_[p_] != ']'); ++p_) {
        if (s_[p_] == '"' && s_[p_ - 1] != '\\') quoted = !quoted;
      }
      if (p_ < s_.size()) ++p_;
    }
  }
  out_.is_rfc5424 = true;
  out_.instance = fields[0];
  out_.service = fields[1];
  commit();
  if (part(p_, 3) == "\xEF\xBB\xBF") p_ += 3;
  out_.message_begin = p_;
  return true;
}

void HeaderParser::prefix(std::size_t end) {
  std::size_t i = prefix_begin_;
  int plain = 0;
  while (i < end) {
    if (is_space(s_[i])) {
      ++i;
      continue;
    }
    std::size_t stop = std::min(token_end(i), end);
    const auto glued = part(i, stop - i).find_first_of("]>");
    if (glued != std::string_view::npos) stop = i + glued + 1;
    const auto token = part(i, stop - i);
    i = stop;
    const auto word = strip_brackets(token);
    if (word.empty() || word == "-") continue;
    const Severity severity = severity_of_word(word);
    if (severity != Severity::kUnknown) {
      state_severity(severity);
      continue;
    }
    if (word.size() == 1 || (word.size() == 2 && word[1] == ',')) {
      const Severity letter = severity_of_letter(word[0]);  // `I, [2026-...`, `[I 2026-...`
      if (letter != Severity::kUnknown) {
        state_severity(letter);
        letter_stated_ = true;
        continue;
      }
    }
    if (token.front() == '[' || token.front() == '(' || token.front() == '<') continue;
    const Shape shape = shape_of(word);
    if (!shape.lower && !shape.dot && !shape.other && !(shape.digit && shape.colon && !shape.upper)) continue;
    ++plain;
    host_ = word;
    keep_prefix_ = true;
  }
  if (plain != 1) host_ = {};
}

bool HeaderParser::is_klog_letter(std::size_t begin) const {
  return begin > 0 && is_alpha(s_[begin - 1]) && is_digit(at(begin)) && is_digit(at(begin + 3)) &&
         (at(begin + 4) == ' ' || at(begin + 8) == ' ');
}

void HeaderParser::klog() {
  state_severity(severity_of_letter(s_[out_.timestamp->begin - 1]));
  out_.message_begin = committed_;
  const auto close = part(p_, kLongestGroup).find("] ");
  if (close == std::string_view::npos) return;
  const auto inside = part(p_, close);
  const auto space = inside.find_last_of(' ');
  const auto place = space == std::string_view::npos ? inside : inside.substr(space + 1);
  if (place.find(':') == std::string_view::npos) return;
  out_.logger = place;
  out_.message_begin = p_ + close + 2;
}

bool HeaderParser::syslog(const ParsedTimestamp& timestamp) {
  const bool classic = is_alpha(s_[timestamp.begin]) && !timestamp.has_year;
  if (p_ > 0 && !is_space(s_[p_ - 1])) return false;
  std::size_t host_end = token_end(p_);
  const auto host = part(p_, host_end - p_);
  if (host.empty() || !(is_alnum(host[0]) || host[0] == '_') || host.back() == ':' ||
      severity_of_word(host) != Severity::kUnknown) {
    return false;
  }
  std::size_t tag = host_end;
  while (tag < s_.size() && s_[tag] == ' ') ++tag;
  if (part(tag, 3) == "-- ") tag += 3;  // login writes `host -- user[pid]:`
  std::size_t i = tag;
  while (i < s_.size() && (is_alnum(s_[i]) || s_[i] == '_' || s_[i] == '-' || s_[i] == '.' || s_[i] == '/' ||
                           s_[i] == '(' || s_[i] == ')' || s_[i] == '@')) {
    ++i;
  }
  const auto name = part(tag, i - tag);
  std::size_t behind = std::string_view::npos;
  bool has_pid = false;
  if (!name.empty() && at(i) == '[') {
    const auto close = part(i, 32).find(']');
    if (close != std::string_view::npos && at(i + close + 1) == ':') {
      behind = i + close + 2;
      has_pid = true;
    }
  } else if (!name.empty() && at(i) == ':' && (at(i + 1) == ' ' || i + 1 >= s_.size())) {
    behind = i + 1;
  } else if (!name.empty() && at(i) == ' ' && is_digit(at(i + 1))) {  // `syslogd 1.4.1: restart.`
    const std::size_t version = token_end(i + 1);
    if (s_[version - 1] == ':') behind = version;
  }
  const bool kernel = name == "kernel" && behind != std::string_view::npos;  // It has no process id.
  if (!classic && !has_pid && !kernel) return false;
  if (host.find_first_of("[]()=\"{},;|") != std::string_view::npos) return false;
  out_.instance = host;
  if (behind == std::string_view::npos) {
    p_ = host_end;
    commit();
    out_.message_begin = committed_;
    return true;
  }
  out_.logger = name;
  out_.service = name.substr(0, name.find('('));
  const auto slash = out_.service.rfind('/');
  if (slash != std::string_view::npos && slash + 1 < out_.service.size()) out_.service.remove_prefix(slash + 1);
  p_ = behind;
  commit();
  after_timestamp_ = false;
  columns();  // A level the application put in front of its message.
  out_.message_begin = committed_;
  return true;
}

void HeaderParser::state_severity(Severity severity) {
  if (!stated_) out_.severity = severity;
  stated_ = true;
  out_.starts_record = true;
  confirmed_ = true;
  if (out_.instance.empty()) out_.instance = host_;
}

}  // namespace header

TextHeader parse_text_header(std::string_view line, const std::optional<ParsedTimestamp>& timestamp) {
  TextHeader found;
  found.timestamp = timestamp;
  header::HeaderParser(line, found).run(timestamp);
  found.message_begin = std::min(found.message_begin, line.size());
  if (found.severity == Severity::kUnknown) found.severity = header::opening_word(line.substr(found.message_begin));
  return found;
}

}  // namespace fa
