#pragma once

#include <string_view>

namespace fa::document {

/// The style sheet of a document's page; colours come from draw::ink_style_sheet().
[[nodiscard]] std::string_view html_style();

}  // namespace fa::document
