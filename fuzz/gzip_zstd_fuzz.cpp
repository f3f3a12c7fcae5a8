#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "sources/file/decompress.h"

// Decompression of any bytes: it must end, hand out the same bytes and the same error whatever the size of the pieces
// asked for, and repeat its error.

namespace {

struct Outcome {
  std::string text;
  std::string error;
};

Outcome unpack(std::string_view bytes, std::size_t piece) {
  constexpr std::size_t kEnough = std::size_t{4} << 20;  // a few bytes may stand for gigabytes
  Outcome out;
  auto stream = fa::decompress(fa::make_memory_stream(bytes));
  if (!stream) {
    return {"", stream.error().message};
  }
  std::vector<char> buffer(piece);
  while (out.text.size() < kEnough) {
    const auto got = (*stream)->read(buffer);
    if (!got) {
      out.error = got.error().message;
      const auto again = (*stream)->read(buffer);
      if (again || again.error().message != out.error) {
        std::abort();
      }
      break;
    }
    if (*got == 0) {
      break;
    }
    out.text.append(buffer.data(), *got);
  }
  out.text.resize(std::min(out.text.size(), kEnough));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome large = unpack(bytes, std::size_t{1} << 20);
  const Outcome small = unpack(bytes, 4097);
  if (large.text != small.text || large.error.empty() != small.error.empty()) {
    std::abort();
  }
  return 0;
}
