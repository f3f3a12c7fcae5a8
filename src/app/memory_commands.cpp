// fa2 knowledge, fa2 incidents, fa2 confirm: what FA2 keeps between runs, as people see and change it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/output.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/document.h"
#include "store/store.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

struct MemoryOptions {
  std::string memory;
  std::string config;
  std::vector<std::string> paths;
  std::string query;
  std::string incident;
  std::string cause;
  std::string fix;
  bool reject = false;
  std::size_t limit = 5;
};

int show(const std::string& text) {
  if (const auto written = write_output(text, std::nullopt); !written) return report_failure(written.error());
  return kExitOk;
}

Result<std::unique_ptr<Store>> open_memory(const MemoryOptions& o) {
  std::string path = o.memory;
  if (path.empty() && !o.config.empty()) {
    const auto config = read_config(o.config);
    if (!config) return tl::unexpected(config.error());
    path = config->memory;
  }
  if (path.empty()) {
    return fail(ErrorCode::kInvalidInput, "No memory is named. Give --memory FILE, or [memory] path in --config.");
  }
  return Store::open(path);
}

/// Documents below the given paths: files as they are, folders to the bottom, hidden entries left out.
std::vector<fs::path> document_files(const std::vector<std::string>& paths, std::vector<std::string>& problems) {
  static const std::vector<std::string> kKinds{".md", ".markdown", ".txt", ".text", ".rst", ".adoc", ".pdf"};
  std::vector<fs::path> files;
  for (const std::string& given : paths) {
    std::error_code ec;
    const fs::path path = fs::absolute(given, ec);
    if (fs::is_regular_file(path, ec)) {
      files.push_back(path);
    } else if (fs::is_directory(path, ec)) {
      for (fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, ec), end; it != end;
           it.increment(ec)) {
        if (ec) break;
        if (it->path().filename().string().starts_with('.')) {
          if (it->is_directory(ec)) it.disable_recursion_pending();
          continue;
        }
        const std::string kind = to_lower(it->path().extension().string());
        if (it->is_regular_file(ec) && std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end()) {
          files.push_back(it->path());
        }
      }
    } else {
      problems.push_back(given + ": there is no such file or folder");
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

int run_add(const MemoryOptions& o, const Context& context) {
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  std::vector<std::string> problems;
  std::string out;
  std::size_t added = 0;
  for (const fs::path& file : document_files(o.paths, problems)) {
    if (context.stopped()) return kExitInterrupted;
    const auto text = read_document(file, context);
    if (!text) {
      problems.push_back(text.error().message);
      continue;
    }
    const std::vector<Passage> passages = cut_document(*text, file.string());
    if (auto ok = (*store)->put_document({file.string(), sha256_hex(*text), passages.size()}, passages); !ok) {
      return report_failure(ok.error());
    }
    ++added;
    out += fmt::format("{} ({} {})\n", visible(file.string()), passages.size(),
                       passages.size() == 1 ? "passage" : "passages");
  }
  out += fmt::format("{} {} added.\n", added, added == 1 ? "document" : "documents");
  for (const std::string& p : problems) complain(p);
  const int shown = show(out);
  return shown != kExitOk || problems.empty() ? shown : (added > 0 ? kExitOk : kExitUsage);
}

int run_remove(const MemoryOptions& o) {
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  int status = kExitOk;
  for (const std::string& given : o.paths) {
    std::error_code ec;
    auto removed = (*store)->remove_document(given);
    if (removed && !*removed) removed = (*store)->remove_document(fs::absolute(given, ec).string());
    if (!removed) return report_failure(removed.error());
    if (!*removed) {
      complain(given + " is not among the documents; fa2 knowledge list shows them.");
      status = kExitUsage;
    }
  }
  return status;
}

int run_list(const MemoryOptions& o) {
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  const auto documents = (*store)->documents();
  if (!documents) return report_failure(documents.error());
  std::string out;
  for (const DocumentInfo& d : *documents) out += fmt::format("{:>6} passages  {}\n", d.passages, visible(d.path));
  if (documents->empty()) out = "No documents yet: fa2 knowledge add PATH...\n";
  return show(out);
}

int run_search(const MemoryOptions& o) {
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  const auto passages = (*store)->search_passages(o.query, o.limit);
  if (!passages) return report_failure(passages.error());
  std::string out;
  for (const Passage& p : *passages) {
    out += fmt::format("{}:{}{}\n    {}\n", visible(p.document), p.first_line,
                       p.heading.empty() ? "" : "  " + visible(p.heading), visible(utf8_prefix(p.text, 400)));
  }
  if (passages->empty()) out = "Nothing found.\n";
  return show(out);
}

std::string_view outcome_text(PastIncident::Outcome outcome) {
  switch (outcome) {
    case PastIncident::Outcome::kOpen:
      return "open";
    case PastIncident::Outcome::kConfirmed:
      return "confirmed";
    case PastIncident::Outcome::kRejected:
      return "rejected";
  }
  return "open";
}

int run_incidents(const MemoryOptions& o) {
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  const auto incidents = (*store)->incidents();
  if (!incidents) return report_failure(incidents.error());
  std::string out;
  for (const PastIncident& i : *incidents) {
    out += fmt::format("{}  {}  {:<9}  {}\n", format_rfc3339(i.window_begin), visible(i.id), outcome_text(i.outcome),
                       visible(i.headline));
    if (!i.cause.empty()) out += fmt::format("    it was: {}\n", visible(i.cause));
    if (!i.fix.empty()) out += fmt::format("    fixed by: {}\n", visible(i.fix));
  }
  if (incidents->empty()) out = "No incidents yet: fa2 investigate ... --memory FILE keeps them.\n";
  return show(out);
}

int run_confirm(const MemoryOptions& o) {
  if (!o.reject && o.cause.empty()) {
    complain("Say what it really was: --cause \"...\". Or --reject when the report was wrong.");
    return kExitUsage;
  }
  auto store = open_memory(o);
  if (!store) return report_failure(store.error());
  const auto outcome =
      o.reject && o.cause.empty() ? PastIncident::Outcome::kRejected : PastIncident::Outcome::kConfirmed;
  if (auto ok = (*store)->decide(o.incident, outcome, o.cause, o.fix, SystemClock().now()); !ok) {
    return report_failure(ok.error());
  }
  return show(fmt::format("{}: {}.\n", visible(o.incident), outcome_text(outcome)));
}

void add_memory_options(CLI::App& command, MemoryOptions& o) {
  command.add_option("--memory", o.memory, "File with past incidents and documents");
  command.add_option("--config", o.config, "Configuration file (TOML) whose [memory] is meant");
}

}  // namespace

void add_memory_commands(CLI::App& app, const Context& context, int& status) {
  auto o = std::make_shared<MemoryOptions>();
  CLI::App* knowledge = app.add_subcommand("knowledge", "Runbooks and documents that reports can quote");
  knowledge->require_subcommand(1);
  CLI::App* add = knowledge->add_subcommand("add", "Add documents (Markdown, text, PDF), or read them anew");
  add->add_option("PATH", o->paths, "Files and folders")->required();
  add_memory_options(*add, *o);
  add->callback([o, &context, &status] { status = run_add(*o, context); });
  CLI::App* remove = knowledge->add_subcommand("remove", "Forget documents");
  remove->add_option("PATH", o->paths, "As fa2 knowledge list shows them")->required();
  add_memory_options(*remove, *o);
  remove->callback([o, &status] { status = run_remove(*o); });
  CLI::App* list = knowledge->add_subcommand("list", "List the documents");
  add_memory_options(*list, *o);
  list->callback([o, &status] { status = run_list(*o); });
  CLI::App* search = knowledge->add_subcommand("search", "Find passages");
  search->add_option("QUERY", o->query, "Words, in any language")->required();
  search->add_option("--limit", o->limit, "Most passages")->check(CLI::Range(std::size_t{1}, std::size_t{100}));
  add_memory_options(*search, *o);
  search->callback([o, &status] { status = run_search(*o); });

  CLI::App* incidents = app.add_subcommand("incidents", "List past incidents, and what they really were");
  add_memory_options(*incidents, *o);
  incidents->callback([o, &status] { status = run_incidents(*o); });

  CLI::App* confirm =
      app.add_subcommand("confirm", "Record what an incident really was, so that the next is recognised");
  confirm->add_option("INCIDENT", o->incident, "Id, as the report and fa2 incidents show it")->required();
  confirm->add_option("--cause", o->cause, "What it really was");
  confirm->add_option("--fix", o->fix, "What mended it");
  confirm->add_flag("--reject", o->reject, "The report was wrong; with --cause: and this is what it was");
  add_memory_options(*confirm, *o);
  confirm->callback([o, &status] { status = run_confirm(*o); });
}

}  // namespace fa
