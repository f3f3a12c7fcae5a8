#include "sources/aws/logs_patterns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "base/text.h"
#include "sources/aws/logs_pattern_filter.h"

namespace fa::logs {
namespace {

/// Length of the variable that `text` begins with; 0 when it begins with none. `<*>`, or a name, a dash and a number in
/// angle brackets.
std::size_t variable_length(std::string_view text) {
  if (text.starts_with(kVariable)) return kVariable.size();
  constexpr std::size_t kLongest = 64;
  const std::size_t close = text.substr(0, kLongest).find('>');
  if (!text.starts_with('<') || close == std::string_view::npos) return 0;
  const std::string_view inside = text.substr(1, close - 1);
  const std::size_t dash = inside.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 == inside.size()) return 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_name = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == ' ' ||
           c == '.';
  };
  const std::string_view number = inside.substr(dash + 1);
  const bool named = std::all_of(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(dash), is_name);
  return named && std::all_of(number.begin(), number.end(), is_digit) ? close + 1 : 0;
}

double number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && std::isfinite(value) && value >= 0 ? value : 0;
}

struct RawPattern {
  std::string_view text;
  std::string_view severity;
  double count = 0;
  double ratio = 0;
};

RawPattern raw_pattern(const Row& row) {
  RawPattern raw;
  for (const auto& [field, value] : row) {
    if (field == "@pattern") raw.text = value;
    if (field == "@severityLabel") raw.severity = value;
    if (field == "@sampleCount") raw.count = number_in(value);
    if (field == "@ratio") raw.ratio = std::min(1.0, number_in(value));
  }
  return raw;
}

/// The patterns of a period with what finds their lines.
class PatternTable {
 public:
  explicit PatternTable(const std::vector<MinedPattern>& patterns) : patterns_(patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      index_.emplace(patterns[i].text, i);
      filters_.push_back(pattern_filter(patterns[i].text));
    }
  }

  [[nodiscard]] bool contains(const std::string& text) const { return index_.contains(text); }

  /// Lines of this period that are of another period's pattern: the same text, else all that it covers, else the
  /// smallest that covers it.
  [[nodiscard]] double lines_of(const MinedPattern& pattern, const std::optional<PatternFilter>& filter) const {
    if (const auto same = index_.find(pattern.text); same != index_.end()) return patterns_[same->second].lines;
    if (!filter) return 0;
    double covered = 0;
    std::optional<double> above;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      if (!filters_[i]) continue;
      if (filter->covers(*filters_[i])) covered += patterns_[i].lines;
      if (filters_[i]->covers(*filter)) above = std::min(above.value_or(patterns_[i].lines), patterns_[i].lines);
    }
    return covered > 0 ? covered : above.value_or(0);
  }

  [[nodiscard]] const std::optional<PatternFilter>& filter(std::size_t i) const { return filters_[i]; }

 private:
  const std::vector<MinedPattern>& patterns_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<std::optional<PatternFilter>> filters_;
};

/// Standard deviations that the window's count lies above (or below) what the baseline's rate would give; counts are
/// taken to scatter somewhat more than Poisson's.
double deviation(double window, double expected) {
  return (window - expected) / std::sqrt(2 * std::max({window, expected, 1.0}));
}

PatternChange::Kind kind_of(double window, double baseline, double share, bool failure) {
  using Kind = PatternChange::Kind;
  const double expected = baseline * share;
  const double sigmas = deviation(window, expected);
  if (baseline <= 0 && window > 0) return failure ? Kind::kNewFailure : Kind::kNew;
  if (window >= 2 * expected && sigmas >= 3) return failure ? Kind::kNewFailure : Kind::kSurged;
  if (window <= 0 && expected >= 4) return Kind::kVanished;
  if (window <= expected / 2 && sigmas <= -3) return Kind::kFell;
  return failure && window + baseline > 0 ? Kind::kFailure : Kind::kSteady;
}

}  // namespace

const std::string_view kFailureRegex =
    "(?i)(error|exception|fail|fatal|panic|critical|severe|refused|timed out|time-?out|denied|unavailable|throttl|"
    "out of memory|oom-?kill|killed|abort|crash|traceback|unable to|could not|exhausted|unreachable|reset by peer)";

std::string normal_pattern(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t length = text[i] == '<' ? variable_length(text.substr(i)) : 0; length > 0) {
      if (!std::string_view(out).ends_with(kVariable)) out += kVariable;
      i += length;
    } else {
      out += text[i++];
    }
  }
  return out;
}

bool names_failure(std::string_view severity, std::string_view text) {
  static constexpr std::array<std::string_view, 8> kLabels{"error",     "fatal", "critical", "severe",
                                                           "emergency", "alert", "panic",    "err"};
  if (std::any_of(kLabels.begin(), kLabels.end(), [&](std::string_view label) { return iequals(severity, label); })) {
    return true;
  }
  static constexpr std::array<std::string_view, 26> kWords{
      "error",         "exception", "fail",      "fatal",       "panic",        "critical",    "severe",
      "refused",       "timed out", "timeout",   "time-out",    "denied",       "unavailable", "throttl",
      "out of memory", "oom-kill",  "oomkill",   "killed",      "abort",        "crash",       "traceback",
      "unable to",     "could not", "exhausted", "unreachable", "reset by peer"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return icontains(text, word); });
}

std::vector<MinedPattern> read_patterns(const std::vector<Row>& rows, double matched) {
  const bool sampled = pattern_coverage(rows, matched) < 0.95;
  std::map<std::string, MinedPattern, std::less<>> by_text;
  for (const Row& row : rows) {
    const RawPattern raw = raw_pattern(row);
    std::string text = normal_pattern(raw.text);
    if (text.empty()) continue;
    MinedPattern& pattern = by_text[text];
    pattern.text = std::move(text);
    if (pattern.severity.empty()) pattern.severity = raw.severity;
    pattern.lines += sampled ? std::max(raw.count, std::round(raw.ratio * matched)) : raw.count;
  }
  std::vector<MinedPattern> patterns;
  for (auto& [text, pattern] : by_text) patterns.push_back(std::move(pattern));
  return patterns;
}

double pattern_coverage(const std::vector<Row>& rows, double matched) {
  if (matched <= 0 || rows.empty()) return 1;
  double counted = 0;
  for (const Row& row : rows) counted += raw_pattern(row).count;
  return std::min(1.0, counted / matched);
}

std::vector<PatternChange> compare_patterns(const std::vector<MinedPattern>& window, double window_hours,
                                            const std::vector<MinedPattern>& baseline, double baseline_hours) {
  const double share = baseline_hours > 0 ? window_hours / baseline_hours : 1;
  const PatternTable now(window);
  const PatternTable before(baseline);
  std::vector<PatternChange> changes;
  const auto add = [&](const MinedPattern& pattern, double in_window, double in_baseline) {
    PatternChange& change = changes.emplace_back();
    change.text = pattern.text;
    change.window = in_window;
    change.baseline = in_baseline;
    change.kind = kind_of(in_window, in_baseline, share, names_failure(pattern.severity, pattern.text));
  };
  for (std::size_t i = 0; i < window.size(); ++i) {
    add(window[i], window[i].lines, before.lines_of(window[i], now.filter(i)));
  }
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    if (now.contains(baseline[i].text)) continue;
    add(baseline[i], now.lines_of(baseline[i], before.filter(i)), baseline[i].lines);
  }
  const auto weight = [&](const PatternChange& c) { return std::abs(deviation(c.window, c.baseline * share)); };
  std::sort(changes.begin(), changes.end(), [&](const PatternChange& a, const PatternChange& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    const double left = weight(a);
    const double right = weight(b);
    return left != right ? left > right : a.text < b.text;
  });
  return changes;
}

}  // namespace fa::logs
