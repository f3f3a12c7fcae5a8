#include "server/web_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "server/channel.h"
#include "server/connection.h"
#include "server/connection_table.h"
#include "server/event_loop.h"
#include "server/listener.h"
#include "server/worker_pool.h"

namespace fa::server {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kScratchBytes = 64 << 10;
/// How long a client may take to close after the last answer.
constexpr Nanoseconds kLinger = std::chrono::seconds(1);
constexpr int kAtOnce = 64;  // Connections accepted or ended, before others get their turn.
/// When the system has no room for a connection and none of ours can go.
constexpr Nanoseconds kAcceptPause = std::chrono::milliseconds(100);

Result<void> check(const WebServerOptions& options) {
  if (options.threads == 0 || options.max_connections == 0 || options.max_header_bytes == 0) {
    return fail(ErrorCode::kInvalidInput, "a server needs at least one thread, one connection and room for a header");
  }
  if (std::min({options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout}) <=
      Nanoseconds::zero()) {
    return fail(ErrorCode::kInvalidInput, "the server's time limits must be above zero");
  }
  if (options.certificate.empty() != options.private_key.empty()) {
    return fail(ErrorCode::kInvalidInput, "TLS needs a certificate and its private key; only one of them is set");
  }
  return {};
}

/// By the numbers of Phase.
std::array<Nanoseconds, kPhases> time_limits(const WebServerOptions& options) {
  return {std::min(options.write_timeout, kLinger),
          options.idle_timeout,
          options.header_timeout,
          options.body_timeout,
          Nanoseconds::max(),
          options.write_timeout};
}

Instant after(Instant start, Nanoseconds duration) {
  return duration > Instant::max() - start ? Instant::max() : start + duration;
}

struct AtomicCounts {
  std::atomic<std::uint64_t> connections_open{0};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> busy{0};
  std::atomic<std::uint64_t> evicted{0};
};

class Server final : public WebServer, public ConnectionHost {
 public:
  Server(WebServerOptions options, Handler handler, FileDescriptor listener, std::unique_ptr<TlsContext> tls);
  ~Server() override;

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] WebServerCounts counts() const override;
  void drain(Nanoseconds patience) override;

 private:
  /// Tells the server that somebody wants to connect.
  struct Knock final : SocketUser {
    explicit Knock(Server& server) : server_(server) {}
    void on_ready() override { server_.accept_some(); }
    Server& server_;
  };

  // ConnectionHost; on the loop's thread, as all below.
  void moved(Connection& connection, Phase phase) override;
  void closed(Connection& connection) override;
  bool handle(std::shared_ptr<Connection> connection, ServerRequest&& request) override;
  void note_refused() override { ++counts_.refused; }
  [[nodiscard]] std::span<char> scratch() override { return scratch_; }
  [[nodiscard]] bool draining() const override { return draining_; }

  void accept_some(int at_most = kAtOnce);
  [[nodiscard]] bool accept_next();
  void admit(Accepted accepted);
  [[nodiscard]] bool evict();
  void pause_accepting(Instant until);
  void resume_accepting();
  void on_alarm();
  void arm();
  void begin_drain();
  void close_all();
  void run_handler(Job&& job) noexcept;  ///< On a thread of the pool.

  const WebServerOptions options_;
  const Handler handler_;
  const std::unique_ptr<TlsContext> tls_;
  const std::uint16_t port_;
  AtomicCounts counts_;

  EventLoop loop_;
  WatchedSocket listener_;
  std::shared_ptr<Knock> knock_;
  ConnectionTable table_;
  std::array<char, kScratchBytes> scratch_;
  Instant armed_ = Instant::max();
  bool accept_paused_ = false;
  Instant accept_again_ = Instant::max();
  bool draining_ = false;

  std::mutex mutex_;
  std::condition_variable all_gone_;
  bool gone_ = false;  // guarded by mutex_: draining, and no connection is left

  std::unique_ptr<WorkerPool> workers_;
  std::thread thread_;
};

Server::Server(WebServerOptions options, Handler handler, FileDescriptor listener, std::unique_ptr<TlsContext> tls)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      tls_(std::move(tls)),
      port_(local_port(listener.get())),
      loop_([this] { on_alarm(); }),
      listener_(loop_, std::move(listener)),
      knock_(std::make_shared<Knock>(*this)),
      table_(time_limits(options_)) {
  listener_.wait(WatchedSocket::Want::kRead, knock_);
  workers_ = std::make_unique<WorkerPool>(options_.threads, options_.max_waiting,
                                          [this](Job&& job) { run_handler(std::move(job)); });
  thread_ = std::thread([this] {
    block_signals_in_this_thread();
    loop_.run();
    close_all();
  });
}

Server::~Server() {
  drain(std::chrono::seconds(1));
  loop_.stop();
  thread_.join();
  workers_.reset();
}

WebServerCounts Server::counts() const {
  return {counts_.connections_open, counts_.connections,     counts_.requests, counts_.refused, counts_.busy,
          counts_.evicted,          options_.max_connections};
}

void Server::accept_some(int at_most) {
  try {
    while (at_most-- > 0 && accept_next()) {
    }
  } catch (...) {  // No memory for a connection.
    pause_accepting(after(steady_clock::now(), kAcceptPause));
  }
  if (!accept_paused_ && !draining_) listener_.wait(WatchedSocket::Want::kRead, knock_);
}

/// False when there is nothing (more) to accept now.
bool Server::accept_next() {
  const bool full = table_.size() >= options_.max_connections;
  if (full && !table_.most_dispensable()) {
    pause_accepting(Instant::max());  // Until a connection moves or closes.
    return false;
  }
  Accepted accepted = accept_one(listener_.fd());
  switch (accepted.outcome) {
    case Accepted::Outcome::kNone:
      return false;
    case Accepted::Outcome::kAgain:
      return true;
    case Accepted::Outcome::kExhausted:
      if (evict()) return true;
      pause_accepting(after(steady_clock::now(), kAcceptPause));
      return false;
    case Accepted::Outcome::kConnection:
      break;
  }
  if (full) static_cast<void>(evict());
  admit(std::move(accepted));
  return true;
}

void Server::admit(Accepted accepted) {
  const auto connection =
      std::make_shared<Connection>(*this, loop_, std::move(accepted.socket), std::move(accepted.peer), tls_.get(),
                                   RequestLimits{options_.max_header_bytes, options_.max_body_bytes});
  table_.add(connection, steady_clock::now());
  ++counts_.connections;
  counts_.connections_open = table_.size();
  arm();
  connection->start();
}

bool Server::evict() {
  const auto connection = table_.most_dispensable();
  if (!connection) return false;
  ++counts_.evicted;
  connection->close();
  return true;
}

void Server::pause_accepting(Instant until) {
  accept_paused_ = true;
  accept_again_ = until;
  arm();
}

void Server::resume_accepting() {
  accept_paused_ = false;
  accept_again_ = Instant::max();
  if (!draining_) listener_.wait(WatchedSocket::Want::kRead, knock_);
}

void Server::moved(Connection& connection, Phase phase) {
  table_.move(connection, phase, steady_clock::now());
  arm();
  if (accept_paused_ && table_.most_dispensable()) resume_accepting();
}

void Server::closed(Connection& connection) {
  table_.remove(connection);
  counts_.connections_open = table_.size();
  if (accept_paused_) resume_accepting();
  if (draining_ && table_.size() == 0) {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    all_gone_.notify_all();
  }
}

bool Server::handle(std::shared_ptr<Connection> connection, ServerRequest&& request) {
  ++counts_.requests;
  if (workers_->submit({std::move(connection), std::move(request)})) return true;
  ++counts_.busy;
  return false;
}

void Server::run_handler(Job&& job) noexcept {
  ServerResponse response;
  try {
    response = handler_(job.request);
  } catch (...) {
    response = plain_response(500);
  }
  try {
    loop_.post(
        [connection = std::move(job.connection), response = std::move(response)] { connection->answer(response); });
  } catch (...) {  // No memory: the client waits until its own patience ends.
  }
}

void Server::on_alarm() {
  armed_ = Instant::max();
  const Instant now = steady_clock::now();
  for (int i = 0; i < kAtOnce; ++i) {
    const auto connection = table_.overdue(now);
    if (!connection) break;
    connection->on_deadline();
  }
  if (accept_again_ <= now) resume_accepting();
  arm();
}

void Server::arm() {
  const Instant next = std::min(table_.next_deadline(), accept_again_);
  if (next >= armed_) return;  // Should it turn out to be early, on_alarm() sets it anew.
  armed_ = next;
  loop_.set_alarm(next);
}

void Server::drain(Nanoseconds patience) {
  const Instant end = after(steady_clock::now(), patience);
  loop_.post([this] { begin_drain(); });
  std::unique_lock lock(mutex_);
  all_gone_.wait_until(lock, end, [this] { return gone_; });
}

void Server::begin_drain() {
  if (draining_) return;
  accept_paused_ = false;
  accept_some(kBacklog);  // Who has connected already may have sent a request.
  draining_ = true;
  listener_.close();
  for (const auto& connection : table_.all()) connection->wind_up();
  const std::lock_guard lock(mutex_);
  gone_ = table_.size() == 0;
  all_gone_.notify_all();
}

void Server::close_all() {
  for (const auto& connection : table_.all()) connection->close();
}

}  // namespace

Result<std::unique_ptr<WebServer>> WebServer::start(WebServerOptions options, Handler handler) {
  if (auto ok = check(options); !ok) return tl::unexpected(std::move(ok.error()));
  std::unique_ptr<TlsContext> tls;
  if (!options.certificate.empty()) {
    auto loaded = TlsContext::load(options.certificate, options.private_key);
    if (!loaded) return tl::unexpected(std::move(loaded.error()));
    tls = std::move(*loaded);
  }
  auto listener = listen_on(options.address, options.port);
  if (!listener) return tl::unexpected(std::move(listener.error()));
  options.max_connections = make_room_for(options.max_connections);
  try {
    return std::make_unique<Server>(std::move(options), std::move(handler), std::move(*listener), std::move(tls));
  } catch (const std::exception& e) {
    return fail(ErrorCode::kUnavailable, std::string("cannot start the server: ") + e.what());
  }
}

}  // namespace fa::server
