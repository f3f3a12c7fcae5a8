#include "investigate/quote.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/hash.h"
#include "base/json.h"
#include "base/shell_quote.h"
#include "base/text.h"
#include "sources/file/replay.h"

namespace fa {
namespace {

constexpr std::size_t kMaxExcerptBytes = 600;
constexpr std::size_t kBytesBefore = 60;  ///< Bytes shown before the time of a point in a long object.

/// The command line that prints exactly the bytes of a locator.
std::string reproduce_command(const InputFile& file, const BytePosition& position) {
  const std::string path = shell_quoted(file.path.string());
  const std::string cut = fmt::format("tail -c +{} | head -c {}", position.offset + 1, position.length);
  if (file.path.extension() == ".zst") return "zstd -dc " + path + " | " + cut;
  if (file.path.extension() == ".gz") return "gzip -dc " + path + " | " + cut;
  if (position.line > 0 && position.length < 65536 && position.line_count < 1000) {
    const std::uint64_t last = position.line + position.line_count - 1;
    std::string whole = fmt::format("sed -n '{},{}p' {}", position.line, last, path);
    const auto extension = file.path.extension();
    if (extension == ".log" || extension == ".txt" || extension.empty()) return whole;
  }
  return fmt::format("tail -c +{} {} | head -c {}", position.offset + 1, path, position.length);
}

std::vector<std::string> spellings(TimePoint time) {
  const std::int64_t ns = to_unix_nanos(time);
  std::vector<std::string> forms{fmt::format("{}", ns), fmt::format("{}", ns / 1000),
                                 fmt::format("{}", ns / 1'000'000)};
  const std::string iso = format_rfc3339(time);
  forms.push_back(iso.substr(0, 19));
  std::string spaced = iso.substr(0, 19);
  spaced[10] = ' ';
  forms.push_back(spaced);
  forms.push_back(fmt::format("{}", ns / 1'000'000'000));
  return forms;
}

/// The excerpt around [begin, end): the innermost object or list, else the line.
std::string around(std::string_view bytes, std::size_t begin, std::size_t end) {
  std::size_t left = begin;
  for (int depth = 0; left > 0; --left) {
    const char c = bytes[left - 1];
    if (c == '}' || c == ']') ++depth;
    if ((c == '{' || c == '[') && depth-- == 0) break;
    if (c == '\n' && depth == 0) break;
  }
  const char open = left > 0 ? bytes[left - 1] : '\n';
  std::size_t right = end;
  if (open == '{' || open == '[') {
    const char close = open == '{' ? '}' : ']';
    int depth = 0;
    while (right < bytes.size()) {
      if (bytes[right] == open) ++depth;
      if (bytes[right] == close && depth-- == 0) break;
      ++right;
    }
    if (right < bytes.size()) ++right;
    --left;
  } else {
    while (right < bytes.size() && bytes[right] != '\n') ++right;
  }
  // A long object (a histogram with its buckets): the part around the time.
  if (right - left > kMaxExcerptBytes && begin > left + kBytesBefore) left = begin - kBytesBefore;
  while (left < begin && (static_cast<unsigned char>(bytes[left]) & 0xC0U) == 0x80U) ++left;  // not inside a character
  return std::string(utf8_prefix(bytes.substr(left, right - left), kMaxExcerptBytes));
}

/// JSON string escapes undone in every string literal of the bytes; all else kept.
std::string unescaped(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '"') {
      out += bytes[i];
      continue;
    }
    std::size_t end = i + 1;
    while (end < bytes.size() && bytes[end] != '"') end += bytes[end] == '\\' ? 2U : 1U;
    if (end >= bytes.size()) {
      out += bytes.substr(i);
      break;
    }
    const auto value = parse_json(bytes.substr(i, end - i + 1));
    out += value.is_string() ? value.get_ref<const std::string&>() : std::string(bytes.substr(i, end - i + 1));
    i = end;
  }
  return out;
}

}  // namespace

std::string point_excerpt(std::string_view bytes, TimePoint time) {
  for (const std::string& form : spellings(time)) {
    for (std::size_t at = bytes.find(form); at != std::string_view::npos; at = bytes.find(form, at + 1)) {
      const std::size_t end = at + form.size();
      const bool whole = (at == 0 || !is_digit(bytes[at - 1])) && (end == bytes.size() || !is_digit(bytes[end]));
      if (whole) return around(bytes, at, end);
    }
  }
  return {};
}

bool stands_in(std::string_view words, std::string_view bytes) {
  if (words.empty() || bytes.find(words) != std::string_view::npos) return true;
  if (bytes.find('"') == std::string_view::npos) return false;
  // JSON: the words stand there escaped; in documents inside strings (X-Ray segments, container logs) twice.
  const std::string once = unescaped(bytes);
  const std::string twice = once.find('"') == std::string::npos ? std::string() : unescaped(once);
  const auto in_json = [&](std::string_view part) {
    return bytes.find(part) != std::string_view::npos || once.find(part) != std::string::npos ||
           twice.find(part) != std::string::npos;
  };
  if (in_json(words)) return true;
  // A message and its stack trace may be two fields of one record: then every line must stand somewhere in it.
  const std::vector<std::string_view> lines = split(words, '\n');
  return lines.size() > 1 && std::all_of(lines.begin(), lines.end(), in_json);
}

void quote_evidence(std::span<Evidence> evidence, const InputSet& inputs, const Context& context) {
  std::map<std::string, const InputFile*> files;
  for (const InputFile& f : inputs.files) files.emplace(f.name, &f);
  std::map<const InputFile*, std::vector<std::size_t>> by_file;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const auto it = files.find(evidence[i].locator.resource);
    if (it != files.end() && evidence[i].locator.position.length > 0) by_file[it->second].push_back(i);
  }
  for (const auto& [file, items] : by_file) {
    std::vector<BytePosition> positions;
    for (const std::size_t i : items) positions.push_back(evidence[i].locator.position);
    const auto bytes = read_bytes(*file, positions, context);
    for (std::size_t k = 0; k < items.size(); ++k) {
      Evidence& e = evidence[items[k]];
      if (e.reproduce.empty()) e.reproduce = reproduce_command(*file, positions[k]);
      if (!bytes[k]) continue;
      e.sha256 = sha256_hex(*bytes[k]);
      if (!e.excerpt.empty()) continue;
      e.excerpt = e.kind == EvidenceKind::kMetric ? point_excerpt(*bytes[k], e.time)
                                                  : std::string(whole_words_prefix(*bytes[k], kMaxExcerptBytes));
    }
  }
}

void quote_evidence(Report& report, const InputSet& inputs) { quote_evidence(report.evidence, inputs, {}); }

}  // namespace fa
