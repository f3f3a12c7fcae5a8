// fa2 health: whether a running server can take work, for containers and monitoring.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/config.h"
#include "app/output.h"
#include "base/text.h"
#include "net/curl_client.h"

namespace fa {
namespace {

struct HealthOptions {
  std::string config;
  std::string url;
};

Result<std::string> url_of(const HealthOptions& o) {
  if (!o.url.empty()) return o.url;
  if (o.config.empty()) return fail(ErrorCode::kInvalidInput, "Give --config of the server, or its --url.");
  const auto config = read_config(o.config);
  if (!config) return tl::unexpected(config.error());
  const server::WebServerOptions& web = config->serve.web;
  if (!web.certificate.empty()) {
    return fail(ErrorCode::kInvalidInput, "The server speaks TLS: give --url with a name of its certificate.");
  }
  // Whoever listens everywhere is reached at home.
  const std::string host = web.address == "0.0.0.0" ? "127.0.0.1" : web.address == "::" ? "::1" : web.address;
  const bool is_v6 = host.find(':') != std::string::npos;
  return is_v6 ? fmt::format("http://[{}]:{}", host, web.port) : fmt::format("http://{}:{}", host, web.port);
}

int run_health(const HealthOptions& o, const Context& context) {
  const auto url = url_of(o);
  if (!url) return report_failure(url.error());
  const auto http = CurlClient::open({});
  if (!http) return report_failure(http.error());
  HttpRequest request;
  request.url = *url + "/readyz";
  request.direct = true;
  request.max_response_bytes = 64 << 10;
  request.timeout = std::chrono::seconds(5);
  const auto response = (*http)->send(request, context);
  if (!response || response->status != 200) {
    complain(response ? fmt::format("Not ready: {}", visible(trim(response->body))) : response.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace

void add_health_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<HealthOptions>();
  CLI::App* command = app.add_subcommand("health", "Ask a running fa2 serve whether it is ready; status 0 when it is");
  command->add_option("--config", options->config, "Configuration file (TOML) of the server");
  command->add_option("--url", options->url, "Its address, such as http://127.0.0.1:8080");
  command->callback([options, &context, &status] { status = run_health(*options, context); });
}

}  // namespace fa
