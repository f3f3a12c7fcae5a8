#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/file_descriptor.h"

namespace fa::server {

using Instant = std::chrono::steady_clock::time_point;

/// The thread that does all input and output: a reactor (Asio) with an alarm clock. Made to keep Asio out of other
/// files.
class EventLoop {
 public:
  /// `on_alarm` is called on the loop's thread when the time given to set_alarm() has come.
  explicit EventLoop(std::function<void()> on_alarm);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs callbacks on the calling thread until stop(). An exception ends the callback that threw it, not the loop.
  void run();
  void stop();                            ///< From any thread.
  void post(std::function<void()> task);  ///< From any thread: to be run by the loop.
  void set_alarm(Instant when);           ///< Replaces the former time.

 private:
  friend class WatchedSocket;
  struct State;
  std::unique_ptr<State> state_;
};

/// Who is told that a socket is ready.
class SocketUser {
 public:
  virtual ~SocketUser() = default;
  virtual void on_ready() = 0;
};

/// A non-blocking socket that the loop watches. All members must be called on the loop's thread (or before it runs).
class WatchedSocket {
 public:
  enum class Want { kRead, kWrite };

  /// Throws std::system_error when the system cannot watch it (out of memory).
  WatchedSocket(EventLoop& loop, FileDescriptor socket);
  ~WatchedSocket();
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;

  [[nodiscard]] int fd() const;  ///< -1 when it was closed.
  /// Calls `user` once, when the socket is ready or has failed. Only the last wait counts; it keeps `user` alive.
  void wait(Want want, std::shared_ptr<SocketUser> user);
  /// Calls `user` once, as soon as others had their turn.
  void wake(std::shared_ptr<SocketUser> user);
  void close();  ///< Ends a wait without a call.

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace fa::server
