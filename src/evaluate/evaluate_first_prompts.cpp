#include "evaluate/evaluate_first_prompts.h"

#include <fmt/core.h>

#include <algorithm>

#include "evaluate/each_incident.h"
#include "investigate/narrate.h"
#include "llm/token_bound.h"

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

FirstPrompt first_prompt(const IncidentFolder& folder, const Report& report, const llm::ChatRequest& asked) {
  FirstPrompt p;
  p.incident = folder.set + "/" + folder.name;
  p.language = language_name(report.language);
  p.tokens = llm::token_bound(asked);
  const std::string digest = first_text(asked);
  p.digest_tokens = llm::token_bound(digest);
  for (const Evidence& e : report.evidence) {
    const bool in = digest.find("{\"id\":\"" + e.id + "\"") != std::string::npos;
    if (!in) ++p.left_out;
    if (in && (e.entity == folder.subject || folder.subject.empty())) p.decided = true;
  }
  return p;
}

}  // namespace

Result<FirstPrompts> evaluate_first_prompts(const std::filesystem::path& root, const Clock& clock,
                                            const Context& context) {
  FirstPrompts out;
  auto left_out = for_each_incident(
      root, clock, context,
      [&](const IncidentFolder& folder, const InvestigateRequest&, const Study& study) -> Result<void> {
        for (const Language language : {Language::kEnglish, Language::kJapanese}) {
          const auto prompts = load_prompts(language);
          if (!prompts) return tl::unexpected(prompts.error());
          Listener listener;
          Report report = report_of(study, language);
          narrate(report, study, {listener, *prompts}, std::nullopt, context);
          out.prompts.push_back(first_prompt(folder, report, listener.asked));
        }
        return {};
      });
  if (!left_out) return tl::unexpected(left_out.error());
  out.left_out = std::move(*left_out);
  return out;
}

std::string render_first_prompts_text(const FirstPrompts& result) {
  std::string out =
      fmt::format("First request to a model, tokens by the upper bound\n\n{:<44}{:>4}{:>9}{:>9}{:>10}  {}\n",
                  "incident", "", "request", "digest", "left out", "deciding evidence");
  std::uint64_t most = 0;
  std::size_t decided = 0;
  for (const FirstPrompt& p : result.prompts) {
    out += fmt::format("  {:<42}{:>4}{:>9}{:>9}{:>10}  {}\n", p.incident, p.language, p.tokens, p.digest_tokens,
                       p.left_out, p.decided ? "inside" : "NOT inside");
    most = std::max(most, p.tokens);
    decided += p.decided ? 1U : 0U;
  }
  const std::size_t all = result.prompts.size();
  out += fmt::format("\nlargest request {} tokens; deciding evidence inside {} of {} ({:.1f}%)\n", most, decided, all,
                     percentage(decided, all));
  return out + render_left_out(result.left_out);
}

}  // namespace fa
