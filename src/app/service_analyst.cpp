#include "app/service_analyst.h"

#include <mutex>

#include "app/aws_options.h"
#include "app/aws_world.h"
#include "app/findings_memory.h"
#include "app/investigation.h"
#include "app/service_renderer.h"
#include "findings/findings.h"
#include "findings/findings_document.h"
#include "insight/answer.h"
#include "insight/insight.h"

namespace fa {
namespace {

using chatops::AnalystRequest;
using chatops::Answer;
using chatops::InquiryKind;

/// The live account as configured, open.
struct LiveAccount {
  AwsConfig aws;
  std::unique_ptr<AwsWorld> world;
};

Result<LiveAccount> open_account(const Config& config) {
  AwsOptions options;
  options.aws = true;
  auto aws = aws_config_of(options, config);
  if (!aws) return tl::unexpected(aws.error());
  auto world = AwsWorld::open(*aws);
  if (!world) return tl::unexpected(world.error());
  return LiveAccount{std::move(*aws), std::move(*world)};
}

void add_spending(ModelSetup& setup, Usage& usage) {
  const llm::Spending spent = setup.spent();
  usage.model_input_tokens += spent.usage.input + spent.usage.cache_read + spent.usage.cache_write;
  usage.model_output_tokens += spent.usage.output;
  usage.cost_usd += spent.usd;
  usage.sources.push_back({setup.narrator().model.name(), spent.calls, 0, 0, spent.usd});
}

/// The model as questions about metrics are asked of it.
class MetricsModel {
 public:
  explicit MetricsModel(const Assistants& assistants) {
    if (!assistants.model) return;
    narrator_.emplace(assistants.model->narrator());
    model_.emplace(insight::InsightModel{narrator_->model, narrator_->prompts});
  }
  [[nodiscard]] const std::optional<insight::InsightModel>& model() const { return model_; }

 private:
  std::optional<Narrator> narrator_;
  std::optional<insight::InsightModel> model_;
};

class ServiceAnalyst final : public chatops::Analyst {
 public:
  ServiceAnalyst(const Config& config, const ModelOptions& options, std::filesystem::path data)
      : config_(config), options_(options), memory_(data / "findings-last.json") {}

  Result<void> collect(const AnalystRequest& request, const std::filesystem::path& folder, const OnProgress&,
                       const Context& context) override {
    // Recorded data lies where it is; findings are asked for where they are told of, since that costs nothing.
    if (!config_.aws || request.inquiry.kind == InquiryKind::kFindings) return {};
    const auto account = open_account(config_);
    if (!account) return tl::unexpected(account.error());
    const Assistants assistants = open_assistants(config_, options_, request.language);
    const MetricsModel model(assistants);
    return insight::collect_insight(insight_request(request), account->aws.request, account->world->access(),
                                    model.model(), folder, context);
  }

  Result<Answer> answer(const AnalystRequest& request, const std::filesystem::path& folder,
                        const std::function<void()>& asking_model, const Context& context) override {
    const Assistants assistants = open_assistants(config_, options_, request.language);
    if (assistants.model) asking_model();
    auto answer = request.inquiry.kind == InquiryKind::kInsight ? insight(request, folder, assistants, context)
                                                                : findings_report(request, assistants, context);
    if (answer && assistants.model) add_spending(*assistants.model, answer->usage);
    return answer;
  }

 private:
  [[nodiscard]] insight::InsightRequest insight_request(const AnalystRequest& request) const {
    insight::InsightRequest out;
    out.question = request.inquiry.question;
    out.language = request.language;
    out.options.time_zone = request.time_zone;
    // A time that the question names counts, else the days of the form. Both up to when it was asked, also when it is
    // tried again; in recorded data the newest point is now.
    const auto words = insight::read_question(out.question, out.options, request.window.end);
    const bool named = words && words->window_given;
    if (config_.aws) {
      out.options.window = named ? words->window : request.window;
    } else if (!named) {
      out.options.days = request.inquiry.days;
    }
    return out;
  }

  Result<Answer> insight(const AnalystRequest& request, const std::filesystem::path& folder,
                         const Assistants& assistants, const Context& context) const {
    const MetricsModel model(assistants);
    const std::vector<std::string> paths =
        config_.aws ? std::vector<std::string>{folder.string()} : config_.serve.paths;
    const auto result = insight::answer_insight(insight_request(request), paths, model.model(), context);
    if (!result) return tl::unexpected(result.error());
    Answer out = answer_of(insight::answer_document(*result), request, context);
    out.headline = result->question;
    out.usage = result->usage;
    out.gaps = result->gaps.size();
    return out;
  }

  static Answer answer_of(const document::Document& document, const AnalystRequest& request, const Context& context) {
    Answer out;
    out.headline = document.title;
    out.markdown = thread_markdown(document);
    const bool for_channel = request.inquiry.kind == InquiryKind::kFindings;
    out.files = document_files(document, "fa2-" + request.id, for_channel, context);
    return out;
  }

  [[nodiscard]] findings::FindingsRequest findings_request(const AnalystRequest& request) {
    findings::FindingsRequest out;
    out.filter.least =
        findings::severity_from_name(finding_severity_name(request.inquiry.least)).value_or(out.filter.least);
    out.filter.days = request.inquiry.days;
    out.language = request.language;
    out.time_zone = request.time_zone;
    const std::scoped_lock lock(mutex_);
    out.last = memory_.before(request.id);
    return out;
  }

  Result<findings::FindingsRun> run_report(findings::FindingsRequest asked, llm::ChatModel* model,
                                           const Context& context) {
    if (!config_.aws) {
      asked.files = config_.serve.paths;
      return findings::run_findings(asked, nullptr, model, context);
    }
    const auto account = open_account(config_);
    if (!account) return tl::unexpected(account.error());
    asked.live.profile = account->aws.request.profile;
    asked.live.targets = account->aws.request.targets;
    asked.live.detectors = config_.detectors;
    const AwsWorldAccess access = account->world->access();
    return findings::run_findings(asked, &access, model, context);
  }

  Result<Answer> findings_report(const AnalystRequest& request, const Assistants& assistants, const Context& context) {
    llm::ChatModel* model = assistants.model ? &assistants.model->narrator().model : nullptr;
    const auto run = run_report(findings_request(request), model, context);
    if (!run) return tl::unexpected(run.error());
    Answer out = answer_of(findings::findings_document(run->report), request, context);
    out.gaps = run->report.gaps.size();
    const std::scoped_lock lock(mutex_);
    if (const auto kept = memory_.keep(request.id, run->state); !kept) {
      out.files.missing.push_back("what the next report is compared with: " + kept.error().message);
    }
    return out;
  }

  const Config& config_;
  const ModelOptions& options_;
  std::mutex mutex_;
  FindingsMemory memory_;
};

}  // namespace

std::unique_ptr<chatops::Analyst> make_service_analyst(const Config& config, const ModelOptions& options,
                                                       std::filesystem::path data) {
  return std::make_unique<ServiceAnalyst>(config, options, std::move(data));
}

}  // namespace fa
