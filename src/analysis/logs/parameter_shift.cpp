#include "analysis/logs/parameter_shift.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "analysis/logs/byte_class.h"
#include "analysis/logs/value_rules.h"
#include "analysis/stats/statistics.h"
#include "base/text.h"

namespace fa {
namespace {

using Value = SlotValues::Value;

constexpr std::size_t kMinValues = 8;    ///< On each side.
constexpr std::size_t kFewNumbers = 12;  ///< Numbers with at most so many distinct values are codes as well.
constexpr double kMinShareChange = 0.1;  ///< Smaller moves of a value's share tell nobody anything.

struct Sample {
  double value;
  bool window;
};

/// Numbers of a column, in base units; empty when one value in twenty is not a number.
std::vector<double> numbers_of(const std::vector<Value>& values, double factor, bool& durations) {
  std::vector<double> numbers;
  std::size_t timed = 0;
  for (const Value& value : values) {
    std::string_view text = value.text;
    if (text.starts_with('<')) text.remove_prefix(1);
    const auto number = rules::leading_number(text);
    if (!number) continue;
    const std::string_view unit = trim(number->rest);
    double scale = factor;
    if (!unit.empty()) {
      const auto seconds = rules::duration_unit(unit);
      const auto bytes = seconds ? std::nullopt : rules::size_unit(unit);
      if (!seconds && !bytes) continue;
      scale = seconds ? *seconds : *bytes;
      timed += seconds ? 1U : 0U;
    }
    numbers.push_back(number->value * scale);
  }
  if (numbers.size() * 20 < values.size() * 19) return {};
  durations = durations || timed * 2 > numbers.size();
  return numbers;
}

/// Mann-Whitney U, two-sided, normal approximation with tie correction (Lehmann 1975).
double rank_strength(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<Sample> all;
  for (const double v : a) all.push_back({v, false});
  for (const double v : b) all.push_back({v, true});
  std::sort(all.begin(), all.end(), [](const Sample& x, const Sample& y) { return x.value < y.value; });
  const auto n = static_cast<double>(all.size());
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  double ranks = 0;
  double ties = 0;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    double in_window = 0;
    while (end < all.size() && all[end].value == all[begin].value) in_window += all[end++].window ? 1 : 0;
    const auto t = static_cast<double>(end - begin);
    ranks += in_window * (static_cast<double>(begin + end + 1) / 2);
    ties += t * t * t - t;
  }
  const double u = ranks - n_b * (n_b + 1) / 2;
  const double variance = n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance <= 0) return 0;
  const double z = (std::abs(u - n_a * n_b / 2) - 0.5) / std::sqrt(variance);
  return std::max(0.0, stats::normal_tail_strength(z) - std::log10(2.0));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return stats::quantile(values, 0.5);
}

bool is_status_code(const SlotValues& values) {
  const auto is_code = [](const Value& value) {
    const std::string_view text = value.text;
    return text.size() == 3 && text[0] >= '1' && text[0] <= '5' && bytes::is_digit(text[1]) && bytes::is_digit(text[2]);
  };
  const bool named = icontains(values.word_before, "status") || icontains(values.word_before, "code") ||
                     icontains(values.word_before, "http") || icontains(values.word_before, "response");
  return named && std::all_of(values.baseline.begin(), values.baseline.end(), is_code) &&
         std::all_of(values.window.begin(), values.window.end(), is_code);
}

ParameterShift::Kind kind_of_text(std::string_view text) {
  const std::string_view host = text.substr(0, text.rfind(':'));
  if (rules::numeric_kind(text) == ValueKind::kAddress || rules::numeric_kind(host) == ValueKind::kAddress ||
      rules::hex_groups_end(text, 0) == text.size()) {
    return ParameterShift::Kind::kAddress;
  }
  const bool plain = std::all_of(host.begin(), host.end(),
                                 [](char c) { return bytes::is_alnum(c) || c == '.' || c == '-' || c == '_'; });
  const bool port = host.size() < text.size() && rules::is_plain_number(text.substr(host.size() + 1));
  const bool dotted = host.find('.') != std::string_view::npos && !rules::is_plain_number(host);
  return plain && (port || dotted) ? ParameterShift::Kind::kHost : ParameterShift::Kind::kIdentifier;
}

/// The value whose share grew most surely.
std::optional<ParameterShift> share_shift(const SlotValues& values) {
  struct Count {
    double baseline = 0;
    double window = 0;
  };
  std::map<std::string_view, Count> counts;
  for (const Value& v : values.baseline) ++counts[v.text].baseline;
  for (const Value& v : values.window) ++counts[v.text].window;
  const auto n_baseline = static_cast<double>(values.baseline.size());
  const auto n_window = static_cast<double>(values.window.size());
  const double correction = std::log10(static_cast<double>(counts.size()));
  std::optional<ParameterShift> best;
  for (const auto& [value, count] : counts) {
    const double before = count.baseline / n_baseline;
    const double now = count.window / n_window;
    if (now - before < kMinShareChange) continue;
    const double strength = stats::proportion_strength(count.baseline, n_baseline, count.window, n_window) - correction;
    if (strength < kMinShiftStrength || (best && strength <= best->strength)) continue;
    best = ParameterShift{
        values.slot, kind_of_text(value), sanitize_utf8(value), before, now, std::min(strength, stats::kMaxStrength)};
  }
  return best;
}

/// Dates and times of day: they move by themselves.
bool is_time(const Value& value) {
  return rules::date_end(value.text, 0) != 0 ||
         (!value.text.empty() && bytes::is_digit(value.text[0]) && rules::numeric_kind(value.text) == ValueKind::kTime);
}

/// Sequence numbers, uptimes, epoch times: they rise from record to record within both periods.
bool is_counter(std::vector<Value> values) {
  std::stable_sort(values.begin(), values.end(),
                   [](const Value& a, const Value& b) { return std::tie(a.time, a.text) < std::tie(b.time, b.text); });
  std::size_t rises = 0;
  std::size_t falls = 0;
  std::optional<double> last;
  for (const Value& value : values) {
    const auto number = rules::leading_number(value.text);
    if (!number) return false;
    if (last) {
      rises += number->value > *last ? 1U : 0U;
      falls += number->value < *last ? 1U : 0U;
    }
    last = number->value;
  }
  return rises * 2 > values.size() && rises > falls * 19;
}

}  // namespace

std::optional<ParameterShift> find_shift(const SlotValues& values) {
  if (values.baseline.size() < kMinValues || values.window.size() < kMinValues) return std::nullopt;
  if (std::all_of(values.baseline.begin(), values.baseline.end(), is_time) &&
      std::all_of(values.window.begin(), values.window.end(), is_time)) {
    return std::nullopt;
  }
  if (is_counter(values.baseline) && is_counter(values.window)) return std::nullopt;
  if (is_status_code(values)) {
    auto shift = share_shift(values);
    if (shift) shift->kind = ParameterShift::Kind::kStatusCode;
    return shift;
  }
  const auto unit = rules::duration_unit(values.word_after);
  bool durations = unit.has_value();
  const std::vector<double> baseline = numbers_of(values.baseline, unit.value_or(1), durations);
  const std::vector<double> window = numbers_of(values.window, unit.value_or(1), durations);
  if (baseline.empty() || window.empty()) return share_shift(values);
  std::optional<ParameterShift> shift;
  const double strength = rank_strength(baseline, window);
  if (strength >= kMinShiftStrength) {
    shift = ParameterShift{values.slot,
                           durations ? ParameterShift::Kind::kDuration : ParameterShift::Kind::kNumber,
                           {},
                           median(baseline),
                           median(window),
                           std::min(strength, stats::kMaxStrength)};
  }
  std::set<std::string_view> distinct;
  for (const Value& v : values.baseline) distinct.insert(v.text);
  for (const Value& v : values.window) distinct.insert(v.text);
  if (distinct.size() <= kFewNumbers && !durations) {
    auto share = share_shift(values);
    if (share && (!shift || share->strength > shift->strength)) {
      share->kind = ParameterShift::Kind::kNumber;
      return share;
    }
  }
  return shift;
}

}  // namespace fa
