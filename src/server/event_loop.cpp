#include "server/event_loop.h"

#if defined(__SANITIZE_THREAD__)
// Asio's fences, which ThreadSanitizer does not follow, order nothing here: one thread runs the loop, and what others
// post goes through a lock.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace fa::server {

namespace asio = boost::asio;
using boost::system::error_code;

struct EventLoop::State {
  std::function<void()> on_alarm;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::steady_timer alarm{io};
};

EventLoop::EventLoop(std::function<void()> on_alarm) : state_(std::make_unique<State>()) {
  state_->on_alarm = std::move(on_alarm);
}

EventLoop::~EventLoop() = default;

void EventLoop::run() {
  for (;;) {
    try {
      state_->io.run();
      return;
    } catch (...) {  // No memory: whoever was at work is ended by its deadline.
      continue;
    }
  }
}

void EventLoop::stop() { state_->io.stop(); }

void EventLoop::post(std::function<void()> task) { asio::post(state_->io, std::move(task)); }

void EventLoop::set_alarm(Instant when) {
  state_->alarm.expires_at(when);
  state_->alarm.async_wait([this](error_code error) {
    if (!error) state_->on_alarm();
  });
}

struct WatchedSocket::State {
  explicit State(asio::io_context& io) : descriptor(io) {}
  FileDescriptor owned;
  asio::posix::stream_descriptor descriptor;  ///< Watches `owned`; open as long as it does.
  std::uint64_t waits = 0;                    ///< So far: an outdated wait is known by its number.
};

WatchedSocket::WatchedSocket(EventLoop& loop, FileDescriptor socket)
    : state_(std::make_shared<State>(loop.state_->io)) {
  state_->descriptor.assign(socket.get());  // Throws without taking it.
  state_->owned = std::move(socket);
}

WatchedSocket::~WatchedSocket() { close(); }

int WatchedSocket::fd() const { return state_->owned.get(); }

void WatchedSocket::wait(Want want, std::shared_ptr<SocketUser> user) {
  const auto kind =
      want == Want::kRead ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
  state_->descriptor.async_wait(kind,
                                [state = state_, number = ++state_->waits, user = std::move(user)](error_code error) {
                                  if (error != asio::error::operation_aborted && number == state->waits)
                                    user->on_ready();
                                });
}

void WatchedSocket::wake(std::shared_ptr<SocketUser> user) {
  asio::post(state_->descriptor.get_executor(), [state = state_, number = ++state_->waits, user = std::move(user)] {
    if (number == state->waits) user->on_ready();
  });
}

void WatchedSocket::close() {
  ++state_->waits;
  if (!state_->descriptor.is_open()) return;
  state_->descriptor.release();
  state_->owned.reset();
}

}  // namespace fa::server
