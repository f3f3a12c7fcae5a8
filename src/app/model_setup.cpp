#include "app/model_setup.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "app/aws_world.h"
#include "app/output.h"
#include "app/secret_reference.h"
#include "app/terminal.h"
#include "investigate/memory.h"
#include "investigate/redact_report.h"
#include "llm/bedrock.h"
#include "llm/cassette.h"
#include "llm/openai.h"
#include "llm/redacting_model.h"
#include "redact/redact.h"
#include "sources/aws/aws_session.h"

namespace fa {
namespace {

/// Whether a Bedrock model is known to take cache points; the default of model.cache_prompts.
bool caches_prompts(std::string_view model) { return model.find("anthropic.claude") != std::string_view::npos; }

/// The month's account in the store.
class StoredMonth final : public llm::MonthlyAccount {
 public:
  StoredMonth(Store& store, double limit, std::string month) : store_(store), limit_(limit), month_(std::move(month)) {}

  Result<void> reserve(double usd) override {
    auto ok = store_.reserve_spending(month_, usd, limit_);
    if (!ok && ok.error().code == ErrorCode::kLimit) {
      return fail(ErrorCode::kLimit, ok.error().message + " Raise model.max_usd_per_month to go on.");
    }
    return ok;
  }
  void settle(double reserved_usd, double used_usd) override {
    // An account that cannot be written stays too high, never too low.
    (void)store_.settle_spending(month_, reserved_usd, used_usd);
  }

 private:
  Store& store_;
  double limit_;
  std::string month_;
};

std::string this_month() { return format_rfc3339(SystemClock().now()).substr(0, 7); }

}  // namespace

void add_model_options(CLI::App& command, ModelOptions& o) {
  const std::string group = "Language model and memory";
  command.add_flag("--no-model", o.none, "Ask no language model, whatever the configuration says")->group(group);
  command.add_option("--model", o.model, "bedrock:MODEL or openai:MODEL")->group(group);
  command.add_option("--model-url", o.url, "Address of an OpenAI-compatible server, up to and with /v1")->group(group);
  command.add_option("--model-cassette", o.cassette, "Answer from this recording instead of a model")->group(group);
  command.add_option("--record-cassette", o.record, "Record what the model is asked and answers")->group(group);
  command.add_option("--prompts", o.prompts, "Folder with en/ and ja/ instead of the built-in prompts")->group(group);
  command.add_option("--memory", o.memory, "File with past incidents and documents; made when missing")->group(group);
  command.add_flag("--show-secrets", o.show_secrets, "Show what reports otherwise replace by placeholders")
      ->group(group);
}

Result<Config> command_config(const std::string& file, const ModelOptions& o) {
  Config config;
  if (!file.empty()) {
    auto read = read_config(file);
    if (!read) return read;
    config = std::move(*read);
  }
  if (!o.memory.empty()) config.memory = o.memory;
  if (o.show_secrets) config.show_secrets = true;
  if (o.none && (!o.model.empty() || !o.cassette.empty() || !o.record.empty())) {
    return fail(ErrorCode::kInvalidInput,
                "--no-model does not go with --model, --model-cassette or --record-cassette.");
  }
  if (o.none) config.model.reset();
  if (!o.model.empty()) {
    const std::size_t colon = o.model.find(':');
    const std::string provider = o.model.substr(0, colon);
    if (colon == std::string::npos || (provider != "bedrock" && provider != "openai") || colon + 1 == o.model.size()) {
      return fail(ErrorCode::kInvalidInput, "--model must be bedrock:MODEL or openai:MODEL.");
    }
    if (!config.model) config.model.emplace();
    config.model->provider = provider;
    config.model->id = o.model.substr(colon + 1);
    config.model->cache_prompts.reset();  // What was set was for the model of the file.
  }
  if (!o.cassette.empty() && !config.model) {
    config.model.emplace();
    config.model->provider = "cassette";
    config.model->id = o.cassette;
  }
  if (!config.model) {
    if (!o.url.empty() || !o.record.empty()) {
      return fail(ErrorCode::kInvalidInput,
                  "--model-url and --record-cassette need a model: give --model, or [model] in --config.");
    }
    return config;
  }
  if (!o.url.empty()) config.model->base_url = o.url;
  if (!o.prompts.empty()) config.model->prompts = o.prompts;
  if (o.cassette.empty() && config.model->provider == "openai" && config.model->base_url.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "--model openai:... needs --model-url, the server's address up to and with /v1.");
  }
  if (!o.cassette.empty() && !o.record.empty()) {
    return fail(ErrorCode::kInvalidInput, "--model-cassette answers from a recording: there is nothing to record.");
  }
  if (config.model->max_usd_per_month > 0 && config.memory.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "model.max_usd_per_month needs a place to keep the account: set [memory] path or give --memory.");
  }
  return config;
}

struct ModelSetup::Parts {
  ModelConfig config;
  Prompts prompts;
  std::unique_ptr<AwsWorld> world;
  std::unique_ptr<AwsSession> session;
  std::unique_ptr<AwsIdentity> identity;
  std::unique_ptr<Retrier> retrier;
  SystemClock clock;
  std::unique_ptr<llm::ChatModel> provider;
  std::unique_ptr<llm::RecordingModel> recording;
  std::unique_ptr<llm::MonthlyAccount> month;
  std::optional<llm::MeteredModel> metered;
  std::optional<Redactor> redactor;
  std::optional<llm::RedactingModel> model;
  KnowledgeSearch knowledge;
  bool show_secrets = false;
};

ModelSetup::ModelSetup() : parts_(std::make_unique<Parts>()) {}
ModelSetup::~ModelSetup() = default;

Result<std::unique_ptr<ModelSetup>> ModelSetup::open(const Config& config, const ModelOptions& options,
                                                     Language language, Store* store) {
  if (!config.model) return std::unique_ptr<ModelSetup>();
  std::unique_ptr<ModelSetup> setup(new ModelSetup);
  Parts& p = *setup->parts_;
  p.config = *config.model;
  std::optional<std::filesystem::path> folder;
  if (!p.config.prompts.empty()) folder = p.config.prompts;
  auto prompts = load_prompts(language, folder);
  if (!prompts) return tl::unexpected(prompts.error());
  p.prompts = std::move(*prompts);

  if (!options.cassette.empty()) {
    auto replay = llm::ReplayModel::open(options.cassette);
    if (!replay) return tl::unexpected(replay.error());
    p.provider = std::move(*replay);
  } else {
    AwsConfig aws = config.aws.value_or(AwsConfig{});
    if (!p.config.profile.empty()) aws.request.profile = p.config.profile;
    auto world = AwsWorld::open(aws);
    if (!world) return tl::unexpected(world.error());
    p.world = std::move(*world);
    const bool bedrock = p.config.provider == "bedrock";
    if (bedrock || p.config.key.starts_with("secretsmanager:")) {
      auto session = AwsSession::open(aws.request.profile, p.world->access());
      if (!session) return tl::unexpected(session.error());
      p.session = std::move(*session);
      AwsTarget target;
      target.region = p.config.region.empty() ? aws.region : p.config.region;
      auto identity = p.session->identity(target);
      if (!identity) return tl::unexpected(identity.error());
      p.identity = std::move(*identity);
    }
    if (bedrock) {
      llm::BedrockSettings s;
      s.model_id = p.config.id;
      s.region = p.config.region;
      s.stream = p.config.stream;
      s.cache_prompts = p.config.cache_prompts.value_or(caches_prompts(p.config.id));
      s.guardrail_id = p.config.guardrail_id;
      s.guardrail_version = p.config.guardrail_version;
      s.temperature = p.config.temperature;
      s.timeout = p.config.deadline;
      p.provider = std::make_unique<llm::BedrockModel>(p.identity->client(), std::move(s));
    } else {
      auto key = read_secret(p.config.key, "model.key", p.identity ? &p.identity->client() : nullptr);
      if (!key) return tl::unexpected(key.error());
      llm::OpenAiSettings s;
      s.base_url = p.config.base_url;
      s.model = p.config.id;
      s.key = std::move(*key);
      s.stream = p.config.stream;
      s.native_tools = p.config.tools;
      s.max_tokens_field = p.config.max_tokens_field;
      s.temperature = p.config.temperature;
      s.timeout = p.config.deadline;
      const AwsWorldAccess access = p.world->access();
      p.provider = std::make_unique<llm::OpenAiModel>(access.http, access.retrier, p.clock, std::move(s));
    }
  }
  llm::ChatModel* model = p.provider.get();
  if (!options.record.empty()) {
    auto recording = llm::RecordingModel::open(*model, options.record);
    if (!recording) return tl::unexpected(recording.error());
    p.recording = std::move(*recording);
    model = p.recording.get();
  }
  if (store != nullptr && p.config.max_usd_per_month > 0) {
    p.month = std::make_unique<StoredMonth>(*store, p.config.max_usd_per_month, this_month());
  }
  p.metered.emplace(*model, p.config.price, p.config.limits, p.month.get());
  p.redactor.emplace(config.privacy);
  p.show_secrets = config.show_secrets;
  p.model.emplace(*p.metered, *p.redactor);
  if (store != nullptr) {
    const auto documents = store->documents();
    if (documents && !documents->empty()) p.knowledge = knowledge_search(*store);
  }
  return setup;
}

std::unique_ptr<ModelSetup> ModelSetup::open_or_complain(const Config& config, const ModelOptions& options,
                                                         Language language) {
  auto setup = open(config, options, language, nullptr);
  if (setup) return std::move(*setup);
  complain("The language model was not asked: " + setup.error().message);
  return nullptr;
}

Narrator ModelSetup::narrator() {
  Narrator n{*parts_->model, parts_->prompts};
  n.architecture = parts_->config.architecture;
  n.knowledge = parts_->knowledge;
  n.max_cycles = parts_->config.max_cycles;
  n.max_output_tokens = parts_->config.max_output_tokens_per_call;
  n.first_call_tokens = parts_->config.first_call_tokens;
  n.deadline = parts_->config.deadline;
  return n;
}

MetricChooser ModelSetup::metric_chooser(const IncidentInfo& incident) {
  return model_metric_chooser(*parts_->model, parts_->prompts, incident);
}

llm::Spending ModelSetup::spent() const { return parts_->metered->spent(); }

void ModelSetup::hide_secrets(Narrative& n) const {
  if (parts_->show_secrets) return;
  rewrite_narrative(n, [&](const std::string& text) { return parts_->redactor->hide_known(text); });
}

void narrate_with(ModelSetup& setup, Report& report, const Study& study, const std::optional<FollowUp>& follow_up,
                  const Context& context) {
  const Narrator narrator = setup.narrator();
  narrate(report, study, narrator, follow_up, context);
  if (report.narrative) setup.hide_secrets(*report.narrative);
  const llm::Spending spent = setup.spent();
  report.usage.cost_usd += spent.usd;
  SourceUsage usage;
  usage.source = narrator.model.name();
  usage.calls = spent.calls;
  usage.cost_usd = spent.usd;
  report.usage.sources.push_back(std::move(usage));
}

Report redacted(Report report, const Config& config) {
  return config.show_secrets ? report : redact_report(std::move(report));
}

}  // namespace fa
