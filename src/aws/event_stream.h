#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace fa::aws {

/// One frame of application/vnd.amazon.eventstream. Format: Smithy specification, "Amazon Event Stream".
struct EventMessage {
  using Value = std::variant<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::vector<std::uint8_t>,
                             std::string, TimePoint, std::array<std::uint8_t, 16>>;
  std::vector<std::pair<std::string, Value>> headers;
  std::string payload;

  /// A string header; empty when there is none.
  [[nodiscard]] std::string_view text(std::string_view name) const;
};

/// Of a whole frame; 16 MiB payload + 128 KiB headers fit.
inline constexpr std::size_t kMaxEventBytes = std::size_t{24} << 20;
inline constexpr std::size_t kMaxEventHeaderBytes = std::size_t{128} << 10;

/// Takes frames out of bytes that arrive in pieces; the messages do not depend on where the pieces are cut. Checked
/// are both checksums, lengths, header forms and that header names are not repeated. Work and memory are linear in the
/// bytes fed; at most one frame is kept. Not thread-safe.
class EventStreamDecoder {
 public:
  /// All messages completed by these bytes. A broken frame is an error (kUnreadable; kLimit above kMaxEventBytes),
  /// told once the messages before it are handed over: by the same call when there are none, else by the next call or
  /// finish(). Every further call returns it again.
  Result<std::vector<EventMessage>> feed(std::string_view bytes);
  /// The error of a broken frame, or one (kUnreadable) when the stream ends inside a frame.
  [[nodiscard]] Result<void> finish() const;

 private:
  Result<std::optional<EventMessage>> next(std::string_view& bytes);

  std::string pending_;         ///< Beginning of the frame that is not complete yet.
  std::size_t wanted_ = 0;      ///< Size that pending_ must reach before it can be read on.
  std::uint64_t consumed_ = 0;  ///< Bytes of the frames before, for messages.
  std::optional<Error> broken_;
};

/// Empty when the message cannot be written: header names of no or over 255 bytes, values over 32767 bytes, or more
/// than the limits above. Times are cut to milliseconds.
std::string encode_event(const EventMessage& message);

}  // namespace fa::aws
