#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"

/// WebSocket connections (RFC 6455) without a word of what is said over them. Made to keep Boost.Beast in one file.
namespace fa::slack {

/// The thread on which connections read, write and call back. The destructor ends and joins it, and with it ends,
/// without a word, what was not closed before. No connection may be held any more by then.
class SocketLoop {
 public:
  SocketLoop();
  ~SocketLoop();
  SocketLoop(const SocketLoop&) = delete;
  SocketLoop& operator=(const SocketLoop&) = delete;

  struct State;
  [[nodiscard]] const std::shared_ptr<State>& state() const { return state_; }

 private:
  std::shared_ptr<State> state_;
};

struct SocketTarget {
  std::string url;      ///< `wss://host[:port]/path?query`, or `ws://` to loopback where that is allowed.
  std::string ca_file;  ///< PEM instead of the system's.
  bool allow_plain = false;
  Nanoseconds connect_timeout{0};     ///< Until established() is called.
  Nanoseconds idle_timeout{0};        ///< Without any frame.
  std::size_t max_message_bytes = 0;  ///< What is larger is read and thrown away.
};

/// Called on the loop's thread, one at a time.
struct SocketEvents {
  std::function<void(std::string_view text)> on_text;
  std::function<void(const std::string& what)> on_skipped;  ///< A message that is no text, or too large.
  std::function<void()> on_ping;
  /// The last call, exactly one unless the loop ends before. `why`: for a log; never has the URL's path or query.
  std::function<void(const std::string& why)> on_closed;
};

class SocketConnection {
 public:
  virtual ~SocketConnection() = default;
  /// Sends a text message. May be called on any thread, also after the end of the connection and the loop (then it does
  /// nothing).
  [[nodiscard]] virtual std::function<void(std::string text)> sender() = 0;
  /// Sends what is waiting, then says goodbye, within two seconds. Thread-safe.
  virtual void close() = 0;
  /// The other side is who it should be: the time for connecting is over. On the loop's thread.
  virtual void established() = 0;
};

/// Begins to connect. Whatever goes wrong is told by on_closed.
[[nodiscard]] std::shared_ptr<SocketConnection> open_socket(const SocketLoop& loop, SocketTarget target,
                                                            SocketEvents events);

}  // namespace fa::slack
