// fa2 findings: what Security Hub and GuardDuty found, by cause and risk, and how to mend it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

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
#include "findings/findings.h"
#include "findings/findings_document.h"

namespace fa {
namespace {

struct FindingsOptions {
  std::vector<std::string> files;
  std::string severity = "medium";
  std::optional<int> days;
  std::vector<std::string> workflows;
  bool archived = false;
  bool passed = false;
  bool samples = false;
  AwsOptions aws;
  std::vector<std::string> regions;
  std::vector<std::string> detectors;
  std::string format;
  std::string output;
  std::string language;
  std::string time_zone;
  std::string since_last;
  std::string config;
  ModelOptions model;
};

/// What the last report left; empty where the file is not there yet.
Result<std::string> read_last(const std::string& path) {
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) return std::string();
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  if (!in) return fail(ErrorCode::kUnreadable, fmt::format("{} cannot be read. Give --since-last another file.", path));
  return bytes;
}

/// One target per region, with the identities that options and configuration name.
std::vector<AwsTarget> targets_of(const FindingsOptions& o, const AwsConfig& aws) {
  if (o.regions.empty()) return aws.request.targets;
  std::vector<AwsTarget> targets;
  for (const AwsTarget& target : aws.request.targets) {
    for (const std::string& region : o.regions) {
      const bool known = std::any_of(targets.begin(), targets.end(), [&](const AwsTarget& t) {
        return t.region == region && t.role_arn == target.role_arn;
      });
      if (!known) targets.push_back({region, target.role_arn, target.external_id});
    }
  }
  return targets;
}

Result<findings::FindingsRequest> findings_request(const FindingsOptions& o, const Config& config,
                                                   const AwsConfig& aws) {
  findings::FindingsRequest request;
  request.files = o.files;
  request.live.profile = aws.request.profile;
  request.live.targets = targets_of(o, aws);
  request.live.detectors = o.detectors.empty() ? config.detectors : o.detectors;
  request.filter.least = findings::severity_from_name(o.severity).value_or(request.filter.least);
  request.filter.days = o.days;
  if (!o.workflows.empty()) request.filter.workflows = o.workflows;
  request.filter.archived = o.archived;
  request.filter.passed = o.passed;
  // A check that passes is resolved by itself: asking for it means looking there, too.
  if (o.passed && o.workflows.empty()) request.filter.workflows.emplace_back("RESOLVED");
  request.filter.samples = o.samples;
  const std::string language = o.language.empty() ? config.language.value_or("") : o.language;
  request.language = language_from_name(language).value_or(Language::kEnglish);
  request.time_zone = o.time_zone.empty() ? config.time_zone : o.time_zone;
  if (!o.since_last.empty()) {
    auto last = read_last(o.since_last);
    if (!last) return tl::unexpected(last.error());
    request.last = std::move(*last);
  }
  return request;
}

Result<std::string> render_findings(const findings::FindingsReport& report, const std::string& format, bool to_file,
                                    const Context& context) {
  if (format == "json") return findings::findings_json(report);
  return render_document(findings::findings_document(report), format, to_file, context);
}

Result<findings::FindingsRun> make_report(const FindingsOptions& o, const Config& config, const Context& context,
                                          std::string& format) {
  auto aws = aws_config_of(o.aws, config);
  if (!aws) return tl::unexpected(aws.error());
  const auto request = findings_request(o, config, *aws);
  if (!request) return tl::unexpected(request.error());
  format = report_format(o.format, o.output, config.format);
  if (const auto fits = check_destination(format, o.output); !fits) return tl::unexpected(fits.error());
  const auto model = ModelSetup::open_or_complain(config, o.model, request->language);
  llm::ChatModel* asked = model ? &model->narrator().model : nullptr;
  if (!o.files.empty()) return findings::run_findings(*request, nullptr, asked, context);
  auto world = AwsWorld::open(*aws);
  if (!world) return tl::unexpected(world.error());
  const AwsWorldAccess access = (*world)->access();
  return findings::run_findings(*request, &access, asked, context.within(aws->request.deadline));
}

int run_findings_command(const FindingsOptions& o, const Context& context) {
  const auto with_options = command_config(o.config, o.model);
  if (!with_options) return report_failure(with_options.error());
  const Config& config = *with_options;
  std::string format;
  const auto run = make_report(o, config, context, format);
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  if (!run) return report_failure(run.error());
  std::optional<std::filesystem::path> file;
  if (!o.output.empty()) file = o.output;
  const auto rendered = render_findings(run->report, format, file.has_value(), context);
  if (!rendered) return report_failure(rendered.error());
  if (const auto written = write_output(*rendered, file); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  // Only now: a report that nobody got is none to compare with.
  if (!o.since_last.empty()) {
    if (const auto kept = write_output(run->state, o.since_last); !kept) {
      complain("The next report cannot be compared with this one: " + kept.error().message);
      return kExitInternal;
    }
  }
  return kExitOk;
}

void add_live_options(CLI::App& command, FindingsOptions& o) {
  const std::string group = "AWS (without FILES)";
  add_aws_identity_options(command, o.aws, group);
  command.add_option("--region", o.regions, "AWS region, may be repeated; else AWS_REGION or the profile's")
      ->group(group);
  command.add_option("--detector", o.detectors, "GuardDuty detector, may be repeated; else all")->group(group);
}

}  // namespace

void add_findings_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<FindingsOptions>();
  CLI::App* command = app.add_subcommand(
      "findings", "Report on findings of Security Hub and GuardDuty: by cause and risk, and how to mend them");
  command->add_option("FILES", options->files,
                      "Exports to read instead of the live services: JSON of get-findings, ASFF, events; - is stdin");
  command->add_option("--severity", options->severity, "Least severity: critical, high, medium, low, informational")
      ->check(CLI::IsMember({"critical", "high", "medium", "low", "informational"}));
  command->add_option("--days", options->days, "Only what was updated in so many days; else any age, GuardDuty 30 days")
      ->check(CLI::Range(1, 3650));
  command->add_option("--workflow", options->workflows, "NEW, NOTIFIED, SUPPRESSED, RESOLVED; else NEW and NOTIFIED")
      ->check(CLI::IsMember({"NEW", "NOTIFIED", "SUPPRESSED", "RESOLVED"}, CLI::ignore_case));
  command->add_flag("--archived", options->archived, "Archived findings, too");
  command->add_flag("--passed", options->passed, "Checks that passed, too");
  command->add_flag("--samples", options->samples, "Sample findings, too");
  command->add_option("--since-last", options->since_last,
                      "Say what changed since the report that wrote this file, and write it anew");
  command->add_option("--lang,--language", options->language, "Language of the report")
      ->check(CLI::IsMember({"en", "ja"}));
  command->add_option("--time-zone", options->time_zone, "Zone of the times shown: IANA name such as Asia/Tokyo")
      ->check(time_zone_problem, "NAME");
  command->add_option("--format", options->format, "text, markdown, html, pdf or json")
      ->check(CLI::IsMember({"text", "markdown", "html", "pdf", "json"}));
  command->add_option("--output", options->output, "Write the report to this file");
  command->add_option("--config", options->config, "Configuration file (TOML)");
  add_live_options(*command, *options);
  add_model_options(*command, options->model);
  command->callback([options, &context, &status] { status = run_findings_command(*options, context); });
}

}  // namespace fa
