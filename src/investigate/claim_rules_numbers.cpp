/// Rules on the numbers and times in a sentence: what it cites shows them, or they follow from what it shows.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <initializer_list>
#include <set>

#include "base/text.h"
#include "investigate/claim_rules.h"

namespace fa {
namespace {

/// Whether the number can be computed from two others of the sentence.
bool follows_from_held(const SpokenNumber& n, const std::vector<const SpokenNumber*>& held) {
  const auto is = [&](double value) {
    if (n.at_least && value >= n.value && value <= 1.25 * n.value) return true;
    if (n.at_most && value <= n.value && value >= 0.8 * n.value) return true;
    return std::abs(value - n.value) <= std::max(n.tolerance, 0.0006 * std::abs(value));
  };
  for (const SpokenNumber* a : held) {
    for (const SpokenNumber* b : held) {
      if (a == b || a->unit != b->unit) continue;
      const bool percent = n.unit == UnitClass::kPercent;
      if (percent && b->value != 0 && (is(100 * a->value / b->value) || is(100 * (a->value - b->value) / b->value))) {
        return true;
      }
      if (n.unit == UnitClass::kRatio && b->value != 0 && is(a->value / b->value)) return true;
      const bool same = n.unit == a->unit || n.unit == UnitClass::kNone;
      if (same && (is(a->value - b->value) || is(a->value + b->value))) return true;
    }
  }
  return false;
}

}  // namespace

bool number_is(const SpokenNumber& n, const BackedNumber& f) {
  if (n.role != SpokenNumber::Role::kAny && f.role != SpokenNumber::Role::kAny && n.role != f.role) return false;
  if (f.change && !n.change) return false;
  const double value = std::abs(f.value);
  switch (n.unit) {
    case UnitClass::kTime:
    case UnitClass::kPercent:
    case UnitClass::kRatio:
      if (f.unit != n.unit) return false;
      break;
    case UnitClass::kCount:
      // A number in a record has no unit we know; it stands for a count where no period is claimed for it.
      if (f.unit != UnitClass::kCount && !(f.unit == UnitClass::kOther && f.unit_text == n.unit_text) &&
          !(f.unit == UnitClass::kNone && n.role == SpokenNumber::Role::kAny)) {
        return false;
      }
      break;
    case UnitClass::kNone:
      if (f.unit == UnitClass::kRatio) return false;
      break;
    case UnitClass::kOther:
      if (f.unit == UnitClass::kTime || f.unit == UnitClass::kPercent || f.unit == UnitClass::kRatio) return false;
      break;
  }
  constexpr double kPrinted = 0.0006;  // four significant digits, as FA2 itself prints
  const double tolerance = std::max(n.tolerance, kPrinted * value);
  if (n.at_least && value >= n.value && value <= 1.25 * n.value) return true;
  if (n.at_most && value <= n.value && value >= 0.8 * n.value) return true;
  if (std::abs(n.value - value) <= tolerance) return true;
  if (n.unit != UnitClass::kOther) return false;
  for (const double scale : {1e3, 1e6, 1e9, 1024.0, 1048576.0, 1073741824.0}) {
    if (std::abs(n.value * scale - value) <= std::max(n.tolerance * scale, kPrinted * value)) return true;
  }
  return false;
}

bool time_is(const SpokenTime& spoken, TimePoint t) {
  if (t == kNoTime) return false;
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date(day);
  const auto matches_day = [&](sys_days d) {
    const year_month_day ymd(d);
    if (spoken.year && *spoken.year != static_cast<int>(ymd.year())) return false;
    if (spoken.month && static_cast<unsigned>(*spoken.month) != static_cast<unsigned>(ymd.month())) return false;
    return !spoken.day || static_cast<unsigned>(*spoken.day) == static_cast<unsigned>(ymd.day());
  };
  if (!matches_day(day)) return false;
  const double of_day = static_cast<double>((t - day).count()) * 1e-9;
  const double said = 3600.0 * spoken.hour + 60.0 * spoken.minute + spoken.second.value_or(0);
  const double difference = of_day - said;
  if (!spoken.second) return difference >= -30 && difference < 60;  // cut, or rounded to the minute
  const double step = std::pow(10.0, -spoken.second_decimals);
  return difference > -0.51 * step && difference < 1.001 * step;
}

std::string ClaimChecker::Impl::numbers(const SpokenSentence& said, const MeaningWords& meaning, const Cited& backing) {
  std::vector<BackedNumber> further;
  const TimeRange& window = c_.report.incident.window;
  const TimeRange& baseline = c_.report.incident.baseline;
  const auto seconds = [](const TimeRange& r) { return static_cast<double>(r.length().count()) * 1e-9; };
  if (meaning.window)
    further.push_back({seconds(window), UnitClass::kTime, "", SpokenNumber::Role::kAny, false, kNoTime});
  if (meaning.baseline)
    further.push_back({seconds(baseline), UnitClass::kTime, "", SpokenNumber::Role::kAny, false, kNoTime});
  std::vector<const SpokenNumber*> open;
  std::vector<const SpokenNumber*> held;
  for (const SpokenNumber& n : said.numbers) {
    // The value of one point goes with that point's time, where a time is named.
    const auto in_time = [&](const BackedNumber& f) {
      return f.at == kNoTime || said.times.empty() ||
             std::any_of(said.times.begin(), said.times.end(), [&](const SpokenTime& t) { return time_is(t, f.at); });
    };
    bool holds = std::any_of(backing.begin(), backing.end(), [&](const Backing* b) {
      return std::any_of(b->numbers.begin(), b->numbers.end(),
                         [&](const BackedNumber& f) { return number_is(n, f) && in_time(f); });
    });
    holds =
        holds || std::any_of(further.begin(), further.end(), [&](const BackedNumber& f) { return number_is(n, f); });
    if (!holds && (n.unit_text == "services" || n.unit_text == "サービス" || n.unit_text == "個")) {
      const auto count = [&](std::size_t size) { return std::abs(n.value - static_cast<double>(size)) <= n.tolerance; };
      std::set<std::string> named;
      for (const Token& t : said.tokens) {
        if (t.kind == TokenKind::kEntity) named.insert(t.text);
      }
      holds = count(c_.report.impact.affected.size()) || (named.size() > 1 && count(named.size()));
    }
    (holds ? held : open).push_back(&n);
  }
  // Sums, shares, ratios and differences of numbers that stand in the same sentence and hold.
  for (const SpokenNumber* n : open) {
    if (follows_from_held(*n, held) || apart_in_time(*n, backing)) continue;
    return say("The number {} does not stand in what it cites.", "数値 {} は示された根拠にありません。",
               format_number(n->value) + (n->unit == UnitClass::kTime ? " s" : ""));
  }
  numbers_held_ = held.size();
  return {};
}

bool ClaimChecker::Impl::apart_in_time(const SpokenNumber& n, const Cited& backing) const {
  if (n.unit != UnitClass::kTime) return false;
  std::vector<TimePoint> points;
  for (const Backing* b : backing) {
    if (b->began != kNoTime) points.push_back(b->began);
  }
  if (c_.report.incident.onset) points.push_back(*c_.report.incident.onset);
  for (const TimePoint a : points) {
    for (const TimePoint b : points) {
      if (b <= a) continue;
      const double seconds = static_cast<double>((b - a).count()) * 1e-9;
      if (seconds >= 1 && std::abs(seconds - n.value) <= n.tolerance) return true;
    }
  }
  return false;
}

std::string ClaimChecker::Impl::times(const SpokenSentence& said, const Cited& backing) {
  std::vector<TimePoint> further;
  const IncidentInfo& incident = c_.report.incident;
  const auto speaks_of = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view w) { return said.plain.find(w) != std::string::npos; });
  };
  if (speaks_of({"window", "対象期間", "調査期間"}))
    further.insert(further.end(), {incident.window.begin, incident.window.end});
  if (speaks_of({"baseline", "基準期間", "比較期間"}))
    further.insert(further.end(), {incident.baseline.begin, incident.baseline.end});
  if (incident.onset && speaks_of({"first sign", "onset", "trouble", "incident", "兆候", "障害", "異常"})) {
    further.push_back(*incident.onset);
  }
  if (incident.alarm && incident.alarm->time && speaks_of({"alarm", "アラーム"}))
    further.push_back(*incident.alarm->time);
  for (const SpokenTime& t : said.times) {
    const auto is = [&](TimePoint x) { return time_is(t, x); };
    const bool holds =
        std::any_of(backing.begin(), backing.end(),
                    [&](const Backing* b) { return std::any_of(b->times.begin(), b->times.end(), is); }) ||
        std::any_of(further.begin(), further.end(), is);
    if (!holds) {
      return say("{} is no time of what it cites.", "{} は示された根拠の時刻ではありません。", t.text);
    }
  }
  return {};
}

}  // namespace fa
