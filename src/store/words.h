#pragma once

#include <string>
#include <string_view>
#include <vector>

/// How text becomes the words of the full-text index.
namespace fa {

/// All words a text can be found by, in its order: lower-case runs of letters, digits and `_`; the parts of identifiers
/// (`OrderService` also gives `order` and `service`, `db_pool` also `db` and `pool`); of Chinese, Japanese and Korean
/// runs every pair of neighbours and every single character. Full-width ASCII and half-width katakana are folded to
/// their usual forms first, about as Unicode NFKC does. Pure; survives any bytes.
[[nodiscard]] std::vector<std::string> index_words(std::string_view text);

/// What a question is looked up by: the same, each word once, without the single characters of longer runs and
/// without words that stand in any text (English "the", pairs of hiragana); at most kMaxQueryWords.
[[nodiscard]] std::vector<std::string> query_words(std::string_view text);

inline constexpr std::size_t kMaxQueryWords = 100;

/// Full-width ASCII and half-width katakana in their usual forms, the ideographic space as a space, bytes that are no
/// UTF-8 as U+FFFD; all else stays.
[[nodiscard]] std::string fold_width(std::string_view text);

}  // namespace fa
