#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "base/text.h"
#include "server/web_server.h"

namespace fa::server::test {

struct Reply {
  int status = 0;  ///< 0: there was none, or it was cut off.
  HttpHeaders headers;
  std::string body;
};

/// A client that sends any bytes. Everything it waits for ends after half a minute at the latest, as a failure.
class RawClient {
 public:
  /// Not connected yet.
  RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{30, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  explicit RawClient(std::uint16_t port) : RawClient() { connect(port); }

  void connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool connected() const { return connected_; }

  /// False when the other side has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void close() { socket_.reset(); }
  void end_sending() { ::shutdown(socket_.get(), SHUT_WR); }

  /// Whether something (or the end) can be read within that time.
  [[nodiscard]] bool readable(int milliseconds) const {
    pollfd wait{socket_.get(), POLLIN, 0};
    return ::poll(&wait, 1, milliseconds) > 0;
  }

  /// Reads one answer; `head`: of a HEAD request.
  Reply read(bool head = false) {
    Reply reply;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_some()) return {};
    }
    const std::string header = take(end + 4);
    const auto lines = split(std::string_view(header).substr(0, end), '\n');
    for (const std::string_view line : lines) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string_view::npos)
        reply.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 2)));
    }
    const auto length = find_header(reply.headers, "Content-Length");
    const std::size_t size = length && !head ? std::stoul(std::string(*length)) : 0;
    while (buffer_.size() < size) {
      if (!read_some()) return {};
    }
    reply.body = take(size);
    reply.status = std::stoi(header.substr(9, 3));
    return reply;
  }

  Reply ask(std::string_view request) {
    send(request);
    return read();
  }

  /// Everything until the other side closes.
  std::string read_all() {
    while (read_some()) {
    }
    return take(buffer_.size());
  }

  /// The other side closes and says nothing before.
  bool closed_silently() { return read_all().empty() && ended_; }

 private:
  bool read_some() {
    char bytes[8192];
    const ssize_t size = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    ended_ = size == 0 || (size < 0 && errno == ECONNRESET);
    EXPECT_TRUE(size > 0 || ended_) << "the server neither answered nor closed";
    if (size <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  FileDescriptor socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string buffer_;
};

/// Holds handlers until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void await(int arrivals) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= arrivals; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

inline std::unique_ptr<WebServer> start(WebServer::Handler handler, WebServerOptions options = {}) {
  auto server = WebServer::start(std::move(options), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

/// `POST path?query body`
inline ServerResponse echo(const ServerRequest& request) {
  ServerResponse response;
  response.body = request.method + ' ' + request.path;
  if (!request.query.empty()) response.body += '?' + request.query;
  if (!request.body.empty()) response.body += ' ' + request.body;
  return response;
}

inline std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

/// Waits for what the server does on its own time. False after half a minute.
template <class Condition>
bool eventually(const Condition& condition) {
  for (int i = 0; i < 30'000; ++i) {
    if (condition()) return true;
    ::poll(nullptr, 0, 1);
  }
  return false;
}

}  // namespace fa::server::test
