#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/file_descriptor.h"
#include "server/channel.h"
#include "server/connection_table.h"
#include "server/event_loop.h"
#include "server/request_reader.h"
#include "server/response_text.h"

namespace fa::server {

/// What a connection needs of its server. Called on the loop's thread.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual void moved(Connection& connection, Phase phase) = 0;
  virtual void closed(Connection& connection) = 0;
  /// Has the request answered, later, by Connection::answer(). False when there is no room for it.
  virtual bool handle(std::shared_ptr<Connection> connection, ServerRequest&& request) = 0;
  virtual void note_refused() = 0;  ///< A request was answered with a 4xx of our own.
  /// Where all connections read into: used up before the next one reads.
  [[nodiscard]] virtual std::span<char> scratch() = 0;
  [[nodiscard]] virtual bool draining() const = 0;  ///< No further request after the present one.
};

/// One client's connection: reads a request, has it handled, writes the answer, and again. Lives on the loop's thread;
/// the host must outlive all calls. All errors of the other side end in a 4xx or in closing, none in an exception.
class Connection final : public SocketUser, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ConnectionHost& host, EventLoop& loop, FileDescriptor socket, std::string peer, const TlsContext* tls,
             RequestLimits limits);

  void start();  ///< After it was put into the table.
  void on_ready() override;
  void answer(const ServerResponse& response);
  void on_deadline();  ///< The time of its phase is up.
  /// For the end of the server: a request that has begun is still answered; without one, closes.
  void wind_up();
  void close();

  TablePlace place;

 private:
  void read_more();
  void proceed(RequestReader::Status status);
  void begin_body();
  void dispatch();
  void refuse(int status);
  void wait_to_read();
  void begin_writing(const ServerResponse& response);
  void write_more();
  void next_request();
  void linger();
  void discard_more();
  void wait_for(Io io);
  [[nodiscard]] bool closed() const { return socket_.fd() < 0; }

  ConnectionHost& host_;
  WatchedSocket socket_;
  Channel channel_;
  RequestReader reader_;
  std::string peer_;
  bool shaken_ = false;  ///< The TLS handshake is done.
  bool more_ = false;    ///< The next request has begun to arrive with the last one.
  ResponseForm form_;
  std::string out_;
  std::size_t written_ = 0;
};

}  // namespace fa::server
