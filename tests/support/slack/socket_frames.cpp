#include "support/slack/socket_frames.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace fa::test {
namespace {

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

std::string websocket_accept(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::string server_frame(Opcode opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
  const std::size_t size = payload.size();
  const std::size_t extra = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out += static_cast<char>(extra == 0 ? size : extra == 2 ? 126U : 127U);
  for (std::size_t i = extra; i > 0; --i) out += static_cast<char>(size >> (8 * (i - 1)) & 0xFFU);
  return out.append(payload);
}

std::optional<ClientFrame> take_frame(std::string& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  std::uint64_t size = second & 0x7FU;
  const std::size_t extra = size < 126 ? 0 : size == 126 ? 2 : 8;
  const bool masked = (second & 0x80U) != 0;
  const std::size_t head = 2 + extra + (masked ? 4 : 0);
  if (bytes.size() < head) return std::nullopt;
  if (extra > 0) size = number_at(bytes, 2, extra);
  if (bytes.size() - head < size) return std::nullopt;
  ClientFrame frame;
  frame.last = (first & 0x80U) != 0;
  frame.opcode = static_cast<Opcode>(first & 0x0FU);
  frame.masked = masked;
  frame.payload = bytes.substr(head, size);
  for (std::size_t i = 0; masked && i < frame.payload.size(); ++i) {
    frame.payload[i] = static_cast<char>(frame.payload[i] ^ bytes[head - 4 + i % 4]);
  }
  bytes.erase(0, head + size);
  return frame;
}

}  // namespace fa::test
