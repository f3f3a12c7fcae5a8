#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "llm/openai_answer.h"

namespace {

struct Outcome {
  bool ok = false;
  fa::llm::ChatAnswer answer;
  std::string error;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  fa::llm::CompletionReader reader;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    if (const auto fed = reader.feed(part); !fed) return {false, {}, fed.error().message};
  }
  auto answer = reader.finish();
  if (!answer) return {false, {}, answer.error().message};
  return {true, std::move(*answer), {}};
}

}  // namespace

/// Whole or in pieces: the same answer or error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const Outcome whole = read(bytes, size);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{29}}) {
    const Outcome pieces = read(bytes, piece);
    if (pieces.ok != whole.ok || pieces.error != whole.error || pieces.answer.blocks != whole.answer.blocks ||
        pieces.answer.stop != whole.answer.stop || pieces.answer.usage != whole.answer.usage) {
      std::abort();
    }
  }
  static_cast<void>(fa::llm::read_completion_error(bytes));
  return 0;
}
