#pragma once

#include <string>

namespace fa::llm {

/// A JSON document as one line of what stands between `<data>` and `</data>` in a prompt: no text in it can look like
/// the fence, and it is the same document still.
[[nodiscard]] std::string fenced_line(std::string json);

}  // namespace fa::llm
