/// Which period a number in a sentence belongs to: the baseline or the window.
#include <algorithm>

#include "investigate/claim_text_parts.h"

namespace fa::spoken {
namespace {

bool is_break(const Token& t) {
  if (t.kind != TokenKind::kPunctuation) return false;
  for (const std::string_view mark : {",", ";", ":", "(", ")", ".", "、", "。", "；", "→", "–", "—"}) {
    if (t.text == mark) return true;
  }
  return false;
}

SpokenNumber::Role marker(const std::vector<Token>& tokens, std::size_t i) {
  const Token& t = tokens[i];
  if (t.kind == TokenKind::kWord) {
    static const std::vector<std::string_view> kBefore{"baseline", "previously", "earlier", "normally",
                                                       "usually",  "formerly",   "healthy"};
    static const std::vector<std::string_view> kDuring{"window", "now", "incident", "currently"};
    if (std::find(kBefore.begin(), kBefore.end(), t.text) != kBefore.end()) return SpokenNumber::Role::kBaseline;
    if (std::find(kDuring.begin(), kDuring.end(), t.text) != kDuring.end()) return SpokenNumber::Role::kWindow;
    if (t.text == "before") {
      const Token* next = token_at(tokens, i + 1);
      static const std::vector<std::string_view> kRelates{"the", "a", "an", "this", "that", "its", "it", "any"};
      const bool relates =
          next != nullptr &&
          (next->kind == TokenKind::kEntity || next->kind == TokenKind::kEvidence || next->kind == TokenKind::kQuote ||
           next->kind == TokenKind::kTime || std::find(kRelates.begin(), kRelates.end(), next->text) != kRelates.end());
      if (!relates) return SpokenNumber::Role::kBaseline;
    }
    if (t.text == "of" && i > 0 && tokens[i - 1].text == "instead") return SpokenNumber::Role::kBaseline;
    if (t.text == "than" && i > 0 && tokens[i - 1].text == "rather") return SpokenNumber::Role::kBaseline;
    if (t.text == "from" && i > 0 && (tokens[i - 1].text == "up" || tokens[i - 1].text == "down")) {
      return SpokenNumber::Role::kBaseline;
    }
    if ((t.text == "to" || t.text == "with") && i > 0 && tokens[i - 1].text == "compared") {
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

}  // namespace

SpokenNumber::Role role_at(const std::vector<Token>& tokens, std::size_t i) {
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
      if (const auto role = marker(tokens, k); role != SpokenNumber::Role::kAny) return role;
    }
  };
  const bool japanese =
      std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == TokenKind::kJapanese; });
  const auto first = look(!japanese);
  return first != SpokenNumber::Role::kAny ? first : look(japanese);
}

}  // namespace fa::spoken
