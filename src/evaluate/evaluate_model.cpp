#include "evaluate/evaluate_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "investigate/evaluate.h"
#include "investigate/investigate.h"
#include "investigate/live.h"
#include "investigate/memory.h"
#include "investigate/narrate.h"
#include "llm/token_bound.h"
#include "store/store.h"

namespace fa {
namespace {

/// Keeps the first request and answers nothing.
class Listener final : public llm::ChatModel {
 public:
  Result<llm::ChatAnswer> ask(const llm::ChatRequest& request, const Context&) override {
    if (asked.messages.empty()) asked = request;
    return fail(ErrorCode::kUnavailable, "nobody is asked");
  }
  [[nodiscard]] std::string name() const override { return "nobody"; }
  llm::ChatRequest asked;
};

std::string first_text(const llm::ChatRequest& request) {
  for (const llm::Message& m : request.messages) {
    for (const llm::Block& b : m.blocks) {
      if (const auto* text = std::get_if<llm::Text>(&b)) return text->text;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<FirstPrompt>> evaluate_first_prompts(const std::filesystem::path& root, const Clock& clock,
                                                        const Context& context) {
  const auto folders = incident_folders(root);
  if (!folders) return tl::unexpected(folders.error());
  std::vector<FirstPrompt> out;
  for (const IncidentFolder& folder : *folders) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
    InvestigateRequest request;
    request.paths = {folder.path.string()};
    const auto study = study_incident(request, clock, nullptr, context);
    if (!study) continue;
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      const auto prompts = load_prompts(language);
      if (!prompts) return tl::unexpected(prompts.error());
      Report report = report_of(*study, language);
      Listener listener;
      narrate(report, *study, {listener, *prompts}, std::nullopt, context);
      FirstPrompt p;
      p.incident = folder.set + "/" + folder.name;
      p.language = language == Language::kJapanese ? "ja" : "en";
      p.tokens = llm::token_bound(listener.asked);
      const std::string digest = first_text(listener.asked);
      p.digest_tokens = llm::token_bound(digest);
      for (const Evidence& e : report.evidence) {
        const bool in = digest.find("{\"id\":\"" + e.id + "\"") != std::string::npos;
        if (!in) ++p.left_out;
        if (in && (e.entity == folder.subject || folder.subject.empty())) p.decided = true;
      }
      out.push_back(std::move(p));
    }
  }
  return out;
}

std::string render_first_prompts_text(const std::vector<FirstPrompt>& prompts) {
  std::string out =
      fmt::format("First request to a model, tokens by the upper bound\n\n{:<44}{:>4}{:>9}{:>9}{:>10}  {}\n",
                  "incident", "", "request", "digest", "left out", "deciding evidence");
  std::uint64_t most = 0;
  std::size_t decided = 0;
  for (const FirstPrompt& p : prompts) {
    out += fmt::format("  {:<42}{:>4}{:>9}{:>9}{:>10}  {}\n", p.incident, p.language, p.tokens, p.digest_tokens,
                       p.left_out, p.decided ? "inside" : "NOT inside");
    most = std::max(most, p.tokens);
    decided += p.decided ? 1U : 0U;
  }
  out += fmt::format(
      "\nlargest request {} tokens; deciding evidence inside {} of {} ({:.1f}%)\n", most, decided, prompts.size(),
      prompts.empty() ? 0.0 : 100.0 * static_cast<double>(decided) / static_cast<double>(prompts.size()));
  return out;
}

Result<RecurrenceResult> evaluate_recurrence(const std::filesystem::path& root, const Clock& clock,
                                             const Context& context) {
  const auto folders = incident_folders(root);
  if (!folders) return tl::unexpected(folders.error());
  auto temporary = TemporaryFolder::make();
  if (!temporary) return tl::unexpected(temporary.error());
  RecurrenceResult out;
  std::map<std::string, std::vector<IncidentFolder>> sets;
  for (const IncidentFolder& f : *folders) sets[f.set].push_back(f);
  const auto fault_of = [](const IncidentFolder& f) { return f.subject + (f.type.empty() ? "" : " " + f.type); };
  for (const auto& [set, members] : sets) {
    auto store = Store::open(temporary->path() / (set + ".db"));
    if (!store) return tl::unexpected(store.error());
    std::map<std::string, std::string> fault;  // by id of incident
    std::map<std::string, std::vector<IncidentFeature>> features;
    std::map<std::string, std::string> name;
    for (const IncidentFolder& f : members) {
      if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
      InvestigateRequest request;
      request.paths = {f.path.string()};
      const auto study = study_incident(request, clock, nullptr, context);
      if (!study) continue;
      Report report = report_of(*study, Language::kEnglish);
      report.incident.id = f.name;
      const PastIncident past = to_past_incident(report, *study, request, from_unix_nanos(0));
      if (auto ok = (*store)->put_incident(past); !ok) return tl::unexpected(ok.error());
      fault[f.name] = fault_of(f);
      features[f.name] = past.features;
    }
    for (const auto& [id, its_fault] : fault) {
      const std::string& of = its_fault;
      const auto same =
          std::count_if(fault.begin(), fault.end(), [&](const auto& other) { return other.second == of; });
      if (same < 2) continue;
      RecurrenceResult::Case c{set, id, of, "", 0};
      const auto similar = (*store)->similar(features[id], id, 1, 0.05);
      if (!similar) return tl::unexpected(similar.error());
      if (!similar->empty()) {
        c.found = fault[similar->front().incident.id];
        c.similarity = similar->front().similarity;
      }
      out.cases.push_back(std::move(c));
    }
  }
  return out;
}

std::string render_recurrence_text(const RecurrenceResult& result) {
  std::string out = "Past incidents of the same fault, found by the most similar other incident of the set\n\n";
  std::map<std::string, std::pair<std::size_t, std::size_t>> sets;
  for (const auto& c : result.cases) {
    const bool right = c.found == c.fault;
    sets[c.set].first += right ? 1U : 0U;
    ++sets[c.set].second;
    out += fmt::format("  {} {}/{}: {}{} ({:.2f})\n", right ? "ok  " : "miss", c.set, c.incident, c.fault,
                       right ? "" : "; found " + (c.found.empty() ? "nothing" : c.found), c.similarity);
  }
  out += fmt::format("\n{:<24}{:>8}{:>8}{:>9}\n", "set", "cases", "top-1", "rate");
  std::size_t good = 0;
  for (const auto& [set, n] : sets) {
    out += fmt::format("{:<24}{:>8}{:>8}{:>8.1f}%\n", set, n.second, n.first,
                       100.0 * static_cast<double>(n.first) / static_cast<double>(n.second));
    good += n.first;
  }
  out += fmt::format(
      "{:<24}{:>8}{:>8}{:>8.1f}%\n", "together", result.cases.size(), good,
      result.cases.empty() ? 0.0 : 100.0 * static_cast<double>(good) / static_cast<double>(result.cases.size()));
  return out;
}

}  // namespace fa
