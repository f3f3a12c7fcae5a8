#include <cstdint>
#include <string_view>

#include "answer_fuzz.h"
#include "llm/openai_answer.h"

/// Whole or in pieces: the same answer or error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  fa::fuzz::require_same_in_pieces<fa::llm::CompletionReader>(bytes);
  static_cast<void>(fa::llm::read_completion_error(bytes));
  return 0;
}
