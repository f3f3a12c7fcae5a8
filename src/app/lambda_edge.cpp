// The Lambda function that Slack and alarms talk to.
#include "app/lambda_parts.h"
#include "chatops/edge.h"
#include "chatops/routes.h"
#include "lambda/http_event.h"

namespace fa {
namespace {

/// What must be called at once (a form for a trigger_id, a reply that only one person sees) has ended when a request is
/// answered, since the process is frozen behind it. Slack waits three seconds in all.
constexpr auto kErrandDeadline = std::chrono::milliseconds(2000);

class LambdaEdge final : public LambdaFunction {
 public:
  explicit LambdaEdge(std::unique_ptr<LambdaParts> parts)
      : parts_(std::move(parts)),
        settings_(parts_->config.serve.settings),
        errands_(4, 100, kErrandDeadline),
        directory_(settings_, *parts_->slack, parts_->clock),
        edge_(chatops::Edge::Parts{settings_, *parts_->jobs, *parts_->slack, directory_, errands_, parts_->clock,
                                   parts_->log, parts_->metrics, [this] { has_new_jobs_ = true; }}),
        signatures_(parts_->clock),
        sns_([this](const std::string& url) { return certificate(url); }, parts_->clock),
        routes_(routes_parts()) {}

  Result<std::string> handle(const lambda::Invocation& invocation, const Context& context) override {
    const auto request = lambda::parse_http_event(invocation.payload);
    if (!request && request.error().code == ErrorCode::kLimit) {
      return lambda::http_event_answer({413, "text/plain; charset=utf-8", request.error().message + "\n"});
    }
    if (!request) return tl::unexpected(request.error());
    learn_identity(context);
    has_new_jobs_ = false;
    const server::ServerResponse response = answer(*request);
    if (has_new_jobs_) parts_->start_worker("{}", context.within(std::chrono::seconds(1)));
    errands_.finish_all();
    return lambda::http_event_answer(response);
  }

 private:
  server::ServerResponse answer(const server::ServerRequest& request) {
    // Anybody may call a function's URL; what is counted is in the logs.
    if (request.method != "POST" && request.path != "/healthz") {
      return {404, "text/plain; charset=utf-8", "There is nothing here.\n"};
    }
    return routes_.handle(request);
  }

  chatops::Routes::Parts routes_parts() {
    return {edge_,
            settings_,
            signatures_,
            sns_,
            parts_->clock,
            parts_->log,
            parts_->metrics,
            [this](bool after_mismatch) {
              // Not in the background, which is frozen.
              if (after_mismatch && may_read_secrets_again()) parts_->secrets->read_all();
              return parts_->secrets->valid(kSigningSecretSetting);
            },
            [this] { return parts_->secrets->current(kWebhookSecretSetting); },
            [this] { return parts_->secrets->current(kAlertmanagerTokenSetting); },
            [this](const std::string& url) { confirm_subscription(url); },
            [this] { return parts_->jobs->check(parts_->clock.now()); },
            [] {},
            true};
  }

  /// Whoever sends wrong signatures makes us read no more often than this.
  bool may_read_secrets_again() {
    const TimePoint now = parts_->clock.now();
    if (now < secrets_read_ + std::chrono::seconds(30)) return false;
    secrets_read_ = now;
    return true;
  }

  Result<std::string> certificate(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.max_response_bytes = 64 << 10;
    const auto response = parts_->world->access().http.send(request, Context{}.within(std::chrono::seconds(2)));
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200) return fail(ErrorCode::kUnavailable, "SNS did not give its certificate.");
    return response->body;
  }

  void confirm_subscription(const std::string& url) {
    errands_.run([this, url](const Context& context) {
      HttpRequest request;
      request.url = url;
      request.max_response_bytes = 64 << 10;
      const auto response = parts_->world->access().http.send(request, context);
      if (response && response->status == 200) return;
      parts_->log.error(
          "sns_subscription_not_confirmed",
          {{"error", response ? "status " + std::to_string(response->status) : response.error().message}});
    });
  }

  /// Patterns look at messages of bots only when we know which ones are our own.
  void learn_identity(const Context& context) {
    if (settings_.alarm_patterns.empty() || knows_identity_) return;
    const auto identity = parts_->slack->identify(context.within(std::chrono::seconds(1)));
    if (!identity) {
      parts_->log.error("slack_not_reached", {{"error", identity.error().message}});
      return;
    }
    edge_.set_identity(*identity);
    knows_identity_ = true;
  }

  std::unique_ptr<LambdaParts> parts_;
  const chatops::Settings& settings_;
  chatops::Errands errands_;
  chatops::Directory directory_;
  chatops::Edge edge_;
  slack::SignatureVerifier signatures_;
  alarms::SnsVerifier sns_;
  chatops::Routes routes_;
  bool has_new_jobs_ = false;
  bool knows_identity_ = false;
  TimePoint secrets_read_ = from_unix_nanos(0);
};

}  // namespace

Result<std::unique_ptr<LambdaFunction>> open_lambda_edge(const LambdaSettings& settings, const Config& config,
                                                         std::function<void(std::string_view)> log) {
  const ServeConfig& serve = config.serve;
  if (serve.socket_mode) {
    return fail(ErrorCode::kInvalidInput,
                "slack.mode is \"socket\": a Lambda function has no connection to Slack that "
                "stays; set it to \"http\".");
  }
  auto parts = LambdaParts::open(settings, config,
                                 {{kSigningSecretSetting, serve.signing_secret},
                                  {kBotTokenSetting, serve.bot_token},
                                  {kWebhookSecretSetting, serve.webhook_secret},
                                  {kAlertmanagerTokenSetting, serve.alertmanager_token}},
                                 std::move(log));
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<LambdaEdge>(std::move(*parts));
}

}  // namespace fa
