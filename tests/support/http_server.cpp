#include "support/http_server.h"

#if defined(__SANITIZE_THREAD__)
// Asio's fences, which ThreadSanitizer does not follow, order nothing here: each connection has a thread of its own.
#pragma GCC diagnostic ignored "-Wtsan"
#endif

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/self_signed.h"

namespace fa::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("test server: ") + what);
}

HttpRequest to_request(http::request<http::string_body>& from) {
  HttpRequest request;
  request.method = std::string(from.method_string());
  request.url = std::string(from.target());
  for (const auto& field : from) request.headers.emplace_back(field.name_string(), field.value());
  request.body = std::move(from.body());
  return request;
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

const std::string& body_of(const ServerAnswer& answer) {
  return answer.shared_body ? *answer.shared_body : answer.response.body;
}

/// What goes out up to the body.
std::string head_of(const ServerAnswer& answer) {
  const HttpResponse& response = answer.response;
  const auto status = static_cast<unsigned>(response.status);
  std::string head = "HTTP/1.1 " + std::to_string(status) + ' ';
  head.append(http::obsolete_reason(http::int_to_status(status))).append("\r\n");
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (answer.chunked) {
    head.append("Transfer-Encoding: chunked\r\n");
  } else if (has_body(response.status) && !find_header(response.headers, "Content-Length")) {
    head.append("Content-Length: ").append(std::to_string(body_of(answer).size())).append("\r\n");
  }
  return head.append("\r\n");
}

/// The body in chunks of 1,000 bytes with their framing.
std::string chunks_of(std::string_view body) {
  constexpr std::size_t kChunk = 1000;
  std::string out;
  char size[20];
  for (; !body.empty(); body.remove_prefix(std::min(kChunk, body.size()))) {
    const std::string_view chunk = body.substr(0, kChunk);
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    out.append(size).append(chunk).append("\r\n");
  }
  return out.append("0\r\n\r\n");
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Handler handler, Security security) : handler_(std::move(handler)), tls_(security == Security::kTls) {
    if (tls_) {
      const PrivateKey key = new_key();
      const Certificate certificate = self_signed(key.get(), "DNS:localhost,IP:127.0.0.1");
      SSL_CTX* context = tls_context_.native_handle();
      require(
          SSL_CTX_use_certificate(context, certificate.get()) == 1 && SSL_CTX_use_PrivateKey(context, key.get()) == 1,
          "cannot use the certificate");
      ca_file_ = write_to_temporary_file(certificate.get());
    }
    acceptor_.open(tcp::v4());
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(asio::socket_base::max_listen_connections);
    port_ = acceptor_.local_endpoint().port();
    accepting_ = std::thread([this] { accept_all(); });
  }

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (Connection& connection : connections_) {
        // Wakes the thread that reads or writes there; closing is that thread's own business.
        if (!connection.done) ::shutdown(connection.socket.native_handle(), SHUT_RDWR);
      }
    }
    stop_.notify_all();
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    accepting_.join();
    for (Connection& connection : connections_) connection.thread.join();
    if (!ca_file_.empty()) {
      std::error_code ignored;
      std::filesystem::remove(ca_file_, ignored);
    }
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] bool tls() const { return tls_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& ca_file() const { return ca_file_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }

 private:
  struct Connection {
    explicit Connection(tcp::socket from) : socket(std::move(from)) {}
    tcp::socket socket;
    std::thread thread;
    bool done = false;
  };
  using Connections = std::list<Connection>;

  void accept_all() {
    for (;;) {
      error_code error;
      tcp::socket socket = acceptor_.accept(error);
      Connections finished;
      {
        const std::lock_guard lock(mutex_);
        for (auto c = connections_.begin(); c != connections_.end();) {
          const auto next = std::next(c);
          if (c->done) finished.splice(finished.end(), connections_, c);
          c = next;
        }
        if (stopping_) {
          connections_.splice(connections_.end(), finished);
          return;
        }
        if (!error) {
          ++accepted_;
          Connection& connection = connections_.emplace_back(std::move(socket));
          connection.thread = std::thread([this, &connection] { run(connection); });
        }
      }
      for (Connection& connection : finished) connection.thread.join();
    }
  }

  void run(Connection& connection) {
    try {
      error_code ignored;
      connection.socket.set_option(tcp::no_delay(true), ignored);
      if (tls_) {
        asio::ssl::stream<tcp::socket&> stream(connection.socket, tls_context_);
        error_code error;
        stream.handshake(asio::ssl::stream_base::server, error);
        if (!error) serve(stream);
      } else {
        serve(connection.socket);
      }
    } catch (const std::exception& e) {
      std::fprintf(stderr, "test server: %s\n", e.what());
    }
    const std::lock_guard lock(mutex_);
    error_code ignored;
    connection.socket.shutdown(tcp::socket::shutdown_both, ignored);
    connection.socket.close(ignored);
    connection.done = true;
  }

  template <class Stream>
  void serve(Stream& stream) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(boost::none);
      parser.header_limit(1U << 20);
      error_code error;
      http::read(stream, buffer, parser, error);
      if (error) return;
      const bool keep = parser.get().keep_alive();
      const HttpRequest request = to_request(parser.get());
      ServerAnswer answer = handle(request);
      if (!wait(answer.delay) || !write(stream, answer, request.method == "HEAD") || !keep) return;
      const auto connection = find_header(answer.response.headers, "Connection");
      if (connection && *connection == "close") return;
    }
  }

  ServerAnswer handle(const HttpRequest& request) {
    try {
      return handler_(request);
    } catch (const std::exception& e) {
      ServerAnswer failed;
      failed.response.status = 500;
      failed.response.body = e.what();
      return failed;
    }
  }

  /// False when the server stops meanwhile.
  bool wait(std::chrono::milliseconds delay) {
    if (delay.count() <= 0) return true;
    std::unique_lock lock(mutex_);
    return !stop_.wait_for(lock, delay, [this] { return stopping_; });
  }

  /// False when the connection is to be closed.
  template <class Stream>
  bool write(Stream& stream, const ServerAnswer& answer, bool head_only) {
    error_code error;
    if (answer.never) return hold(stream);
    if (answer.garbage || !answer.raw.empty()) {
      const std::string bytes =
          answer.raw.empty() ? std::string("\x01\x02 what is this?\r\n\x00\xff\r\n\r\n", 24) : answer.raw;
      asio::write(stream, asio::buffer(bytes), error);
      return false;
    }
    asio::write(stream, asio::buffer(head_of(answer)), error);
    if (error) return false;
    if (head_only || !has_body(answer.response.status)) return true;
    const std::string framed = answer.chunked ? chunks_of(body_of(answer)) : std::string();
    const std::string& body = answer.chunked ? framed : body_of(answer);
    const bool half = answer.cut || answer.stall;
    asio::write(stream, asio::buffer(body.data(), half ? body.size() / 2 : body.size()), error);
    if (answer.stall && !error) return hold(stream);
    return !error && !answer.cut;
  }

  /// Returns (false) when the other side or this server closes the connection.
  template <class Stream>
  static bool hold(Stream& stream) {
    error_code error;
    char bytes[256];
    while (!error) stream.read_some(asio::buffer(bytes), error);
    return false;
  }

  const Handler handler_;
  const bool tls_;
  asio::io_context io_;
  asio::ssl::context tls_context_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{io_};
  std::string ca_file_;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> accepted_{0};
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;    // guarded by mutex_
  Connections connections_;  // guarded by mutex_
  std::thread accepting_;
};

HttpServer::HttpServer(Handler handler, Security security)
    : impl_(std::make_unique<Impl>(std::move(handler), security)) {}

HttpServer::~HttpServer() = default;

std::string HttpServer::url() const {
  return (impl_->tls() ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(impl_->port());
}
std::string HttpServer::ca_file() const { return impl_->ca_file(); }
std::uint16_t HttpServer::port() const { return impl_->port(); }
std::uint64_t HttpServer::connections() const { return impl_->accepted(); }

}  // namespace fa::test
