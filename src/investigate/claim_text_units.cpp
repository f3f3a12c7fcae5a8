/// Digits, units and number words in a sentence, English and Japanese.
#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "investigate/claim_text_parts.h"

namespace fa::spoken {
namespace {

constexpr UnitWord kUnits[] = {
    {"ns", UnitClass::kTime, 1e-9},
    {"us", UnitClass::kTime, 1e-6},
    {"µs", UnitClass::kTime, 1e-6},
    {"μs", UnitClass::kTime, 1e-6},
    {"microseconds", UnitClass::kTime, 1e-6},
    {"microsecond", UnitClass::kTime, 1e-6},
    {"ms", UnitClass::kTime, 1e-3},
    {"msec", UnitClass::kTime, 1e-3},
    {"millisecond", UnitClass::kTime, 1e-3},
    {"milliseconds", UnitClass::kTime, 1e-3},
    {"s", UnitClass::kTime, 1},
    {"sec", UnitClass::kTime, 1},
    {"secs", UnitClass::kTime, 1},
    {"second", UnitClass::kTime, 1},
    {"seconds", UnitClass::kTime, 1},
    {"m", UnitClass::kTime, 60},
    {"min", UnitClass::kTime, 60},
    {"mins", UnitClass::kTime, 60},
    {"minute", UnitClass::kTime, 60},
    {"minutes", UnitClass::kTime, 60},
    {"h", UnitClass::kTime, 3600},
    {"hour", UnitClass::kTime, 3600},
    {"hours", UnitClass::kTime, 3600},
    {"day", UnitClass::kTime, 86400},
    {"days", UnitClass::kTime, 86400},
    {"%", UnitClass::kPercent, 1},
    {"percent", UnitClass::kPercent, 1},
    {"x", UnitClass::kRatio, 1},
    {"fold", UnitClass::kRatio, 1},
    {"times", UnitClass::kCount, 1},
    {"lines", UnitClass::kCount, 1},
    {"line", UnitClass::kCount, 1},
    {"requests", UnitClass::kCount, 1},
    {"request", UnitClass::kCount, 1},
    {"calls", UnitClass::kCount, 1},
    {"call", UnitClass::kCount, 1},
    {"spans", UnitClass::kCount, 1},
    {"span", UnitClass::kCount, 1},
    {"errors", UnitClass::kCount, 1},
    {"error", UnitClass::kCount, 1},
    {"failures", UnitClass::kCount, 1},
    {"records", UnitClass::kCount, 1},
    {"messages", UnitClass::kCount, 1},
    {"occurrences", UnitClass::kCount, 1},
    {"points", UnitClass::kCount, 1},
    {"traces", UnitClass::kCount, 1},
    {"services", UnitClass::kCount, 1},
    {"exceptions", UnitClass::kCount, 1},
};
constexpr UnitWord kJapaneseUnits[] = {
    {"マイクロ秒", UnitClass::kTime, 1e-6}, {"ミリ秒", UnitClass::kTime, 1e-3},     {"秒", UnitClass::kTime, 1},
    {"時間", UnitClass::kTime, 3600},       {"分間", UnitClass::kTime, 60},         {"分", UnitClass::kTime, 60},
    {"日", UnitClass::kTime, 86400},        {"パーセント", UnitClass::kPercent, 1}, {"割", UnitClass::kPercent, 10},
    {"倍", UnitClass::kRatio, 1},           {"件", UnitClass::kCount, 1},           {"回", UnitClass::kCount, 1},
    {"行", UnitClass::kCount, 1},           {"個", UnitClass::kCount, 1},           {"点", UnitClass::kCount, 1},
    {"台", UnitClass::kCount, 1},           {"本", UnitClass::kCount, 1},           {"つ", UnitClass::kCount, 1},
    {"サービス", UnitClass::kCount, 1},
};

}  // namespace

const UnitWord* unit_of(std::string_view word) {
  for (const UnitWord& u : kUnits) {
    if (u.word == word) return &u;
  }
  return nullptr;
}

const UnitWord* japanese_unit_of(std::string_view text) {
  for (const UnitWord& u : kJapaneseUnits) {
    if (text.starts_with(u.word)) return &u;
  }
  return nullptr;
}

Digits digits_of(std::string_view s) {
  Digits d;
  std::string text;
  bool point = false;
  for (; d.used < s.size(); ++d.used) {
    const char c = s[d.used];
    const bool more = d.used + 1 < s.size() && is_digit(s[d.used + 1]);
    if (is_digit(c)) {
      text += c;
      if (point) ++d.decimals;
    } else if (c == ',' && more && !point && !text.empty()) {
      continue;
    } else if (c == '.' && more && !point && !text.empty()) {
      text += c;
      point = true;
    } else {
      break;
    }
    if (text.size() > 30) break;
  }
  if (text.empty()) return {};
  d.value = std::strtod(text.c_str(), nullptr);
  return d;
}

bool all_digits(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); }

std::optional<int> small_int(std::string_view s) {
  if (!all_digits(s) || s.size() > 4) return std::nullopt;
  return std::atoi(std::string(s).c_str());
}

const std::map<std::string, double, std::less<>>& number_words() {
  static const std::map<std::string, double, std::less<>> words{
      {"two", 2},     {"three", 3},   {"four", 4},      {"five", 5},       {"six", 6},       {"seven", 7},
      {"eight", 8},   {"nine", 9},    {"ten", 10},      {"eleven", 11},    {"twelve", 12},   {"fifteen", 15},
      {"twenty", 20}, {"thirty", 30}, {"forty", 40},    {"fifty", 50},     {"sixty", 60},    {"seventy", 70},
      {"eighty", 80}, {"ninety", 90}, {"hundred", 100}, {"thousand", 1e3}, {"million", 1e6}, {"dozen", 12}};
  return words;
}

}  // namespace fa::spoken
