#include <fmt/core.h>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stop_token>
#include <string>
#include <thread>

#include "app/commands.h"
#include "app/output.h"
#include "base/version.h"

namespace {

/// Turns Ctrl-C and termination into a stop request: a thread of its own waits for them, so that nothing runs inside a
/// signal handler. A second signal ends the process at once.
class SignalWatch {
 public:
  explicit SignalWatch(std::stop_source& source) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGUSR1);  // ends the watch itself
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this, &source] {
      int signal = 0;
      while (sigwait(&signals_, &signal) == 0 && signal != SIGUSR1) {
        if (source.stop_requested()) std::_Exit(fa::kExitInterrupted);
        source.request_stop();
      }
    });
  }
  ~SignalWatch() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  sigset_t signals_{};
  std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::stop_source stop;
  const fa::Context context{stop.get_token(), std::nullopt};
  int status = fa::kExitUsage;
  try {
    CLI::App app{"FA2 finds out why an alarm fired: ranked root causes with evidence that anyone can check.", "fa2"};
    app.set_version_flag("--version", std::string("fa2 ") + std::string(fa::kVersion));
    app.require_subcommand(1);
    fa::add_investigate_command(app, context, status);
    fa::add_ask_command(app, context, status);
    fa::add_memory_commands(app, context, status);
    fa::add_patterns_command(app, context, status);
    fa::add_access_command(app, context, status);
    fa::add_eval_command(app, context, status);
    fa::add_serve_command(app, context, status);
    fa::add_lambda_command(app, context, status);
    fa::add_findings_command(app, context, status);
    fa::add_insight_command(app, context, status);
    fa::add_doctor_command(app, context, status);
    fa::add_health_command(app, context, status);
    fa::add_manual_commands(app, status);
    const SignalWatch watch(stop);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app.exit(e) == 0 ? fa::kExitOk : fa::kExitUsage;
    }
  } catch (const std::exception& e) {
    fa::complain(fmt::format("Internal error: {}. Please report it with the command you ran.", e.what()));
    return fa::kExitInternal;
  }
  return status;
}
