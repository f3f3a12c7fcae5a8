#pragma once

#include <functional>
#include <string>
#include <vector>

#include "alarms/sns.h"
#include "base/secret.h"
#include "chatops/edge.h"
#include "server/web_server.h"
#include "slack/signature.h"
#include "slack/socket_mode.h"

namespace fa::chatops {

/// The HTTP side: which path asks for what, and who may. Borrows everything; thread-safe.
class Routes {
 public:
  struct Parts {
    Edge& edge;
    const Settings& settings;
    slack::SignatureVerifier& slack_signatures;
    alarms::SnsVerifier& sns;
    const Clock& clock;
    server::Log& log;
    server::Metrics& metrics;
    /// Secrets as they are now; `after_mismatch` may look again whether they were replaced.
    std::function<std::vector<Secret>(bool after_mismatch)> signing_secrets;
    std::function<Secret()> webhook_secret;
    std::function<Secret()> alertmanager_token;
    /// Confirms an SNS subscription: a GET of its URL, as an errand.
    std::function<void(const std::string& url)> confirm_subscription;
    std::function<Result<void>()> ready;   ///< What /readyz says.
    std::function<void()> before_metrics;  ///< Brings gauges up to date.
    bool slack_over_http = true;
  };
  explicit Routes(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] server::ServerResponse handle(const server::ServerRequest& request);
  /// The same requests over Socket Mode, which needs no signature.
  void handle_envelope(slack::Envelope envelope);

 private:
  server::ServerResponse slack_events(const server::ServerRequest& request);
  server::ServerResponse sns(const server::ServerRequest& request);
  server::ServerResponse sns_notification(const alarms::SnsMessage& message);
  server::ServerResponse webhook(const server::ServerRequest& request);
  server::ServerResponse alertmanager(const server::ServerRequest& request);
  server::ServerResponse refuse(int status, const char* endpoint, const std::string& reason,
                                const server::ServerRequest& request, const std::string& text);
  Parts parts_;
};

}  // namespace fa::chatops
