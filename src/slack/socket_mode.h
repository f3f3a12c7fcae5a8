#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/wait.h"
#include "slack/web_api.h"

namespace fa::slack {

struct SocketModeOptions {
  int connections = 2;                                     ///< Kept open at once; Slack spreads envelopes over them.
  Nanoseconds connect_timeout = std::chrono::seconds(10);  ///< Name, TCP, TLS and upgrade together.
  Nanoseconds idle_timeout = std::chrono::seconds(60);     ///< Without any frame (Slack pings every few seconds).
  Nanoseconds first_wait = std::chrono::seconds(1);        ///< Before connecting again; doubles with full jitter.
  Nanoseconds longest_wait = std::chrono::seconds(60);
  std::size_t max_message_bytes = std::size_t{1} << 20;
  std::string ca_file;       ///< PEM instead of the system's.
  bool allow_plain = false;  ///< `ws://` to loopback, for tests.
};

/// One envelope and the way to acknowledge it.
struct Envelope {
  std::string type;     ///< events_api, interactive, slash_commands
  std::string payload;  ///< JSON
  int retry_attempt = 0;
  /// Sends the acknowledgement with a payload (JSON object; empty: none). At most once, from any thread, also after the
  /// connection is gone (then it does nothing, and Slack sends the envelope again).
  std::function<void(std::string payload)> acknowledge;
};

struct SocketModeCounts {
  int open = 0;  ///< Connections that said hello.
  std::uint64_t connected = 0;
  std::uint64_t lost = 0;
  std::uint64_t envelopes = 0;
  std::uint64_t unreadable = 0;  ///< Frames that were none of Slack's.
};

/// Socket Mode (https://api.slack.com/apis/socket-mode): keeps connections open, reopens them when they are lost, when
/// Slack announces a refresh (`disconnect`: a new one is opened before the old one closes) or when nothing was heard.
/// `handle` is called on an internal thread and must return soon. Stops and joins in the destructor.
class SocketMode {
 public:
  using Handler = std::function<void(Envelope)>;
  /// Borrows `api` (for fresh addresses), `sleeper` and `random`. `told` gets one line for each thing worth a log.
  static std::unique_ptr<SocketMode> start(SocketModeOptions options, SlackApi& api, Sleeper& sleeper, Random& random,
                                           Handler handle, std::function<void(const std::string&)> told);
  virtual ~SocketMode() = default;
  [[nodiscard]] virtual SocketModeCounts counts() const = 0;
  /// No new envelopes are taken; acknowledgements still go out.
  virtual void stop_taking() = 0;
};

}  // namespace fa::slack
