/// How `fa2 serve` takes Slack's events under load: sends signed `event_callback` requests at a given rate over
/// keep-alive connections, whether or not earlier ones were answered, and prints one line of JSON. Latencies count from
/// when a request was to be sent, not from when it could be, so a server that stalls does not look well for it.
///
/// usage: fa_slack_load --url http://HOST:PORT --secret-file FILE [--rate N] [--seconds S] [--connections C]
///        [--idle N] [--loris N] [--kind irrelevant|alarm|mention|mix] [--team T] [--channel C] [--app-id A] [--pid
///        PID]
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "server/listener.h"
#include "slack_events.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kRequestPatience = seconds(15);
constexpr auto kReconnectPause = milliseconds(100);
constexpr auto kLorisPause = milliseconds(500);

struct Options {
  std::string host;
  std::string port = "80";
  std::string secret;
  std::string kinds = "mix";
  fa::bench::Workspace workspace;
  double rate = 100;
  double seconds = 10;
  std::size_t connections = 32;
  std::size_t idle = 0;
  std::size_t loris = 0;
  int pid = 0;
};

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "fa_slack_load: {}\n", why);
  std::exit(2);
}

/// A connection of one client, opened anew after it was closed.
class Client {
 public:
  Client(asio::io_context& io, const tcp::endpoint& server) : socket_(io), timer_(io), server_(server) {}
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void connect() {
    socket_.async_connect(server_, [this](error_code error) {
      if (error) return reconnect();
      error_code ignored;
      socket_.set_option(tcp::no_delay(true), ignored);
      connected_ = true;
      on_connected();
    });
  }
  [[nodiscard]] bool connected() const { return connected_; }

 protected:
  virtual void on_connected() = 0;

  void reconnect() {
    connected_ = false;
    error_code ignored;
    socket_.close(ignored);
    timer_.expires_after(kReconnectPause);
    timer_.async_wait([this](error_code error) {
      if (!error) connect();
    });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;

 private:
  const tcp::endpoint server_;
  bool connected_ = false;
};

/// Takes a place and says nothing, or begins a request and adds a byte now and then.
class Holder final : public Client {
 public:
  Holder(asio::io_context& io, const tcp::endpoint& server, bool loris, std::uint64_t& closed)
      : Client(io, server), loris_(loris), closed_(closed) {}

 private:
  void on_connected() override {
    if (loris_) {
      out_ = "POST /slack/events HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
      trickle();
    }
    // Whatever comes, an answer or the end: this connection is over.
    socket_.async_read_some(asio::buffer(in_), [this](error_code, std::size_t) {
      ++closed_;
      reconnect();
    });
  }

  void trickle() {
    asio::async_write(socket_, asio::buffer(out_), [this](error_code failed, std::size_t) {
      if (failed) return;  // The reader notices.
      out_ = "a";
      timer_.expires_after(kLorisPause);
      timer_.async_wait([this](error_code error) {
        if (!error) trickle();
      });
    });
  }

  const bool loris_;
  std::uint64_t& closed_;
  std::string out_;
  char in_[256];
};

/// What came of the requests.
struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t errors = 0;  ///< No answer: cut off, refused, or too late.
  std::map<int, std::uint64_t> statuses;
  std::vector<double> milliseconds;
};

/// Sends one request at a time.
class Sender final : public Client {
 public:
  Sender(asio::io_context& io, const tcp::endpoint& server, Tally& tally, std::function<void(Sender&)> free)
      : Client(io, server), tally_(tally), free_(std::move(free)) {}

  void send(std::string request, Clock::time_point due) {
    ++tally_.sent;
    due_ = due;
    out_ = std::move(request);
    in_.clear();
    timer_.expires_after(kRequestPatience);
    timer_.async_wait([this](error_code error) {
      if (!error) fail();
    });
    asio::async_write(socket_, asio::buffer(out_), [this, turn = turn_](error_code error, std::size_t) {
      if (turn != turn_) return;
      if (error) return fail();
      read();
    });
  }

 private:
  void on_connected() override { free_(*this); }

  void read() {
    socket_.async_read_some(asio::buffer(piece_), [this, turn = turn_](error_code error, std::size_t size) {
      if (turn != turn_) return;
      if (error) return fail();
      in_.append(piece_, size);
      if (!take_answer()) read();
    });
  }

  bool take_answer() {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string header = fa::to_lower(std::string_view(in_).substr(0, end + 2));
    const std::size_t length = header.find("content-length: ");
    const std::size_t body = length == std::string::npos ? 0 : std::strtoul(header.c_str() + length + 16, nullptr, 10);
    if (in_.size() < end + 4 + body) return false;
    ++turn_;
    timer_.cancel();
    ++tally_.statuses[header.size() > 12 ? std::atoi(header.c_str() + 9) : 0];
    tally_.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due_).count());
    if (header.find("connection: close") != std::string::npos) {
      reconnect();
    } else {
      free_(*this);
    }
    return true;
  }

  void fail() {
    ++turn_;
    ++tally_.errors;
    reconnect();
  }

  Tally& tally_;
  const std::function<void(Sender&)> free_;
  std::uint64_t turn_ = 0;  ///< Of the request under way: what belongs to an earlier one is known by it.
  Clock::time_point due_;
  std::string out_;
  std::string in_;
  char piece_[4096];
};

/// Resident bytes of a process; 0 where there is none.
std::uint64_t resident_bytes(int pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options), server_(resolve()) {
    total_ = static_cast<std::uint64_t>(std::llround(options.rate * options.seconds));
    for (std::size_t i = 0; i < options.idle + options.loris; ++i) {
      holders_.push_back(std::make_unique<Holder>(io_, server_, i >= options.idle, holders_closed_));
    }
    for (std::size_t i = 0; i < options.connections; ++i) {
      senders_.push_back(std::make_unique<Sender>(io_, server_, tally_, [this](Sender& sender) {
        free_.push_back(&sender);
        serve();
      }));
    }
    tally_.milliseconds.reserve(total_);
  }

  fa::Json run() {
    const std::uint64_t resident_before = resident_bytes(options_.pid);
    for (const auto& holder : holders_) holder->connect();
    for (const auto& sender : senders_) sender->connect();
    run_until(Clock::now() + seconds(30), [this] { return all_connected(); });
    if (!all_connected()) give_up("the server does not take all connections");
    start_ = Clock::now();
    tick();
    run_until(due(total_) + kRequestPatience, [this] { return finished() == total_; });
    fa::Json result = summary();
    if (options_.pid != 0) {
      result["resident_before"] = resident_before;
      result["resident_after"] = resident_bytes(options_.pid);
    }
    return result;
  }

 private:
  tcp::endpoint resolve() {
    error_code error;
    const auto found = tcp::resolver(io_).resolve(options_.host, options_.port, error);
    if (error || found.empty()) give_up("cannot find " + options_.host + ": " + error.message());
    return found.begin()->endpoint();
  }

  template <class Condition>
  void run_until(Clock::time_point end, const Condition& condition) {
    while (!condition() && Clock::now() < end) io_.run_one_until(std::min(end, Clock::now() + milliseconds(100)));
  }

  [[nodiscard]] bool all_connected() const {
    const auto connected = [](const auto& client) { return client->connected(); };
    return std::all_of(holders_.begin(), holders_.end(), connected) &&
           std::all_of(senders_.begin(), senders_.end(), connected);
  }

  [[nodiscard]] Clock::time_point due(std::uint64_t index) const {
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(index) / options_.rate));
  }

  [[nodiscard]] std::uint64_t finished() const { return tally_.errors + tally_.milliseconds.size(); }

  /// Queues what is due, and comes back for the next.
  void tick() {
    while (next_ < total_ && due(next_) <= Clock::now()) waiting_.push_back(next_++);
    serve();
    if (next_ == total_) return;
    timer_.expires_at(due(next_));
    timer_.async_wait([this](error_code error) {
      if (!error) tick();
    });
  }

  void serve() {
    while (!waiting_.empty() && !free_.empty()) {
      Sender* sender = free_.front();
      free_.pop_front();
      const std::uint64_t index = waiting_.front();
      waiting_.pop_front();
      sender->send(request(index), due(index));
    }
  }

  [[nodiscard]] std::string request(std::uint64_t index) const {
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    const std::string timestamp = std::to_string(now);
    const std::string body =
        fa::bench::event_body(fa::bench::kind_of(options_.kinds, index), options_.workspace, run_, index, now);
    return fmt::format(
        "POST /slack/events HTTP/1.1\r\nHost: {}\r\nUser-Agent: Slackbot 1.0\r\nContent-Type: application/json\r\n"
        "X-Slack-Request-Timestamp: {}\r\nX-Slack-Signature: {}\r\nContent-Length: {}\r\n\r\n{}",
        options_.host, timestamp, fa::bench::slack_signature(options_.secret, timestamp, body), body.size(), body);
  }

  fa::Json summary() {
    std::vector<double>& all = tally_.milliseconds;
    std::sort(all.begin(), all.end());
    const auto quantile = [&](double q) {
      if (all.empty()) return 0.0;
      const double at = std::ceil(q * static_cast<double>(all.size())) - 1;
      return std::round(all[static_cast<std::size_t>(std::max(0.0, at))] * 1000) / 1000;
    };
    fa::Json others = fa::Json::object();
    for (const auto& [status, count] : tally_.statuses) {
      if (status != 200) others[std::to_string(status)] = count;
    }
    const auto taken = std::chrono::duration<double>(Clock::now() - start_).count();
    return {
        {"planned", total_},
        {"sent", tally_.sent},
        {"answered_200", tally_.statuses[200]},
        {"other_statuses", others},
        {"errors", tally_.errors},
        {"unanswered", total_ - finished()},
        {"seconds", std::round(taken * 1000) / 1000},
        {"latency_ms", {{"p50", quantile(0.5)}, {"p90", quantile(0.9)}, {"p99", quantile(0.99)}, {"max", quantile(1)}}},
        {"idle", options_.idle},
        {"loris", options_.loris},
        {"idle_or_loris_closed", holders_closed_}};
  }

  const Options& options_;
  const std::string run_ = fmt::format("{:X}{:X}", std::time(nullptr), ::getpid());
  asio::io_context io_{1};
  const asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  const tcp::endpoint server_;
  asio::steady_timer timer_{io_};
  Tally tally_;
  std::uint64_t holders_closed_ = 0;
  std::vector<std::unique_ptr<Holder>> holders_;
  std::vector<std::unique_ptr<Sender>> senders_;
  std::deque<Sender*> free_;
  std::deque<std::uint64_t> waiting_;  ///< Due, and no connection was free.
  std::uint64_t total_ = 0;
  std::uint64_t next_ = 0;
  Clock::time_point start_;
};

void read_url(Options& options, std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) give_up("--url must be http://HOST:PORT");
  url.remove_prefix(kScheme.size());
  url = url.substr(0, url.find('/'));
  const std::size_t colon = url.rfind(':');
  options.host = url.substr(0, colon);
  if (colon != std::string_view::npos) options.port = url.substr(colon + 1);
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) || line.empty()) give_up("cannot read a secret from " + path);
  return std::string(fa::trim(line));
}

double number(const std::string& name, const std::string& text, double least) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= least && value <= 1e7)) give_up(name + " needs a number");
  return value;
}

Options read_options(int count, char** arguments) {
  Options options;
  const std::map<std::string, std::function<void(const std::string&)>> kKnown = {
      {"--url", [&](const std::string& v) { read_url(options, v); }},
      {"--secret-file", [&](const std::string& v) { options.secret = first_line(v); }},
      {"--kind", [&](const std::string& v) { options.kinds = v; }},
      {"--team", [&](const std::string& v) { options.workspace.team = v; }},
      {"--channel", [&](const std::string& v) { options.workspace.channel = v; }},
      {"--app-id", [&](const std::string& v) { options.workspace.app_id = v; }},
      {"--rate", [&](const std::string& v) { options.rate = number("--rate", v, 0.01); }},
      {"--seconds", [&](const std::string& v) { options.seconds = number("--seconds", v, 0); }},
      {"--connections",
       [&](const std::string& v) { options.connections = static_cast<std::size_t>(number("--connections", v, 1)); }},
      {"--idle", [&](const std::string& v) { options.idle = static_cast<std::size_t>(number("--idle", v, 0)); }},
      {"--loris", [&](const std::string& v) { options.loris = static_cast<std::size_t>(number("--loris", v, 0)); }},
      {"--pid", [&](const std::string& v) { options.pid = static_cast<int>(number("--pid", v, 1)); }},
  };
  for (int i = 1; i < count; i += 2) {
    const auto known = kKnown.find(arguments[i]);
    if (known == kKnown.end()) give_up(fmt::format("unknown option {}", arguments[i]));
    if (i + 1 == count) give_up(fmt::format("{} needs a value", arguments[i]));
    known->second(arguments[i + 1]);
  }
  if (options.host.empty() || options.secret.empty()) give_up("--url and --secret-file are needed");
  if (options.kinds != "irrelevant" && options.kinds != "alarm" && options.kinds != "mention" &&
      options.kinds != "mix") {
    give_up("--kind must be irrelevant, alarm, mention or mix");
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  const std::size_t connections = options.connections + options.idle + options.loris;
  if (fa::server::make_room_for(connections) < connections)
    give_up("too many connections for this system (ulimit -Hn)");
  try {
    fmt::print("{}\n", fa::json_text(Load(options).run()));
  } catch (const std::exception& e) {
    give_up(e.what());
  }
  return 0;
}
