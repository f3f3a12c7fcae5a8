#pragma once

#include <string>
#include <string_view>

namespace fa {

/// One word of a POSIX shell command between single quotes, so that the shell sees nothing in it. Line feeds survive;
/// NULs, which no argument can hold, become spaces.
std::string shell_quoted(std::string_view text);

/// The same, without quotes where nothing needs them.
std::string shell_word(std::string_view text);

}  // namespace fa
