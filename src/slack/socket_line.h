#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "slack/socket_connection.h"
#include "slack/socket_frame.h"
#include "slack/socket_mode.h"

namespace fa::slack {

/// What all connections of one SocketMode share. Thread-safe.
class SocketDesk {
 public:
  SocketDesk(SocketMode::Handler handle, std::function<void(const std::string&)> told)
      : handle_(std::move(handle)), told_(std::move(told)) {}

  void tell(const std::string& line) const;
  /// Gives it to the handler, whose exceptions end here.
  void take(Envelope envelope);
  void stop_taking() { taking_ = false; }

  void opened();
  void closed(bool by_us);
  void unreadable();
  [[nodiscard]] SocketModeCounts counts() const;

 private:
  const SocketMode::Handler handle_;
  const std::function<void(const std::string&)> told_;
  std::atomic<bool> taking_ = true;
  mutable std::mutex mutex_;
  SocketModeCounts counts_;
};

/// One connection as Slack speaks over it: says when it may be used, hands on envelopes, and says when it ends or
/// should be replaced. Thread-safe.
class SocketLine : public std::enable_shared_from_this<SocketLine> {
 public:
  enum class State {
    kOpening,
    kOpen,
    kReplace,      ///< Still open, but Slack will close it.
    kTooMany,      ///< The app has more connections than it may have.
    kSwitchedOff,  ///< Socket Mode is off in the app's settings.
    kLost,
  };

  /// Begins to connect; closes politely when nobody holds it any more.
  static std::shared_ptr<SocketLine> open(std::shared_ptr<SocketDesk> desk, const SocketLoop& loop,
                                          SocketTarget target);
  explicit SocketLine(std::shared_ptr<SocketDesk> desk) : desk_(std::move(desk)) {}
  ~SocketLine();
  SocketLine(const SocketLine&) = delete;
  SocketLine& operator=(const SocketLine&) = delete;

  /// Waits until the state is another one than `state`, or `stop` is requested; returns it.
  State wait_while(State state, const std::stop_token& stop);
  /// Waits until the connection has ended, or the time is over.
  bool wait_closed(std::chrono::steady_clock::time_point end);
  void close();
  [[nodiscard]] bool said_hello() const;
  /// Something came after the hello: this connection was good for something.
  [[nodiscard]] bool proved() const;

 private:
  void on_text(std::string_view text);
  void on_closed(const std::string& why);
  void hello();
  void disconnect(const std::string& reason);
  void hand_on(SocketFrame frame);
  void become(State state);

  const std::shared_ptr<SocketDesk> desk_;
  std::shared_ptr<SocketConnection> connection_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  State state_ = State::kOpening;
  bool was_open_ = false;
  bool proved_ = false;
  bool closing_ = false;
  bool closed_ = false;
};

}  // namespace fa::slack
