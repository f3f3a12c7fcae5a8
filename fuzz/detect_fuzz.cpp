#include "reader_fuzz.h"

/// Whatever the detector says, its reader must take these bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const fa::Detection detection = fa::detect_format(input, true);
  fa::fuzz::check(detection.format != fa::Format::kUnknown || !detection.reason.empty(), "unknown without a reason");
  fa::detect_format(input.substr(0, size / 2), false);
  return fa::fuzz::run(detection.format, data, size);
}
