#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace fa::server {

inline constexpr int kBacklog = 4096;  ///< Connections that may wait to be accepted.

/// A listening, non-blocking socket. kInvalidInput for what is no IP address of this machine or a port that is not
/// ours to use, kUnavailable when the port is taken.
[[nodiscard]] Result<FileDescriptor> listen_on(const std::string& address, std::uint16_t port);
[[nodiscard]] std::uint16_t local_port(int socket);

struct Accepted {
  enum class Outcome {
    kConnection,
    kNone,       ///< Nobody waits.
    kAgain,      ///< One that went away meanwhile: try the next.
    kExhausted,  ///< The system has no room for one more.
  };
  Outcome outcome = Outcome::kNone;
  FileDescriptor socket = {};  ///< Non-blocking.
  std::string peer = {};       ///< Its address.
};
[[nodiscard]] Accepted accept_one(int listener);

/// Raises the limit on open files to what that many connections and the rest of the program need. Gives how many
/// connections it allows for in the end: fewer where the system's hard limit is lower.
[[nodiscard]] std::size_t make_room_for(std::size_t connections);

}  // namespace fa::server
