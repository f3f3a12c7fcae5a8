#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/context.h"
#include "chatops/messages.h"
#include "slack/web_api.h"

namespace fa::chatops {

/// Keeps one message in Slack up to date with how far an analysis is, at most once per pause, on a thread of its own,
/// so that no step waits for Slack. An update that fails is left out: the next one says more. Thread-safe.
class ProgressMessage {
 public:
  using Render = std::function<RenderedMessage(const Progress&)>;
  ProgressMessage(slack::SlackApi& slack, slack::Posted where, Render render, Nanoseconds pause,
                  const Context& context);
  /// The last state that was shown is the last that was set before.
  ~ProgressMessage();
  ProgressMessage(const ProgressMessage&) = delete;
  ProgressMessage& operator=(const ProgressMessage&) = delete;

  void show(const Progress& progress);

 private:
  void serve(const std::stop_token& stop);
  slack::SlackApi& slack_;
  slack::Posted where_;
  Render render_;
  Nanoseconds pause_;
  Context context_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Progress latest_;
  bool fresh_ = false;
  std::jthread thread_;
};

/// Shows one state now. For the ends of an analysis, which must be seen.
Result<void> show_progress(slack::SlackApi& slack, const slack::Posted& where, const RenderedMessage& message,
                           const Context& context);

}  // namespace fa::chatops
