#include "investigate/claim_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>

#include "base/text.h"
#include "base/utf8.h"

namespace fa {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_char(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

/// The code point at `at` and its length.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view s, std::size_t at) {
  const Utf8Char c = decode_utf8(s.substr(at));
  return {static_cast<std::uint32_t>(c.code), c.size};
}

bool is_japanese_letter(std::uint32_t c) {
  return (c >= 0x3041 && c <= 0x30FA) || c == 0x30FC || (c >= 0x3400 && c <= 0x9FFF) || c == 0x3005 ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9D);
}

/// Full-width ASCII as ASCII; what stands between quotation marks stays as it is.
std::string folded(std::string_view s) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < s.size();) {
    const auto [c, n] = code_point(s, i);
    if (c == 0x300C || c == 0x300E || c == 0x201C) quoted = true;
    if (c == 0x300D || c == 0x300F || c == 0x201D) quoted = false;
    if (!quoted && c >= 0xFF01 && c <= 0xFF5E) {
      out += static_cast<char>(c - 0xFF01 + 0x21);
    } else if (c == 0x3000) {
      out += ' ';
    } else {
      out.append(s.substr(i, n));
    }
    i += n;
  }
  return out;
}

struct QuoteMarks {
  std::string_view open;
  std::string_view close;
};
constexpr std::array<QuoteMarks, 6> kQuoteMarks{
    {{"“", "”"}, {"「", "」"}, {"『", "』"}, {"\"", "\""}, {"`", "`"}, {"«", "»"}}};

/// Whether a name may end or begin between these two bytes.
bool name_border(std::string_view s, std::size_t at) {
  if (at == 0 || at >= s.size()) return true;
  const char before = s[at - 1];
  const char after = s[at];
  if (is_name_char(before) && is_name_char(after)) return false;
  // `orders` is no name in `orders-db` or `x.orders`.
  const auto joins = [](char c) { return c == '-' || c == '/' || c == '@' || c == '.' || c == ':'; };
  if (joins(after)) return at + 1 >= s.size() || !is_name_char(s[at + 1]);
  if (joins(before)) return at < 2 || !is_name_char(s[at - 2]);
  return true;
}

bool is_run_char(std::string_view s, std::size_t i) {
  const char c = s[i];
  if (is_name_char(c)) return true;
  return std::string_view("-./:@#$%+=&*~'").find(c) != std::string_view::npos;
}

struct UnitWord {
  std::string_view word;
  UnitClass unit;
  double seconds;
};
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

/// `1,234.5`: value, digits after the point and bytes used; 0 used when the text does not begin with a digit.
struct Digits {
  double value = 0;
  int decimals = 0;
  std::size_t used = 0;
};
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

/// `08:30`, `8:30:05.123`, `08:30:05Z`.
std::optional<SpokenTime> time_of_day(std::string_view s) {
  if (s.ends_with('Z') || s.ends_with('z')) s.remove_suffix(1);
  const auto parts = split(s, ':');
  if (parts.size() != 2 && parts.size() != 3) return std::nullopt;
  const auto hour = small_int(parts[0]);
  const auto minute = small_int(parts[1]);
  if (!hour || !minute || parts[0].size() > 2 || parts[1].size() != 2 || *hour > 24 || *minute > 59) {
    return std::nullopt;
  }
  SpokenTime t;
  t.text = std::string(s);
  t.hour = *hour;
  t.minute = *minute;
  if (parts.size() == 3) {
    const Digits d = digits_of(parts[2]);
    if (d.used != parts[2].size() || d.value >= 61) return std::nullopt;
    t.second = d.value;
    t.second_decimals = d.decimals;
  }
  return t;
}

struct SpokenDate {
  std::optional<int> year;
  int month = 0;
  int day = 0;
};
std::optional<SpokenDate> date_of(std::string_view s) {
  for (const char separator : {'-', '/'}) {
    const auto parts = split(s, separator);
    if (parts.size() != 3 || parts[0].size() != 4) continue;
    const auto y = small_int(parts[0]);
    const auto m = small_int(parts[1]);
    const auto d = small_int(parts[2]);
    if (y && m && d && *m >= 1 && *m <= 12 && *d >= 1 && *d <= 31) return SpokenDate{y, *m, *d};
  }
  return std::nullopt;
}

const std::map<std::string, double, std::less<>>& number_words() {
  static const std::map<std::string, double, std::less<>> words{
      {"two", 2},     {"three", 3},   {"four", 4},      {"five", 5},       {"six", 6},       {"seven", 7},
      {"eight", 8},   {"nine", 9},    {"ten", 10},      {"eleven", 11},    {"twelve", 12},   {"fifteen", 15},
      {"twenty", 20}, {"thirty", 30}, {"forty", 40},    {"fifty", 50},     {"sixty", 60},    {"seventy", 70},
      {"eighty", 80}, {"ninety", 90}, {"hundred", 100}, {"thousand", 1e3}, {"million", 1e6}, {"dozen", 12}};
  return words;
}

class SentenceReader {
 public:
  SentenceReader(std::string_view sentence, const std::vector<KnownName>& names)
      : text_(folded(sentence)), names_(names) {}

  SpokenSentence run() {
    cut();
    read_dates_and_numbers();
    write_plain();
    return std::move(out_);
  }

 private:
  void push(TokenKind kind, std::string text, std::string raw) {
    const bool word = kind != TokenKind::kPunctuation;
    out_.tokens.push_back({kind, std::move(text), std::move(raw), word && at_start_});
    if (word) at_start_ = false;
  }

  void cut() {
    const std::string_view s = text_;
    for (std::size_t i = 0; i < s.size();) {
      if (take_quote(i) || take_name(i)) continue;
      const char c = s[i];
      if (is_name_char(c) || ((c == '/' || c == '$') && i + 1 < s.size() && is_name_char(s[i + 1]))) {
        take_run(i);
        continue;
      }
      const auto [point, n] = code_point(s, i);
      if (is_japanese_letter(point)) {
        const std::size_t begin = i;
        while (i < s.size()) {
          const auto [p, m] = code_point(s, i);
          if (!is_japanese_letter(p)) break;
          if (i > begin && name_at(i) != nullptr) break;
          i += m;
        }
        push(TokenKind::kJapanese, std::string(s.substr(begin, i - begin)), std::string(s.substr(begin, i - begin)));
        continue;
      }
      if (point == 0xB5 || point == 0x3BC) {  // a unit after a space: `5 µs`
        const std::size_t begin = i;
        i += n;
        while (i < s.size() && is_letter(s[i])) ++i;
        push(TokenKind::kWord, std::string(s.substr(begin, i - begin)), std::string(s.substr(begin, i - begin)));
        continue;
      }
      const std::string mark(s.substr(i, n));
      i += n;
      if (mark == " " || mark == "\t" || mark == "\n") continue;
      push(TokenKind::kPunctuation, mark, mark);
      if (mark == "." || mark == "。" || mark == "!" || mark == "?") at_start_ = true;
    }
  }

  bool take_quote(std::size_t& i) {
    const std::string_view s = text_;
    for (const QuoteMarks& q : kQuoteMarks) {
      if (!s.substr(i).starts_with(q.open)) continue;
      const std::size_t begin = i + q.open.size();
      const std::size_t end = s.find(q.close, begin);
      if (end == std::string_view::npos || end == begin) continue;
      const std::string words(s.substr(begin, end - begin));
      i = end + q.close.size();
      for (const KnownName& name : names_) {
        if (name.name == words) {
          push(TokenKind::kEntity, name.entity, words);
          return true;
        }
      }
      push(TokenKind::kQuote, words, words);
      return true;
    }
    return false;
  }

  [[nodiscard]] const KnownName* name_at(std::size_t i) const {
    const std::string_view s = text_;
    for (const KnownName& name : names_) {
      if (name.name.size() < 2 || !s.substr(i).starts_with(name.name)) continue;
      if (name_border(s, i) && name_border(s, i + name.name.size())) return &name;
    }
    return nullptr;
  }

  bool take_name(std::size_t& i) {
    const KnownName* name = name_at(i);
    if (name == nullptr) return false;
    push(TokenKind::kEntity, name->entity, name->name);
    i += name->name.size();
    return true;
  }

  void take_run(std::size_t& i) {
    const std::string_view s = text_;
    const std::size_t begin = i;
    while (i < s.size()) {
      if (i > begin && s[i - 1] != '-' && s[i - 1] != '.' && name_at(i) != nullptr && !is_name_char(s[i - 1])) break;
      if (is_run_char(s, i)) {
        ++i;
      } else if (s[i] == ',' && i > begin && is_digit(s[i - 1]) && i + 1 < s.size() && is_digit(s[i + 1])) {
        ++i;
      } else if (s[i] == '[' && i > begin && is_name_char(s[i - 1])) {
        std::size_t end = i + 1;
        while (end < s.size() && is_name_char(s[end])) ++end;
        if (end == i + 1 || end >= s.size() || s[end] != ']' || looks_like_evidence_id(s.substr(i + 1, end - i - 1))) {
          break;
        }
        i = end + 1;
      } else if (const auto [p, n] = code_point(s, i); (p == 0xB5 || p == 0x3BC) && is_digit(s[i - 1])) {
        i += n;
      } else {
        break;
      }
    }
    std::string_view run = s.substr(begin, i - begin);
    std::string_view tail = run;
    while (!run.empty() && std::string_view(".:-+='&*~/#").find(run.back()) != std::string_view::npos) {
      run.remove_suffix(1);
    }
    tail.remove_prefix(run.size());
    if (!run.empty()) classify(run);
    for (const char c : tail) {
      push(TokenKind::kPunctuation, std::string(1, c), std::string(1, c));
      if (c == '.') at_start_ = true;
    }
  }

  void classify(std::string_view run) {
    const std::string raw(run);
    if (looks_like_evidence_id(run)) return push(TokenKind::kEvidence, raw, raw);
    if (is_digit(run.front())) {
      if (const std::size_t t = run.find('T'); t != std::string_view::npos && date_of(run.substr(0, t))) {
        return push(TokenKind::kTime, raw, raw);
      }
      if (date_of(run) || time_of_day(run)) return push(TokenKind::kTime, raw, raw);
      const Digits d = digits_of(run);
      std::string_view rest = run.substr(d.used);
      if (rest.empty()) return push(TokenKind::kNumber, raw, raw);
      const std::string suffix = to_lower(rest.starts_with('-') ? rest.substr(1) : rest);
      if (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th") return push(TokenKind::kWord, raw, raw);
      const bool scale = rest == "k" || rest == "K" || rest == "M";
      if (scale || unit_of(suffix) != nullptr) return push(TokenKind::kNumber, raw, raw);
      if (rest.front() == '/' && all_digits(rest.substr(1))) {  // 5/6: two counts
        push(TokenKind::kNumber, std::string(run.substr(0, d.used)), raw);
        return push(TokenKind::kNumber, std::string(rest.substr(1)), raw);
      }
      return push(TokenKind::kIdentifier, raw, raw);
    }
    bool inner_upper = false;
    bool odd = false;
    bool digit = false;
    for (std::size_t k = 0; k < run.size(); ++k) {
      const char c = run[k];
      if (is_digit(c)) digit = true;
      if (k > 0 && c >= 'A' && c <= 'Z' && run[k - 1] >= 'a' && run[k - 1] <= 'z') inner_upper = true;
      if (!is_letter(c) && c != '-' && c != '\'') odd = true;
    }
    if (inner_upper || odd || digit) return push(TokenKind::kIdentifier, raw, raw);
    push(TokenKind::kWord, to_lower(run), raw);
  }

  // --- numbers and times -------------------------------------------------------------------------------------------

  [[nodiscard]] const Token* token(std::size_t i) const { return i < out_.tokens.size() ? &out_.tokens[i] : nullptr; }

  void read_dates_and_numbers() {
    std::optional<SpokenDate> date;
    for (std::size_t i = 0; i < out_.tokens.size(); ++i) {
      const Token t = out_.tokens[i];
      if (t.kind == TokenKind::kTime) {
        read_time(t.text, date);
      } else if (t.kind == TokenKind::kNumber) {
        const std::size_t used = read_japanese_time(i, date);
        if (used > 0) {
          i += used - 1;
        } else {
          read_number(i);
        }
      } else if (t.kind == TokenKind::kWord) {
        read_number_word(i);
      } else if (t.kind == TokenKind::kJapanese) {
        read_japanese_number_words(t.text);
      }
    }
  }

  void read_time(std::string_view text, std::optional<SpokenDate>& date) {
    std::optional<SpokenTime> time;
    if (const std::size_t t = text.find('T'); t != std::string_view::npos) {
      date = date_of(text.substr(0, t));
      std::string_view rest = text.substr(t + 1);
      if (const std::size_t zone = rest.find('+'); zone != std::string_view::npos) rest = rest.substr(0, zone);
      time = time_of_day(rest);
    } else if (const auto d = date_of(text)) {
      date = d;
      return;
    } else {
      time = time_of_day(text);
    }
    if (!time) return;
    time->text = std::string(text);
    if (date) {
      time->year = date->year;
      time->month = date->month;
      time->day = date->day;
    }
    out_.times.push_back(*time);
  }

  /// `3月14日`, `8時30分15秒`: tokens used, 0 for what is no such time.
  std::size_t read_japanese_time(std::size_t i, std::optional<SpokenDate>& date) {
    const auto part = [&](std::size_t at, std::string_view suffix) -> std::optional<int> {
      const Token* n = token(at);
      const Token* unit = token(at + 1);
      if (n == nullptr || unit == nullptr || n->kind != TokenKind::kNumber || unit->kind != TokenKind::kJapanese) {
        return std::nullopt;
      }
      if (!unit->text.starts_with(suffix) || (suffix == "時" && unit->text.starts_with("時間"))) return std::nullopt;
      return small_int(n->text);
    };
    const auto exact = [&](std::size_t at, std::string_view suffix) {
      return token(at + 1) != nullptr && token(at + 1)->text == suffix;
    };
    std::size_t used = 0;
    std::optional<int> year;
    if (const auto y = part(i, "年"); y && exact(i, "年")) {
      year = y;
      used += 2;
    }
    if (const auto month = part(i + used, "月"); month && exact(i + used, "月")) {
      const auto day = part(i + used + 2, "日");
      if (!day) return 0;
      date = SpokenDate{year, *month, *day};
      return used + 4;
    }
    if (used > 0) return 0;
    const auto hour = part(i, "時");
    if (!hour) return 0;
    SpokenTime time;
    time.hour = *hour;
    time.text = token(i)->text + "時";
    used = 2;
    if (const auto minute = exact(i, "時") ? part(i + 2, "分") : std::nullopt) {
      time.minute = *minute;
      time.text += token(i + 2)->text + "分";
      used = 4;
      if (const auto second = exact(i + 2, "分") ? part(i + 4, "秒") : std::nullopt) {
        time.second = *second;
        time.text += token(i + 4)->text + "秒";
        used = 6;
      }
    }
    if (date) {
      time.year = date->year;
      time.month = date->month;
      time.day = date->day;
    }
    out_.times.push_back(time);
    return used;
  }

  void read_number(std::size_t i) {
    const std::string& text = out_.tokens[i].text;
    if (const Token* none = token(i + 1); text == "1" && none != nullptr && none->kind == TokenKind::kJapanese) {
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
    const Token* next = token(i + 1);
    std::string following;
    if (scale > 1) {
      suffix = {};
    }
    if (!suffix.empty()) {
      unit = unit_of(to_lower(suffix));
    } else if (next != nullptr && next->kind == TokenKind::kPunctuation && next->text == "%") {
      unit = unit_of("%");
      if (const Token* behind = token(i + 2); behind != nullptr && behind->kind == TokenKind::kJapanese) {
        following = behind->text;
      }
    } else if (next != nullptr && next->kind == TokenKind::kPunctuation && next->text == "×") {
      unit = unit_of("x");
    } else if (next != nullptr && next->kind == TokenKind::kWord) {
      unit = unit_of(next->text);
      if (unit == nullptr && (next->text == "million" || next->text == "thousand" || next->text == "hundred")) {
        scale *= number_words().find(next->text)->second;
        if (const Token* after = token(i + 2); after != nullptr && after->kind == TokenKind::kWord) {
          unit = unit_of(after->text);
        }
      }
      if (unit == nullptr) n.unit_text = next->text;
      if (next->text == "times") {
        // "4 times as many": a ratio; "20 times": a count.
        const Token* after = token(i + 2);
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
      if (const Token* behind = token(i + 2); behind != nullptr && behind->kind == TokenKind::kJapanese)
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
    n.role = role_at(i);
    out_.numbers.push_back(n);
  }

  /// "about", "more than", 約, 以上: how exact the number is meant to be.
  void hedge(SpokenNumber& n, std::size_t i, std::string_view following) const {
    std::string before;
    std::string before2;
    if (i > 0) before = out_.tokens[i - 1].text;
    if (i > 1) before2 = out_.tokens[i - 2].text;
    const auto is_one_of = [](std::string_view w, std::initializer_list<std::string_view> list) {
      return std::find(list.begin(), list.end(), w) != list.end();
    };
    // What people call "about": coarser where the number itself is coarse.
    const double kAbout =
        std::count_if(out_.tokens[i].text.begin(), out_.tokens[i].text.end(), is_digit) <= 1 ? 0.15 : 0.05;
    if (is_one_of(before, {"about", "around", "roughly", "approximately", "circa", "~", "≈", "some"}) ||
        before.ends_with("約") || before.ends_with("およそ") || before.ends_with("ほぼ") ||
        following.starts_with("程度") || following.starts_with("ほど") || following.starts_with("前後")) {
      n.tolerance = std::max(n.tolerance, kAbout * n.value);
    }
    const auto behind_unit = [&]() -> std::string {
      for (std::size_t k = i + 1; k < out_.tokens.size() && k < i + 4; ++k) {
        const Token& t = out_.tokens[k];
        if (t.kind == TokenKind::kWord && unit_of(t.text) == nullptr) return t.text;
      }
      return {};
    }();
    n.change =
        before == "by" ||
        (is_one_of(before, {"about", "around", "some", "roughly", "approximately", "another"}) && before2 == "by") ||
        is_one_of(behind_unit, {"higher", "lower", "more", "less", "fewer", "longer", "slower", "faster", "increase",
                                "drop", "rise"});
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

  static bool is_break(const Token& t) {
    if (t.kind != TokenKind::kPunctuation) return false;
    for (const std::string_view mark : {",", ";", ":", "(", ")", ".", "、", "。", "；", "→", "–", "—"}) {
      if (t.text == mark) return true;
    }
    return false;
  }

  [[nodiscard]] SpokenNumber::Role marker(std::size_t i) const {
    const Token& t = out_.tokens[i];
    if (t.kind == TokenKind::kWord) {
      static const std::vector<std::string_view> kBefore{"baseline", "previously", "earlier", "normally",
                                                         "usually",  "formerly",   "healthy"};
      static const std::vector<std::string_view> kDuring{"window", "now", "incident", "currently"};
      if (std::find(kBefore.begin(), kBefore.end(), t.text) != kBefore.end()) return SpokenNumber::Role::kBaseline;
      if (std::find(kDuring.begin(), kDuring.end(), t.text) != kDuring.end()) return SpokenNumber::Role::kWindow;
      if (t.text == "before") {
        const Token* next = token(i + 1);
        static const std::vector<std::string_view> kRelates{"the", "a", "an", "this", "that", "its", "it", "any"};
        const bool relates =
            next != nullptr && (next->kind == TokenKind::kEntity || next->kind == TokenKind::kEvidence ||
                                next->kind == TokenKind::kQuote || next->kind == TokenKind::kTime ||
                                std::find(kRelates.begin(), kRelates.end(), next->text) != kRelates.end());
        if (!relates) return SpokenNumber::Role::kBaseline;
      }
      if (t.text == "of" && i > 0 && out_.tokens[i - 1].text == "instead") return SpokenNumber::Role::kBaseline;
      if (t.text == "than" && i > 0 && out_.tokens[i - 1].text == "rather") return SpokenNumber::Role::kBaseline;
      if (t.text == "from" && i > 0 && (out_.tokens[i - 1].text == "up" || out_.tokens[i - 1].text == "down")) {
        return SpokenNumber::Role::kBaseline;
      }
      if ((t.text == "to" || t.text == "with") && i > 0 && out_.tokens[i - 1].text == "compared") {
        return SpokenNumber::Role::kBaseline;
      }
    }
    if (t.kind == TokenKind::kJapanese) {
      for (const std::string_view word : {"基準期間", "比較期間", "以前", "従来", "通常は", "通常時", "平常", "普段"}) {
        if (t.text.find(word) != std::string::npos) return SpokenNumber::Role::kBaseline;
      }
      for (const std::string_view word : {"対象期間", "調査期間", "現在", "障害中"}) {
        if (t.text.find(word) != std::string::npos) return SpokenNumber::Role::kWindow;
      }
    }
    return SpokenNumber::Role::kAny;
  }

  /// Which period the words around the number give it.
  [[nodiscard]] SpokenNumber::Role role_at(std::size_t i) const {
    const auto& tokens = out_.tokens;
    const auto is_number = [&](std::size_t k) { return tokens[k].kind == TokenKind::kNumber; };
    // "from A to B", "A から B に"
    std::size_t before = i;
    while (before > 0 && tokens[before - 1].kind == TokenKind::kWord && unit_of(tokens[before - 1].text) == nullptr &&
           (tokens[before - 1].text == "about" || tokens[before - 1].text == "around")) {
      --before;
    }
    const std::string previous = before > 0 ? tokens[before - 1].text : "";
    const auto number_follows = [&](std::string_view word) {
      for (std::size_t k = i + 1; k + 1 < tokens.size() && k < i + 5; ++k) {
        if (tokens[k].text == word) {
          for (std::size_t m = k + 1; m < tokens.size() && m < k + 3; ++m) {
            if (is_number(m)) return true;
          }
        }
      }
      return false;
    };
    if (previous == "from" && number_follows("to")) return SpokenNumber::Role::kBaseline;
    if (previous == "to") {
      for (std::size_t k = 0; k + 1 < before; ++k) {
        if (tokens[k].text == "from" && (is_number(k + 1) || (k + 2 < tokens.size() && is_number(k + 2)))) {
          return SpokenNumber::Role::kWindow;
        }
      }
    }
    // The same in Japanese: the particle stands behind the number and its unit.
    const auto japanese_from = [&](std::size_t k) {
      for (++k; k < tokens.size() && !is_number(k) && !is_break(tokens[k]); ++k) {
        if (tokens[k].kind == TokenKind::kJapanese && tokens[k].text.find("から") != std::string::npos) return k;
      }
      return std::size_t{0};
    };
    if (const std::size_t at = japanese_from(i); at > 0) {
      for (std::size_t m = at + 1; m < tokens.size() && m < at + 5 && !is_break(tokens[m]); ++m) {
        if (is_number(m)) return SpokenNumber::Role::kBaseline;
      }
    }
    for (std::size_t k = i; k > 0 && !is_break(tokens[k - 1]);) {
      --k;
      if (!is_number(k)) continue;
      if (japanese_from(k) > 0) return SpokenNumber::Role::kWindow;
      break;
    }
    const auto look = [&](bool forward) {
      for (std::size_t k = i;;) {
        if (forward ? k + 1 >= tokens.size() : k == 0) return SpokenNumber::Role::kAny;
        k = forward ? k + 1 : k - 1;
        if (is_number(k) || is_break(tokens[k])) return SpokenNumber::Role::kAny;
        if (const auto role = marker(k); role != SpokenNumber::Role::kAny) return role;
      }
    };
    const bool japanese =
        std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == TokenKind::kJapanese; });
    const auto first = look(!japanese);
    return first != SpokenNumber::Role::kAny ? first : look(japanese);
  }

  void add_word(double value, double tolerance, UnitClass unit, std::size_t i) {
    SpokenNumber n;
    n.value = value;
    n.tolerance = tolerance;
    n.unit = unit;
    n.unit_text = out_.tokens[i].text;
    out_.numbers.push_back(n);
  }

  void read_number_word(std::size_t i) {
    const std::string& w = out_.tokens[i].text;
    const auto previous = i > 0 ? out_.tokens[i - 1] : Token{};
    if (w == "half" && previous.text != "a") return add_word(50, 5, UnitClass::kPercent, i);
    if (w == "half") return;
    if (w == "twice" || w == "double" || w == "doubled" || w == "twofold")
      return add_word(2, 0.25, UnitClass::kRatio, i);
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
    while (k < out_.tokens.size() && out_.tokens[k].kind == TokenKind::kWord) {
      const auto more = number_words().find(out_.tokens[k].text);
      if (more == number_words().end()) break;
      n.value = more->second >= 100 ? n.value * more->second : n.value + more->second;
      ++k;
    }
    if (k + 2 < out_.tokens.size() && out_.tokens[k].text == "and" && out_.tokens[k + 1].text == "a" &&
        out_.tokens[k + 2].text == "half") {
      n.value += 0.5;
      k += 3;
    }
    n.tolerance = 0.5;
    const UnitWord* unit = k < out_.tokens.size() ? unit_of(out_.tokens[k].text) : nullptr;
    n.unit = unit != nullptr ? unit->unit : UnitClass::kCount;
    n.unit_text = k < out_.tokens.size() ? out_.tokens[k].text : "";
    if (unit != nullptr && unit->unit == UnitClass::kTime) {
      n.value *= unit->seconds;
      n.tolerance *= unit->seconds;
    }
    if (unit != nullptr && unit->word == "times" && k + 1 < out_.tokens.size() && out_.tokens[k + 1].text == "as") {
      n.unit = UnitClass::kRatio;
    }
    hedge(n, i, {});
    n.role = role_at(i);
    out_.numbers.push_back(n);
  }

  void read_japanese_number_words(std::string_view s) {
    SpokenNumber n;
    const auto add = [&](double value, double tolerance, UnitClass unit, std::string_view text) {
      n.value = value;
      n.tolerance = tolerance;
      n.unit = unit;
      n.unit_text = std::string(text);
      out_.numbers.push_back(n);
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

  void write_plain() {
    for (const Token& t : out_.tokens) {
      switch (t.kind) {
        case TokenKind::kQuote:
        case TokenKind::kEntity:
        case TokenKind::kEvidence:
          out_.plain += ' ';
          break;
        case TokenKind::kJapanese:
          out_.plain += t.raw;
          break;
        case TokenKind::kPunctuation:
          out_.plain += t.raw;
          break;
        default:
          if (!out_.plain.empty() && out_.plain.back() != ' ') out_.plain += ' ';
          out_.plain += to_lower(t.raw);
          out_.plain += ' ';
      }
    }
  }

  std::string text_;
  const std::vector<KnownName>& names_;
  SpokenSentence out_;
  bool at_start_ = true;
};

}  // namespace

bool looks_like_evidence_id(std::string_view word) {
  if (word.size() < 2 || word.size() > 5) return false;
  if (std::string_view("LMTCGKP").find(word.front()) == std::string_view::npos) return false;
  // P50 to P99 are percentiles; of past incidents there are never so many.
  if (word.front() == 'P' && word.size() > 2) return false;
  return word[1] != '0' && std::all_of(word.begin() + 1, word.end(), is_digit);
}

bool has_japanese(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [c, n] = code_point(text, i);
    if (is_japanese_letter(c)) return true;
    i += n;
  }
  return false;
}

SpokenSentence read_sentence(std::string_view sentence, const std::vector<KnownName>& names) {
  return SentenceReader(sentence, names).run();
}

}  // namespace fa
