#include "slack/socket_line.h"

#include <utility>

namespace fa::slack {

void SocketDesk::tell(const std::string& line) const {
  if (told_) told_("Socket Mode: " + line);
}

void SocketDesk::take(Envelope envelope) {
  if (!taking_) return;
  {
    const std::scoped_lock lock(mutex_);
    ++counts_.envelopes;
  }
  try {
    handle_(std::move(envelope));
  } catch (...) {
    tell("an envelope could not be handled; Slack will send it again");
  }
}

void SocketDesk::opened() {
  const std::scoped_lock lock(mutex_);
  ++counts_.open;
  ++counts_.connected;
}

void SocketDesk::closed(bool by_us) {
  const std::scoped_lock lock(mutex_);
  --counts_.open;
  if (!by_us) ++counts_.lost;
}

void SocketDesk::unreadable() {
  const std::scoped_lock lock(mutex_);
  ++counts_.unreadable;
}

SocketModeCounts SocketDesk::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

std::shared_ptr<SocketLine> SocketLine::open(std::shared_ptr<SocketDesk> desk, const SocketLoop& loop,
                                             SocketTarget target) {
  auto line = std::make_shared<SocketLine>(std::move(desk));
  // The connection must not keep alive who holds it.
  const std::weak_ptr<SocketLine> weak = line;
  SocketEvents events;
  events.on_text = [weak](std::string_view text) {
    if (const auto self = weak.lock()) self->on_text(text);
  };
  events.on_skipped = [desk = line->desk_](const std::string& what) {
    desk->unreadable();
    desk->tell(what + " came, and was thrown away");
  };
  events.on_ping = [weak] {
    const auto self = weak.lock();
    if (!self) return;
    const std::scoped_lock lock(self->mutex_);
    if (self->was_open_) self->proved_ = true;
  };
  events.on_closed = [weak](const std::string& why) {
    if (const auto self = weak.lock()) self->on_closed(why);
  };
  const std::scoped_lock lock(line->mutex_);  // It may call back at once.
  line->connection_ = open_socket(loop, std::move(target), std::move(events));
  return line;
}

SocketLine::~SocketLine() {
  if (!closed_ && was_open_) desk_->closed(true);
  connection_->close();
}

SocketLine::State SocketLine::wait_while(State state, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return state_ != state; });
  return state_;
}

bool SocketLine::wait_closed(std::chrono::steady_clock::time_point end) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, end, [&] { return closed_; });
}

void SocketLine::close() {
  const std::scoped_lock lock(mutex_);
  closing_ = true;
  connection_->close();
}

bool SocketLine::said_hello() const {
  const std::scoped_lock lock(mutex_);
  return was_open_;
}

bool SocketLine::proved() const {
  const std::scoped_lock lock(mutex_);
  return proved_;
}

void SocketLine::become(State state) {
  {
    const std::scoped_lock lock(mutex_);
    // What was said first holds: a connection that is lost after its refresh was announced is still one to replace.
    if (state_ == State::kLost || (state_ > State::kOpen && state != State::kSwitchedOff)) return;
    state_ = state;
  }
  changed_.notify_all();
}

void SocketLine::on_text(std::string_view text) {
  SocketFrame frame = parse_socket_frame(text);
  if (frame.kind == FrameKind::kHello) return hello();
  if (frame.kind == FrameKind::kDisconnect) return disconnect(frame.reason);
  if (frame.kind == FrameKind::kEnvelope) return hand_on(std::move(frame));
  desk_->unreadable();
  desk_->tell(frame.reason + " came, and was ignored");
}

void SocketLine::hello() {
  {
    const std::scoped_lock lock(mutex_);
    if (was_open_ || closing_) return;
    was_open_ = true;
    connection_->established();
  }
  desk_->opened();
  desk_->tell("connected");
  become(State::kOpen);
}

void SocketLine::disconnect(const std::string& reason) {
  if (reason == "link_disabled") {
    desk_->tell(
        "it is switched off in the app's settings at Slack (link_disabled); switch it on there under Socket Mode, or "
        "let FA2 use HTTP");
    return become(State::kSwitchedOff);
  }
  desk_->tell("Slack is going to close a connection (" + reason + ")");
  become(reason == "too_many_websockets" ? State::kTooMany : State::kReplace);
}

void SocketLine::hand_on(SocketFrame frame) {
  Envelope envelope;
  {
    const std::scoped_lock lock(mutex_);
    if (was_open_) proved_ = true;
    envelope.acknowledge = [send = connection_->sender(), id = std::move(frame.envelope_id),
                            takes_payload = frame.accepts_response_payload,
                            done = std::make_shared<std::atomic<bool>>(false)](const std::string& payload) {
      if (!done->exchange(true)) send(acknowledgement_text(id, takes_payload ? payload : std::string()));
    };
  }
  envelope.type = std::move(frame.type);
  envelope.payload = std::move(frame.payload);
  envelope.retry_attempt = frame.retry_attempt;
  desk_->take(std::move(envelope));
}

void SocketLine::on_closed(const std::string& why) {
  bool by_us = false;
  bool was_open = false;
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    by_us = closing_;
    was_open = was_open_;
    if (state_ <= State::kOpen) state_ = State::kLost;
  }
  if (was_open) desk_->closed(by_us);
  if (!by_us) desk_->tell(why);
  changed_.notify_all();
}

}  // namespace fa::slack
