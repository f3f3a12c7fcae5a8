#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "document/document.h"

/// The few words that renderings add to a document by themselves, in its language.
namespace fa::document {

/// Above the table of contents.
[[nodiscard]] std::string_view contents_title(Language language);
/// Below a piece of code of which `lines` lines are not shown.
[[nodiscard]] std::string lines_left_out(Language language, std::size_t lines);
/// Where a document ends that would have more than `pages` pages.
[[nodiscard]] std::string pages_left_out(Language language, std::size_t pages);

}  // namespace fa::document
