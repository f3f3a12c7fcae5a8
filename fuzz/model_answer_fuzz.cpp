// What a model answers with: any bytes.
#include <cstdint>
#include <string_view>

#include "investigate/model_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = fa::parse_answer(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!answer && answer.error().message.empty()) __builtin_trap();
  return 0;
}
