// fa2 insight: what the metrics of an account, or of a folder, say to a question.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/aws_options.h"
#include "app/aws_world.h"
#include "app/commands.h"
#include "app/document_output.h"
#include "app/model_setup.h"
#include "app/output.h"
#include "app/report_format.h"
#include "app/terminal.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "insight/answer.h"
#include "insight/insight.h"

namespace fa {
namespace {

struct InsightOptions {
  std::string question;
  std::vector<std::string> paths;
  std::optional<int> days;
  std::string from;
  std::string to;
  std::string time_zone;
  std::string language;
  std::string format;
  std::string output;
  std::string config;
  AwsOptions aws;
  ModelOptions model;
};

/// A time without a zone of its own is of the reader's.
Result<TimePoint> insight_time(const std::string& text, const std::string& time_zone, const Clock& clock) {
  if (const auto local = parse_user_time(text + " " + time_zone, clock)) return local;
  return parse_user_time(text, clock);
}

Result<insight::InsightRequest> insight_request(const InsightOptions& o, const Config& config, const Clock& clock) {
  insight::InsightRequest request;
  request.question = o.question;
  request.options.days = o.days;
  request.options.time_zone = o.time_zone.empty() ? config.time_zone : o.time_zone;
  const std::string language = o.language.empty() ? config.language.value_or("") : o.language;
  request.language = language_from_name(language).value_or(Language::kEnglish);
  if (o.from.empty() && o.to.empty()) return request;
  if (o.from.empty() || o.days) {
    return fail(ErrorCode::kInvalidInput, "--to goes with --from, and --from does not go with --days.");
  }
  const auto begin = insight_time(o.from, request.options.time_zone, clock);
  if (!begin) return tl::unexpected(begin.error());
  const auto end = insight_time(o.to.empty() ? "now" : o.to, request.options.time_zone, clock);
  if (!end) return tl::unexpected(end.error());
  request.options.window = TimeRange{*begin, *end};
  return request;
}

Result<std::string> render_insight(const insight::InsightResult& result, const std::string& format, bool to_file,
                                   const Context& context) {
  if (format == "json") return insight::insight_json(result);
  return render_document(insight::answer_document(result), format, to_file, context);
}

Result<insight::InsightResult> ask(const InsightOptions& o, const Config& config,
                                   const insight::InsightRequest& request, const Context& context) {
  const auto setup = ModelSetup::open_or_complain(config, o.model, request.language);
  std::optional<Narrator> narrator;
  std::optional<insight::InsightModel> model;
  if (setup) {
    narrator.emplace(setup->narrator());
    model.emplace(insight::InsightModel{narrator->model, narrator->prompts});
  }
  Result<insight::InsightResult> result = [&]() -> Result<insight::InsightResult> {
    if (!o.paths.empty()) return insight::answer_insight(request, o.paths, model, context);
    auto aws = aws_config_of(o.aws, config);
    if (!aws) return tl::unexpected(aws.error());
    auto world = AwsWorld::open(*aws);
    if (!world) return tl::unexpected(world.error());
    return insight::run_insight(request, aws->request, (*world)->access(), model, context);
  }();
  if (result && setup) result->usage.cost_usd += setup->spent().usd;
  return result;
}

int run_insight_command(const InsightOptions& o, const Context& context) {
  const auto with_options = command_config(o.config, o.model);
  if (!with_options) return report_failure(with_options.error());
  const Config& config = *with_options;
  const SystemClock clock;
  const auto request = insight_request(o, config, clock);
  if (!request) return report_failure(request.error());
  const std::string format = report_format(o.format, o.output, config.format);
  if (auto ok = check_destination(format, o.output); !ok) return report_failure(ok.error());
  const auto result = ask(o, config, *request, context);
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  if (!result) return report_failure(result.error());
  std::optional<std::filesystem::path> file;
  if (!o.output.empty()) file = o.output;
  const auto rendered = render_insight(*result, format, file.has_value(), context);
  if (!rendered) return report_failure(rendered.error());
  if (const auto written = write_output(*rendered, file); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

void add_insight_aws_options(CLI::App& command, InsightOptions& o) {
  const std::string group = "AWS (without DIR)";
  add_aws_identity_options(command, o.aws, group);
  command.add_option("--region", o.aws.region, "AWS region; else AWS_REGION or the profile's")->group(group);
  command.add_option("--max-cost,--max-usd", o.aws.max_usd, "Stop before AWS charges more than this, in USD")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
}

}  // namespace

void add_insight_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<InsightOptions>();
  CLI::App* command = app.add_subcommand(
      "insight", "Answer a question from metrics: what they say, since when, and what could be changed");
  command->add_option("QUESTION", options->question, "In English or Japanese, one argument")->required();
  command->add_option("DIR", options->paths, "Recorded metrics to read instead of a live account");
  command->add_option("--days", options->days, "The last so many days; else as the question says")
      ->check(CLI::Range(1, 455));
  command->add_option("--from", options->from, "Start: RFC 3339, '2026-03-14 17:30', now-3h");
  command->add_option("--to", options->to, "End; else now");
  command->add_option("--time-zone", options->time_zone, "Whose days and hours are meant: IANA name such as Asia/Tokyo")
      ->check(time_zone_problem, "NAME");
  command->add_option("--lang,--language", options->language, "Language of the answer")
      ->check(CLI::IsMember({"en", "ja"}));
  command->add_option("--format", options->format, "text, markdown, html, pdf or json")
      ->check(CLI::IsMember({"text", "markdown", "html", "pdf", "json"}));
  command->add_option("--output", options->output, "Write the answer to this file");
  command->add_option("--config", options->config, "Configuration file (TOML)");
  add_insight_aws_options(*command, *options);
  add_model_options(*command, options->model);
  command->callback([options, &context, &status] { status = run_insight_command(*options, context); });
}

}  // namespace fa
