#include "slack/socket_mode.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

#include "slack/socket_line.h"

namespace fa::slack {
namespace {

/// For the address of a connection: the Web API's own retries included.
constexpr auto kAddressPatience = std::chrono::seconds(60);
/// For what is still to be sent in the end.
constexpr auto kPatienceAtTheEnd = std::chrono::seconds(3);

/// Keeps one connection open: one thread that waits, asks for addresses and looks after the present connection.
class SocketSlot {
 public:
  struct Parts {
    const SocketModeOptions& options;
    SlackApi& api;
    Sleeper& sleeper;
    Random& random;
    std::shared_ptr<SocketDesk> desk;
    const SocketLoop& loop;
  };

  explicit SocketSlot(Parts parts) : parts_(std::move(parts)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void request_stop() { thread_.request_stop(); }
  void join() { thread_.join(); }
  /// After join(): the connections that are left.
  std::vector<std::shared_ptr<SocketLine>> take_lines() {
    std::vector<std::shared_ptr<SocketLine>> lines;
    for (auto* line : {&line_, &former_}) {
      if (*line) lines.push_back(std::move(*line));
    }
    return lines;
  }

 private:
  using State = SocketLine::State;

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (failures_ > 0 && !parts_.sleeper.sleep(next_wait(), {stop, {}})) return;
      if (!connect(stop)) {
        ++failures_;
        continue;
      }
      after(line_->wait_while(State::kOpen, stop));
    }
  }

  /// A connection that said hello, in the place of the former one.
  bool connect(const std::stop_token& stop) {
    const auto url = parts_.api.open_connection(Context{stop, {}}.within(kAddressPatience));
    if (!url) {
      if (!stop.stop_requested()) parts_.desk->tell(url.error().message);
      patient_ = url.error().code == ErrorCode::kDenied;
      return false;
    }
    SocketTarget target;
    target.url = *url;
    target.ca_file = parts_.options.ca_file;
    target.allow_plain = parts_.options.allow_plain;
    target.connect_timeout = parts_.options.connect_timeout;
    target.idle_timeout = parts_.options.idle_timeout;
    target.max_message_bytes = parts_.options.max_message_bytes;
    auto line = SocketLine::open(parts_.desk, parts_.loop, std::move(target));
    const State state = line->wait_while(State::kOpening, stop);
    if (!line->said_hello()) {
      patient_ = needs_patience(state);
      line->close();
      return false;
    }
    if (former_) former_->close();
    former_.reset();
    line_ = std::move(line);
    return true;
  }

  /// What the end of being open means for the next connection.
  void after(State state) {
    // A connection that brought nothing does not count as a success, or a broken other side would be asked in a hurry.
    const bool proved = line_->proved();
    patient_ = needs_patience(state);
    failures_ = proved && !patient_ ? 0 : failures_ + 1;
    if (state == State::kReplace) {
      former_ = std::move(line_);  // Goes on working until there is a new one.
      return;
    }
    if (state == State::kLost) failures_ = std::max(failures_, 1);
    if (state != State::kOpen) {
      line_->close();
      line_.reset();
    }
  }

  /// Trying soon is of no use.
  static bool needs_patience(State state) { return state == State::kSwitchedOff || state == State::kTooMany; }

  /// Exponential with full jitter; the longest where only a person can help, and never shorter than half of it.
  Nanoseconds next_wait() {
    const double longest = static_cast<double>(parts_.options.longest_wait.count());
    const double chance = parts_.random.uniform();
    if (patient_) return Nanoseconds(static_cast<std::int64_t>(longest * (0.5 + 0.5 * chance)));
    const double first = static_cast<double>(parts_.options.first_wait.count());
    const double most = std::min(longest, first * std::exp2(std::min(failures_ - 1, 30)));
    return Nanoseconds(static_cast<std::int64_t>(most * chance));
  }

  const Parts parts_;
  int failures_ = 0;      ///< In a row.
  bool patient_ = false;  ///< Only a person can help, or time.
  std::shared_ptr<SocketLine> line_;
  std::shared_ptr<SocketLine> former_;
  std::jthread thread_;
};

class Connections final : public SocketMode {
 public:
  Connections(SocketModeOptions options, SlackApi& api, Sleeper& sleeper, Random& random, Handler handle,
              std::function<void(const std::string&)> told)
      : options_(std::move(options)), desk_(std::make_shared<SocketDesk>(std::move(handle), std::move(told))) {
    for (int i = 0; i < options_.connections; ++i) {
      slots_.push_back(std::make_unique<SocketSlot>(SocketSlot::Parts{options_, api, sleeper, random, desk_, loop_}));
    }
  }

  ~Connections() override {
    stop_taking();
    for (const auto& slot : slots_) slot->request_stop();
    std::vector<std::shared_ptr<SocketLine>> lines;
    for (const auto& slot : slots_) {
      slot->join();
      for (auto& line : slot->take_lines()) lines.push_back(std::move(line));
    }
    for (const auto& line : lines) line->close();
    const auto end = std::chrono::steady_clock::now() + kPatienceAtTheEnd;
    for (const auto& line : lines) line->wait_closed(end);
  }

  [[nodiscard]] SocketModeCounts counts() const override { return desk_->counts(); }
  void stop_taking() override { desk_->stop_taking(); }

 private:
  const SocketModeOptions options_;
  const std::shared_ptr<SocketDesk> desk_;
  SocketLoop loop_;  // Ends after all that holds connections.
  std::vector<std::unique_ptr<SocketSlot>> slots_;
};

}  // namespace

std::unique_ptr<SocketMode> SocketMode::start(SocketModeOptions options, SlackApi& api, Sleeper& sleeper,
                                              Random& random, Handler handle,
                                              std::function<void(const std::string&)> told) {
  return std::make_unique<Connections>(std::move(options), api, sleeper, random, std::move(handle), std::move(told));
}

}  // namespace fa::slack
