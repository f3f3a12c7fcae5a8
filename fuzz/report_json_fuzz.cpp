// Any bytes are a report or an error, and what was read is written and read again without a change.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/report_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto report = fa::report_from_json(text);
  if (!report) return 0;
  const std::string written = fa::report_to_json(*report);
  const auto again = fa::report_from_json(written);
  if (!again || fa::report_to_json(*again) != written) std::abort();
  return 0;
}
