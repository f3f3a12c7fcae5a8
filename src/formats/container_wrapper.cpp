#include "formats/container_wrapper.h"

#include "formats/json_cursor.h"
#include "formats/log_text.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

constexpr std::size_t kLongestName = 80;

bool docker_json(std::string_view line, TextArena& arena, UnwrappedLine& out) {
  if (!line.starts_with("{\"log\":\"")) return false;
  JsonCursor cursor{line};
  cursor.enter('{');
  JsonCursor::Token key;
  JsonCursor::Token log;
  JsonCursor::Token stream;
  JsonCursor::Token time;
  auto step = cursor.next_field(key);
  for (; step == JsonCursor::Step::kField; step = cursor.next_field(key)) {
    if (key.text == "attrs") {
      if (!cursor.skip()) return false;
      continue;
    }
    JsonCursor::Token* to = key.text == "log"      ? &log
                            : key.text == "stream" ? &stream
                            : key.text == "time"   ? &time
                                                   : nullptr;
    // Further keys mean that a shipper enriched the line: then its keys are read as JSON.
    if (to == nullptr || cursor.kind() != JsonCursor::Kind::kString || !cursor.scalar(*to)) return false;
  }
  if (step != JsonCursor::Step::kEnd || !cursor.at_end() || time.text.empty()) return false;
  const auto stamp = parse_timestamp_text(time.text, {});
  if (!stamp) return false;
  auto text = log.text;
  // The newline is checked in its escaped form: most lines then need no copy.
  out.partial = true;
  if (text.ends_with("\\n") && !text.ends_with("\\\\n")) {
    text.remove_suffix(2);
    out.partial = false;
    if (text.ends_with("\\r") && !text.ends_with("\\\\r")) text.remove_suffix(2);
  }
  out.text = log.escaped && text.find('\\') != std::string_view::npos ? unescape_json(text, arena) : text;
  if (out.partial && out.text.ends_with('\n')) {  // `\\\n`: a backslash before the newline.
    out.text.remove_suffix(1);
    out.partial = false;
  }
  out.time = stamp->time;
  out.stream = stream.text;
  out.wrapped = true;
  return true;
}

bool cri(std::string_view line, UnwrappedLine& out) {
  if (line.size() < 30 || !is_digit(line[0]) || line[4] != '-' || line[10] != 'T') return false;
  const auto space = line.substr(0, 40).find(' ');
  if (space == std::string_view::npos) return false;
  const auto rest = line.substr(space + 1);
  if (!rest.starts_with("stdout ") && !rest.starts_with("stderr ")) return false;
  if (rest.size() < 8 || (rest[7] != 'F' && rest[7] != 'P')) return false;
  std::size_t text = 8;
  if (text < rest.size() && rest[text] == ':') {  // Further tags are separated by colons.
    while (text < rest.size() && rest[text] != ' ') ++text;
  }
  if (text < rest.size() && rest[text] != ' ') return false;
  const auto stamp = parse_timestamp_text(line.substr(0, space), {});
  if (!stamp) return false;
  out.time = stamp->time;
  out.stream = rest.substr(0, 6);
  out.partial = rest[7] == 'P';
  out.text = text < rest.size() ? rest.substr(text + 1) : std::string_view{};
  out.wrapped = true;
  return true;
}

bool is_name_char(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }

/// `web_1  | text`: the number is asked for, since `name | text` is also a table.
bool compose(std::string_view line, UnwrappedLine& out) {
  std::size_t i = 0;
  while (i < line.size() && i < kLongestName && is_name_char(line[i])) ++i;
  const auto name = line.substr(0, i);
  const auto mark = name.find_last_of("_-");
  if (mark == std::string_view::npos || mark == 0 || mark + 1 == name.size()) return false;
  for (const char c : name.substr(mark + 1)) {
    if (!is_digit(c)) return false;
  }
  const std::size_t spaces = i;
  while (i < line.size() && line[i] == ' ') ++i;
  if (i == spaces || i >= line.size() || line[i] != '|') return false;
  ++i;
  if (i < line.size() && line[i] == ' ') ++i;
  out.service = name.substr(0, mark);
  out.instance = name;
  out.stream = name;
  out.text = line.substr(i);
  out.wrapped = true;
  return true;
}

bool kubectl_prefix(std::string_view line, UnwrappedLine& out) {
  if (!line.starts_with("[pod/")) return false;
  const auto close = line.substr(0, 300).find("] ");
  if (close == std::string_view::npos) return false;
  const auto names = line.substr(5, close - 5);
  const auto slash = names.find('/');
  if (slash == std::string_view::npos) return false;
  out.instance = names.substr(0, slash);
  out.service = names.substr(slash + 1);
  out.stream = names;
  out.text = line.substr(close + 2);
  out.wrapped = true;
  return true;
}

}  // namespace

UnwrappedLine unwrap_container_line(std::string_view line, TextArena& arena) {
  UnwrappedLine out;
  if (!line.empty()) {
    const char first = line[0];
    if (first == '{') {
      if (docker_json(line, arena, out)) return out;
    } else if (first == '[') {
      if (kubectl_prefix(line, out)) return out;
    } else if (is_digit(first) && cri(line, out)) {
      return out;
    } else if (is_alnum(first) && compose(line, out)) {
      return out;
    }
  }
  out = {};
  out.text = line;
  return out;
}

}  // namespace fa
