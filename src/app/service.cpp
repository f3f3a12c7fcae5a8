#include "app/service.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "app/aws_world.h"
#include "app/secret_keeper.h"
#include "app/secret_reference.h"
#include "app/service_analyst.h"
#include "app/service_investigator.h"
#include "app/service_metrics.h"
#include "app/service_renderer.h"
#include "base/version.h"
#include "chatops/edge.h"
#include "chatops/routes.h"
#include "chatops/work.h"
#include "chatops/workers.h"
#include "server/web_server.h"
#include "slack/socket_mode.h"
#include "sources/aws/aws_session.h"

namespace fa {
namespace {

constexpr const char* kSigning = "slack.signing_secret";
constexpr const char* kBotToken = "slack.bot_token";
constexpr const char* kAppToken = "slack.app_token";
constexpr const char* kWebhook = "webhook.secret";
constexpr const char* kAlertmanager = "alertmanager.token";

/// The process's own AWS client, for secrets of Secrets Manager only.
class AwsSecrets {
 public:
  static Result<std::unique_ptr<AwsSecrets>> open(const AwsConfig& config, AwsWorld& world) {
    std::unique_ptr<AwsSecrets> secrets(new AwsSecrets);
    auto session = AwsSession::open(config.request.profile, world.access());
    if (!session) return tl::unexpected(session.error());
    secrets->session_ = std::move(*session);
    AwsTarget target;
    target.region = config.region;
    auto identity = secrets->session_->identity(target);
    if (!identity) return tl::unexpected(identity.error());
    secrets->identity_ = std::move(*identity);
    return secrets;
  }
  [[nodiscard]] aws::Client& client() { return identity_->client(); }

 private:
  AwsSecrets() = default;
  std::unique_ptr<AwsSession> session_;
  std::unique_ptr<AwsIdentity> identity_;
};

class RunningService final : public Service {
 public:
  RunningService(const Config& config, const ModelOptions& options, std::function<void(std::string_view)> log)
      : config_(config), serve_(config.serve), log_(clock_, std::move(log)) {
    investigator_ = make_service_investigator(config, options, clock_);
    renderer_ = make_service_renderer();
    analyst_ = make_service_analyst(config, options, serve_.data);
    describe_service_metrics(metrics_);
  }

  ~RunningService() override { stop(Nanoseconds{0}); }

  Result<void> open() {
    const AwsConfig aws = config_.aws.value_or(AwsConfig{});
    auto world = AwsWorld::open(aws);
    if (!world) return tl::unexpected(world.error());
    world_ = std::move(*world);
    if (auto ok = read_secrets(aws); !ok) return ok;
    if (auto ok = open_stores(); !ok) return ok;
    const AwsWorldAccess access = world_->access();
    slack::WebApiOptions api;
    api.base_url = serve_.slack_api;
    api.bot_token = [this] { return secrets_->current(kBotToken); };
    api.app_token = [this] { return secrets_->current(kAppToken); };
    slack_ = slack::make_web_api(std::move(api), access.http, clock_, sleeper_, random_);
    start_app();
    return start_edges();
  }

  [[nodiscard]] std::uint16_t port() const override { return web_->port(); }

  void run(const Context& context) override {
    identity_ = std::jthread([this](const std::stop_token& stop) { find_identity(Context{stop, std::nullopt}); });
    constexpr auto kHousekeeping = std::chrono::hours(1);
    do {
      housekeep();
    } while (sleeper_.sleep(kHousekeeping, context));
    log_.info("draining", {{"running", static_cast<std::int64_t>(workers_->running())}});
    stop(serve_.drain);
    log_.info("stopped");
  }

 private:
  Result<void> read_secrets(const AwsConfig& aws) {
    const std::pair<const char*, std::string> all[] = {{kSigning, serve_.signing_secret},
                                                       {kBotToken, serve_.bot_token},
                                                       {kAppToken, serve_.app_token},
                                                       {kWebhook, serve_.webhook_secret},
                                                       {kAlertmanager, serve_.alertmanager_token}};
    Nanoseconds every = std::chrono::seconds(10);
    for (const auto& [setting, reference] : all) {
      if (!reference.starts_with("secretsmanager:") || aws_secrets_) continue;
      auto opened = AwsSecrets::open(aws, *world_);
      if (!opened) return tl::unexpected(opened.error());
      aws_secrets_ = std::move(*opened);
      every = std::chrono::minutes(1);
    }
    secrets_ = std::make_unique<SecretKeeper>(
        [this](const std::string& reference, std::string_view setting) {
          return read_secret(reference, setting, aws_secrets_ ? &aws_secrets_->client() : nullptr);
        },
        [this](const std::string& setting, const Error& error) {
          log_.error("secret_not_read", {{"setting", setting}, {"error", error.message}});
        },
        clock_, every);
    for (const auto& [setting, reference] : all) {
      if (auto ok = secrets_->add(setting, reference); !ok) return ok;
    }
    return {};
  }

  Result<void> open_stores() {
    const std::filesystem::path folder = serve_.data;
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) {
      return fail(ErrorCode::kUnreadable,
                  fmt::format("serve.data names {}, which cannot be made: {}.", folder.string(), ec.message()));
    }
    JobLimits limits;
    limits.queued_analyses = serve_.settings.max_queued;
    auto jobs = open_job_store(folder / "jobs.db", limits);
    if (!jobs) return tl::unexpected(jobs.error());
    jobs_ = std::move(*jobs);
    auto blobs = open_blob_folder(folder / "blobs");
    if (!blobs) return tl::unexpected(blobs.error());
    blobs_ = std::move(*blobs);
    const auto released = jobs_->release_all();
    if (!released) return tl::unexpected(released.error());
    if (*released > 0) log_.info("jobs_resumed", {{"jobs", static_cast<std::int64_t>(*released)}});
    return {};
  }

  void start_app() {
    errands_ = std::make_unique<chatops::Errands>(8, 1000, std::chrono::seconds(10));
    directory_ = std::make_unique<chatops::Directory>(serve_.settings, *slack_, clock_);
    edge_ = std::make_unique<chatops::Edge>(
        chatops::Edge::Parts{serve_.settings, *jobs_, *slack_, *directory_, *errands_, clock_, log_, metrics_, [this] {
                               if (workers_) workers_->wake();
                             }});
    chatops::Work::Parts work{serve_.settings, *jobs_,      *blobs_, *slack_, *investigator_, *renderer_,
                              *analyst_,       *directory_, clock_,  log_,    metrics_};
    work.analysis_deadline = serve_.analysis_deadline;
    work_ = std::make_unique<chatops::Work>(work);
    chatops::WorkersOptions options;
    options.owner = fmt::format("{}-{}", ::getpid(), to_unix_nanos(clock_.now()));
    options.analysis_threads = serve_.analyses;
    options.max_attempts = serve_.settings.max_attempts;
    workers_ = std::make_unique<chatops::Workers>(options, *jobs_, *work_, clock_, sleeper_, random_, log_, metrics_);
    const AwsWorldAccess access = world_->access();
    sns_ = std::make_unique<alarms::SnsVerifier>(
        [access](const std::string& url) -> Result<std::string> {
          HttpRequest request;
          request.url = url;
          request.max_response_bytes = 64 << 10;
          request.timeout = std::chrono::seconds(5);
          const auto response = access.http.send(request, Context{}.within(std::chrono::seconds(5)));
          if (!response) return tl::unexpected(response.error());
          if (response->status != 200) return fail(ErrorCode::kUnavailable, "SNS did not give its certificate.");
          return response->body;
        },
        clock_);
  }

  Result<void> start_edges() {
    chatops::Routes::Parts parts{*edge_,
                                 serve_.settings,
                                 signatures_,
                                 *sns_,
                                 clock_,
                                 log_,
                                 metrics_,
                                 [this](bool after_mismatch) {
                                   if (after_mismatch) secrets_->look_again();
                                   return secrets_->valid(kSigning);
                                 },
                                 [this] { return secrets_->current(kWebhook); },
                                 [this] { return secrets_->current(kAlertmanager); },
                                 [this](const std::string& url) { confirm_subscription(url); },
                                 [this] { return ready(); },
                                 [this] { bring_gauges_up_to_date(); },
                                 !serve_.socket_mode};
    routes_ = std::make_unique<chatops::Routes>(std::move(parts));
    auto web =
        server::WebServer::start(serve_.web, [this](const server::ServerRequest& r) { return routes_->handle(r); });
    if (!web) return tl::unexpected(web.error());
    web_ = std::move(*web);
    if (serve_.socket_mode) {
      slack::SocketModeOptions options;
      options.allow_plain = serve_.plain_socket;
      if (config_.aws) options.ca_file = config_.aws->ca_file;
      socket_ = slack::SocketMode::start(
          options, *slack_, sleeper_, random_,
          [this](slack::Envelope envelope) { routes_->handle_envelope(std::move(envelope)); },
          [this](const std::string& line) {
            log_.info("socket_mode", {{"what", line}});
          });
    }
    log_.info("listening", {{"address", serve_.web.address},
                            {"port", std::int64_t{web_->port()}},
                            {"mode", std::string(serve_.socket_mode ? "socket" : "http")},
                            {"version", std::string(kVersion)},
                            {"data", serve_.data}});
    return {};
  }

  /// Who we are in Slack: asked until it answers, for without it patterns do not look at bots' messages.
  void find_identity(const Context& context) {
    Nanoseconds pause = std::chrono::seconds(1);
    while (!context.stopped()) {
      const auto identity = slack_->identify(context.within(std::chrono::seconds(30)));
      if (identity) {
        edge_->set_identity(*identity);
        log_.info("slack_identity", {{"team", identity->team}, {"user", identity->user_id}});
        return;
      }
      log_.error("slack_not_reached", {{"error", identity.error().message}});
      if (!sleeper_.sleep(pause, context)) return;
      pause = std::min<Nanoseconds>(pause * 2, std::chrono::minutes(1));
    }
  }

  void confirm_subscription(const std::string& url) {
    const AwsWorldAccess access = world_->access();
    errands_->run([this, access, url](const Context& context) {
      HttpRequest request;
      request.url = url;
      request.max_response_bytes = 64 << 10;
      const auto response = access.http.send(request, context);
      if (response && response->status == 200) return;
      log_.error("sns_subscription_not_confirmed",
                 {{"error", response ? "status " + std::to_string(response->status) : response.error().message}});
    });
  }

  Result<void> ready() {
    if (draining_) return fail(ErrorCode::kUnavailable, "draining");
    if (auto ok = jobs_->check(clock_.now()); !ok) return ok;
    if (socket_ && socket_->counts().open == 0)
      return fail(ErrorCode::kUnavailable, "no Socket Mode connection is open");
    return {};
  }

  void bring_gauges_up_to_date() {
    const TimePoint now = clock_.now();
    for (const JobLane lane : {JobLane::kQuick, JobLane::kAnalysis}) {
      const auto counts = jobs_->counts(lane);
      if (!counts) continue;
      const std::string name(job_lane_name(lane));
      const std::pair<const char*, std::uint64_t> states[] = {
          {"queued", counts->queued}, {"running", counts->running}, {"done", counts->done}, {"failed", counts->failed}};
      for (const auto& [state, count] : states) {
        metrics_.set("fa2_jobs", static_cast<double>(count), {{"lane", name}, {"state", state}});
      }
      const bool waits = counts->oldest_queued != kNoTime;
      const double age = waits ? std::chrono::duration<double>(now - counts->oldest_queued).count() : 0;
      metrics_.set("fa2_queue_oldest_seconds", age, {{"lane", name}});
    }
    for (const auto& [method, c] : slack_->counts()) {
      metrics_.set("fa2_slack_calls", static_cast<double>(c.calls), {{"method", method}, {"outcome", "all"}});
      metrics_.set("fa2_slack_calls", static_cast<double>(c.throttled), {{"method", method}, {"outcome", "throttled"}});
      metrics_.set("fa2_slack_calls", static_cast<double>(c.failed), {{"method", method}, {"outcome", "failed"}});
    }
    const server::WebServerCounts web = web_->counts();
    metrics_.set("fa2_connections", static_cast<double>(web.connections_open));
    const std::pair<const char*, std::uint64_t> http[] = {{"requests", web.requests},
                                                          {"connections", web.connections},
                                                          {"refused", web.refused},
                                                          {"busy", web.busy},
                                                          {"evicted", web.evicted}};
    for (const auto& [what, count] : http)
      metrics_.set("fa2_http_counts", static_cast<double>(count), {{"what", what}});
    if (socket_) metrics_.set("fa2_socket_connections", socket_->counts().open);
  }

  void housekeep() {
    const TimePoint now = clock_.now();
    const auto gone = jobs_->prune(now - serve_.keep, now - serve_.keep_audit);
    if (!gone) {
      log_.error("housekeeping_failed", {{"error", gone.error().message}});
      return;
    }
    for (const std::string& id : *gone) {
      if (!id.starts_with("run-")) continue;
      if (auto ok = blobs_->remove("runs/" + id); !ok) {
        log_.error("housekeeping_failed", {{"job", id}, {"error", ok.error().message}});
      }
    }
    if (!gone->empty()) log_.info("forgotten", {{"jobs", static_cast<std::int64_t>(gone->size())}});
  }

  void stop(Nanoseconds patience) {
    draining_ = true;
    if (socket_) socket_->stop_taking();
    if (web_) web_->drain(std::chrono::seconds(5));
    if (workers_) workers_->drain(patience);
    identity_ = {};
    socket_.reset();
    web_.reset();
    errands_.reset();
  }

  const Config& config_;
  const ServeConfig& serve_;
  SystemClock clock_;
  SystemSleeper sleeper_;
  SystemRandom random_;
  server::Log log_;
  server::Metrics metrics_;
  std::atomic<bool> draining_{false};
  std::unique_ptr<AwsWorld> world_;
  std::unique_ptr<AwsSecrets> aws_secrets_;
  std::unique_ptr<SecretKeeper> secrets_;
  std::unique_ptr<JobStore> jobs_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<slack::SlackApi> slack_;
  std::unique_ptr<chatops::Investigator> investigator_;
  std::unique_ptr<chatops::ReportRenderer> renderer_;
  std::unique_ptr<chatops::Analyst> analyst_;
  slack::SignatureVerifier signatures_{clock_};
  std::unique_ptr<alarms::SnsVerifier> sns_;
  std::unique_ptr<chatops::Directory> directory_;
  std::unique_ptr<chatops::Errands> errands_;
  std::unique_ptr<chatops::Edge> edge_;
  std::unique_ptr<chatops::Work> work_;
  std::unique_ptr<chatops::Workers> workers_;
  std::unique_ptr<chatops::Routes> routes_;
  std::unique_ptr<server::WebServer> web_;
  std::unique_ptr<slack::SocketMode> socket_;
  std::jthread identity_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const Config& config, const ModelOptions& options,
                                                std::function<void(std::string_view)> log) {
  if (auto ok = check_serve_config(config.serve); !ok) return tl::unexpected(ok.error());
  if (!config.aws && config.serve.paths.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "There is nothing to analyse: set [aws] to collect from an account, or serve.paths to recorded data.");
  }
  auto service = std::make_unique<RunningService>(config, options, std::move(log));
  if (auto ok = service->open(); !ok) return tl::unexpected(ok.error());
  return service;
}

}  // namespace fa
