#include "investigate/claim_text.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "investigate/claim_text_parts.h"

namespace fa {
namespace spoken {

std::pair<std::uint32_t, std::size_t> code_point(std::string_view s, std::size_t at) {
  const Utf8Char c = decode_utf8(s.substr(at));
  return {static_cast<std::uint32_t>(c.code), c.size};
}

bool is_japanese_letter(std::uint32_t c) {
  return (c >= 0x3041 && c <= 0x30FA) || c == 0x30FC || (c >= 0x3400 && c <= 0x9FFF) || c == 0x3005 ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9D);
}

}  // namespace spoken

namespace {

void read_dates_and_numbers(SpokenSentence& said) {
  spoken::TimeReader times(said.tokens, said.times);
  spoken::NumberReader numbers(said.tokens, said.numbers);
  for (std::size_t i = 0; i < said.tokens.size(); ++i) {
    const Token t = said.tokens[i];
    if (t.kind == TokenKind::kTime) {
      times.read_time(t.text);
    } else if (t.kind == TokenKind::kNumber) {
      const std::size_t used = times.read_japanese_time(i);
      if (used > 0) {
        i += used - 1;
      } else {
        numbers.read_number(i);
      }
    } else if (t.kind == TokenKind::kWord) {
      numbers.read_number_word(i);
    } else if (t.kind == TokenKind::kJapanese) {
      numbers.read_japanese_number_words(t.text);
    }
  }
}

void write_plain(SpokenSentence& said) {
  for (const Token& t : said.tokens) {
    switch (t.kind) {
      case TokenKind::kQuote:
      case TokenKind::kEntity:
      case TokenKind::kEvidence:
        said.plain += ' ';
        break;
      case TokenKind::kJapanese:
        said.plain += t.raw;
        break;
      case TokenKind::kPunctuation:
        said.plain += t.raw;
        break;
      default:
        if (!said.plain.empty() && said.plain.back() != ' ') said.plain += ' ';
        said.plain += to_lower(t.raw);
        said.plain += ' ';
    }
  }
}

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
    const auto [c, n] = spoken::code_point(text, i);
    if (spoken::is_japanese_letter(c)) return true;
    i += n;
  }
  return false;
}

SpokenSentence read_sentence(std::string_view sentence, const std::vector<KnownName>& names) {
  SpokenSentence said;
  said.tokens = spoken::cut_sentence(sentence, names);
  read_dates_and_numbers(said);
  write_plain(said);
  return said;
}

}  // namespace fa
