#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "store/document.h"
#include "store/words.h"

/// Passages are pieces of the document, in its order, of bounded length, and cut no character.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (fa::cut_document(bytes, "bytes").size() > size || fa::index_words(bytes).size() > size * 2) std::abort();
  const std::string text = fa::sanitize_utf8(bytes);
  std::uint64_t line = 1;
  for (const fa::Passage& passage : fa::cut_document(text, "text")) {
    if (passage.text.empty() || passage.text.size() > 1200 + 600 || !fa::is_valid_utf8(passage.text)) std::abort();
    if (text.find(passage.text) == std::string::npos || passage.first_line < line) std::abort();
    line = passage.first_line;
  }
  for (const std::string& word : fa::query_words(text)) {
    if (word.empty() || !fa::is_valid_utf8(word) || word.find('"') != std::string::npos) std::abort();
  }
  return 0;
}
