#include "server/connection.h"

#include <string_view>
#include <utility>

namespace fa::server {

using Want = WatchedSocket::Want;

Connection::Connection(ConnectionHost& host, EventLoop& loop, FileDescriptor socket, std::string peer,
                       const TlsContext* tls, RequestLimits limits)
    : host_(host),
      socket_(loop, std::move(socket)),
      channel_(socket_.fd(), tls),
      reader_(limits),
      peer_(std::move(peer)) {}

void Connection::start() { socket_.wait(Want::kRead, shared_from_this()); }

void Connection::on_ready() {
  switch (place.phase) {
    case Phase::kIdle:
    case Phase::kHeader:
    case Phase::kBody:
      return read_more();
    case Phase::kWriting:
      return write_more();
    case Phase::kLingering:
      return discard_more();
    case Phase::kHandling:
      return;
  }
}

void Connection::wait_for(Io io) {
  if (io == Io::kEnded) return close();
  socket_.wait(io == Io::kWantWrite ? Want::kWrite : Want::kRead, shared_from_this());
}

void Connection::wait_to_read() {
  if (channel_.pending()) {
    socket_.wake(shared_from_this());
  } else {
    socket_.wait(Want::kRead, shared_from_this());
  }
}

void Connection::read_more() {
  if (more_) {
    more_ = false;
    return proceed(reader_.resume());
  }
  if (!shaken_) {
    const Io io = channel_.handshake();
    if (io != Io::kDone) return wait_for(io);
    shaken_ = true;
  }
  const std::span<char> scratch = host_.scratch();
  const IoResult read = channel_.read(scratch);
  if (read.io != Io::kDone) return wait_for(read.io);
  if (place.phase == Phase::kIdle) host_.moved(*this, Phase::kHeader);
  proceed(reader_.feed({scratch.data(), read.bytes}));
}

void Connection::proceed(RequestReader::Status status) {
  switch (status) {
    case RequestReader::Status::kHeader:
      return wait_to_read();
    case RequestReader::Status::kBody:
      return begin_body();
    case RequestReader::Status::kComplete:
      return dispatch();
    case RequestReader::Status::kRefused:
      return refuse(reader_.refusal());
  }
}

void Connection::begin_body() {
  if (place.phase != Phase::kBody) {
    host_.moved(*this, Phase::kBody);
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    // Nothing else is on its way to the client, so these few bytes find room.
    if (reader_.expects_continue() && channel_.write(kContinue).bytes != kContinue.size()) return close();
  }
  wait_to_read();
}

void Connection::dispatch() {
  form_ = {reader_.head(), reader_.keep_alive(), reader_.http10()};
  ServerRequest request = reader_.take();
  request.peer = peer_;
  host_.moved(*this, Phase::kHandling);
  if (!host_.handle(shared_from_this(), std::move(request))) begin_writing(plain_response(503));
}

void Connection::answer(const ServerResponse& response) {
  if (!closed()) begin_writing(response);
}

void Connection::refuse(int status) {
  host_.note_refused();
  form_ = {false, false, false};
  begin_writing(plain_response(status));
}

void Connection::begin_writing(const ServerResponse& response) {
  if (host_.draining()) form_.keep_alive = false;
  out_ = response_text(response, form_);
  written_ = 0;
  host_.moved(*this, Phase::kWriting);
  write_more();
}

void Connection::write_more() {
  while (written_ < out_.size()) {
    const IoResult wrote = channel_.write(std::string_view(out_).substr(written_));
    if (wrote.io != Io::kDone) return wait_for(wrote.io);
    written_ += wrote.bytes;
  }
  std::string().swap(out_);
  if (!form_.keep_alive || host_.draining()) return linger();
  next_request();
}

void Connection::next_request() {
  if (reader_.untouched()) {
    host_.moved(*this, Phase::kIdle);
    return wait_to_read();
  }
  // Not at once: a long row of requests must neither nest calls nor keep others from their turn.
  host_.moved(*this, Phase::kHeader);
  more_ = true;
  socket_.wake(shared_from_this());
}

/// Closing at once would take back an answer that is still under way, where the client has sent more than was read.
void Connection::linger() {
  channel_.end_writing();
  host_.moved(*this, Phase::kLingering);
  socket_.wait(Want::kRead, shared_from_this());
}

void Connection::discard_more() {
  const Io io = channel_.discard(host_.scratch());
  wait_for(io == Io::kDone ? Io::kWantRead : io);
}

void Connection::on_deadline() {
  const bool slow = place.phase == Phase::kHeader || place.phase == Phase::kBody;
  if (slow && shaken_ && !reader_.untouched()) {
    refuse(408);
  } else {
    close();
  }
}

void Connection::wind_up() {
  const auto waits = [this] {
    return !closed() && (place.phase == Phase::kIdle || place.phase == Phase::kHeader) && reader_.untouched() && !more_;
  };
  if (waits()) read_more();  // What came meanwhile counts as begun.
  if (waits()) close();
}

void Connection::close() {
  if (closed()) return;
  const auto self = shared_from_this();
  channel_.end_writing();
  socket_.close();
  host_.closed(*this);
}

}  // namespace fa::server
