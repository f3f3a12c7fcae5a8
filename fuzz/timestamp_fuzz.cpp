#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/timestamp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  fa::TimestampContext context;
  if ((data[0] & 1) != 0) context.reference_time = fa::from_unix_nanos(1'773'477'000'000'000'000);
  context.allow_date_only = (data[0] & 2) != 0;
  context.date_order = static_cast<fa::DateOrder>(data[0] / 4 % 3);
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  for (const auto& found : {fa::scan_timestamp(text, context), fa::parse_timestamp_text(text, context),
                            fa::parse_timestamp_at(text, 0, context)}) {
    if (!found) continue;
    if (found->begin >= found->end || found->end > text.size()) std::abort();
    if (found->time != fa::kNoTime && fa::to_unix_nanos(found->time) < 0) std::abort();
    if (context.reference_time && found->time == fa::kNoTime) std::abort();
  }
  if (const auto epoch = fa::parse_epoch_number(text); epoch && fa::to_unix_nanos(*epoch) < 0) std::abort();
  return 0;
}
