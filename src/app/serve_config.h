#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "chatops/settings.h"
#include "server/web_server.h"

namespace fa {

/// [serve], [slack], [alarms], [sns], [webhook], [alertmanager]: what `fa2 serve` works with; docs/ops/slack.md has the
/// keys. Secrets are references.
struct ServeConfig {
  server::WebServerOptions web;
  std::string data;                ///< Folder of ours: jobs.db, and what was collected.
  std::vector<std::string> paths;  ///< Recorded data to analyse, where no [aws] is configured.
  std::size_t analyses = 2;        ///< At once.
  std::chrono::seconds analysis_deadline{1800};
  std::chrono::seconds drain{60};  ///< How long running analyses may finish after SIGTERM.
  std::chrono::hours keep{24 * 30};
  std::chrono::hours keep_audit{24 * 365};

  bool socket_mode = false;
  std::string signing_secret;
  std::string bot_token;
  std::string app_token;
  std::string slack_api = "https://slack.com/api";
  bool plain_socket = false;  ///< `ws://` to loopback: only with an API address there, as in tests.

  std::string webhook_secret;
  std::string alertmanager_token;
  chatops::Settings settings;
};

class TomlSection;
/// Reads the six tables below `top`. Errors as TomlSection gives them.
void read_serve_config(TomlSection& top, ServeConfig& to);
/// What must be set before the server can start; the error names the keys.
Result<void> check_serve_config(const ServeConfig& config);

}  // namespace fa
