#include "formats/log_text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace fa {
namespace {

constexpr std::size_t kTraceSearchBytes = 1024;
constexpr std::size_t kLongestLevel = 13;

struct Level {
  std::string_view word;
  Severity severity;
};

/// In alphabetical order.
constexpr std::array<Level, 50> kLevels = {{
    {"alert", Severity::kFatal},      {"audit", Severity::kInfo},         {"crit", Severity::kFatal},
    {"critical", Severity::kFatal},   {"crt", Severity::kFatal},          {"dbg", Severity::kDebug},
    {"dbug", Severity::kDebug},       {"debug", Severity::kDebug},        {"debug1", Severity::kDebug},
    {"debug2", Severity::kDebug},     {"debug3", Severity::kDebug},       {"debug4", Severity::kDebug},
    {"debug5", Severity::kDebug},     {"dpanic", Severity::kFatal},       {"emerg", Severity::kFatal},
    {"emergency", Severity::kFatal},  {"eror", Severity::kError},         {"err", Severity::kError},
    {"erro", Severity::kError},       {"error", Severity::kError},        {"fail", Severity::kError},
    {"failure", Severity::kError},    {"fatal", Severity::kFatal},        {"fatl", Severity::kFatal},
    {"fine", Severity::kDebug},       {"finer", Severity::kTrace},        {"finest", Severity::kTrace},
    {"ftl", Severity::kFatal},        {"inf", Severity::kInfo},           {"info", Severity::kInfo},
    {"information", Severity::kInfo}, {"informational", Severity::kInfo}, {"log", Severity::kInfo},
    {"note", Severity::kInfo},        {"notic", Severity::kInfo},         {"notice", Severity::kInfo},
    {"panic", Severity::kFatal},      {"severe", Severity::kError},       {"success", Severity::kInfo},
    {"trac", Severity::kTrace},       {"trace", Severity::kTrace},        {"trc", Severity::kTrace},
    {"trce", Severity::kTrace},       {"verb", Severity::kTrace},         {"verbose", Severity::kTrace},
    {"vrb", Severity::kTrace},        {"warn", Severity::kWarn},          {"warni", Severity::kWarn},
    {"warning", Severity::kWarn},     {"wrn", Severity::kWarn},
}};
static_assert(std::is_sorted(kLevels.begin(), kLevels.end(),
                             [](const Level& a, const Level& b) { return a.word < b.word; }));

/// Where the words that begin with a letter stand in kLevels; those of `a` + i end where those of `a` + i + 1 begin.
constexpr auto kLevelsByLetter = [] {
  std::array<std::size_t, 27> begin{};
  std::size_t level = 0;
  for (std::size_t i = 0; i < begin.size(); ++i) {
    while (level < kLevels.size() && kLevels[level].word[0] < static_cast<char>('a' + i)) ++level;
    begin[i] = level;
  }
  return begin;
}();

/// Value after a key: skips `"`, `=`, `:`, spaces, `[`, and takes what an id is made of.
std::string_view id_value(std::string_view text, std::size_t p) {
  std::size_t marks = 0;
  while (p < text.size() && marks < 5 &&
         (text[p] == '"' || text[p] == '\'' || text[p] == '=' || text[p] == ':' || text[p] == ' ' || text[p] == '\\')) {
    ++p;
    ++marks;
  }
  if (marks == 0) return {};
  std::size_t end = p;
  while (end < text.size() && (is_hex(text[end]) || text[end] == '-') && end - p < 64) ++end;
  if (end < text.size() && (is_alnum(text[end]) || text[end] == '_')) return {};
  return text.substr(p, end - p);
}

/// memmem: string_view::find stops at every `r` of the text.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  if (from >= text.size()) return std::string_view::npos;
  const void* found = ::memmem(text.data() + from, text.size() - from, word.data(), word.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_span_id(std::string_view text) {
  return text.size() >= 8 && text.size() <= 32 && std::all_of(text.begin(), text.end(), is_hex) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

/// Skips `id`, `_id`, `-id`, `.id`, `Id` behind `trace` or `span`; returns the position behind, or npos.
std::size_t skip_id_word(std::string_view text, std::size_t p) {
  if (p < text.size() && (text[p] == '_' || text[p] == '-' || text[p] == '.' || text[p] == ' ')) ++p;
  if (p + 1 < text.size() && lower(text[p]) == 'i' && lower(text[p + 1]) == 'd') return p + 2;
  return std::string_view::npos;
}

}  // namespace

Severity severity_of_word(std::string_view word) {
  if (word.size() < 3 || word.size() > kLongestLevel) return Severity::kUnknown;
  std::array<char, kLongestLevel> small{};
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!is_alnum(word[i])) return Severity::kUnknown;
    small[i] = lower(word[i]);
  }
  const std::string_view key{small.data(), word.size()};
  if (is_digit(key[0])) return Severity::kUnknown;
  const auto letter = static_cast<std::size_t>(key[0] - 'a');
  for (std::size_t i = kLevelsByLetter[letter]; i < kLevelsByLetter[letter + 1]; ++i) {
    if (kLevels[i].word == key) return kLevels[i].severity;
  }
  return Severity::kUnknown;
}

Severity severity_of_letter(char letter) {
  switch (letter) {
    case 'V':
    case 'T':
      return Severity::kTrace;
    case 'D':
      return Severity::kDebug;
    case 'I':
      return Severity::kInfo;
    case 'W':
      return Severity::kWarn;
    case 'E':
      return Severity::kError;
    case 'F':
    case 'C':
      return Severity::kFatal;
    default:
      return Severity::kUnknown;
  }
}

Severity severity_of_number(std::int64_t number) {
  if (number < 0) return Severity::kUnknown;
  if (number <= 2) return Severity::kFatal;
  if (number == 3) return Severity::kError;
  if (number == 4) return Severity::kWarn;
  if (number <= 6) return Severity::kInfo;
  if (number == 7) return Severity::kDebug;
  if (number < 10 || number > 69) return Severity::kUnknown;
  switch (number / 10) {
    case 1:
      return Severity::kTrace;
    case 2:
      return Severity::kDebug;
    case 3:
      return Severity::kInfo;
    case 4:
      return Severity::kWarn;
    case 5:
      return Severity::kError;
    default:
      return Severity::kFatal;
  }
}

Severity severity_of_python_number(std::int64_t number) {
  if (number <= 0 || number > 59) return Severity::kUnknown;
  if (number < 10) return Severity::kTrace;
  return severity_of_number(number < 50 ? number + 10 : 60);
}

Severity severity_of_otel_number(std::int64_t number) {
  if (number < 1 || number > 24) return Severity::kUnknown;
  return static_cast<Severity>(1 + (number - 1) / 4);
}

std::string_view strip_brackets(std::string_view token) {
  while (!token.empty() && (token.front() == '[' || token.front() == '(' || token.front() == '<' ||
                            token.front() == ' ' || token.front() == '|')) {
    token.remove_prefix(1);
  }
  while (!token.empty() && (token.back() == ']' || token.back() == ')' || token.back() == '>' || token.back() == ':' ||
                            token.back() == ' ' || token.back() == '|' || token.back() == ',')) {
    token.remove_suffix(1);
  }
  return token;
}

bool is_trace_id(std::string_view text) {
  if (text.size() == 35 && text.starts_with("1-") && text[10] == '-') {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == '-'; });
  }
  return text.size() >= 16 && text.size() <= 32 && std::all_of(text.begin(), text.end(), is_hex) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

TraceIds find_trace_ids(std::string_view text) {
  TraceIds ids;
  text = text.substr(0, kTraceSearchBytes);
  // `race` finds trace and Trace; TRACE_ID is not written in log text by any library known.
  for (std::size_t p = find_word(text, "race", 0); p != std::string_view::npos; p = find_word(text, "race", p + 4)) {
    if (p == 0 || lower(text[p - 1]) != 't') continue;
    const std::size_t behind = skip_id_word(text, p + 4);
    if (behind == std::string_view::npos) continue;
    auto value = id_value(text, behind);
    if (value.empty()) {
      const auto root = text.find("Root=", behind);
      if (root != std::string_view::npos && root <= behind + 3) value = id_value(text, root + 4);
    }
    if (is_trace_id(value)) {
      ids.trace_id = value;
      break;
    }
  }
  if (ids.trace_id.empty()) return ids;
  for (std::size_t p = text.find("pan"); p != std::string_view::npos; p = text.find("pan", p + 3)) {
    if (p == 0 || lower(text[p - 1]) != 's') continue;
    const std::size_t behind = skip_id_word(text, p + 3);
    if (behind == std::string_view::npos) continue;
    const auto value = id_value(text, behind);
    if (is_span_id(value)) {
      ids.span_id = value;
      break;
    }
  }
  return ids;
}

std::string_view strip_ansi(std::string_view text, TextArena& arena) {
  if (text.find('\x1b') == std::string_view::npos) return text;
  char* const begin = arena.allocate(text.size());
  char* out = begin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x20 &&
             static_cast<unsigned char>(text[i]) < 0x40)
        ++i;
      continue;  // The final byte goes too.
    }
    *out++ = text[i];
  }
  const auto used = static_cast<std::size_t>(out - begin);
  arena.shrink_last(text.size(), used);
  return {begin, used};
}

}  // namespace fa
