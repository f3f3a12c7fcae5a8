#include "slack/socket_connection.h"

#if defined(__SANITIZE_THREAD__)
// Asio's fences, which ThreadSanitizer does not follow, order nothing here: one thread runs the loop, and what others
// post goes through a lock.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "net/url_parts.h"

namespace fa::slack {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

/// The io_context, as long as there is one: what sends may be held by others, who may outlive it.
struct SocketLoop::State {
  std::mutex mutex;
  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work{io->get_executor()};
  std::thread thread;

  template <class Task>
  void post(Task task) {
    const std::scoped_lock lock(mutex);
    if (io) asio::post(*io, std::move(task));
  }
};

SocketLoop::SocketLoop() : state_(std::make_shared<State>()) {
  state_->thread = std::thread([&io = *state_->io] {
    for (;;) {
      try {
        io.run();
        return;
      } catch (...) {  // No memory: whoever was at work is ended by its deadline.
        continue;
      }
    }
  });
}

SocketLoop::~SocketLoop() {
  state_->work.reset();
  state_->io->stop();
  state_->thread.join();
  std::unique_ptr<asio::io_context> io;
  {
    const std::scoped_lock lock(state_->mutex);
    io = std::move(state_->io);
  }
  // Ends the connections that its handlers hold; not under the lock, for they may look at it.
  io.reset();
}

namespace {

constexpr auto kGoodbye = std::chrono::seconds(2);
/// Acknowledgements that wait to be sent; Slack has far fewer envelopes under way.
constexpr std::size_t kMostUnsent = 10'000;
constexpr std::size_t kReadAtOnce = 16'384;
constexpr std::size_t kAbsurd = 64;

/// TCP with TLS around it or without: one type, so that Beast is compiled once.
class Wire {
 public:
  using executor_type = tcp::socket::executor_type;

  explicit Wire(asio::io_context& io) : socket_(io) {}
  tcp::socket& socket() { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }
  asio::ssl::stream<tcp::socket&>& start_tls(asio::ssl::context& context) { return tls_.emplace(socket_, context); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->async_read_some(buffers, std::forward<Handler>(handler));
    } else {
      socket_.async_read_some(buffers, std::forward<Handler>(handler));
    }
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) {
      tls_->async_write_some(buffers, std::forward<Handler>(handler));
    } else {
      socket_.async_write_some(buffers, std::forward<Handler>(handler));
    }
  }

  void cut() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
};

// What Beast asks of a stream beside reading and writing. WebSocket has said goodbye by then, so TLS need not.
void beast_close_socket(Wire& wire) { wire.cut(); }
template <class Handler>
void async_teardown(beast::role_type, Wire& wire, Handler&& handler) {
  wire.cut();
  asio::post(wire.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

struct Place {
  bool tls = true;
  std::string host;  ///< Without brackets.
  std::string port;
  std::string authority;  ///< For the Host header.
  std::string path;       ///< With query.
};

std::optional<Place> place_of(const std::string& url) {
  const bool tls = url.starts_with("wss://");
  if (!tls && !url.starts_with("ws://")) return std::nullopt;
  const std::string http = "http" + url.substr(2);
  const auto parts = split_url(http);
  if (!parts) return std::nullopt;
  Place place;
  place.tls = tls;
  place.authority = parts->authority;
  place.path = http.substr(static_cast<std::size_t>(parts->authority.data() - http.data()) + parts->authority.size());
  if (!place.path.starts_with('/')) place.path.insert(0, 1, '/');
  const std::size_t bracket = place.authority.rfind(']');
  const std::size_t colon = place.authority.rfind(':');
  const bool has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  place.host = place.authority.substr(0, has_port ? colon : std::string::npos);
  place.port = has_port ? place.authority.substr(colon + 1) : tls ? "443" : "80";
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  return place;
}

bool is_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

class WebSocket final : public SocketConnection, public std::enable_shared_from_this<WebSocket> {
 public:
  WebSocket(std::shared_ptr<SocketLoop::State> loop, asio::io_context& io, SocketTarget target, SocketEvents events)
      : loop_(std::move(loop)),
        target_(std::move(target)),
        events_(std::move(events)),
        tls_context_(asio::ssl::context::tls_client),
        resolver_(io),
        stream_(io),
        connecting_(io),
        idle_(io) {}

  // From any thread.

  std::function<void(std::string)> sender() override {
    return [loop = loop_, weak = weak_from_this()](std::string text) {
      loop->post([weak, text = std::move(text)]() mutable {
        if (const auto self = weak.lock()) self->enqueue(std::move(text));
      });
    };
  }
  void close() override {
    loop_->post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->say_goodbye();
    });
  }

  // On the loop's thread, as all below.

  void established() override {
    if (!leaving_) connecting_.cancel();
  }

  void begin() {
    const auto place = place_of(target_.url);
    if (!place) return end("the address that Slack gave is no WebSocket address");
    if (!place->tls && !target_.allow_plain) return end("the address that Slack gave is not encrypted (wss://)");
    place_ = *place;
    target_.url.clear();
    connecting_.expires_after(target_.connect_timeout);
    connecting_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->end("could not be set up in time");
    });
    resolver_.async_resolve(place_.host, place_.port,
                            [self = shared_from_this()](error_code error, const tcp::resolver::results_type& found) {
                              self->connect(error, found);
                            });
  }

 private:
  void connect(error_code error, const tcp::resolver::results_type& found) {
    if (ended_) return;
    if (error) return fail("could not be found", error);
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) {
      if (place_.tls || entry.endpoint().address().is_loopback()) endpoints.push_back(entry.endpoint());
    }
    if (endpoints.empty()) return end("is not on this machine, which only wss:// may be");
    asio::async_connect(wire().socket(), endpoints,
                        [self = shared_from_this()](error_code failed, const tcp::endpoint&) { self->secure(failed); });
  }

  void secure(error_code error) {
    if (ended_) return;
    if (error) return fail("could not be reached", error);
    error_code ignored;
    wire().socket().set_option(tcp::no_delay(true), ignored);
    if (!place_.tls) return upgrade({});
    error_code bad;
    tls_context_.set_options(
        asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, bad);
    if (!bad && target_.ca_file.empty()) tls_context_.set_default_verify_paths(bad);
    if (!bad && !target_.ca_file.empty()) tls_context_.load_verify_file(target_.ca_file, bad);
    if (bad) return fail("could not be checked, for lack of certificates", bad);
    auto& tls = wire().start_tls(tls_context_);
    tls.set_verify_mode(asio::ssl::verify_peer, bad);
    tls.set_verify_callback(asio::ssl::host_name_verification(place_.host), bad);
    const bool named =
        is_address(place_.host) ||
        // What SSL_set_tlsext_host_name() stands for, without its old-style cast.
        SSL_ctrl(tls.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, place_.host.data()) == 1;
    if (bad || !named) return end("could not be asked for its certificate");
    tls.async_handshake(asio::ssl::stream_base::client,
                        [self = shared_from_this()](error_code failed) { self->upgrade(failed); });
  }

  void upgrade(error_code error) {
    if (ended_) return;
    if (error) return fail("could not be trusted", error);
    // Large messages are thrown away as they come, and need no end of the connection; absurd ones do.
    stream_.read_message_max(kAbsurd * target_.max_message_bytes);
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set("User-Agent", "fa2/" FA_VERSION); }));
    stream_.control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (ended_) return;
      rearm();
      if (kind != websocket::frame_type::close) events_.on_ping();
    });
    stream_.async_handshake(place_.authority, place_.path, [self = shared_from_this()](error_code failed) {
      if (self->ended_) return;
      if (failed) return self->fail("did not become a WebSocket", failed);
      self->open_ = true;
      self->rearm();
      self->read();
      self->write();
    });
  }

  /// Something was heard.
  void rearm() {
    idle_.expires_after(target_.idle_timeout);
    idle_.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!error && self) self->end("was silent for too long");
    });
  }

  void read() {
    stream_.async_read_some(buffer_, kReadAtOnce,
                            [self = shared_from_this()](error_code error, std::size_t) { self->take(error); });
  }

  void take(error_code error) {
    if (ended_) return;
    if (error == websocket::error::closed) {
      return end("was closed by the other side (" + std::to_string(stream_.reason().code) + ")");
    }
    if (error) return fail("was lost", error);
    rearm();
    if (buffer_.size() > target_.max_message_bytes) skipping_ = true;
    if (skipping_) buffer_.clear();
    if (stream_.is_message_done()) deliver();
    if (!ended_) read();
  }

  void deliver() {
    const bool too_large = std::exchange(skipping_, false);
    if (too_large) {
      events_.on_skipped("a message that is too large");
    } else if (!stream_.got_text()) {
      events_.on_skipped("a message that is no text");
    } else {
      const auto bytes = buffer_.cdata();
      events_.on_text({static_cast<const char*>(bytes.data()), bytes.size()});
    }
    buffer_.clear();
  }

  void enqueue(std::string text) {
    if (ended_ || leaving_) return;
    if (unsent_.size() >= kMostUnsent) return end("takes no acknowledgements");
    unsent_.push_back(std::move(text));
    write();
  }

  void write() {
    if (!open_ || writing_ || ended_) return;
    if (unsent_.empty()) {
      if (leaving_) hang_up();
      return;
    }
    writing_ = true;
    stream_.text(true);
    stream_.async_write(asio::buffer(unsent_.front()), [self = shared_from_this()](error_code error, std::size_t) {
      if (self->ended_) return;
      if (error) return self->fail("was lost", error);
      self->writing_ = false;
      self->unsent_.pop_front();
      self->write();
    });
  }

  void say_goodbye() {
    if (ended_ || leaving_) return;
    if (!open_) return end("was not needed any more");
    leaving_ = true;
    connecting_.expires_after(kGoodbye);
    connecting_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->end("was closed");
    });
    write();
  }

  void hang_up() {
    stream_.async_close(websocket::close_code::normal,
                        [self = shared_from_this()](error_code) { self->end("was closed"); });
  }

  void fail(const char* what, error_code error) { end(std::string(what) + ": " + error.message()); }

  void end(const std::string& why) {
    if (ended_) return;
    ended_ = true;
    resolver_.cancel();
    connecting_.cancel();
    idle_.cancel();
    wire().cut();
    const SocketEvents events = std::move(events_);  // Holds others; they need not live as long as this.
    events.on_closed(place_.host.empty() ? why : place_.host + " " + why);
  }

  Wire& wire() { return stream_.next_layer(); }

  const std::shared_ptr<SocketLoop::State> loop_;
  SocketTarget target_;
  SocketEvents events_;
  Place place_;
  asio::ssl::context tls_context_;
  tcp::resolver resolver_;
  websocket::stream<Wire, false> stream_;
  asio::steady_timer connecting_;  ///< Later: the time for saying goodbye.
  asio::steady_timer idle_;
  beast::flat_buffer buffer_;
  std::deque<std::string> unsent_;
  bool open_ = false;
  bool writing_ = false;
  bool skipping_ = false;
  bool leaving_ = false;
  bool ended_ = false;
};

}  // namespace

std::shared_ptr<SocketConnection> open_socket(const SocketLoop& loop, SocketTarget target, SocketEvents events) {
  const std::shared_ptr<SocketLoop::State>& state = loop.state();
  auto connection = std::make_shared<WebSocket>(state, *state->io, std::move(target), std::move(events));
  state->post([connection] { connection->begin(); });
  return connection;
}

}  // namespace fa::slack
