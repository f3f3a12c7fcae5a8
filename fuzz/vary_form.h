#pragma once

#include <cstddef>
#include <string>

#include "base/text.h"

namespace fa {

/// Changes digits and hexadecimal ids of `text` from `begin` on into others: in turn 0 and 3 nothing, in turn 1 ids, in
/// turn 2 and 4 digits too.
inline void vary_form(std::string& text, std::size_t begin, unsigned turn) {
  if (turn % 3 == 0) return;
  const auto is_id = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  std::size_t run = begin;
  for (std::size_t i = begin; i <= text.size(); ++i) {
    if (i < text.size() && is_id(text[i])) continue;
    for (std::size_t k = run; k < i; ++k) {
      const std::size_t value = static_cast<unsigned char>(text[k]) * 7U + k * 5U + turn;
      if (i - run >= 6) {
        text[k] = "0123456789abcdef"[value % 16];
      } else if (turn % 2 == 0 && is_digit(text[k])) {
        text[k] = static_cast<char>('0' + value % 10);
      }
    }
    run = i + 1;
  }
}

}  // namespace fa
