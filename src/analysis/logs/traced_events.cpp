#include "analysis/logs/traced_events.h"

#include <algorithm>
#include <tuple>

namespace fa {
namespace {

void renumber(TracedLogEvent& event, const EventNumbers& numbers) {
  event.shape = numbers.shapes[event.shape];
  event.service = numbers.services[event.service];
  event.logger = numbers.loggers[event.logger];
}

}  // namespace

void TracedEvents::add(const TracedLogEvent& event) {
  ++seen_;
  if (event.trace > highest_trace_) return;
  events_.push_back(event);
  if (events_.size() > limit_) shrink();
}

void TracedEvents::shrink() {
  const auto drop = [&] {
    std::erase_if(events_, [&](const TracedLogEvent& event) { return event.trace > highest_trace_; });
  };
  drop();
  while (events_.size() > limit_ && highest_trace_ > 0) {
    highest_trace_ /= 2;
    drop();
  }
}

void TracedEvents::merge(TracedEvents&& other, const EventNumbers& numbers) {
  seen_ += other.seen_;
  highest_trace_ = std::min(highest_trace_, other.highest_trace_);
  events_.reserve(events_.size() + other.events_.size());
  for (TracedLogEvent& event : other.events_) {
    renumber(event, numbers);
    events_.push_back(event);
  }
  other.events_ = {};
  other.seen_ = 0;
  shrink();
}

std::vector<TracedLogEvent> TracedEvents::take(const EventNumbers& numbers) {
  for (TracedLogEvent& event : events_) renumber(event, numbers);
  std::sort(events_.begin(), events_.end(), [](const TracedLogEvent& a, const TracedLogEvent& b) {
    return std::tie(a.trace, a.time, a.file, a.position.offset, a.position.line, a.span, a.service, a.logger, a.shape) <
           std::tie(b.trace, b.time, b.file, b.position.offset, b.position.line, b.span, b.service, b.logger, b.shape);
  });
  seen_ = 0;
  return std::move(events_);
}

}  // namespace fa
