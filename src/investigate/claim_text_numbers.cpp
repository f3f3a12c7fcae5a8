/// Numbers in a sentence with what they count and how exact they are meant, English and Japanese.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "base/text.h"
#include "investigate/claim_text_parts.h"

namespace fa::spoken {

void NumberReader::read_number(std::size_t i) {
  const std::string& text = tokens_[i].text;
  if (const Token* none = token_at(tokens_, i + 1);
      text == "1" && none != nullptr && none->kind == TokenKind::kJapanese) {
    for (const std::string_view idiom : {"回も", "件も", "行も", "つも", "個も"}) {
      if (none->text.starts_with(idiom)) return;  // 1 回も...ない: not once
    }
  }
  const Digits d = digits_of(text);
  SpokenNumber n;
  n.value = d.value;
  double half = 0.5001 * std::pow(10.0, -d.decimals);
  std::string_view suffix = std::string_view(text).substr(d.used);
  if (suffix.starts_with('-')) suffix.remove_prefix(1);
  double scale = 1;
  if (suffix == "k" || suffix == "K") scale = 1e3;
  if (suffix == "M") scale = 1e6;
  const UnitWord* unit = nullptr;
  const Token* next = token_at(tokens_, i + 1);
  std::string following;
  if (scale > 1) {
    suffix = {};
  }
  if (!suffix.empty()) {
    unit = unit_of(to_lower(suffix));
  } else if (next != nullptr && next->kind == TokenKind::kPunctuation && next->text == "%") {
    unit = unit_of("%");
    if (const Token* behind = token_at(tokens_, i + 2); behind != nullptr && behind->kind == TokenKind::kJapanese) {
      following = behind->text;
    }
  } else if (next != nullptr && next->kind == TokenKind::kPunctuation && next->text == "×") {
    unit = unit_of("x");
  } else if (next != nullptr && next->kind == TokenKind::kWord) {
    unit = unit_of(next->text);
    if (unit == nullptr && (next->text == "million" || next->text == "thousand" || next->text == "hundred")) {
      scale *= number_words().find(next->text)->second;
      if (const Token* after = token_at(tokens_, i + 2); after != nullptr && after->kind == TokenKind::kWord) {
        unit = unit_of(after->text);
      }
    }
    if (unit == nullptr) n.unit_text = next->text;
    if (next->text == "times") {
      // "4 times as many": a ratio; "20 times": a count.
      const Token* after = token_at(tokens_, i + 2);
      static const std::vector<std::string_view> kComparing{"as",     "more",    "higher", "slower", "longer", "the",
                                                            "larger", "greater", "lower",  "fewer",  "less",   "its"};
      if (after != nullptr && std::find(kComparing.begin(), kComparing.end(), after->text) != kComparing.end()) {
        unit = unit_of("x");
      }
    }
  } else if (next != nullptr && next->kind == TokenKind::kJapanese) {
    std::string_view rest = next->text;
    for (const auto& [word, factor] : {std::pair<std::string_view, double>{"万", 1e4}, {"千", 1e3}, {"億", 1e8}}) {
      if (rest.starts_with(word)) {
        scale *= factor;
        rest.remove_prefix(word.size());
      }
    }
    unit = japanese_unit_of(rest);
    if (unit != nullptr) following = std::string(rest.substr(unit->word.size()));
    // "3 分の 1" is a fraction, "10 分" minutes.
    if (unit != nullptr && unit->word == "分" && following.starts_with("の")) unit = nullptr;
  } else if (next != nullptr && next->kind == TokenKind::kIdentifier) {
    n.unit_text = next->raw;
  }
  // "80% 長く": units that stand alone, the word behind them.
  if (unit != nullptr && following.empty() && next != nullptr && next->kind == TokenKind::kWord) {
    if (const Token* behind = token_at(tokens_, i + 2); behind != nullptr && behind->kind == TokenKind::kJapanese)
      following = behind->text;
  }
  if (unit != nullptr && following.empty() && next != nullptr && next->kind == TokenKind::kJapanese &&
      !suffix.empty()) {
    following = next->text;
  }
  if (unit != nullptr) {
    n.unit = unit->unit;
    n.unit_text = std::string(unit->word);
    if (unit->unit == UnitClass::kTime || unit->word == "割") scale *= unit->seconds;
  } else if (!n.unit_text.empty()) {
    n.unit = UnitClass::kOther;
  }
  n.value *= scale;
  n.tolerance = half * scale;
  hedge(n, i, following);
  n.role = role_at(tokens_, i);
  numbers_.push_back(n);
}

void NumberReader::hedge(SpokenNumber& n, std::size_t i, std::string_view following) const {
  std::string before;
  std::string before2;
  if (i > 0) before = tokens_[i - 1].text;
  if (i > 1) before2 = tokens_[i - 2].text;
  const auto is_one_of = [](std::string_view w, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), w) != list.end();
  };
  // What people call "about": coarser where the number itself is coarse.
  const double kAbout = std::count_if(tokens_[i].text.begin(), tokens_[i].text.end(), is_digit) <= 1 ? 0.15 : 0.05;
  if (is_one_of(before, {"about", "around", "roughly", "approximately", "circa", "~", "≈", "some"}) ||
      before.ends_with("約") || before.ends_with("およそ") || before.ends_with("ほぼ") ||
      following.starts_with("程度") || following.starts_with("ほど") || following.starts_with("前後")) {
    n.tolerance = std::max(n.tolerance, kAbout * n.value);
  }
  const auto behind_unit = [&]() -> std::string {
    for (std::size_t k = i + 1; k < tokens_.size() && k < i + 4; ++k) {
      const Token& t = tokens_[k];
      if (t.kind == TokenKind::kWord && unit_of(t.text) == nullptr) return t.text;
    }
    return {};
  }();
  n.change =
      before == "by" ||
      (is_one_of(before, {"about", "around", "some", "roughly", "approximately", "another"}) && before2 == "by") ||
      is_one_of(behind_unit,
                {"higher", "lower", "more", "less", "fewer", "longer", "slower", "faster", "increase", "drop", "rise"});
  for (const std::string_view word : {"増", "減", "上昇", "低下", "長く", "遅く", "短く", "だけ"}) {
    n.change = n.change || following.starts_with(word);
  }
  for (const std::string_view word : {"増加分は", "差は", "増分は", "低下分は"})
    n.change = n.change || before.ends_with(word);
  if (is_one_of(before, {"over", "exceeding", "above"}) ||
      (before == "than" && is_one_of(before2, {"more", "greater"})) || (before == "least" && before2 == "at") ||
      following.starts_with("以上") || following.starts_with("超") || following.starts_with("を超え")) {
    n.at_least = true;
  }
  if (is_one_of(before, {"nearly", "almost", "under", "below"}) ||
      (before == "than" && is_one_of(before2, {"less", "fewer"})) || (before == "most" && before2 == "at") ||
      following.starts_with("未満") || following.starts_with("以下") || following.starts_with("近く") ||
      following.starts_with("弱")) {
    n.at_most = true;
  }
}

void NumberReader::add_word(double value, double tolerance, UnitClass unit, std::size_t i) {
  SpokenNumber n;
  n.value = value;
  n.tolerance = tolerance;
  n.unit = unit;
  n.unit_text = tokens_[i].text;
  numbers_.push_back(n);
}

void NumberReader::read_number_word(std::size_t i) {
  const std::string& w = tokens_[i].text;
  const auto previous = i > 0 ? tokens_[i - 1] : Token{};
  if (w == "half" && previous.text != "a") return add_word(50, 5, UnitClass::kPercent, i);
  if (w == "half") return;
  if (w == "twice" || w == "double" || w == "doubled" || w == "twofold") return add_word(2, 0.25, UnitClass::kRatio, i);
  if (w == "thrice" || w == "triple" || w == "tripled" || w == "threefold") {
    return add_word(3, 0.35, UnitClass::kRatio, i);
  }
  if (w == "tenfold") return add_word(10, 1, UnitClass::kRatio, i);
  if (w == "dozens") return add_word(60, 48, UnitClass::kCount, i);
  if (w == "hundreds") return add_word(550, 450, UnitClass::kCount, i);
  if (w == "thousands") return add_word(5500, 4500, UnitClass::kCount, i);
  const auto it = number_words().find(w);
  if (it == number_words().end()) return;
  if (previous.kind == TokenKind::kNumber) return;  // "3 million" was read with its digits
  if (previous.kind == TokenKind::kWord && number_words().contains(previous.text)) return;
  SpokenNumber n;
  n.value = it->second;
  std::size_t k = i + 1;
  while (k < tokens_.size() && tokens_[k].kind == TokenKind::kWord) {
    const auto more = number_words().find(tokens_[k].text);
    if (more == number_words().end()) break;
    n.value = more->second >= 100 ? n.value * more->second : n.value + more->second;
    ++k;
  }
  if (k + 2 < tokens_.size() && tokens_[k].text == "and" && tokens_[k + 1].text == "a" &&
      tokens_[k + 2].text == "half") {
    n.value += 0.5;
    k += 3;
  }
  n.tolerance = 0.5;
  const UnitWord* unit = k < tokens_.size() ? unit_of(tokens_[k].text) : nullptr;
  n.unit = unit != nullptr ? unit->unit : UnitClass::kCount;
  n.unit_text = k < tokens_.size() ? tokens_[k].text : "";
  if (unit != nullptr && unit->unit == UnitClass::kTime) {
    n.value *= unit->seconds;
    n.tolerance *= unit->seconds;
  }
  if (unit != nullptr && unit->word == "times" && k + 1 < tokens_.size() && tokens_[k + 1].text == "as") {
    n.unit = UnitClass::kRatio;
  }
  hedge(n, i, {});
  n.role = role_at(tokens_, i);
  numbers_.push_back(n);
}

void NumberReader::read_japanese_number_words(std::string_view s) {
  SpokenNumber n;
  const auto add = [&](double value, double tolerance, UnitClass unit, std::string_view text) {
    n.value = value;
    n.tolerance = tolerance;
    n.unit = unit;
    n.unit_text = std::string(text);
    numbers_.push_back(n);
  };
  if (s.find("半分") != std::string_view::npos || s.find("半数") != std::string_view::npos) {
    add(50, 5, UnitClass::kPercent, "半分");
  }
  if (s.find("ゼロ") != std::string_view::npos) add(0, 0.0001, UnitClass::kNone, "ゼロ");
  if (s.find("倍増") != std::string_view::npos) add(2, 0.25, UnitClass::kRatio, "倍増");
  for (const auto& [word, low] : {std::pair<std::string_view, double>{"数十", 10}, {"数百", 100}, {"数千", 1000}}) {
    if (s.find(word) != std::string_view::npos) add(5.5 * low, 4.5 * low, UnitClass::kCount, word);
  }
  static const std::map<std::string_view, double> kKanji{{"一", 1}, {"二", 2}, {"三", 3}, {"四", 4}, {"五", 5},
                                                         {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9}};
  double total = 0;
  double digit = 0;
  bool any = false;
  for (std::size_t i = 0; i < s.size();) {
    const auto [c, size] = code_point(s, i);
    const std::string_view one = s.substr(i, size);
    if (const auto it = kKanji.find(one); it != kKanji.end()) {
      digit = it->second;
      any = true;
    } else if (one == "十" || one == "百" || one == "千") {
      total += std::max(digit, 1.0) * (one == "十" ? 10 : one == "百" ? 100 : 1000);
      digit = 0;
      any = true;
    } else {
      if (any) {
        const UnitWord* unit = japanese_unit_of(s.substr(i));
        const bool vague = i >= 3 * size && s.substr(0, i).find("数") != std::string_view::npos;
        if (unit != nullptr && !vague) {
          const double scale = unit->unit == UnitClass::kTime || unit->word == "割" ? unit->seconds : 1;
          // 一つ, 一部, 一回: mostly no quantity at all.
          if (total + digit > 1) add((total + digit) * scale, 0.5 * scale, unit->unit, unit->word);
        }
      }
      total = digit = 0;
      any = false;
    }
    i += size;
  }
}

}  // namespace fa::spoken
