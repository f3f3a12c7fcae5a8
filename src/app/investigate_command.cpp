#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/aws_options.h"
#include "app/aws_world.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/diagram_output.h"
#include "app/investigation.h"
#include "app/output.h"
#include "app/report_format.h"
#include "app/terminal.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "model/report_json.h"
#include "report/render.h"
#include "report/render_pdf.h"

namespace fa {
namespace {

struct InvestigateOptions {
  std::vector<std::string> paths;
  std::string from;
  std::string to;
  std::string baseline_from;
  std::string baseline_to;
  std::string description;
  std::string alarm_entity;
  std::string alarm_metric;
  std::string alarm_statistic;
  std::string language;
  std::string time_zone;
  std::string format;
  std::string output;
  std::string config;
  std::size_t threads = 0;
  bool quiet = false;
  AwsOptions aws;
  ModelOptions model;
  std::string save;
  std::string diagram;
  bool estimate = false;
};

Result<std::optional<TimeRange>> range_of(const std::string& from, const std::string& to, std::string_view what,
                                          const Clock& clock) {
  if (from.empty() && to.empty()) return std::optional<TimeRange>();
  if (from.empty() || to.empty()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("--{0}from and --{0}to go together: give both or none.", what));
  }
  const auto begin = parse_user_time(from, clock);
  if (!begin) return tl::unexpected(begin.error());
  const auto end = parse_user_time(to, clock);
  if (!end) return tl::unexpected(end.error());
  return std::optional(TimeRange{*begin, *end});
}

Result<InvestigateRequest> request_of(const InvestigateOptions& o, const Config& config, bool live,
                                      const Clock& clock) {
  InvestigateRequest request;
  request.paths = o.paths;
  // What is live and has begun lasts until now.
  const auto window = range_of(o.from, live && o.to.empty() && !o.from.empty() ? "now" : o.to, "", clock);
  if (!window) return tl::unexpected(window.error());
  const auto baseline = range_of(o.baseline_from, o.baseline_to, "baseline-", clock);
  if (!baseline) return tl::unexpected(baseline.error());
  request.window = *window;
  request.baseline = *baseline;
  request.description = o.description;
  if (!o.alarm_entity.empty() || !o.alarm_metric.empty() || !o.alarm_statistic.empty()) {
    request.alarm = Alarm{o.alarm_entity, o.alarm_metric, o.alarm_statistic, std::nullopt};
  }
  const std::string language = o.language.empty() ? config.language.value_or("") : o.language;
  request.language = language_from_name(language).value_or(Language::kEnglish);
  request.threads = o.threads > 0 ? o.threads : config.threads;
  request.architecture = config.architecture;
  return request;
}

Result<std::string> render(const Report& report, const std::string& format, const std::string& time_zone, bool to_file,
                           const Context& context) {
  if (format == "json") return render_json(report);
  RenderOptions options{.time_zone = time_zone};
  if (format == "markdown") return render_markdown(report, options);
  if (format == "html" || format == "pdf") add_diagram(options, report, context);
  if (format == "html") return render_html(report, options);
  if (format == "pdf") return render_pdf(report, context, options);
  return render_text(report, {!to_file && wants_color(), to_file ? 100 : terminal_width(), time_zone});
}

/// What collecting would ask and cost, as a table.
std::string render_preflight(const AwsPreflight& preflight, const IncidentInfo& incident) {
  std::string out = fmt::format("Window    {} to {}\nBaseline  {} to {}\nAsked as  {}\n\n",
                                format_rfc3339(incident.window.begin), format_rfc3339(incident.window.end),
                                format_rfc3339(incident.baseline.begin), format_rfc3339(incident.baseline.end),
                                preflight.identity.empty() ? "(STS did not say)" : visible(preflight.identity));
  for (const CostEstimate& e : preflight.estimates) {
    out += fmt::format("{}\n    {} calls, {}, about {} USD\n", visible(e.source), format_count(e.calls),
                       format_bytes(e.bytes), format_number(e.usd));
    if (!e.how.empty()) out += fmt::format("    {}\n", visible(e.how));
  }
  for (const Gap& g : preflight.gaps) out += fmt::format("! {}: {}\n", visible(g.source), visible(g.error));
  out += fmt::format("\nTogether about {} USD (prices of {}). Nothing was collected; leave --estimate out to do it.\n",
                     format_number(preflight.usd), preflight.price_date);
  return out;
}

/// Investigates a live account, or says what that would cost (then there is no report).
Result<std::optional<Investigated>> run_live(const InvestigateOptions& o, const Config& config,
                                             const InvestigateRequest& request, const Assistants& assistants,
                                             Progress* progress, const Context& context) {
  auto aws = aws_config_of(o.aws, config);
  if (!aws) return tl::unexpected(aws.error());
  auto world = AwsWorld::open(*aws);
  if (!world) return tl::unexpected(world.error());
  const AwsWorldAccess access = (*world)->access();
  if (o.estimate) {
    const auto study = plan_aws_study(aws->request, known_incident(request), access, context);
    if (!study) return tl::unexpected(study.error());
    const auto preflight = preflight_aws(aws->request, *study, access, context);
    if (!preflight) return tl::unexpected(preflight.error());
    if (auto ok = write_output(render_preflight(*preflight, study->incident), std::nullopt); !ok) {
      return tl::unexpected(ok.error());
    }
    return std::optional<Investigated>();
  }
  LiveRequest live{request, aws->request, std::nullopt};
  if (!o.save.empty()) live.save = o.save;
  if (assistants.model) live.choose_metrics = assistants.model->metric_chooser(known_incident(request));
  const CollectProgress collecting = [&](const std::string&, std::size_t done, std::size_t total) {
    if (progress != nullptr) progress->on_files("sources", done, total);
  };
  auto collected = collect_live(live, access, collecting, context);
  if (!collected) return tl::unexpected(collected.error());
  auto study = study_incident(collected->replay, access.clock, progress, context);
  if (!study) return tl::unexpected(study.error());
  Report report = report_of(*study, request.language);
  return std::optional<Investigated>(Investigated{std::move(*study), std::move(report), std::move(collected->replay),
                                                  std::move(collected->temporary)});
}

Result<std::optional<Investigated>> run_recorded(const InvestigateRequest& request, Progress* progress,
                                                 const Context& context) {
  auto study = study_incident(request, SystemClock(), progress, context);
  if (!study) return tl::unexpected(study.error());
  Report report = report_of(*study, request.language);
  return std::optional<Investigated>(Investigated{std::move(*study), std::move(report), request, std::nullopt});
}

int write_report(const InvestigateOptions& o, const Config& config, const Report& report, const Context& context) {
  if (!o.diagram.empty()) {
    // The report is worth having without it.
    if (const auto drawn = write_diagram(report, o.diagram, context); !drawn) complain(drawn.error().message);
  }
  std::optional<std::filesystem::path> file;
  if (!o.output.empty()) file = o.output;
  const std::string& time_zone = o.time_zone.empty() ? config.time_zone : o.time_zone;
  const std::string format = report_format(o.format, o.output, config.format);
  const auto rendered = render(report, format, time_zone, file.has_value(), context);
  if (!rendered) return report_failure(rendered.error());
  if (const auto written = write_output(*rendered, file); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

int run_investigate(const InvestigateOptions& o, const Context& context) {
  const SystemClock clock;
  const auto with_options = command_config(o.config, o.model);
  if (!with_options) return report_failure(with_options.error());
  const Config& config = *with_options;
  const bool live = wants_aws(o.aws, config, !o.paths.empty());
  const auto request = request_of(o, config, live, clock);
  if (!request) return report_failure(request.error());
  if (live && !o.paths.empty()) {
    complain("PATH and AWS options do not go together: give recorded data, or --aws to collect from a live account.");
    return kExitUsage;
  }
  if (!live && o.paths.empty()) {
    complain("Give a PATH to read (incident folders, folders, files, -), or --aws to collect from a live account.");
    return kExitUsage;
  }
  if (!live && (o.estimate || !o.save.empty())) {
    complain("--estimate and --save go with --aws: recorded data costs nothing and is kept already.");
    return kExitUsage;
  }
  if (const auto fits = check_destination(report_format(o.format, o.output, config.format), o.output); !fits) {
    return report_failure(fits.error());
  }
  std::optional<TerminalProgress> progress;
  if (!o.quiet && stderr_is_terminal()) progress.emplace();
  Progress* shown = progress ? &*progress : nullptr;
  // An estimate asks no model and keeps nothing.
  const Assistants assistants = o.estimate ? Assistants{} : open_assistants(config, o.model, request->language);
  auto done = live ? run_live(o, config, *request, assistants, shown, context) : run_recorded(*request, shown, context);
  progress.reset();
  if (done && *done) {
    if (auto kept = assist(**done, assistants, config, context); !kept) {
      complain("The incident was not kept: " + kept.error().message);
    }
  }
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  if (!done) return report_failure(done.error());
  if (!*done) return kExitOk;
  return write_report(o, config, redacted(std::move((*done)->report), config), context);
}

}  // namespace

void add_investigate_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<InvestigateOptions>();
  CLI::App* command = app.add_subcommand("investigate", "Find the likeliest root causes in recorded telemetry");
  command->add_option("PATH", options->paths, "Incident folders, folders, files, or - for standard input");
  command->add_option("--from", options->from, "Start of the window: RFC 3339, '2026-03-14 17:30 Asia/Tokyo', now-30m");
  command->add_option("--to", options->to, "End of the window");
  command->add_option("--baseline-from", options->baseline_from, "Start of a healthy time to compare with");
  command->add_option("--baseline-to", options->baseline_to, "End of the healthy time");
  command->add_option("--description", options->description, "What was noticed, in your words");
  command->add_option("--alarm-entity", options->alarm_entity, "Service or resource the alarm is about");
  command->add_option("--alarm-metric", options->alarm_metric, "Metric of the alarm");
  command->add_option("--alarm-stat", options->alarm_statistic, "Statistic of the alarm: Average, Sum, p99, ...");
  command->add_option("--lang", options->language, "Language of the report")->check(CLI::IsMember({"en", "ja"}));
  command->add_option("--time-zone", options->time_zone, "Zone of the times shown: IANA name such as Asia/Tokyo")
      ->check(time_zone_problem, "NAME");
  command->add_option("--format", options->format, "text, json, markdown, html or pdf")
      ->check(CLI::IsMember({"text", "json", "markdown", "html", "pdf"}));
  command->add_option("--output", options->output, "Write the report to this file");
  command->add_option("--diagram", options->diagram, "Also write who calls whom to this file: .svg, .png, .mmd or .dot")
      ->check(diagram_file_problem, "FILE");
  command->add_option("--config", options->config, "Configuration file (TOML)");
  command->add_option("--threads", options->threads, "Threads to use; the result is the same with any number")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  command->add_flag("--quiet", options->quiet, "No progress on standard error");
  command->add_flag("--aws", options->aws.aws, "Collect from a live AWS account instead of reading PATH")
      ->group("AWS (collect from a live account)");
  command->add_option("--alarm-arn", options->aws.alarm_arn, "CloudWatch alarm to explain; finds its own window")
      ->group("AWS (collect from a live account)");
  add_aws_options(*command, options->aws);
  add_model_options(*command, options->model);
  command->add_option("--save", options->save, "Keep what is collected in this new folder, to be investigated again")
      ->group("AWS (collect from a live account)");
  command->add_flag("--estimate", options->estimate, "Only say what collecting would ask and cost")
      ->group("AWS (collect from a live account)");
  command->callback([options, &context, &status] { status = run_investigate(*options, context); });
}

}  // namespace fa
