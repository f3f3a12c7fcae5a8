// What `dot -Tjson0` writes: any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "report/diagram_layout.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(fa::parse_layout({reinterpret_cast<const char*>(data), size}, 2, 1));
  return 0;
}
