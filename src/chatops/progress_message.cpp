#include "chatops/progress_message.h"

namespace fa::chatops {

Result<void> show_progress(slack::SlackApi& slack, const slack::Posted& where, const RenderedMessage& message,
                           const Context& context) {
  return slack.update_message(where, {where.channel, "", message.text, message.blocks, ""}, context);
}

ProgressMessage::ProgressMessage(slack::SlackApi& slack, slack::Posted where, Render render, Nanoseconds pause,
                                 const Context& context)
    : slack_(slack), where_(std::move(where)), render_(std::move(render)), pause_(pause), context_(context) {
  // Without a place there is nothing to update.
  if (!where_.ts.empty()) thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

ProgressMessage::~ProgressMessage() = default;

void ProgressMessage::show(const Progress& progress) {
  const std::scoped_lock lock(mutex_);
  latest_ = progress;
  fresh_ = true;
  changed_.notify_all();
}

void ProgressMessage::serve(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return fresh_; })) {
    if (stop.stop_requested() || context_.stopped()) return;
    const Progress progress = latest_;
    fresh_ = false;
    lock.unlock();
    (void)show_progress(slack_, where_, render_(progress), context_.within(std::chrono::seconds(10)));
    lock.lock();
    // A pause in which only the end of the analysis wakes us.
    changed_.wait_for(lock, stop, pause_, [] { return false; });
  }
}

}  // namespace fa::chatops
