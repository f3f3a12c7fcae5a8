/// Rules on the names and quotations in a sentence: none invented, none of somebody else.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "investigate/claim_rules.h"
#include "investigate/quote.h"

namespace fa {
namespace {

/// Calendar words are capitalised and name nothing.
bool is_calendar_word(std::string_view lower) {
  static const std::set<std::string_view> kWords{"january",  "february", "march",    "april",     "may",
                                                 "june",     "july",     "august",   "september", "october",
                                                 "november", "december", "monday",   "tuesday",   "wednesday",
                                                 "thursday", "friday",   "saturday", "sunday"};
  return kWords.contains(lower);
}

/// `client/server`, `and/or`: words, not a path.
bool is_slashed_words(std::string_view word) {
  if (word.find('/') == std::string_view::npos || word.front() == '/') return false;
  for (const std::string_view part : split(word, '/')) {
    if (part.empty() || part.size() > 12) return false;
    for (const char c : part) {
      if (c < 'a' || c > 'z') return false;
    }
    if (is_product_name(part)) return false;
  }
  return true;
}

bool made_of_common_words(std::string_view word) {
  if (word.empty() || is_common_katakana(word)) return true;
  for (std::size_t n = word.size(); n >= 6; n -= 3) {
    if (is_common_katakana(word.substr(0, n)) && made_of_common_words(word.substr(n))) return true;
    if (n < 9) break;
  }
  return false;
}

}  // namespace

std::string ClaimChecker::Impl::not_verbatim(std::string_view words, const std::string& id) const {
  return say("{} does not stand in {} word for word.", "{} は {} の原文にありません。", in_quotes(words), id);
}

bool ClaimChecker::Impl::stands(std::string_view words, const Backing& b) {
  words = trim(words);
  for (const std::string_view dots : {"…", "..."}) {
    if (words.ends_with(dots)) words.remove_suffix(dots.size());
  }
  words = trim(words);
  if (words.empty()) return false;
  if (b.words.find(words) != std::string::npos) return true;
  return stands_in(words, backings_.bytes(b));
}

std::string ClaimChecker::Impl::quotes(const Claim& claim, const SpokenSentence& said, const Cited& backing) {
  for (const Token& t : said.tokens) {
    if (t.kind != TokenKind::kQuote) continue;
    const bool known =
        std::any_of(backing.begin(), backing.end(), [&](const Backing* b) { return stands(t.text, *b); });
    const bool described = c_.report.incident.description.find(t.text) != std::string::npos;
    if (!known && !described) {
      return not_verbatim(t.text, claim.evidence.empty() ? say("the evidence", "根拠") : claim.evidence.front());
    }
  }
  return {};
}

bool ClaimChecker::Impl::backed(std::string_view word, const Cited& backing) {
  const std::string lower = to_lower(word);
  return std::any_of(backing.begin(), backing.end(), [&](const Backing* b) {
    return b->lower.find(lower) != std::string::npos || to_lower(backings_.bytes(*b)).find(lower) != std::string::npos;
  });
}

std::string ClaimChecker::Impl::invented(std::string_view word) const {
  return say("{} does not appear in what it cites.", "{} は示された根拠の中にありません。", in_quotes(word));
}

std::string ClaimChecker::Impl::identifiers(const Claim& claim, const SpokenSentence& said, const Cited& backing) {
  const auto known = [&](std::string_view word) {
    return backed(word, backing) || icontains(c_.report.incident.description, word) ||
           (claim.absence && icontains(claim.absence->entity, word)) ||
           (c_.report.incident.alarm &&
            (icontains(c_.report.incident.alarm->metric, word) || icontains(c_.report.incident.alarm->entity, word)));
  };
  const Token* previous = nullptr;
  for (const Token& t : said.tokens) {
    const Token* before = previous;
    previous = &t;
    if (t.kind == TokenKind::kIdentifier) {
      if (is_slashed_words(t.text) || is_common_abbreviation(t.text)) continue;
      if (!known(t.text)) return invented(t.raw);
    } else if (t.kind == TokenKind::kWord) {
      if (t.text.find('-') != std::string::npos && !is_common_compound(t.text) && !known(t.text)) {
        return invented(t.raw);
      }
      const bool capital = t.raw.front() >= 'A' && t.raw.front() <= 'Z';
      const bool proper = capital && !t.first && !is_common_abbreviation(t.raw) && !is_calendar_word(t.text);
      if ((proper || is_product_name(t.text)) && !known(t.text)) return invented(t.raw);
      const std::string singular = t.text.ends_with('s') ? t.text.substr(0, t.text.size() - 1) : t.text;
      if ((is_resource_noun(t.text) || is_resource_noun(singular)) && before != nullptr &&
          before->kind == TokenKind::kWord && !is_generic_adjective(before->text) && !before->text.ends_with("ing") &&
          !before->text.ends_with("ed") && !known(before->text)) {
        return invented(before->raw + " " + t.raw);
      }
    } else if (t.kind == TokenKind::kJapanese) {
      if (auto why = japanese_names(t.text, known); !why.empty()) return why;
    }
  }
  return {};
}

std::string ClaimChecker::Impl::japanese_names(std::string_view text,
                                               const std::function<bool(std::string_view)>& known) const {
  std::string kanji;
  std::string katakana;
  std::string before_katakana;
  const auto finish = [&]() -> std::string {
    if (katakana.empty()) return {};
    const std::string word = katakana;
    katakana.clear();
    if (word.size() >= 9 && !made_of_common_words(word) && !known(word)) return invented(word);
    static const std::set<std::string_view> kNouns{"サービス", "サーバ",     "サーバー", "データベース", "キュー",
                                                   "クラスタ", "クラスター", "テーブル", "キャッシュ",   "コンテナ"};
    static const std::set<std::string_view> kGeneric{
        "対象", "当該", "各", "他", "同",   "下流", "上流", "依存", "外部", "内部", "複数", "全",   "該当", "影響",
        "関連", "両",   "個", "別", "同一", "先",   "元",   "件",   "後続", "前段", "後段", "基盤", "周辺", "主要"};
    if (kNouns.contains(word) && before_katakana.size() >= 6) {
      const std::string_view two = std::string_view(before_katakana).substr(before_katakana.size() - 6);
      if (!kGeneric.contains(two) && !kGeneric.contains(two.substr(3)) && !known(before_katakana)) {
        return invented(before_katakana + word);
      }
    }
    return {};
  };
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    const bool kata = (c.code >= 0x30A1 && c.code <= 0x30FA) || c.code == 0x30FC;
    const bool han = c.code >= 0x3400 && c.code <= 0x9FFF;
    if (kata) {
      if (katakana.empty()) before_katakana = kanji;
      katakana += text.substr(i, c.size);
    } else {
      if (auto why = finish(); !why.empty()) return why;
    }
    if (han) {
      kanji += text.substr(i, c.size);
    } else {
      kanji.clear();
    }
    i += c.size;
  }
  return finish();
}

std::string ClaimChecker::Impl::entities(const Claim& claim, const SpokenSentence& said, const Cited& backing,
                                         const Cited& all, std::string_view implied) {
  std::set<std::string> named;
  for (const Token& t : said.tokens) {
    if (t.kind != TokenKind::kEntity) continue;
    named.insert(t.text);
    const bool supported = std::any_of(backing.begin(), backing.end(),
                                       [&](const Backing* b) {
                                         return names_.same(*b, t.text) || b->words.find(t.text) != std::string::npos;
                                       }) ||
                           (claim.absence && claim.absence->entity == t.text);
    if (!supported) {
      return say("Nothing it cites is about {}.", "示された根拠は {} に関するものではありません。", in_quotes(t.text));
    }
  }
  for (const Backing* b : all) {
    if (b->entity.empty() || b->kind == EvidenceKind::kChange) continue;
    const bool about = named.empty() ? names_.same(*b, std::string(implied))
                                     : std::any_of(named.begin(), named.end(),
                                                   [&](const std::string& n) { return names_.same(*b, n); });
    if (!about) {
      return say("{} is about {}, which the sentence does not name.",
                 "{} は {} に関する根拠ですが、文中に名前がありません。", b->id, in_quotes(b->entity));
    }
  }
  return {};
}

}  // namespace fa
