#pragma once

#include <string_view>

namespace fa {

/// The style sheet inside every HTML report: light and dark, screen and print, no reference to anything outside.
[[nodiscard]] std::string_view html_style();

}  // namespace fa
