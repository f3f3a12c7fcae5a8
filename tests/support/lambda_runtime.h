#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/http_server.h"
#include "support/run_command.h"

namespace fa::test {

/// One AWS Lambda function as Lambda runs it: starts the program, gives it events over the Runtime API, one at a time,
/// kills it when its time is up, and starts it again for the next event when it has ended. Thread-safe.
class LambdaRuntime {
 public:
  struct Outcome {
    bool answered = false;   ///< Else it failed.
    std::string body;        ///< The answer, or the error document; what happened where there is neither.
    std::string error_type;  ///< Lambda-Runtime-Function-Error-Type, `Sandbox.Timedout` or `Runtime.ExitError`.
  };

  /// `program lambda` with this environment and nothing of ours. Nothing is started before the first event.
  LambdaRuntime(std::string program, std::map<std::string, std::string> environment);
  /// Kills the program. Events that wait are forgotten.
  ~LambdaRuntime();
  LambdaRuntime(const LambdaRuntime&) = delete;
  LambdaRuntime& operator=(const LambdaRuntime&) = delete;

  /// Gives it an event and waits for what becomes of it.
  Outcome invoke(const std::string& payload, std::chrono::milliseconds timeout = std::chrono::seconds(60));
  /// The same later, behind those before it; tried three times in all, as Lambda does.
  void invoke_later(const std::string& payload);
  /// Waits until nothing is left to do.
  void wait_until_idle();

  /// kill -9, as when the machine is lost.
  void kill_program();
  [[nodiscard]] std::string log() const;
  [[nodiscard]] int starts() const;
  /// What the program said of why it cannot start, in order.
  [[nodiscard]] std::vector<Outcome> init_errors() const;
  /// Answers of this size and more are refused with 413.
  std::size_t most_answer_bytes = std::size_t{6} << 20;

 private:
  struct Event {
    std::string id;
    std::string payload;
    std::chrono::milliseconds timeout{0};
    bool given = false;
    std::optional<Outcome> outcome = {};
  };
  ServerAnswer answer(const HttpRequest& request);
  ServerAnswer next_event(int start);
  void start_if_ended();
  bool has_ended();
  Outcome run(const std::string& payload, std::chrono::milliseconds timeout);
  void serve_later(const std::stop_token& stop);

  std::string program_;
  std::map<std::string, std::string> environment_;
  TempFolder folder_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::mutex one_at_a_time_;
  std::optional<Event> event_;
  std::deque<std::string> later_;
  bool later_runs_ = false;
  bool closing_ = false;
  std::vector<Outcome> init_errors_;
  pid_t pid_ = -1;
  int starts_ = 0;
  int events_ = 0;
  std::unique_ptr<HttpServer> server_;
  std::jthread later_thread_;
};

/// The event that API Gateway (payload "1.0" or "2.0") or a function URL ("2.0") makes of a request.
[[nodiscard]] std::string gateway_event(const HttpRequest& request, const std::string& version, bool base64);
/// The HTTP response of what the function answered; 502 where it is none.
[[nodiscard]] HttpResponse gateway_response(const LambdaRuntime::Outcome& outcome);

}  // namespace fa::test
