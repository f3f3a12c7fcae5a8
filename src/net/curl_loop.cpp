#include "net/curl_loop.h"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <stdexcept>

namespace fa {
namespace {

using std::chrono::steady_clock;

/// Sums that would pass the end of time stay there.
steady_clock::time_point after(steady_clock::time_point start, Nanoseconds duration) {
  const auto room = steady_clock::time_point::max() - start;
  return duration > room ? steady_clock::time_point::max() : start + duration;
}

/// Signals are for the threads of the program; and a lost connection must not raise SIGPIPE, which libcurl leaves to
/// us.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

Error cancelled(const CurlExchange& exchange, const char* why) {
  return {ErrorCode::kCancelled, exchange.name + ": " + why, {}};
}

}  // namespace

CurlClient::Loop::Loop(CurlClientOptions options) : options_(std::move(options)) {}

CurlClient::Loop::~Loop() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  if (thread_.joinable()) {
    curl_multi_wakeup(multi_);
    thread_.join();
  }
  {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [this] { return visitors_ == 0; });
  }
  if (multi_ != nullptr) curl_multi_cleanup(multi_);
  if (share_ != nullptr) curl_share_cleanup(share_);
}

Result<void> CurlClient::Loop::start() {
  // Never undone: other parts of the process may use libcurl too.
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global == CURLE_OK) {
    multi_ = curl_multi_init();
    share_ = curl_share_init();
  }
  if (multi_ == nullptr || share_ == nullptr) {
    return fail(ErrorCode::kInternal, "libcurl cannot start; is there memory left?");
  }
  // Idle connections beyond this are closed, the oldest first. How many are busy is admit()'s business.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, std::max(1L, options_.max_connections));
  // TLS sessions are resumed on further connections to a host. No locks: all handles live on one thread.
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  thread_ = std::thread([this] { run(); });
  return {};
}

CurlClient::Loop::Visit::Visit(Loop& loop) : loop_(loop) {
  const std::lock_guard lock(loop_.mutex_);
  ++loop_.visitors_;
}

CurlClient::Loop::Visit::~Visit() {
  const std::lock_guard lock(loop_.mutex_);
  --loop_.visitors_;
  loop_.left_.notify_all();
}

void CurlClient::Loop::submit(const Exchange& exchange) { post(Kind::kStart, exchange); }
void CurlClient::Loop::cancel(const Exchange& exchange) { post(Kind::kCancel, exchange); }
void CurlClient::Loop::resume(const Exchange& exchange) { post(Kind::kResume, exchange); }

HttpCounters CurlClient::Loop::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void CurlClient::Loop::post(Kind kind, const Exchange& exchange) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      commands_.push_back({kind, exchange});
      if (kind == Kind::kStart) ++counters_.waiting;
      curl_multi_wakeup(multi_);
      return;
    }
    if (kind != Kind::kStart) return;  // the closing loop ends it anyway
    exchange->outcome = broken_ ? fail(ErrorCode::kInternal, exchange->name + ": the HTTP client broke down earlier")
                                : tl::unexpected(cancelled(*exchange, "the HTTP client was closed"));
  }
  exchange->queue.close();
}

void CurlClient::Loop::run() noexcept {
  block_signals();
  try {
    while (step()) {
    }
    end_all(ErrorCode::kCancelled, "the HTTP client was closed");
  } catch (const std::exception&) {
    end_all(ErrorCode::kInternal, "the HTTP client has no memory left");
  }
}

/// One turn of the loop; false when it is over.
bool CurlClient::Loop::step() {
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return false;
    commands.swap(commands_);
  }
  for (const Command& command : commands) apply(command);
  end_overdue();
  admit();
  int still_running = 0;
  if (curl_multi_perform(multi_, &still_running) != CURLM_OK) throw std::runtime_error("curl_multi_perform");
  collect_finished();
  for (const auto& [easy, exchange] : running_) {
    if (exchange->to_sink) exchange->queue.flush();
  }
  if (!waiting_.empty()) admit();  // their places are free now
  if (curl_multi_poll(multi_, nullptr, 0, wait_milliseconds(), nullptr) != CURLM_OK) {
    throw std::runtime_error("curl_multi_poll");
  }
  return true;
}

void CurlClient::Loop::apply(const Command& command) {
  const Exchange& exchange = command.exchange;
  if (command.kind == Kind::kStart) {
    waiting_.push_back(exchange);
    return;
  }
  if (exchange->outcome) return;  // over before the command came
  if (command.kind == Kind::kCancel) {
    end(exchange, tl::unexpected(cancelled(*exchange, "stopped before the answer was complete")));
  } else if (exchange->transfer) {
    // Delivers what was held back, so our own callbacks may fail in here.
    const int code = exchange->transfer->resume();
    if (code != CURLE_OK) end(exchange, exchange->transfer->finish(code));
  }
}

/// Starts waiting exchanges, the oldest first, as far as the limits allow: what is counted is exchanges, of which a
/// connection carries one (HTTP/1.1) or more. libcurl's own limits stay out of this: its queue of pending transfers
/// knows no deadlines.
void CurlClient::Loop::admit() {
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    if (static_cast<long>(running_.size()) >= std::max(1L, options_.max_connections)) return;
    const Exchange exchange = *next++;
    const auto running = running_per_origin_.find(exchange->origin);
    const long count = running == running_per_origin_.end() ? 0 : running->second;
    if (count < std::max(1L, options_.max_connections_per_host)) begin(exchange);
  }
}

void CurlClient::Loop::begin(const Exchange& exchange) {
  exchange->started = steady_clock::now();
  auto transfer = std::make_unique<CurlTransfer>(exchange->request, exchange->name, options_, share_,
                                                 exchange->to_sink ? &exchange->queue : nullptr);
  const Result<void*> easy = transfer->start();
  if (!easy) return end(exchange, tl::unexpected(easy.error()));
  if (curl_multi_add_handle(multi_, *easy) != CURLM_OK) {
    return end(exchange, fail(ErrorCode::kInternal, exchange->name + ": libcurl has no memory left"));
  }
  running_.emplace(*easy, exchange);
  exchange->transfer = std::move(transfer);
  ++running_per_origin_[exchange->origin];
  waiting_.remove(exchange);
  const std::lock_guard lock(mutex_);
  --counters_.waiting;
}

void CurlClient::Loop::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto found = running_.find(message->easy_handle);
    if (found == running_.end()) continue;
    const Exchange exchange = found->second;
    end(exchange, exchange->transfer->finish(code));
  }
}

CurlClient::Loop::Instant CurlClient::Loop::due(const CurlExchange& exchange) {
  Instant at = exchange.context.deadline.value_or(Instant::max());
  if (!exchange.transfer) return at;
  at = std::min(at, after(exchange.started, exchange.request.timeout));
  if (exchange.transfer->paused()) return at;  // the consumer's time, not the server's
  return std::min(at, after(exchange.transfer->last_progress(), exchange.request.stall_timeout));
}

Error CurlClient::Loop::overdue(const CurlExchange& exchange, Instant now) {
  if (exchange.context.deadline && now >= *exchange.context.deadline) {
    return cancelled(exchange, exchange.transfer ? "the deadline passed before the answer was complete"
                                                 : "the deadline passed before a connection was free");
  }
  const bool whole = now >= after(exchange.started, exchange.request.timeout);
  const Nanoseconds limit = whole ? exchange.request.timeout : exchange.request.stall_timeout;
  return {ErrorCode::kUnavailable,
          exchange.name + (whole ? ": no complete answer within " : ": not a byte came for ") + format_duration(limit) +
              "; try again later",
          "Timeout"};
}

void CurlClient::Loop::end_overdue() {
  const Instant now = steady_clock::now();
  std::vector<Exchange> late;
  for (const Exchange& exchange : waiting_) {
    if (now >= due(*exchange)) late.push_back(exchange);
  }
  for (const auto& [easy, exchange] : running_) {
    if (now >= due(*exchange)) late.push_back(exchange);
  }
  for (const Exchange& exchange : late) end(exchange, tl::unexpected(overdue(*exchange, now)));
}

/// Until the next thing is due; libcurl shortens it by its own timers and any event or command ends it.
int CurlClient::Loop::wait_milliseconds() const {
  Instant next = Instant::max();
  for (const Exchange& exchange : waiting_) next = std::min(next, due(*exchange));
  for (const auto& [easy, exchange] : running_) next = std::min(next, due(*exchange));
  constexpr std::chrono::milliseconds kLongest = std::chrono::minutes(1);
  const Instant now = steady_clock::now();
  if (next <= now) return 0;
  if (next - now >= kLongest) return static_cast<int>(kLongest.count());
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(next - now).count());
}

/// Takes the exchange from wherever it stands and tells its caller.
void CurlClient::Loop::end(const Exchange& exchange, Result<HttpResponse> outcome) {
  if (exchange->transfer) {
    const auto found =
        std::find_if(running_.begin(), running_.end(), [&](const auto& entry) { return entry.second == exchange; });
    if (found != running_.end()) {
      curl_multi_remove_handle(multi_, found->first);
      running_.erase(found);
    }
    const auto count = running_per_origin_.find(exchange->origin);
    if (count != running_per_origin_.end() && --count->second == 0) running_per_origin_.erase(count);
    const std::lock_guard lock(mutex_);
    ++counters_.exchanges;
    if (!outcome) ++counters_.failures;
    exchange->transfer->count(counters_);
  } else {
    waiting_.remove(exchange);
    const std::lock_guard lock(mutex_);
    --counters_.waiting;
  }
  exchange->transfer.reset();
  exchange->outcome = std::move(outcome);
  exchange->queue.close();
}

/// Ends everything and lets nothing new in.
void CurlClient::Loop::end_all(ErrorCode code, const char* why) {
  std::vector<Command> commands;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    broken_ = code == ErrorCode::kInternal;
    commands.swap(commands_);
  }
  for (const Command& command : commands) {
    if (command.kind == Kind::kStart) waiting_.push_back(command.exchange);
  }
  // Each held here while end() takes it from where it stands.
  while (!waiting_.empty() || !running_.empty()) {
    const Exchange exchange = waiting_.empty() ? running_.begin()->second : waiting_.front();
    end(exchange, fail(code, exchange->name + ": " + why));
  }
}

}  // namespace fa
