#include "support/slack/socket_stand_in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "support/slack/slack_wire.h"
#include "support/slack/socket_channel.h"
#include "support/slack/socket_frames.h"

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;

/// Value of a header in a request's head; names in lower case.
std::string header_of(const std::string& head, const std::string& name) {
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos && at + 2 < head.size()) {
    const std::size_t end = head.find("\r\n", at + 2);
    std::string line = head.substr(at + 2, end == std::string::npos ? std::string::npos : end - at - 2);
    const std::size_t colon = line.find(':');
    std::string key = line.substr(0, colon);
    for (char& c : key) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (colon != std::string::npos && key == name) return line.substr(line.find_first_not_of(' ', colon + 1));
    at = end;
  }
  return {};
}

std::string ticket_of(const std::string& head) {
  const std::size_t at = head.find("ticket=");
  return at == std::string::npos ? std::string() : head.substr(at + 7, head.find_first_of("& ", at) - at - 7);
}

}  // namespace

class SlackSocketStandIn::Impl {
 public:
  Impl(SlackStandIn& slack, Options options) : slack_(slack), options_(std::move(options)) {
    if (options_.tls) identity_ = std::make_unique<TlsIdentity>(options_.certificate_names);
    listen();
    accepting_ = std::thread([this] { accept_all(); });
    slack_.set_connection_urls([this] { return new_url(); });
  }

  ~Impl() {
    slack_.set_connection_urls({});
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      for (Connection& c : connections_) c.channel.cut();
    }
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    ::close(listener_);
    for (Connection& c : connections_) c.thread.join();
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::string ca_file() const { return identity_ ? identity_->ca_file() : std::string(); }

  std::string new_url() {
    const std::lock_guard lock(mutex_);
    const std::string ticket = "ticket-" + std::to_string(++last_ticket_);
    tickets_.insert(ticket);
    return std::string(options_.tls ? "wss://" : "ws://") + options_.host + ":" + std::to_string(port_) +
           "/link/?ticket=" + ticket + "&app_id=" + slack_.world().app_id;
  }

  void script(Opening opening, int times) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < times; ++i) openings_.push_back(opening);
  }

  int scripted() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(openings_.size());
  }

  std::string send(const SlackPayload& payload, bool accepts_response_payload) {
    std::string id;
    {
      const std::lock_guard lock(mutex_);
      id = "envelope-" + std::to_string(++last_envelope_);
      waiting_[id] = {payload, accepts_response_payload, 0, 0};
      pass_on();
    }
    slack_.notify();
    return id;
  }

  void send_again(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto it = waiting_.find(id);
    if (it == waiting_.end()) return;
    it->second.connection = 0;
    ++it->second.attempt;
    pass_on();
  }

  /// Writes to the connection of that number; 0: the oldest one. Throws where it is not open.
  void write(int number, std::string_view bytes) { find_open(number)->write_all(bytes); }
  void cut(int number) { find_open(number)->cut(); }

  std::vector<int> open() const {
    const std::lock_guard lock(mutex_);
    std::vector<int> numbers;
    for (const Connection& c : connections_) {
      if (c.number > 0 && !c.done) numbers.push_back(c.number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }

  std::vector<std::string> unacknowledged() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [id, envelope] : waiting_) ids.push_back(id);
    return ids;
  }

  /// What the others tell.
  struct Seen {
    std::vector<SlackAcknowledgement> acknowledgements;
    std::vector<std::string> problems;
    int said_hello = 0;
    int attempts = 0;
    int pongs = 0;
    int goodbyes = 0;
    int refused_tickets = 0;
  };
  Seen seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  struct Connection {
    Connection(int fd, const TlsIdentity* identity) : channel(fd, identity) {}
    SocketChannel channel;
    std::thread thread;
    int number = 0;  ///< 0: did not say hello.
    bool done = false;
  };
  struct Waiting {
    SlackPayload payload;
    bool accepts_response_payload = false;
    int attempt = 0;
    int connection = 0;  ///< That it was sent on; 0: it waits for one.
  };

  void listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool listening = ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                           ::listen(listener_, 64) == 0 &&
                           ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (!listening) throw std::runtime_error("socket stand-in: cannot listen");
    port_ = ntohs(address.sin_port);
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        if (fd >= 0) ::close(fd);
        return;
      }
      if (fd < 0) continue;
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ++seen_.attempts;
      Connection& connection = connections_.emplace_back(fd, identity_.get());
      connection.thread = std::thread([this, &connection] { run(connection); });
    }
  }

  void run(Connection& connection) {
    std::string bytes;
    if (connection.channel.accept() && upgrade(connection, bytes)) talk(connection, bytes);
    connection.channel.cut();
    {
      const std::lock_guard lock(mutex_);
      connection.done = true;
      for (auto& [id, envelope] : waiting_) {
        if (connection.number == 0 || envelope.connection != connection.number) continue;
        envelope.connection = 0;
        ++envelope.attempt;
      }
      pass_on();
    }
    slack_.notify();
  }

  /// Answers the request for an upgrade as scripted; true where the connection is a WebSocket now.
  bool upgrade(Connection& connection, std::string& bytes) {
    while (bytes.find("\r\n\r\n") == std::string::npos) {
      if (!connection.channel.read_some(bytes)) return false;
    }
    const std::string head = bytes.substr(0, bytes.find("\r\n\r\n"));
    bytes.erase(0, head.size() + 4);
    Opening opening = Opening::kHello;
    bool known = false;
    {
      const std::lock_guard lock(mutex_);
      known = tickets_.erase(ticket_of(head)) == 1;
      if (!known) ++seen_.refused_tickets;
      if (known && !openings_.empty()) {
        opening = openings_.front();
        openings_.pop_front();
      }
    }
    slack_.notify();
    SocketChannel& channel = connection.channel;
    if (!known) return channel.write_all("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n") && false;
    if (opening == Opening::kCut) return false;
    if (opening == Opening::kSilent) return wait_for_end(channel);
    if (opening == Opening::kGarbage) return channel.write_all("\x16\x03\x01 no HTTP \r\n\r\n") && false;
    if (opening == Opening::kUnavailable) {
      return channel.write_all("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n") && false;
    }
    if (!channel.write_all("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: " +
                           websocket_accept(header_of(head, "sec-websocket-key")) + "\r\n\r\n")) {
      return false;
    }
    if (opening == Opening::kDisconnect) return channel.write_all(text_frame(disconnect_json("too_many_websockets")));
    if (opening == Opening::kHello) say_hello(connection);
    return true;
  }

  static bool wait_for_end(SocketChannel& channel) {
    std::string ignored;
    while (channel.read_some(ignored)) ignored.clear();
    return false;
  }

  void say_hello(Connection& connection) {
    const Json hello{{"type", "hello"},
                     {"num_connections", 1},
                     {"debug_info", Json{{"host", "applink-1"}, {"approximate_connection_time", 18060}}},
                     {"connection_info", Json{{"app_id", slack_.world().app_id}}}};
    connection.channel.write_all(text_frame(json_text(hello)));
    {
      const std::lock_guard lock(mutex_);
      connection.number = ++seen_.said_hello;
      pass_on();
    }
    slack_.notify();
  }

  /// Reads frames until the end.
  void talk(Connection& connection, std::string& bytes) {
    std::string message;
    for (;;) {
      while (auto frame = take_frame(bytes)) {
        if (!frame->masked) note_problem("a frame that is not masked");
        if (frame->opcode == Opcode::kClose) {
          count(&Seen::goodbyes);
          connection.channel.write_all(server_frame(Opcode::kClose, frame->payload));
          return;
        }
        if (frame->opcode == Opcode::kPing) connection.channel.write_all(server_frame(Opcode::kPong, frame->payload));
        if (frame->opcode == Opcode::kPong) count(&Seen::pongs);
        if (frame->opcode == Opcode::kBinary) note_problem("a binary message");
        if (frame->opcode != Opcode::kText && frame->opcode != Opcode::kContinuation) continue;
        message += frame->payload;
        if (frame->last) take_message(connection, std::exchange(message, {}));
      }
      if (!connection.channel.read_some(bytes)) return;
    }
  }

  void take_message(const Connection& connection, const std::string& text) {
    const Json document = parse_json(text);
    const std::string id = text_of(document, "envelope_id");
    const Json& payload = member_of(document, "payload");
    {
      const std::lock_guard lock(mutex_);
      const auto it = waiting_.find(id);
      if (it == waiting_.end()) {
        seen_.problems.push_back("no acknowledgement of anything: " + text);
      } else {
        if (!payload.is_null() && !it->second.accepts_response_payload) {
          seen_.problems.push_back("a payload for an envelope that takes none: " + id);
        }
        waiting_.erase(it);
        seen_.acknowledgements.push_back(
            {id, payload.is_null() ? std::string() : json_text(payload), connection.number});
      }
    }
    slack_.notify();
  }

  /// Sends what waits for a connection, over the open ones in turns. Under the lock.
  void pass_on() {
    std::vector<Connection*> ready;
    for (Connection& c : connections_) {
      if (c.number > 0 && !c.done) ready.push_back(&c);
    }
    if (ready.empty()) return;
    for (auto& [id, envelope] : waiting_) {
      if (envelope.connection != 0) continue;
      Connection& connection = *ready[turn_++ % ready.size()];
      envelope.connection = connection.number;
      connection.channel.write_all(text_frame(envelope_json(id, envelope)));
    }
  }

  static std::string envelope_json(const std::string& id, const Waiting& envelope) {
    Json document{{"envelope_id", id},
                  {"payload", parse_json(envelope.payload.json)},
                  {"type", envelope.payload.type},
                  {"accepts_response_payload", envelope.accepts_response_payload}};
    if (envelope.payload.type == "events_api") {
      document["retry_attempt"] = envelope.attempt;
      document["retry_reason"] = envelope.attempt == 0 ? "" : "timeout";
    }
    return json_text(document);
  }

 public:
  static std::string disconnect_json(const std::string& reason) {
    return json_text(
        Json{{"type", "disconnect"}, {"reason", reason}, {"debug_info", Json{{"host", "wss-111.slack.com"}}}});
  }
  static std::string text_frame(const std::string& text) { return server_frame(Opcode::kText, text); }

 private:
  SocketChannel* find_open(int number) {
    const std::lock_guard lock(mutex_);
    Connection* found = nullptr;
    for (Connection& c : connections_) {
      if (c.number == 0 || c.done || (number != 0 && c.number != number)) continue;
      if (found == nullptr || c.number < found->number) found = &c;
    }
    if (found == nullptr) throw std::runtime_error("socket stand-in: that connection is not open");
    return &found->channel;  // Connections stay in the list until the end.
  }

  void count(int Seen::*what) {
    {
      const std::lock_guard lock(mutex_);
      ++(seen_.*what);
    }
    slack_.notify();
  }
  void note_problem(const std::string& what) {
    const std::lock_guard lock(mutex_);
    seen_.problems.push_back(what);
  }

  SlackStandIn& slack_;
  const Options options_;
  std::unique_ptr<TlsIdentity> identity_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread accepting_;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  std::list<Connection> connections_;
  std::set<std::string> tickets_;
  std::deque<Opening> openings_;
  std::map<std::string, Waiting> waiting_;  ///< Envelopes that nobody acknowledged, by id.
  Seen seen_;
  int last_ticket_ = 0;
  int last_envelope_ = 0;
  std::size_t turn_ = 0;
};

SlackSocketStandIn::SlackSocketStandIn(SlackStandIn& slack) : SlackSocketStandIn(slack, Options{}) {}
SlackSocketStandIn::SlackSocketStandIn(SlackStandIn& slack, Options options)
    : impl_(std::make_unique<Impl>(slack, std::move(options))) {}
SlackSocketStandIn::~SlackSocketStandIn() = default;

std::string SlackSocketStandIn::ca_file() const { return impl_->ca_file(); }
std::string SlackSocketStandIn::new_url() { return impl_->new_url(); }
void SlackSocketStandIn::script(Opening opening, int times) { impl_->script(opening, times); }
int SlackSocketStandIn::scripted() const { return impl_->scripted(); }
std::string SlackSocketStandIn::send(const SlackPayload& payload, bool accepts_response_payload) {
  return impl_->send(payload, accepts_response_payload);
}
void SlackSocketStandIn::send_again(const std::string& envelope_id) { impl_->send_again(envelope_id); }
std::vector<SlackAcknowledgement> SlackSocketStandIn::acknowledgements() const {
  return impl_->seen().acknowledgements;
}
std::vector<std::string> SlackSocketStandIn::unacknowledged() const { return impl_->unacknowledged(); }
void SlackSocketStandIn::announce_disconnect(const std::string& reason, int connection) {
  impl_->write(connection, Impl::text_frame(Impl::disconnect_json(reason)));
}
void SlackSocketStandIn::close(int connection) {
  impl_->write(connection, server_frame(Opcode::kClose, std::string("\x03\xe8", 2)));
}
void SlackSocketStandIn::cut(int connection) { impl_->cut(connection); }
void SlackSocketStandIn::ping(int connection) { impl_->write(connection, server_frame(Opcode::kPing, "ping")); }
void SlackSocketStandIn::send_text(const std::string& text, int connection) {
  impl_->write(connection, Impl::text_frame(text));
}
void SlackSocketStandIn::send_binary(const std::string& bytes, int connection) {
  impl_->write(connection, server_frame(Opcode::kBinary, bytes));
}
void SlackSocketStandIn::send_raw(const std::string& bytes, int connection) { impl_->write(connection, bytes); }
std::vector<int> SlackSocketStandIn::open() const { return impl_->open(); }
int SlackSocketStandIn::said_hello() const { return impl_->seen().said_hello; }
int SlackSocketStandIn::attempts() const { return impl_->seen().attempts; }
int SlackSocketStandIn::pongs() const { return impl_->seen().pongs; }
int SlackSocketStandIn::goodbyes() const { return impl_->seen().goodbyes; }
int SlackSocketStandIn::refused_tickets() const { return impl_->seen().refused_tickets; }
std::vector<std::string> SlackSocketStandIn::problems() const { return impl_->seen().problems; }

}  // namespace fa::test
