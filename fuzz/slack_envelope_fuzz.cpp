/// Socket Mode's messages: whatever is read can be acknowledged with valid JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.h"
#include "slack/socket_frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = fa::slack::parse_socket_frame({reinterpret_cast<const char*>(data), size});
  if (frame.kind != fa::slack::FrameKind::kEnvelope) return 0;
  const fa::Json acknowledged = fa::parse_json(fa::slack::acknowledgement_text(frame.envelope_id, frame.payload));
  if (!acknowledged.is_object() || acknowledged["envelope_id"] != frame.envelope_id) std::abort();
  if (!acknowledged["payload"].is_object()) std::abort();
  return 0;
}
