#include "slack/socket_frame.h"

#include <algorithm>

#include "base/json.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

/// Slack's envelopes have tens of kilobytes; a connection's own limit is lower.
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::uint64_t kMostRetries = 1000;

SocketFrame unreadable(std::string reason) {
  SocketFrame frame;
  frame.reason = std::move(reason);
  return frame;
}

int retry_attempt_of(const Json& document) {
  const Json* attempt = member_at(document, {"retry_attempt"});
  if (attempt == nullptr || !attempt->is_number_unsigned()) return 0;
  return static_cast<int>(std::min(attempt->get<std::uint64_t>(), kMostRetries));
}

SocketFrame envelope_of(const Json& document, std::string type) {
  SocketFrame frame;
  frame.envelope_id = id_at(document, {"envelope_id"});
  if (frame.envelope_id.empty()) return unreadable("a message without an envelope_id");
  const Json* payload = member_at(document, {"payload"});
  if (payload == nullptr || !payload->is_object()) return unreadable("an envelope without a payload");
  const Json* accepts = member_at(document, {"accepts_response_payload"});
  frame.kind = FrameKind::kEnvelope;
  frame.type = std::move(type);
  frame.payload = json_text(*payload);
  frame.accepts_response_payload = accepts != nullptr && accepts->is_boolean() && accepts->get<bool>();
  frame.retry_attempt = retry_attempt_of(document);
  return frame;
}

}  // namespace

SocketFrame parse_socket_frame(std::string_view text) {
  const auto document = read_json(text, kMostBytes, "This message");
  if (!document) return unreadable("a message that is no JSON, or too large or deep");
  if (!document->is_object()) return unreadable("a message that is no JSON object");
  std::string type = known_word(text_at(*document, {"type"}));
  if (type != "hello" && type != "disconnect") return envelope_of(*document, std::move(type));
  SocketFrame frame;
  frame.kind = type == "hello" ? FrameKind::kHello : FrameKind::kDisconnect;
  if (frame.kind == FrameKind::kDisconnect) frame.reason = known_word(text_at(*document, {"reason"}));
  return frame;
}

std::string acknowledgement_text(const std::string& envelope_id, const std::string& payload) {
  Json acknowledgement{{"envelope_id", envelope_id}};
  if (!payload.empty()) {
    Json object = parse_json(payload);
    if (object.is_object()) acknowledgement["payload"] = std::move(object);
  }
  return json_text(acknowledgement);
}

}  // namespace fa::slack
