#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "llm/token_bound.h"

/// A prefix never has more tokens, and no byte is worth more than a character can be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::uint64_t whole = fa::llm::token_bound(text);
  if ((whole == 0) != text.empty() || whole > 1 + 4 * size) std::abort();
  std::uint64_t before = 0;
  const std::size_t step = size / 64 + 1;
  for (std::size_t end = 0; end <= size; end += step) {
    const std::uint64_t part = fa::llm::token_bound(text.substr(0, end));
    if (part < before || part > whole) std::abort();
    before = part;
  }
  return 0;
}
