#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "insight/lexicon.h"

namespace fa::insight {

/// A word of the alphabet in a question; names with `-` or `_` inside are one.
struct QuestionWord {
  std::string text;
  std::vector<std::string> parts;  ///< Between `-`, `_`, `.`, `/`: one of a plain word.
  bool known = false;              ///< Of the lexicon, or common: no name by itself.
  bool looks_like_name = false;    ///< Has a separator or a digit inside, or stands in quotation marks.
  bool beside_kind = false;        ///< Before or behind a word like `service`, `queue`, `table`.
};

/// Words of a question in their order. `folded` is lower case with usual widths.
[[nodiscard]] std::vector<QuestionWord> question_words(std::string_view folded, const WordMeaning& words);

/// Without the -s or -es of a plural.
[[nodiscard]] std::string singular(std::string_view word);

/// Runs of Chinese or Japanese characters of at least two.
[[nodiscard]] std::vector<std::string> cjk_runs(std::string_view text);

}  // namespace fa::insight
