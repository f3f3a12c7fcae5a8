#include "manual/settings_reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "manual/man_page.h"
#include "manual/setting_texts.h"

namespace fa::manual {
namespace {

constexpr std::size_t kCommentWidth = 98;

std::vector<const Setting*> settings_in(const std::vector<Setting>& settings, std::string_view table) {
  std::vector<const Setting*> found;
  for (const Setting& s : settings) {
    if (table_of(s.key) == table && text_of(s.key) != nullptr) found.push_back(&s);
  }
  return found;
}

/// `a whole number from 1 to 9` without its article.
std::string_view short_kind(const Setting& setting) {
  std::string_view kind = setting.kind;
  if (kind.starts_with("a ")) kind.remove_prefix(2);
  return kind;
}

std::string last_key(const Setting& setting) { return setting.key.substr(setting.key.rfind('.') + 1); }

/// `[aws.logs]`, or `[[aws.targets]]` for a list of tables.
std::string header_of(std::string_view table) {
  if (table.ends_with("[]")) return fmt::format("[[{}]]", table.substr(0, table.size() - 2));
  return fmt::format("[{}]", table);
}

/// Backticks as bold letters, the rest as it stands.
std::string roff_sentence(std::string_view text) {
  std::string out;
  bool code = false;
  while (true) {
    const std::size_t tick = text.find('`');
    out += roff_text(text.substr(0, tick));
    if (tick == std::string_view::npos) return out;
    code = !code;
    out += code ? "\\fB" : "\\fR";
    text.remove_prefix(tick + 1);
  }
}

/// The text as comment lines of limited width.
std::string comment(std::string_view text) {
  std::string out;
  std::string line = "#";
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (line.size() + 1 + word.size() > kCommentWidth && line.size() > 1) {
      out += line + "\n";
      line = "#";
    }
    line += fmt::format(" {}", word);
    at = end + 1;
  }
  return out + line + "\n";
}

/// `key = value`, each of its lines as a comment unless it is in force.
std::string assignment(const std::string& key, std::string_view value, bool in_force) {
  const std::string text = fmt::format("{} = {}", key, value);
  if (in_force) return text + "\n";
  std::string out = "#";
  for (const char c : text) out += c == '\n' ? std::string("\n#") : std::string(1, c);
  return out + "\n";
}

std::string example_entry(const Setting& setting, const std::vector<PresetValue>& presets) {
  const SettingText& text = *text_of(setting.key);
  std::string out = comment(text.meaning);
  std::string about = fmt::format("{}{}", static_cast<char>(setting.kind.front() - 'a' + 'A'), setting.kind.substr(1));
  about +=
      setting.default_value.empty() ? "; not set by default." : fmt::format("; default {}.", setting.default_value);
  out += comment(about);
  const auto preset =
      std::find_if(presets.begin(), presets.end(), [&](const PresetValue& p) { return p.key == setting.key; });
  if (preset != presets.end()) return out + assignment(last_key(setting), preset->value, true);
  return out +
         assignment(last_key(setting), setting.default_value.empty() ? text.example : setting.default_value, false);
}

bool has_preset(const std::vector<PresetValue>& presets, std::string_view table) {
  return std::any_of(presets.begin(), presets.end(), [&](const PresetValue& p) { return table_of(p.key) == table; });
}

}  // namespace

std::string settings_as_markdown(const std::vector<Setting>& settings) {
  std::string out;
  for (const TableText& table : table_texts()) {
    const auto keys = settings_in(settings, table.table);
    if (keys.empty()) continue;
    out += fmt::format("### `{}`: {}\n\n{}\n\n| key | kind | default | meaning |\n|---|---|---|---|\n",
                       header_of(table.table), table.title, table.meaning);
    for (const Setting* s : keys) {
      const std::string fallback = s->default_value.empty() ? "" : fmt::format("`{}`", s->default_value);
      out += fmt::format("| `{}` | {} | {} | {} |\n", s->key, short_kind(*s), fallback, text_of(s->key)->meaning);
    }
    out += "\n";
  }
  return out;
}

std::string settings_as_man_page(const std::vector<Setting>& settings, std::string_view version) {
  std::string out = roff_title("fa2.toml", 5, version, "configuration of fa2");
  out +=
      ".SH DESCRIPTION\n"
      "A TOML file that commands of\n.BR fa2 (1)\nread where\n.B \\-\\-config\nnames it; the service fa2.service "
      "reads\n"
      ".IR /etc/fa2/fa2.toml .\nOptions on the command line win over the file. An unknown key, or a value of another\n"
      "kind, is an error that names the line. Secrets never stand in the file, only references to them.\n";
  for (const TableText& table : table_texts()) {
    const auto keys = settings_in(settings, table.table);
    if (keys.empty()) continue;
    out += fmt::format(".SH \"{}\"\n{}: {}\n", roff_text(header_of(table.table)), roff_sentence(table.title),
                       roff_sentence(table.meaning));
    for (const Setting* s : keys) {
      const std::string fallback =
          s->default_value.empty() ? "" : fmt::format(" Default: \\fB{}\\fR.", roff_text(s->default_value));
      out += fmt::format(".TP\n.B {}\n{} Kind: {}.{}\n", roff_text(last_key(*s)),
                         roff_sentence(text_of(s->key)->meaning), roff_sentence(short_kind(*s)), fallback);
    }
  }
  return out + ".SH SEE ALSO\n.BR fa2 (1),\n.BR fa2\\-serve (1),\n.BR fa2\\-doctor (1)\n";
}

std::string settings_as_example(const std::vector<Setting>& settings, const std::vector<PresetValue>& presets) {
  std::string out = comment(
      "Configuration of fa2: fa2.toml(5). Lines with #key = are comments that show a default or an example; "
      "take the # away, also before the table's [name] above it, to set them. "
      "`fa2 doctor --config FILE` tells whether it works.");
  std::vector<TableText> tables(table_texts().begin(), table_texts().end());
  std::stable_partition(tables.begin(), tables.end(), [&](const TableText& t) { return has_preset(presets, t.table); });
  for (const TableText& table : tables) {
    const auto keys = settings_in(settings, table.table);
    if (keys.empty()) continue;
    const bool in_force = !table.switches_on || has_preset(presets, table.table);
    out += fmt::format("\n{}\n{}{}\n", comment(fmt::format("---- {}. {}", table.title, table.meaning)),
                       in_force ? "" : "#", header_of(table.table));
    for (const Setting* s : keys) out += "\n" + example_entry(*s, presets);
  }
  return out;
}

}  // namespace fa::manual
