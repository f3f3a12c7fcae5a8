#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "app/output.h"
#include "app/terminal.h"
#include "investigate/investigate.h"
#include "report/render.h"

namespace fa {
namespace {

struct Options {
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
  std::string format;
  std::string output;
  std::string config;
  std::size_t threads = 0;
  bool quiet = false;
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

Result<InvestigateRequest> request_of(const Options& o, const Config& config, const Clock& clock) {
  InvestigateRequest request;
  request.paths = o.paths;
  const auto window = range_of(o.from, o.to, "", clock);
  if (!window) return tl::unexpected(window.error());
  const auto baseline = range_of(o.baseline_from, o.baseline_to, "baseline-", clock);
  if (!baseline) return tl::unexpected(baseline.error());
  request.window = *window;
  request.baseline = *baseline;
  request.description = o.description;
  if (!o.alarm_entity.empty() || !o.alarm_metric.empty() || !o.alarm_statistic.empty()) {
    request.alarm = Alarm{o.alarm_entity, o.alarm_metric, o.alarm_statistic, std::nullopt};
  }
  const std::string language = o.language.empty() ? config.language.value_or("en") : o.language;
  request.language = language == "ja" ? Language::kJapanese : Language::kEnglish;
  request.threads = o.threads > 0 ? o.threads : config.threads;
  return request;
}

std::string format_of(const Options& o, const Config& config) {
  if (!o.format.empty()) return o.format;
  if (o.output.ends_with(".html") || o.output.ends_with(".htm")) return "html";
  if (o.output.ends_with(".md")) return "markdown";
  if (o.output.ends_with(".json")) return "json";
  return config.format.value_or("text");
}

std::string render(const Report& report, const std::string& format, bool to_file) {
  if (format == "json") return render_json(report);
  if (format == "markdown") return render_markdown(report);
  if (format == "html") return render_html(report);
  return render_text(report, {!to_file && wants_color(), to_file ? 100 : terminal_width()});
}

int run(const Options& o, const Context& context) {
  const SystemClock clock;
  Config config;
  if (!o.config.empty()) {
    auto read = read_config(o.config);
    if (!read) {
      complain(read.error().message);
      return kExitUsage;
    }
    config = *read;
  }
  const auto request = request_of(o, config, clock);
  if (!request) {
    complain(request.error().message);
    return kExitUsage;
  }
  std::optional<TerminalProgress> progress;
  if (!o.quiet && stderr_is_terminal()) progress.emplace();
  const auto report = investigate(*request, clock, progress ? &*progress : nullptr, context);
  progress.reset();
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  if (!report) {
    complain(report.error().message);
    return report.error().code == ErrorCode::kInternal ? kExitInternal : kExitUsage;
  }
  std::optional<std::filesystem::path> file;
  if (!o.output.empty()) file = o.output;
  if (const auto written = write_output(render(*report, format_of(o, config), file.has_value()), file); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace

void add_investigate_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("investigate", "Find the likeliest root causes in recorded telemetry");
  command->add_option("PATH", options->paths, "Incident folders, folders, files, or - for standard input")->required();
  command->add_option("--from", options->from, "Start of the window: RFC 3339, '2026-03-14 17:30 Asia/Tokyo', now-30m");
  command->add_option("--to", options->to, "End of the window");
  command->add_option("--baseline-from", options->baseline_from, "Start of a healthy time to compare with");
  command->add_option("--baseline-to", options->baseline_to, "End of the healthy time");
  command->add_option("--description", options->description, "What was noticed, in your words");
  command->add_option("--alarm-entity", options->alarm_entity, "Service or resource the alarm is about");
  command->add_option("--alarm-metric", options->alarm_metric, "Metric of the alarm");
  command->add_option("--alarm-stat", options->alarm_statistic, "Statistic of the alarm: Average, Sum, p99, ...");
  command->add_option("--lang", options->language, "Language of the report")->check(CLI::IsMember({"en", "ja"}));
  command->add_option("--format", options->format, "text, json, markdown or html")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}));
  command->add_option("--output", options->output, "Write the report to this file");
  command->add_option("--config", options->config, "Configuration file (TOML)");
  command->add_option("--threads", options->threads, "Threads to use; the result is the same with any number")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  command->add_flag("--quiet", options->quiet, "No progress on standard error");
  command->callback([options, &context, &status] { status = run(*options, context); });
}

}  // namespace fa
