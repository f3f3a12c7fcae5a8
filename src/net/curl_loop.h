#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/body_queue.h"
#include "net/curl_client.h"
#include "net/curl_transfer.h"

namespace fa {

/// One call of send(): what its thread and the loop's share. The caller stays until the queue is closed, so the request
/// and context are borrowed; `outcome` belongs to the loop before that and to the caller afterwards.
struct CurlExchange {
  CurlExchange(const HttpRequest& from, const Context& within, std::string called, std::string at, bool into_sink)
      : request(from), context(within), name(std::move(called)), origin(std::move(at)), to_sink(into_sink) {}

  const HttpRequest& request;
  const Context& context;
  const std::string name;    ///< Method, host and path, for errors.
  const std::string origin;  ///< Counts against max_connections_per_host.
  const bool to_sink;
  BodyQueue queue;
  std::optional<Result<HttpResponse>> outcome;

  // The loop's own.
  std::unique_ptr<CurlTransfer> transfer;  ///< While it runs.
  std::chrono::steady_clock::time_point started;
};

/// The thread that owns libcurl's multi handle. Calls from outside leave a command and wake it. It alone watches all
/// times: deadlines, timeouts and stalls end an exchange from here, whatever state libcurl has it in.
class CurlClient::Loop {
 public:
  explicit Loop(CurlClientOptions options);
  /// Ends what runs, then waits until every caller has left.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  [[nodiscard]] Result<void> start();

  using Exchange = std::shared_ptr<CurlExchange>;
  /// Queues it; refused (with an outcome, closed) when the client is closing.
  void submit(const Exchange& exchange);
  void cancel(const Exchange& exchange);
  /// After BodyQueue::take() said that the producer was refused.
  void resume(const Exchange& exchange);
  [[nodiscard]] HttpCounters counters() const;

  /// Held by a caller for as long as it uses the loop.
  class Visit {
   public:
    explicit Visit(Loop& loop);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Loop& loop_;
  };

 private:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Kind { kStart, kCancel, kResume };
  struct Command {
    Kind kind;
    Exchange exchange;
  };

  void post(Kind kind, const Exchange& exchange);
  void run() noexcept;
  bool step();
  void apply(const Command& command);
  void admit();
  void begin(const Exchange& exchange);
  void collect_finished();
  void end_overdue();
  [[nodiscard]] int wait_milliseconds() const;
  [[nodiscard]] static Instant due(const CurlExchange& exchange);
  [[nodiscard]] static Error overdue(const CurlExchange& exchange, Instant now);
  void end(const Exchange& exchange, Result<HttpResponse> outcome);
  void end_all(ErrorCode code, const char* why);

  const CurlClientOptions options_;
  void* multi_ = nullptr;
  void* share_ = nullptr;

  // The loop's thread only.
  std::list<Exchange> waiting_;
  std::map<void*, Exchange> running_;  // by easy handle
  std::map<std::string, long> running_per_origin_;

  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::vector<Command> commands_;  // guarded by mutex_, as all below
  bool closing_ = false;
  bool broken_ = false;
  int visitors_ = 0;
  HttpCounters counters_;

  std::thread thread_;
};

}  // namespace fa
