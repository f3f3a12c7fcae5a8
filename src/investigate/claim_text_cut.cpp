/// Cuts a sentence into words, names, quotations, numbers and marks.
#include <array>

#include "base/text.h"
#include "investigate/claim_text_parts.h"

namespace fa::spoken {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_char(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

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

class SentenceCutter {
 public:
  SentenceCutter(std::string_view sentence, const std::vector<KnownName>& names)
      : text_(folded(sentence)), names_(names) {}

  std::vector<Token> run() {
    cut();
    return std::move(tokens_);
  }

 private:
  void push(TokenKind kind, std::string text, std::string raw) {
    const bool word = kind != TokenKind::kPunctuation;
    tokens_.push_back({kind, std::move(text), std::move(raw), word && at_start_});
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

  std::string text_;
  const std::vector<KnownName>& names_;
  std::vector<Token> tokens_;
  bool at_start_ = true;
};

}  // namespace

std::vector<Token> cut_sentence(std::string_view sentence, const std::vector<KnownName>& names) {
  return SentenceCutter(sentence, names).run();
}

}  // namespace fa::spoken
