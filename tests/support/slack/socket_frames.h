#pragma once

#include <optional>
#include <string>
#include <string_view>

/// WebSocket's handshake and frames (RFC 6455) as a server has them.
namespace fa::test {

enum class Opcode : unsigned { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

struct ClientFrame {
  bool last = true;
  Opcode opcode = Opcode::kText;
  std::string payload;
  bool masked = false;
};

/// Value of Sec-WebSocket-Accept.
[[nodiscard]] std::string websocket_accept(const std::string& key);
/// A whole, unmasked frame.
[[nodiscard]] std::string server_frame(Opcode opcode, std::string_view payload);
/// Takes a whole frame off `bytes`; nullopt where there is none yet.
[[nodiscard]] std::optional<ClientFrame> take_frame(std::string& bytes);

}  // namespace fa::test
