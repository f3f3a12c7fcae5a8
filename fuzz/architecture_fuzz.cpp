// A team's description of its system: any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "investigate/architecture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const fa::DescribedCall& call : fa::described_calls({reinterpret_cast<const char*>(data), size})) {
    if (call.caller.name.empty() || call.callee.name.empty()) __builtin_trap();
  }
  return 0;
}
