#include "base/shell_quote.h"

#include <algorithm>

#include "base/text.h"

namespace fa {

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c == '\0' ? ' ' : c;
    }
  }
  return quoted + "'";
}

std::string shell_word(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           std::string_view("_-./:@%+=,").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), plain) ? std::string(text) : shell_quoted(text);
}

}  // namespace fa
