#include "store/words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.h"
#include "base/utf8.h"

namespace fa {
namespace {

constexpr std::size_t kLongestWord = 128;  ///< More is base64 or the like: nobody asks for it.

enum class CharKind { kOther, kWord, kCjk };

constexpr CharKind kind_of_char(char32_t c) {
  if (c < 0x80) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    return word ? CharKind::kWord : CharKind::kOther;
  }
  if (c == 0x3005 || c == 0x3006 || (c >= 0x3041 && c <= 0x3096) || (c >= 0x309D && c <= 0x309F) ||
      (c >= 0x30A1 && c <= 0x30FA) || (c >= 0x30FC && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
      (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
      (c >= 0x20000 && c <= 0x3FFFF)) {
    return CharKind::kCjk;
  }
  // Letters of other scripts; punctuation, symbols and emoji stand in the ranges left out.
  const bool letter =
      (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7) || (c >= 0x2C00 && c < 0x2E00) || (c >= 0xA640 && c < 0xABFF);
  return letter ? CharKind::kWord : CharKind::kOther;
}

/// Full-width forms (U+FF01..FF9F) as the characters they are variants of.
char32_t folded(char32_t c) {
  static constexpr std::array<char16_t, 56> kKatakana{
      0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2, 0x30A4, 0x30A6,
      0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
      0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE,
      0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3};
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  if (c >= 0xFF66 && c <= 0xFF9D) return kKatakana.at(c - 0xFF66);
  if (c == 0x3000) return ' ';
  return c;
}

/// A katakana with the voicing mark behind it, or 0 where there is no such character.
char32_t voiced(char32_t c, char32_t mark) {
  if (mark == 0xFF9E) {
    if (c == 0x30A6) return 0x30F4;
    const bool first_rows = c >= 0x30AB && c <= 0x30C1 && c % 2 == 1;
    const bool tsu_te_to = c == 0x30C4 || c == 0x30C6 || c == 0x30C8;
    if (first_rows || tsu_te_to) return c + 1;
  }
  const bool ha_row = c >= 0x30CF && c <= 0x30DB && c % 3 == 0x30CF % 3;
  if (ha_row && mark == 0xFF9E) return c + 1;
  if (ha_row && mark == 0xFF9F) return c + 2;
  return 0;
}

/// The character at `at` in its usual form, nullopt for invalid bytes; moves `at` behind it.
std::optional<char32_t> next_folded(std::string_view text, std::size_t& at) {
  const Utf8Char read = decode_utf8(text.substr(at));
  at += read.size;
  if (!read.valid) return std::nullopt;
  const char32_t c = folded(read.code);
  if (at == text.size()) return c;
  const Utf8Char next = decode_utf8(text.substr(at));
  const char32_t both = next.valid ? voiced(c, next.code) : 0;
  if (both == 0) return c;
  at += next.size;
  return both;
}

/// `order`, `Service2`: where an identifier changes from small to capital letters, or has a `_`.
void add_parts(std::string_view word, std::vector<std::string>& words) {
  std::vector<std::string> parts;
  std::string part;
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool hump = i > 0 && is_upper(c) && (is_lower(word[i - 1]) || is_digit(word[i - 1]));
    const bool after_acronym =
        i > 0 && i + 1 < word.size() && is_upper(c) && is_upper(word[i - 1]) && is_lower(word[i + 1]);
    if (c == '_' || hump || after_acronym) {
      if (!part.empty()) parts.push_back(std::move(part));
      part.clear();
    }
    if (c != '_') part += c;
  }
  if (!part.empty()) parts.push_back(std::move(part));
  if (parts.size() < 2) return;
  for (const std::string& each : parts) words.push_back(to_lower(each));
}

class WordCutter {
 public:
  explicit WordCutter(bool with_single_characters) : singles_(with_single_characters) {}

  std::vector<std::string> cut(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) add(next_folded(text, at).value_or(U' '));
    end_run();
    return std::move(words_);
  }

 private:
  void add(char32_t c) {
    const CharKind kind = kind_of_char(c);
    if (kind != kind_) end_run();
    kind_ = kind;
    if (kind == CharKind::kWord) append_utf8(word_, c);
    if (kind == CharKind::kCjk) cjk_.push_back(c);
  }

  void end_run() {
    if (!word_.empty() && word_.size() <= kLongestWord && word_.find_first_not_of('_') != std::string::npos) {
      words_.push_back(to_lower(word_));
      add_parts(word_, words_);
    }
    word_.clear();
    for (std::size_t i = 0; i < cjk_.size(); ++i) {
      if (singles_ || cjk_.size() == 1) {
        words_.emplace_back();
        append_utf8(words_.back(), cjk_[i]);
      }
      if (i + 1 < cjk_.size()) {
        words_.emplace_back();
        append_utf8(words_.back(), cjk_[i]);
        append_utf8(words_.back(), cjk_[i + 1]);
      }
    }
    cjk_.clear();
  }

  bool singles_;
  CharKind kind_ = CharKind::kOther;
  std::string word_;
  std::u32string cjk_;
  std::vector<std::string> words_;
};

}  // namespace

std::string fold_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_utf8(out, next_folded(text, at).value_or(0xFFFD));
  return out;
}

std::vector<std::string> index_words(std::string_view text) { return WordCutter(true).cut(text); }

namespace {

/// Words that stand in any text and find nothing: of English, and Japanese pairs of hiragana, which are its grammar.
bool is_stop_word(std::string_view word) {
  static const std::set<std::string_view> kWords{
      "a",   "about", "all",  "an",   "and",  "any",       "are",   "as",   "at",    "be",   "been", "but",   "by",
      "can", "could", "did",  "do",   "does", "for",       "from",  "had",  "has",   "have", "how",  "i",     "if",
      "in",  "into",  "is",   "it",   "its",  "likeliest", "cause", "me",   "my",    "no",   "not",  "of",    "on",
      "or",  "our",   "so",   "than", "that", "the",       "their", "then", "there", "they", "this", "to",    "up",
      "was", "we",    "were", "what", "when", "where",     "which", "who",  "why",   "will", "with", "would", "you"};
  if (kWords.contains(word)) return true;
  bool hiragana = word.size() >= 6;
  for (std::size_t at = 0; at < word.size() && hiragana;) {
    const Utf8Char c = decode_utf8(word.substr(at));
    hiragana = c.code >= 0x3041 && c.code <= 0x309F;
    at += c.size;
  }
  return hiragana;
}

}  // namespace

std::vector<std::string> query_words(std::string_view text) {
  constexpr std::size_t kLongestQuery = 16384;
  std::vector<std::string> words;
  std::set<std::string> seen;
  for (std::string& word : WordCutter(false).cut(utf8_prefix(text, kLongestQuery))) {
    if (words.size() == kMaxQueryWords) break;
    if (!is_stop_word(word) && seen.insert(word).second) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace fa
