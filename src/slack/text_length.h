#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fa::slack {

/// Length of UTF-8 text as Slack counts it: UTF-16 code units, so that most emoji count two. Slack does not say how it
/// counts; this is the largest of the readings.
[[nodiscard]] std::size_t text_length(std::string_view text);

/// The text where it is at most `most` long; else cut where a word ends, or a character where no word ends nearby, with
/// `…` behind it. Never longer than `most`.
[[nodiscard]] std::string cut_text(std::string_view text, std::size_t most);

/// Pieces of at most `most` (at least 2), which together are the text: cut behind a line, else behind a word, else
/// behind a character. Views into `text`; none for an empty text.
[[nodiscard]] std::vector<std::string_view> split_text(std::string_view text, std::size_t most);

}  // namespace fa::slack
