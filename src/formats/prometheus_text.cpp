#include "formats/prometheus_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "formats/timestamp.h"

namespace fa {
namespace {

constexpr std::size_t kMostLabels = 64;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; }
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

std::string_view take_name(std::string_view& text) {
  std::size_t end = 0;
  if (!text.empty() && is_name_start(text.front())) {
    while (end < text.size() && is_name_part(text[end])) ++end;
  }
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); }

bool take(std::string_view& text, char c) {
  skip_blanks(text);
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

/// Behind the opening quotation mark; `\\`, `\"` and `\n` are escapes.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    out += text[i] == 'n' ? '\n' : text[i];
  }
  return std::nullopt;
}

bool take_labels(std::string_view& text, PrometheusLabels& labels) {
  while (!take(text, '}')) {
    skip_blanks(text);
    const std::string_view name = take_name(text);
    if (name.empty() || !take(text, '=') || !take(text, '"') || labels.size() == kMostLabels) return false;
    auto value = take_quoted(text);
    if (!value) return false;
    labels.emplace_back(name, std::move(*value));
    if (take(text, ',')) continue;
    return take(text, '}');
  }
  return true;
}

/// The next word; empty at the end and before an exemplar.
std::string_view take_word(std::string_view& text) {
  skip_blanks(text);
  if (text.starts_with('#')) return {};
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<double> number_of(std::string_view word) {
  if (iequals(word, "NaN")) return std::numeric_limits<double>::quiet_NaN();
  if (iequals(word, "+Inf") || iequals(word, "Inf")) return std::numeric_limits<double>::infinity();
  if (iequals(word, "-Inf")) return -std::numeric_limits<double>::infinity();
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<PrometheusSample> parse_prometheus_sample(std::string_view line) {
  skip_blanks(line);
  PrometheusSample sample;
  sample.name = take_name(line);
  if (sample.name.empty()) return std::nullopt;
  if (take(line, '{')) {
    if (!take_labels(line, sample.labels)) return std::nullopt;
  } else if (!line.starts_with(' ') && !line.starts_with('\t')) {
    skip_blanks(line);
  }
  const auto value = number_of(take_word(line));
  if (!value) return std::nullopt;
  sample.value = *value;
  if (const std::string_view word = take_word(line); !word.empty()) {
    sample.time = parse_epoch_number(word);
    if (!sample.time) return std::nullopt;
  }
  skip_blanks(line);
  if (!line.empty() && !line.starts_with('#')) return std::nullopt;
  return sample;
}

std::optional<PrometheusType> parse_prometheus_type(std::string_view line) {
  constexpr std::string_view kBegin = "# TYPE ";
  constexpr std::array<std::string_view, 9> kKinds{"counter", "gauge",   "histogram", "gaugehistogram", "summary",
                                                   "untyped", "unknown", "info",      "stateset"};
  if (!line.starts_with(kBegin)) return std::nullopt;
  line.remove_prefix(kBegin.size());
  PrometheusType type;
  skip_blanks(line);
  type.name = take_name(line);
  type.kind = trim(line);
  if (type.name.empty() || std::find(kKinds.begin(), kKinds.end(), type.kind) == kKinds.end()) return std::nullopt;
  return type;
}

bool is_prometheus_text(const std::vector<std::string_view>& lines) {
  bool typed = false;
  bool sampled = false;
  for (const std::string_view line : lines) {
    if (line.starts_with('#')) {
      typed = typed || parse_prometheus_type(line);
    } else if (parse_prometheus_sample(line)) {
      sampled = true;
    } else {
      return false;
    }
  }
  return typed && sampled;
}

}  // namespace fa
