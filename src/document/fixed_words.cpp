#include "document/fixed_words.h"

#include <fmt/core.h>

#include "base/text.h"

namespace fa::document {

std::string_view contents_title(Language language) { return language == Language::kJapanese ? "目次" : "Contents"; }

std::string lines_left_out(Language language, std::size_t lines) {
  const std::string count = format_count(lines);
  return language == Language::kJapanese ? fmt::format("（以下 {} 行を省略）", count)
                                         : fmt::format("({} more lines are not shown)", count);
}

std::string pages_left_out(Language language, std::size_t pages) {
  return language == Language::kJapanese
             ? fmt::format(
                   "{} ページを超えたため、以降を省略しました。全文は HTML または Markdown の出力をご覧ください。",
                   pages)
             : fmt::format(
                   "Cut here: the document has more than {} pages. The HTML and Markdown renderings have all of it.",
                   pages);
}

}  // namespace fa::document
