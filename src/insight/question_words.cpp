#include "insight/question_words.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace fa::insight {
namespace {

bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
bool is_joint(char c) { return c == '-' || c == '_' || c == '.' || c == '/' || c == ':'; }

bool is_cjk(char32_t c) {
  return (c >= 0x3041 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || c == 0x3005 || (c >= 0xF900 && c <= 0xFAFF);
}

bool has_both(std::string_view text) {
  const bool digit = std::any_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
  const bool letter = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return digit && letter;
}

/// Whether the lexicon read all of these bytes.
bool is_read(const WordMeaning& words, std::size_t begin, std::size_t end) {
  return std::any_of(words.places.begin(), words.places.end(),
                     [&](const auto& place) { return place.first <= begin && place.second >= end; });
}

bool is_quoted(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view before = text.substr(0, begin);
  const std::string_view behind = text.substr(end);
  for (const auto& [open, close] :
       {std::pair("「", "」"), std::pair("\"", "\""), std::pair("`", "`"), std::pair("'", "'"), std::pair("“", "”")}) {
    if (before.ends_with(open) && behind.starts_with(close)) return true;
  }
  return false;
}

}  // namespace

std::vector<QuestionWord> question_words(std::string_view folded, const WordMeaning& words) {
  std::vector<QuestionWord> out;
  for (std::size_t at = 0; at < folded.size();) {
    if (!is_alnum(folded[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < folded.size() &&
           (is_alnum(folded[end]) || (is_joint(folded[end]) && end + 1 < folded.size() && is_alnum(folded[end + 1])))) {
      ++end;
    }
    QuestionWord word;
    word.text = std::string(folded.substr(at, end - at));
    std::string part;
    for (const char c : word.text + "-") {
      if (!is_joint(c)) {
        part += c;
      } else if (!part.empty()) {
        word.parts.push_back(std::move(part));
        part.clear();
      }
    }
    const bool all_digits =
        std::all_of(word.text.begin(), word.text.end(), [](char c) { return is_digit(c) || is_joint(c); });
    word.known = is_read(words, at, end) || is_common_word(word.text) || all_digits || word.text.size() < 2;
    word.looks_like_name = !word.known && (word.parts.size() > 1 || has_both(word.text) || is_quoted(folded, at, end));
    out.push_back(std::move(word));
    at = end;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto kind = [&](std::size_t j) {
      return j < out.size() && (is_generic_name_part(singular(out[j].text)) || out[j].text == "services");
    };
    out[i].beside_kind = !out[i].known && (kind(i + 1) || (i > 0 && kind(i - 1)));
  }
  return out;
}

std::string singular(std::string_view word) {
  if (word.size() > 4 && word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  if (word.size() > 4 && (word.ends_with("sses") || word.ends_with("xes") || word.ends_with("ches"))) {
    return std::string(word.substr(0, word.size() - 2));
  }
  const bool plural =
      word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is");
  return std::string(plural ? word.substr(0, word.size() - 1) : word);
}

std::vector<std::string> cjk_runs(std::string_view text) {
  std::vector<std::string> runs;
  std::string run;
  std::size_t count = 0;
  const auto end_run = [&] {
    if (count >= 2) runs.push_back(run);
    run.clear();
    count = 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(at));
    if (c.valid && is_cjk(c.code)) {
      run += text.substr(at, c.size);
      ++count;
    } else {
      end_run();
    }
    at += c.size;
  }
  end_run();
  return runs;
}

}  // namespace fa::insight
