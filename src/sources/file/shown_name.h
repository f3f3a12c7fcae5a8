#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace fa {

/// A file name (any bytes) as it may stand in one line of a report: control characters visible, valid UTF-8.
inline std::string shown_name(std::string_view raw) {
  std::string out;
  for (const char c : visible(raw)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace fa
