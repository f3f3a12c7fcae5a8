#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "analysis/access/access_table.h"
#include "app/commands.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/json.h"
#include "base/text.h"
#include "sources/file/ordered_reading.h"

namespace fa {
namespace {

/// Rows of each table in the text; JSON has all.
constexpr std::size_t kShownRows = 20;
constexpr double kMillis = 1000;

struct AccessOptions {
  std::vector<std::string> paths;
  std::string format = "text";
  bool quiet = false;
};

class AccessTableSink final : public TelemetrySink {
 public:
  void on_access(std::span<const AccessRecord> records) override { table.add(records); }
  AccessTable table;
};

std::string more_rows(std::size_t rows) {
  return rows <= kShownRows ? "" : fmt::format("... and {} more; --format json shows all\n", rows - kShownRows);
}

std::string render_access_text(const AccessTable& table, std::size_t files) {
  std::string out =
      fmt::format("{} requests in {} files, {} of them failed (5xx)\n", table.requests(), files, table.failed());
  auto failures = table.failures();
  if (!failures.empty()) {
    out += fmt::format("\nFailed requests\n{:>10}  {:>6}  {:<17}  {}\n", "requests", "status", "minute", "target");
    std::stable_sort(failures.begin(), failures.end(),
                     [](const auto& a, const auto& b) { return a.requests > b.requests; });
    for (const auto& f : std::span(failures).first(std::min(failures.size(), kShownRows))) {
      out += fmt::format("{:>10}  {:>6}  {:.16}Z  {}\n", f.requests, f.status, format_rfc3339(f.minute),
                         visible(f.target));
    }
    out += more_rows(failures.size());
  }
  auto paths = table.paths();
  out += fmt::format("\nTime by path, in milliseconds\n{:>10}  {:>10}  {:>9}  {:>9}  {:>9}  {}\n", "requests", "failed",
                     "p50", "p90", "p99", "path");
  std::stable_sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) { return a.requests > b.requests; });
  for (const auto& p : std::span(paths).first(std::min(paths.size(), kShownRows))) {
    out += fmt::format("{:>10}  {:>10}", p.requests, p.failed);
    for (const double q : {0.5, 0.9, 0.99}) {
      out += p.seconds.count() == 0 ? fmt::format("  {:>9}", "-")
                                    : fmt::format("  {:>9.1f}", kMillis * p.seconds.quantile(q));
    }
    out += fmt::format("  {}\n", visible(p.path));
  }
  out += more_rows(paths.size());
  if (table.unlisted_failures() > 0) {
    out += fmt::format("\n{} failed requests came after the limit of distinct failures and are not listed.\n",
                       table.unlisted_failures());
  }
  return out;
}

std::string render_access_json(const AccessTable& table) {
  Json out{{"requests", table.requests()},
           {"failed", table.failed()},
           {"unlisted_failures", table.unlisted_failures()},
           {"failures", Json::array()},
           {"paths", Json::array()}};
  for (const auto& f : table.failures()) {
    out["failures"].push_back(
        {{"target", f.target}, {"minute", format_rfc3339(f.minute)}, {"status", f.status}, {"requests", f.requests}});
  }
  for (const auto& p : table.paths()) {
    Json row{{"path", p.path}, {"requests", p.requests}, {"failed", p.failed}, {"timed", p.seconds.count()}};
    if (p.seconds.count() > 0) {
      row["p50_seconds"] = p.seconds.quantile(0.5);
      row["p90_seconds"] = p.seconds.quantile(0.9);
      row["p99_seconds"] = p.seconds.quantile(0.99);
    }
    out["paths"].push_back(std::move(row));
  }
  return json_text(out, 2) + "\n";
}

/// Reads all inputs, several at a time, and merges what they hold in the order of their names.
AccessTable count_requests(const InputSet& inputs, const AccessOptions& o, std::vector<FileOutcome>& outcomes,
                           const Context& context) {
  std::optional<TerminalProgress> progress;
  if (!o.quiet && stderr_is_terminal()) progress.emplace();
  AccessTable all;
  OrderedReading reading;
  reading.make_sink = [](std::size_t) { return std::make_unique<AccessTableSink>(); };
  reading.take = [&](std::size_t, TelemetrySink& sink) { all.merge(static_cast<AccessTableSink&>(sink).table); };
  reading.on_file_done = [&](std::size_t done) {
    if (progress) progress->on_files("reading", done, inputs.files.size());
  };
  outcomes = read_in_order(inputs, reading, context);
  return all;
}

int run_access(const AccessOptions& o, const Context& context) {
  const InputSet inputs = discover_inputs(o.paths, {}, context);
  std::vector<FileOutcome> outcomes;
  const AccessTable table = count_requests(inputs, o, outcomes, context);
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  for (const Gap& g : inputs.gaps) complain(g.source + ": " + g.error);
  for (const FileOutcome& outcome : outcomes) {
    for (const Gap& g : outcome.gaps) complain(g.source + ": " + g.error);
    const CoverageItem& c = outcome.coverage;
    if (c.skipped + c.truncated > 0) {
      complain(fmt::format("{}: {} skipped, {} cut: {}", c.source, c.skipped, c.truncated, c.note));
    }
  }
  if (table.requests() == 0) {
    complain("No requests were found. Give files or folders with access logs of a load balancer.");
    return kExitUsage;
  }
  const std::string text =
      o.format == "json" ? render_access_json(table) : render_access_text(table, inputs.files.size());
  if (const auto written = write_output(text, std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace

void add_access_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<AccessOptions>();
  CLI::App* command =
      app.add_subcommand("access", "Show which requests failed and how long they took, from access logs");
  command->add_option("PATH", options->paths, "Folders, files, or - for standard input")->required();
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_flag("--quiet", options->quiet, "No progress on standard error");
  command->callback([options, &context, &status] { status = run_access(*options, context); });
}

}  // namespace fa
