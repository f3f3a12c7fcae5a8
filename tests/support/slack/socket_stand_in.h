#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"

namespace fa::test {

struct SlackAcknowledgement {
  std::string envelope_id;
  std::string payload;  ///< JSON object; empty: none.
  int connection = 0;
};

/// Slack's side of Socket Mode, on loopback: connections for tickets of apps.connections.open, each of which counts
/// once; envelopes, which go out again on another connection when theirs ended before they were acknowledged. Written
/// down to the frames (RFC 6455), so that it can send what must not be sent. Connections are numbered from 1 in the
/// order in which they said hello; 0 stands for the oldest that is open. Every change wakes SlackStandIn::wait_until().
/// Thread-safe.
class SlackSocketStandIn {
 public:
  /// What the next connection meets.
  enum class Opening {
    kHello,
    kNoHello,      ///< It becomes a WebSocket, and nothing is said.
    kDisconnect,   ///< Instead of the hello: too_many_websockets.
    kUnavailable,  ///< 503 instead of an upgrade.
    kGarbage,      ///< Bytes that are no HTTP.
    kSilent,       ///< No answer to the request.
    kCut,
  };
  struct Options {
    bool tls = false;
    std::string certificate_names = "DNS:localhost,IP:127.0.0.1";
    std::string host = "localhost";  ///< In the addresses that are given out.
  };

  /// Gives `slack` its connection addresses as long as it lives.
  explicit SlackSocketStandIn(SlackStandIn& slack);
  SlackSocketStandIn(SlackStandIn& slack, Options options);
  ~SlackSocketStandIn();
  SlackSocketStandIn(const SlackSocketStandIn&) = delete;
  SlackSocketStandIn& operator=(const SlackSocketStandIn&) = delete;

  [[nodiscard]] std::string ca_file() const;  ///< PEM; empty without TLS.
  [[nodiscard]] std::string new_url();        ///< With a ticket that was not used.
  void script(Opening opening, int times = 1);
  [[nodiscard]] int scripted() const;  ///< Those that nobody met yet.

  /// Sends it on one of the open connections, in turns; waits for one where there is none. Returns the envelope_id.
  std::string send(const SlackPayload& payload, bool accepts_response_payload = false);
  /// The envelope once more, as after a timeout: retry_attempt is one higher.
  void send_again(const std::string& envelope_id);
  [[nodiscard]] std::vector<SlackAcknowledgement> acknowledgements() const;
  [[nodiscard]] std::vector<std::string> unacknowledged() const;

  void announce_disconnect(const std::string& reason, int connection = 0);
  void close(int connection = 0);  ///< With a close frame.
  void cut(int connection = 0);
  void ping(int connection = 0);
  void send_text(const std::string& text, int connection = 0);
  void send_binary(const std::string& bytes, int connection = 0);
  void send_raw(const std::string& bytes, int connection = 0);  ///< Whatever it is.

  [[nodiscard]] std::vector<int> open() const;  ///< Numbers, oldest first.
  [[nodiscard]] int said_hello() const;         ///< Connections so far.
  [[nodiscard]] int attempts() const;           ///< TCP connections so far.
  [[nodiscard]] int pongs() const;
  [[nodiscard]] int goodbyes() const;  ///< Close frames that came.
  [[nodiscard]] int refused_tickets() const;
  /// What the client did wrong in the protocol, or said that is no acknowledgement.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa::test
