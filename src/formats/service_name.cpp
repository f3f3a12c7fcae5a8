#include "formats/service_name.h"

#include <algorithm>
#include <vector>

#include "formats/log_text.h"

namespace fa {
namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    auto end = path.find_first_of("/\\", begin);
    if (end == std::string_view::npos) end = path.size();
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool all_of_kind(std::string_view text, bool (*kind)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), kind);
}

bool is_file_extension(std::string_view part) {
  static constexpr std::string_view kExtensions[] = {"log",    "txt", "out",    "err",  "json",  "jsonl", "ndjson",
                                                     "gz",     "zst", "bz2",    "xz",   "old",   "bak",   "current",
                                                     "stdout", "csv", "stderr", "logs", "lines", "zip"};
  return std::find(std::begin(kExtensions), std::end(kExtensions), part) != std::end(kExtensions);
}

/// A date or a rotation number: digits with separators.
bool is_rotation(std::string_view part) {
  return all_of_kind(part, [](char c) { return is_digit(c) || c == '-' || c == '_' || c == 'T' || c == 'Z'; });
}

/// Takes off extensions, dates and numbers at the end, as long as something is left.
std::string_view strip_name(std::string_view name) {
  while (true) {
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos) {
      const auto last = name.substr(dot + 1);
      if (last.empty() || is_file_extension(last) || is_rotation(last)) {
        name = name.substr(0, dot);
        continue;
      }
    }
    const auto letter = name.find_last_not_of("0123456789");
    const std::size_t keep = letter == std::string_view::npos ? 0 : letter + 1;
    const bool set_off = keep > 0 && (name[keep - 1] == '-' || name[keep - 1] == '_');
    if (keep < name.size() && (keep == 0 || set_off)) {
      name = name.substr(0, keep);
      while (!name.empty() && (name.back() == '-' || name.back() == '_')) name.remove_suffix(1);
      continue;
    }
    if (is_rotation(name)) return {};
    return name;
  }
}

bool says_nothing(std::string_view name) {
  static constexpr std::string_view kCommon[] = {
      "app",    "application", "access", "error",  "errors",   "current", "console", "daemon",  "debug",   "default",
      "info",   "log",         "logs",   "main",   "messages", "out",     "output",  "server",  "service", "stderr",
      "stdout", "syslog",      "system", "warn",   "events",   "kern",    "auth",    "journal", "var",     "tmp",
      "data",   "incident",    "input",  "output", "home",     "opt",     "usr",     "archive", "export",  "catalina"};
  return name.empty() || name == "." || name == ".." ||
         std::find(std::begin(kCommon), std::end(kCommon), name) != std::end(kCommon);
}

bool kubernetes_node_path(const std::vector<std::string_view>& parts, PathNames& names) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i] == "pods" && i + 2 < parts.size()) {  // pods/<namespace>_<pod>_<uid>/<container>/0.log
      const auto first = parts[i + 1].find('_');
      const auto last = parts[i + 1].rfind('_');
      if (first == std::string_view::npos || first == last) continue;
      names.instance = parts[i + 1].substr(first + 1, last - first - 1);
      names.service = parts[i + 2];
      return true;
    }
    if (parts[i] == "containers") {  // containers/<pod>_<namespace>_<container>-<64 hex>.log
      const auto name = parts[i + 1];
      const auto first = name.find('_');
      const auto second = first == std::string_view::npos ? first : name.find('_', first + 1);
      const auto dash = name.rfind('-');
      if (second == std::string_view::npos || dash == std::string_view::npos || dash <= second + 1) continue;
      names.instance = name.substr(0, first);
      names.service = name.substr(second + 1, dash - second - 1);
      return true;
    }
  }
  return false;
}

}  // namespace

PathNames names_of_path(std::string_view path) {
  PathNames names;
  const auto parts = parts_of(path);
  if (parts.empty() || kubernetes_node_path(parts, names)) return names;
  std::string_view fallback;
  for (std::size_t back = 0; back < 3 && back < parts.size(); ++back) {
    const auto part = parts[parts.size() - 1 - back];
    const auto name = back == 0 ? strip_name(part) : part;
    if (back > 0 && is_rotation(name)) continue;
    if (fallback.empty() && back == 0) fallback = name;
    if (!says_nothing(name)) {
      // A lone file name is the best there is; a folder must not be the machine's own.
      names.service = std::string{name};
      return names;
    }
  }
  // What has no telling name still has to be called something: nameless trouble could not be ranked.
  const auto last = path == "-" ? std::string_view("stdin") : parts.back();
  names.service = std::string{fallback.empty() ? last : fallback};
  return names;
}

}  // namespace fa
