#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "base/time_zone.h"
#include "insight/name_match.h"
#include "insight/wording.h"
#include "store/words.h"

namespace fa::insight {
namespace {

/// A number as it is written, and how exactly.
struct WrittenNumber {
  double value = 0;
  double tolerance = 0;  ///< Half of its last digit.
};

bool starts_number(std::string_view text, std::size_t at) {
  const auto name_char = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return is_digit(text[at]) && (at == 0 || !name_char(text[at - 1]));
}

/// All numbers of a text; thousands may have commas. What follows a letter (`p99`, `M1`) is none.
std::vector<WrittenNumber> numbers_in(std::string_view text) {
  std::vector<WrittenNumber> numbers;
  for (std::size_t at = 0; at < text.size();) {
    if (!starts_number(text, at)) {
      const bool inside_word = is_digit(text[at]);
      ++at;
      while (inside_word && at < text.size() && is_digit(text[at])) ++at;
      continue;
    }
    std::string digits;
    std::size_t decimals = 0;
    bool fraction = false;
    while (at < text.size()) {
      const bool digit_next = at + 1 < text.size() && is_digit(text[at + 1]);
      if (is_digit(text[at])) {
        digits += text[at];
        if (fraction) ++decimals;
      } else if (text[at] == '.' && digit_next && !fraction) {
        digits += '.';
        fraction = true;
      } else if (!(text[at] == ',' && digit_next)) {
        break;
      }
      ++at;
    }
    numbers.push_back({std::strtod(digits.c_str(), nullptr), 0.51 * std::pow(10.0, -static_cast<double>(decimals))});
  }
  return numbers;
}

/// The value as people may write it.
bool may_be(const WrittenNumber& written, double value) {
  static constexpr std::array kFactors{1.0,  100.0, 1.0 / 60,   1.0 / 3600,    1.0 / 86400,     1e3, 1e-3, 1e-6,
                                       1e-9, 1e-12, 1.0 / 1024, 1.0 / 1048576, 1.0 / 1073741824};
  return std::any_of(kFactors.begin(), kFactors.end(), [&](double factor) {
    return std::abs(std::abs(value) * factor - written.value) <= written.tolerance;
  });
}

void blank_out(std::string& text, const std::string& what) {
  if (what.empty()) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) {
    text.replace(at, what.size(), what.size(), ' ');
  }
}

/// Longest first, so that a name inside another does not tear it apart.
std::vector<std::string> known_names(const InsightResult& result, const std::vector<const InsightFact*>& facts) {
  std::set<std::string> names;
  for (const InsightFact* fact : facts) {
    for (const std::size_t index : fact->series) {
      if (index >= result.series.size()) continue;
      const InsightMetric& metric = result.series[index].metric;
      names.insert({metric.name, metric.metric_namespace, metric.statistic, metric.resource, metric.region});
      for (const auto& [dimension, value] : metric.dimensions) names.insert({dimension, value, called_name(value)});
    }
    names.insert(fact->id);
  }
  names.erase("");
  std::vector<std::string> sorted(names.begin(), names.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return sorted;
}

/// Dates and times of day at which the cited facts and the window lie, in the result's zone.
std::vector<std::string> known_times(const InsightResult& result, const std::vector<const InsightFact*>& facts) {
  const TimeZone zone = TimeZone::find_or_utc(result.time_zone);
  std::vector<std::string> times;
  const auto add = [&](TimePoint t) {
    const std::string text = format_local(t, zone);  // 2026-03-14 17:30:00
    if (text.size() < 19) return;
    const auto number = [&](std::size_t at) { return std::to_string(std::atoi(text.substr(at, 2).c_str())); };
    for (const std::string& form : {text.substr(0, 16), text.substr(0, 10), text.substr(11, 8), text.substr(11, 5),
                                    number(5) + "月" + number(8) + "日", number(5) + "/" + number(8),
                                    number(11) + "時" + number(14) + "分", number(11) + "時"}) {
      times.push_back(form);
    }
  };
  for (const InsightFact* fact : facts) {
    for (const TimeRange& range : fact->ranges) {
      add(range.begin);
      add(range.end);
    }
  }
  for (const TimeRange& range : {result.window, result.previous}) {
    add(range.begin);
    add(range.end);
  }
  std::stable_sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return times;
}

/// A word with a joint or a capital inside looks like a name of the data.
std::string foreign_name(std::string_view text) {
  const auto part = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '/' ||
           c == '.';
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && part(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    std::string_view word = text.substr(at, end - at);
    while (!word.empty() && (word.back() == '.' || word.back() == '-' || word.back() == '/')) word.remove_suffix(1);
    const bool digits_only = word.find_first_not_of("0123456789.-/") == std::string_view::npos;
    bool inner = word.find_first_of("_/") != std::string_view::npos;
    for (std::size_t i = 1; i < word.size(); ++i) {
      const bool capital = word[i] >= 'A' && word[i] <= 'Z';
      inner = inner || (capital && word[i - 1] >= 'a' && word[i - 1] <= 'z');
    }
    if (inner && !digits_only) return std::string(word);
    at = end;
  }
  return {};
}

bool says_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return icontains(text, word); });
}

/// Direction of the cited facts: 1 all that change rise, -1 all fall, 0 none or both.
int direction_of(const std::vector<const InsightFact*>& facts) {
  bool up = false;
  bool down = false;
  for (const InsightFact* fact : facts) {
    for (const Fact& number : fact->numbers) {
      if (number.name == "change" && number.value > 0) up = true;
      if (number.name == "change" && number.value < 0) down = true;
    }
  }
  return up == down ? 0 : up ? 1 : -1;
}

}  // namespace

std::string objection_to(const Sentence& sentence, const InsightResult& result) {
  if (sentence.text.empty() || sentence.text.size() > 600 || !is_valid_utf8(sentence.text)) return "no sentence";
  if (sentence.facts.empty()) return "it cites no fact";
  std::vector<const InsightFact*> facts;
  for (const std::string& id : sentence.facts) {
    const auto fact =
        std::find_if(result.facts.begin(), result.facts.end(), [&](const InsightFact& one) { return one.id == id; });
    if (fact == result.facts.end()) return "there is no fact " + id;
    facts.push_back(&*fact);
  }
  if (sentence.text.find_first_of("<>[]{}`*|\n") != std::string::npos || icontains(sentence.text, "://"))
    return "markup";
  std::string rest = fold_width(sentence.text);
  for (const std::string& name : known_names(result, facts)) blank_out(rest, fold_width(name));
  for (const std::string& time : known_times(result, facts)) blank_out(rest, time);
  if (const std::string name = foreign_name(rest); !name.empty()) return "a name that is in none of its facts: " + name;
  if (rest.find(':') != std::string::npos &&
      says_any(rest, {"0:", "1:", "2:", "3:", "4:", "5:", "6:", "7:", "8:", "9:"})) {
    return "a time that is in none of its facts";
  }
  for (const WrittenNumber& written : numbers_in(rest)) {
    const bool known = std::any_of(facts.begin(), facts.end(), [&](const InsightFact* fact) {
      return std::any_of(fact->numbers.begin(), fact->numbers.end(),
                         [&](const Fact& number) { return may_be(written, number.value); });
    });
    if (!known) return "a number that is in none of its facts: " + format_number(written.value);
  }
  if (says_any(rest, {"because", "caused", "due to", "root cause", "led to", "原因", "のため", "によって", "起因",
                      "引き起こ"})) {
    return "a cause: measurements alone bear out none";
  }
  const bool rise = says_any(rest, {"rose", "rise", "increas", "grew", "higher", "上昇", "増加", "増え", "悪化"});
  const bool fall = says_any(rest, {"fell", "drop", "decreas", "lower", "declin", "低下", "減少", "減っ", "下が"});
  const int direction = direction_of(facts);
  if ((rise && !fall && direction < 0) || (fall && !rise && direction > 0)) return "the facts say the opposite";
  return {};
}

}  // namespace fa::insight
