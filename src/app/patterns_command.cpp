#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "analysis/logs/template_miner.h"
#include "app/commands.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/json.h"
#include "base/text.h"
#include "sources/file/ordered_reading.h"

namespace fa {
namespace {

struct PatternsOptions {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string assignments;
  bool message_only = false;
  bool quiet = false;
};

/// Which shape stands on which lines of a file.
struct LineRun {
  std::uint64_t line;
  std::uint32_t count;
  ShapeId shape;
};

/// Mines the log records of one file.
class PatternSink final : public TelemetrySink {
 public:
  explicit PatternSink(bool keep_lines) : keep_lines_(keep_lines) {}
  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records) {
      const ShapeId shape = miner.add(r.message, r.occurrences, r.form);
      if (keep_lines_) lines.push_back({r.position.line, std::max(r.position.line_count, 1U), shape});
    }
  }
  TemplateMiner miner;
  std::vector<LineRun> lines;

 private:
  bool keep_lines_;
};

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

struct Mined {
  TemplateSet set;
  std::vector<std::vector<LineRun>> lines;  // per file, shapes of the merged miner
  std::uint64_t messages = 0;
};

std::vector<std::size_t> by_count(const TemplateSet& set) {
  std::vector<std::size_t> order(set.templates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return set.templates[a].count > set.templates[b].count; });
  return order;
}

std::string render_text_table(const Mined& m, std::size_t files) {
  std::string out = fmt::format("{} messages in {} files, {} templates\n\n{:>10}  {:>6}  {:<8}  {}\n", m.messages,
                                files, m.set.templates.size(), "count", "share", "id", "template");
  for (const std::size_t i : by_count(m.set)) {
    const LogTemplate& t = m.set.templates[i];
    out +=
        fmt::format("{:>10}  {:>5.1f}%  {:<8}  {}\n", t.count,
                    100.0 * static_cast<double>(t.count) / static_cast<double>(std::max<std::uint64_t>(m.messages, 1)),
                    t.id, visible(t.pattern));
  }
  if (m.set.overflowed_messages > 0) {
    out += fmt::format("\n{} messages came after the limit of distinct shapes and are counted together.\n",
                       m.set.overflowed_messages);
  }
  return out;
}

std::string render_table(const Mined& m, const std::string& format, std::size_t files) {
  if (format == "text") return render_text_table(m, files);
  if (format == "csv") {
    std::string out = "template_id,count,template\n";
    for (const std::size_t i : by_count(m.set)) {
      const LogTemplate& t = m.set.templates[i];
      out += fmt::format("{},{},{}\n", t.id, t.count, csv_cell(t.pattern));
    }
    return out;
  }
  Json out{{"messages", m.messages}, {"overflowed_messages", m.set.overflowed_messages}, {"templates", Json::array()}};
  for (const std::size_t i : by_count(m.set)) {
    const LogTemplate& t = m.set.templates[i];
    out["templates"].push_back({{"template_id", t.id}, {"count", t.count}, {"template", t.pattern}});
  }
  return json_text(out, 2) + "\n";
}

/// One row for every line up to the last record; lines that belong to no record (empty ones) have no template.
std::string render_assignments(const Mined& m, const InputSet& inputs) {
  std::string out = "file,line,template_id,template\n";
  for (std::size_t f = 0; f < m.lines.size(); ++f) {
    const std::string name = csv_cell(inputs.files[f].name);
    std::uint64_t next = 1;
    for (const LineRun& run : m.lines[f]) {
      for (; next < run.line; ++next) out += fmt::format("{},{},,\n", name, next);
      const LogTemplate& t = m.set.templates[m.set.template_of_shape[run.shape]];
      const std::string cell = csv_cell(t.pattern);
      for (std::uint32_t k = 0; k < run.count; ++k) out += fmt::format("{},{},{},{}\n", name, run.line + k, t.id, cell);
      next = std::max(next, run.line + run.count);
    }
  }
  return out;
}

FormatFunctions formats_for(bool message_only) {
  FormatFunctions functions;
  if (message_only) {
    functions.detect = [](std::string_view, bool) { return Detection{Format::kLogLines, {}}; };
  }
  return functions;
}

Mined mine(const InputSet& inputs, const PatternsOptions& o, std::vector<CoverageItem>& coverage,
           std::vector<Gap>& gaps, const Context& context) {
  std::optional<TerminalProgress> progress;
  if (!o.quiet && stderr_is_terminal()) progress.emplace();
  Mined mined;
  mined.lines.resize(inputs.files.size());
  TemplateMiner all;
  OrderedReading reading;
  reading.formats = formats_for(o.message_only);
  reading.message_only = o.message_only;
  reading.make_sink = [&](std::size_t) { return std::make_unique<PatternSink>(!o.assignments.empty()); };
  reading.take = [&](std::size_t file, TelemetrySink& sink) {
    auto& part = static_cast<PatternSink&>(sink);
    const std::vector<ShapeId> map = all.merge(part.miner);
    for (LineRun& run : part.lines) run.shape = map[run.shape];
    mined.lines[file].insert(mined.lines[file].end(), part.lines.begin(), part.lines.end());
  };
  reading.on_file_done = [&](std::size_t done) {
    if (progress) progress->on_files("reading", done, inputs.files.size());
  };
  for (FileOutcome& outcome : read_in_order(inputs, reading, context)) {
    coverage.push_back(std::move(outcome.coverage));
    gaps.insert(gaps.end(), outcome.gaps.begin(), outcome.gaps.end());
  }
  mined.set = all.finish();
  for (const LogTemplate& t : mined.set.templates) mined.messages += t.count;
  return mined;
}

int run_patterns(const PatternsOptions& o, const Context& context) {
  const InputSet inputs = discover_inputs(o.paths, {}, context);
  std::vector<CoverageItem> coverage;
  std::vector<Gap> gaps = inputs.gaps;
  const Mined mined = mine(inputs, o, coverage, gaps, context);
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  for (const Gap& g : gaps) complain(g.source + ": " + g.error);
  for (const CoverageItem& c : coverage) {
    if (c.skipped + c.truncated > 0 || c.records == 0) {
      complain(fmt::format("{}: {} skipped, {} cut: {}", c.source, c.skipped, c.truncated,
                           c.note.empty() ? "no log records" : c.note));
    }
  }
  if (mined.messages == 0) {
    complain("No log messages were found. Give files or folders with logs.");
    return kExitUsage;
  }
  if (!o.assignments.empty()) {
    if (const auto written = write_output(render_assignments(mined, inputs), o.assignments); !written) {
      complain(written.error().message);
      return kExitInternal;
    }
  }
  if (const auto written = write_output(render_table(mined, o.format, inputs.files.size()), std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace

void add_patterns_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<PatternsOptions>();
  CLI::App* command = app.add_subcommand("patterns", "Show which message templates the logs consist of, with counts");
  command->add_option("PATH", options->paths, "Folders, files, or - for standard input")->required();
  command->add_option("--format", options->format, "text, json or csv")->check(CLI::IsMember({"text", "json", "csv"}));
  command->add_option("--assignments", options->assignments, "Write the template of every line to this CSV file");
  command->add_flag("--message-only", options->message_only,
                    "Each line is one message: no header, no joining of lines");
  command->add_flag("--quiet", options->quiet, "No progress on standard error");
  command->callback([options, &context, &status] { status = run_patterns(*options, context); });
}

}  // namespace fa
