#pragma once

#include <string>
#include <string_view>

/// The messages of Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode). Pure functions.
namespace fa::slack {

enum class FrameKind {
  kHello,       ///< The connection may be used.
  kDisconnect,  ///< It will end, or must; `reason` says why.
  kEnvelope,
  kUnreadable,  ///< None of Slack's; `reason` says why, in our words.
};

struct SocketFrame {
  FrameKind kind = FrameKind::kUnreadable;
  std::string reason;
  // Of an envelope.
  std::string type;
  std::string envelope_id;
  std::string payload;  ///< JSON
  bool accepts_response_payload = false;
  int retry_attempt = 0;
};

/// Takes a text message apart. Words of the other side in it are known_word()s or ids, but for the payload.
[[nodiscard]] SocketFrame parse_socket_frame(std::string_view text);

/// What acknowledges an envelope. `payload`: a JSON object; anything else, and nothing at all, is left out.
[[nodiscard]] std::string acknowledgement_text(const std::string& envelope_id, const std::string& payload);

}  // namespace fa::slack
