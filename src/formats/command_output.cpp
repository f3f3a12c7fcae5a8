#include "formats/command_output.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/workload_name.h"
#include "formats/log_text.h"
#include "formats/shell_prompt.h"

namespace fa {
namespace {

struct Title {
  std::string_view text;
  std::size_t begin = 0;
};

/// Titles in capitals that two blanks keep apart; none when the line has anything else.
std::vector<Title> titles_of(std::string_view line) {
  std::vector<Title> titles;
  std::size_t at = 0;
  while (at < line.size()) {
    if (line[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t end = line.find("  ", at);
    if (end == std::string_view::npos) end = line.size();
    const std::string_view text = trim(line.substr(at, end - at));
    const bool capitals = std::all_of(text.begin(), text.end(), [](char c) {
      return is_upper(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '/' || c == '%';
    });
    // Columns that are nearly full stand one blank apart: single words are titles, too.
    if (!capitals || text.empty()) return {};
    titles.push_back({text, at});
    at = end;
  }
  return titles;
}

std::optional<CommandOutputPart> table(std::string_view line) {
  const std::vector<Title> titles = titles_of(line);
  if (titles.size() < 3) return std::nullopt;
  for (const std::string_view wanted : {"NAME", "NAMES", "OBJECT"}) {
    for (const Title& t : titles) {
      if (t.text != wanted) continue;
      CommandOutputPart part;
      part.kind = CommandOutputPart::Kind::kTable;
      part.name_column = t.begin;
      return part;
    }
  }
  return std::nullopt;
}

/// `Name:             invoices-5f7b6c9d77-zt4mw`.
std::optional<CommandOutputPart> sheet(std::string_view line) {
  if (!line.starts_with("Name:  ")) return std::nullopt;
  const std::string_view name = trim(line.substr(5));
  if (name.empty() || name.find(' ') != std::string_view::npos) return std::nullopt;
  CommandOutputPart part;
  part.kind = CommandOutputPart::Kind::kSheet;
  part.subject = workload_of(name);
  part.line_is_content = true;
  return part;
}

/// `● nginx.service - A high performance web server`.
std::optional<CommandOutputPart> unit_status(std::string_view line) {
  constexpr std::array<std::string_view, 4> kDots{"● ", "× ", "○ ", "* "};
  const auto* const dot =
      std::find_if(kDots.begin(), kDots.end(), [&](std::string_view d) { return line.starts_with(d); });
  if (dot == kDots.end()) return std::nullopt;
  const std::string_view unit = line.substr(dot->size(), line.find(' ', dot->size()) - dot->size());
  if (!unit.ends_with(".service")) return std::nullopt;
  CommandOutputPart part;
  part.subject = unit.substr(0, unit.size() - std::string_view(".service").size());
  part.line_is_content = true;
  return part;
}

}  // namespace

std::optional<CommandOutputPart> begins_command_output(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (const auto prompt = parse_shell_prompt(line)) {
    CommandOutputPart part;
    part.subject = subject_of_command(prompt->command);
    part.host = prompt->host;
    return part;
  }
  if (auto part = table(line)) return part;
  if (auto part = sheet(line)) return part;
  return unit_status(line);
}

std::string_view name_in_row(std::string_view row, std::size_t name_column) {
  if (row.size() <= name_column) return {};
  // A name that is longer than its column pushes the others to the right, so rows may not stand below their titles.
  if (name_column > 0 && row[name_column - 1] != ' ') return {};
  std::string_view name = row.substr(name_column);
  name = name.substr(0, name.find(' '));
  return workload_of(name.substr(name.rfind('/') + 1));
}

bool is_command_output(const std::vector<std::string_view>& first_lines) {
  return !first_lines.empty() && begins_command_output(first_lines.front()).has_value();
}

}  // namespace fa
