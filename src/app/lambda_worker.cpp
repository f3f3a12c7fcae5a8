// The Lambda function that does the jobs.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/lambda_parts.h"
#include "app/service_analyst.h"
#include "app/service_investigator.h"
#include "app/service_renderer.h"
#include "aws_store/aws_store.h"
#include "base/json.h"
#include "chatops/work.h"
#include "chatops/workers.h"

namespace fa {
namespace {

/// What findings reports leave for the next one, as FindingsMemory names it; kept as a blob between two invocations.
constexpr const char* kFindingsFile = "findings-last.json";
const std::string kFindingsBlob = "state/findings-last.json";
/// A worker that was not done in its time starts the next one, so often; after that the scheduled run goes on.
constexpr int kMostContinuations = 8;

/// What an event asks for. Whatever it is, jobs that wait are done.
struct WorkerEvent {
  bool housekeeping = false;
  int continuation = 0;
};

WorkerEvent read_event(const std::string& payload) {
  WorkerEvent event;
  const Json json = parse_json(payload);
  if (!json.is_object()) return event;
  if (const auto task = json.find("task"); task != json.end()) event.housekeeping = *task == "housekeeping";
  if (const auto count = json.find("continuation"); count != json.end() && count->is_number_integer()) {
    event.continuation = std::clamp(count->get<int>(), 0, kMostContinuations);
  }
  return event;
}

class LambdaWorker final : public LambdaFunction {
 public:
  LambdaWorker(std::unique_ptr<LambdaParts> parts, const ModelOptions& options)
      : parts_(std::move(parts)),
        serve_(parts_->config.serve),
        data_(serve_.data),
        investigator_(make_service_investigator(parts_->config, options, parts_->clock)),
        renderer_(make_service_renderer()),
        analyst_(make_service_analyst(parts_->config, options, data_)),
        directory_(serve_.settings, *parts_->slack, parts_->clock) {}

  Result<std::string> handle(const lambda::Invocation& invocation, const Context& context) override {
    const WorkerEvent event = read_event(invocation.payload);
    S3BlobOptions blob_options;
    blob_options.bucket = parts_->settings.data_bucket;
    blob_options.local = data_ / "blobs";
    // Opened for each invocation: what lies on the small disk goes with it.
    const auto blobs = open_s3_blob_store(parts_->identity->client(), blob_options);
    if (!blobs) return tl::unexpected(blobs.error());
    if (auto ok = parts_->jobs->check(parts_->clock.now()); !ok) return tl::unexpected(ok.error());
    if (event.housekeeping) housekeep(**blobs);
    const std::string findings = fetch_findings_state(**blobs);
    const bool idle = work(invocation, **blobs, context);
    keep_findings_state(**blobs, findings);
    if (!idle && event.continuation < kMostContinuations) {
      parts_->start_worker(json_text(Json{{"continuation", event.continuation + 1}}),
                           Context{}.within(std::chrono::seconds(3)));
    }
    return json_text(Json{{"idle", idle}});
  }

 private:
  /// Kept back from what is left of the invocation: time to put back what runs, and to store it.
  static Nanoseconds margin(Nanoseconds left) {
    return std::clamp<Nanoseconds>(left / 10, std::chrono::milliseconds(500), std::chrono::seconds(20));
  }

  /// Does what can be done. False: there was not time enough for all.
  bool work(const lambda::Invocation& invocation, BlobStore& blobs, const Context& context) {
    const auto now = std::chrono::steady_clock::now();
    const Nanoseconds left =
        context.deadline ? std::chrono::duration_cast<Nanoseconds>(*context.deadline - now) : std::chrono::minutes(15);
    const Nanoseconds usable = std::max<Nanoseconds>(left - margin(left), Nanoseconds{0});
    chatops::Work::Parts work_parts{serve_.settings, *parts_->jobs, blobs,          *parts_->slack,
                                    *investigator_,  *renderer_,    *analyst_,      directory_,
                                    parts_->clock,   parts_->log,   parts_->metrics};
    // One that needs more than a whole invocation would be begun again and again.
    work_parts.analysis_deadline = std::min<Nanoseconds>(serve_.analysis_deadline, usable);
    chatops::Work work(work_parts);
    chatops::WorkersOptions options;
    options.owner = invocation.id;
    options.analysis_threads = serve_.analyses;
    options.max_attempts = serve_.settings.max_attempts;
    chatops::Workers workers(options, *parts_->jobs, work, parts_->clock, parts_->sleeper, parts_->random, parts_->log,
                             parts_->metrics);
    const bool idle = workers.wait_until_idle(context.within(usable));
    if (!idle) parts_->log.warning("worker_out_of_time", {{"running", static_cast<std::int64_t>(workers.running())}});
    workers.drain(Nanoseconds{0});
    return idle;
  }

  void housekeep(BlobStore& blobs) {
    const TimePoint now = parts_->clock.now();
    const auto gone = parts_->jobs->prune(now - serve_.keep, now - serve_.keep_audit);
    if (!gone) {
      parts_->log.error("housekeeping_failed", {{"error", gone.error().message}});
      return;
    }
    for (const std::string& id : *gone) {
      if (!id.starts_with("run-")) continue;
      if (auto ok = blobs.remove("runs/" + id); !ok) {
        parts_->log.error("housekeeping_failed", {{"job", id}, {"error", ok.error().message}});
      }
    }
    parts_->log.info("forgotten", {{"jobs", static_cast<std::int64_t>(gone->size())}});
  }

  [[nodiscard]] std::string findings_state() const {
    std::ifstream in(data_ / kFindingsFile, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::string fetch_findings_state(BlobStore& blobs) {
    const auto kept = blobs.get(kFindingsBlob);
    if (!kept && kept.error().code != ErrorCode::kNotFound) {
      parts_->log.error("findings_state_not_read", {{"error", kept.error().message}});
    }
    if (!kept) return findings_state();
    std::ofstream(data_ / kFindingsFile, std::ios::binary) << *kept;
    return *kept;
  }

  void keep_findings_state(BlobStore& blobs, const std::string& before) {
    const std::string now = findings_state();
    if (now == before) return;
    if (const auto kept = blobs.put(kFindingsBlob, now); !kept) {
      parts_->log.error("findings_state_not_kept", {{"error", kept.error().message}});
    }
  }

  std::unique_ptr<LambdaParts> parts_;
  const ServeConfig& serve_;
  std::filesystem::path data_;
  std::unique_ptr<chatops::Investigator> investigator_;
  std::unique_ptr<chatops::ReportRenderer> renderer_;
  std::unique_ptr<chatops::Analyst> analyst_;
  chatops::Directory directory_;
};

}  // namespace

Result<std::unique_ptr<LambdaFunction>> open_lambda_worker(const LambdaSettings& settings, const Config& config,
                                                           const ModelOptions& options,
                                                           std::function<void(std::string_view)> log) {
  std::error_code error;
  std::filesystem::create_directories(config.serve.data, error);
  if (error) {
    return fail(ErrorCode::kUnreadable, fmt::format("cannot make {}: {}.", config.serve.data, error.message()));
  }
  auto parts = LambdaParts::open(settings, config, {{kBotTokenSetting, config.serve.bot_token}}, std::move(log));
  if (!parts) return tl::unexpected(parts.error());
  return std::make_unique<LambdaWorker>(std::move(*parts), options);
}

}  // namespace fa
