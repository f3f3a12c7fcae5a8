#include "app/service_investigator.h"

#include "app/aws_options.h"
#include "app/aws_world.h"
#include "app/investigation.h"
#include "investigate/memory.h"

namespace fa {
namespace {

class ServiceInvestigator final : public chatops::Investigator {
 public:
  ServiceInvestigator(const Config& config, const ModelOptions& options, const Clock& clock)
      : config_(config), options_(options), clock_(clock) {}

  Result<void> collect(const chatops::AnalysisRequest& request, const std::filesystem::path& folder,
                       const OnProgress& progress, const Context& context) override {
    if (!config_.aws) return {};  // Recorded data lies where it is.
    AwsOptions options;
    options.aws = true;
    options.alarm_arn = request.alarm_arn;
    auto aws = aws_config_of(options, config_);
    if (!aws) return tl::unexpected(aws.error());
    auto world = AwsWorld::open(*aws);
    if (!world) return tl::unexpected(world.error());
    LiveRequest live;
    live.investigate = asked(request);
    live.aws = aws->request;
    live.save = folder;
    const Assistants assistants = open_assistants(config_, options_, request.language);
    if (assistants.model) live.choose_metrics = assistants.model->metric_chooser(known_incident(live.investigate));
    const CollectProgress collecting = [&](const std::string&, std::size_t done, std::size_t total) {
      progress(done, total);
    };
    const auto collected = collect_live(live, (*world)->access(), collecting, context);
    if (!collected) return tl::unexpected(collected.error());
    return {};
  }

  Result<Report> analyse(const chatops::AnalysisRequest& request, const std::filesystem::path& folder,
                         const std::function<void()>& asking_model, const Context& context) override {
    const InvestigateRequest recorded = recorded_in(request, folder);
    auto study = study_incident(recorded, clock_, nullptr, context);
    if (!study) return tl::unexpected(study.error());
    Report report = report_of(*study, request.language);
    report.incident.id = request.id;
    Investigated done{std::move(*study), std::move(report), recorded, std::nullopt};
    const Assistants assistants = open_assistants(config_, options_, request.language);
    if (assistants.model) asking_model();
    if (const auto kept = assist(done, assistants, config_, context); !kept) {
      memory_missing(done.report, kept.error());
    }
    return redacted(std::move(done.report), config_);
  }

  Result<Report> answer(const chatops::AnalysisRequest& request, const std::filesystem::path& folder,
                        const std::string& question, const Context& context) override {
    const Assistants assistants = open_assistants(config_, options_, request.language);
    if (assistants.no_model) return tl::unexpected(*assistants.no_model);
    if (!assistants.model) {
      return tl::unexpected(Error{ErrorCode::kNotFound,
                                  "No language model is configured. Set [model], or read the attached report: it holds "
                                  "all evidence.",
                                  "no model"});
    }
    const auto study = study_incident(recorded_in(request, folder), clock_, nullptr, context);
    if (!study) return tl::unexpected(study.error());
    Report report = report_of(*study, request.language);
    report.incident.id = request.id;
    if (assistants.store) remember(report, *study, *assistants.store);
    std::optional<Error> not_kept;
    Report answered = answer_question(std::move(report), *study, *assistants.model, assistants.store.get(), question,
                                      config_, context, not_kept);
    if (not_kept) memory_missing(answered, *not_kept);
    return answered;
  }

  Result<void> decide(const std::string& incident, bool confirmed, const std::string& cause,
                      const std::string& fix) override {
    if (config_.memory.empty()) {
      return tl::unexpected(
          Error{ErrorCode::kNotFound, "There is no memory: set [memory] path in the configuration.", "no memory"});
    }
    auto store = Store::open(config_.memory);
    if (!store) return tl::unexpected(store.error());
    // A wrong answer whose cause is known teaches as much as a right one.
    const auto outcome =
        !confirmed && cause.empty() ? PastIncident::Outcome::kRejected : PastIncident::Outcome::kConfirmed;
    return (*store)->decide(incident, outcome, cause, fix, clock_.now());
  }

 private:
  [[nodiscard]] InvestigateRequest asked(const chatops::AnalysisRequest& request) const {
    InvestigateRequest out;
    out.window = request.window;
    out.description = request.description;
    out.alarm = request.alarm;
    out.language = request.language;
    out.threads = config_.threads;
    out.architecture = config_.architecture;
    return out;
  }
  /// What was collected says itself what was asked; recorded data does not.
  [[nodiscard]] InvestigateRequest recorded_in(const chatops::AnalysisRequest& request,
                                               const std::filesystem::path& folder) const {
    InvestigateRequest out = asked(request);
    if (!config_.aws) {
      out.paths = config_.serve.paths;
      return out;
    }
    out.window.reset();
    out.description.clear();
    out.alarm.reset();
    out.paths = {folder.string()};
    return out;
  }

  const Config& config_;
  const ModelOptions& options_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<chatops::Investigator> make_service_investigator(const Config& config, const ModelOptions& options,
                                                                 const Clock& clock) {
  return std::make_unique<ServiceInvestigator>(config, options, clock);
}

}  // namespace fa
