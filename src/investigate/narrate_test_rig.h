#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "investigate/narrate.h"
#include "investigate/tool_test_world.h"
#include "llm/scripted_model.h"

/// For the tests of a model's part of an investigation: answers of a model, and what they make of the storefront.
namespace fa::narrate_test {

inline constexpr Language kBothLanguages[] = {Language::kEnglish, Language::kJapanese};

const Prompts& narrate_prompts(Language language);

bool has_japanese(std::string_view text);

Json sentence(const std::string& text, std::vector<std::string> evidence = {});

/// What a model hands to the tool `answer`.
Json whole_answer(Json summary, const std::string& subject = "orders", Json statements = Json::array());

/// Sentences on the storefront that are so, and one that is not.
Json true_sentence(Language l);
Json false_sentence(Language l);

llm::ChatAnswer answering(const Json& answer);
llm::ChatAnswer calling(const std::string& tool, const std::string& input,
                        llm::StopReason stop = llm::StopReason::kToolUse);

/// Made once in each language: many tests begin with it.
Report storefront_report(Language language);

struct Told {
  Report report;
  std::vector<llm::ChatRequest> requests;

  [[nodiscard]] const Narrative& narrative() const { return *report.narrative; }
};

struct TellOptions {
  Language language = Language::kEnglish;
  std::optional<FollowUp> follow_up = {};
  KnowledgeSearch knowledge = {};
  std::string architecture = {};
  Nanoseconds deadline = std::chrono::minutes(10);
  Context context = {};
};

/// Lets the model narrate the storefront, or another study.
Told narrated(llm::ScriptedModel& model, const TellOptions& options = {}, const test::StudyAndReport* of = nullptr);
Told narrated(llm::ScriptedModel::Script script, const TellOptions& options = {},
              const test::StudyAndReport* of = nullptr);
Told narrated(std::vector<Result<llm::ChatAnswer>> answers, const TellOptions& options = {});

/// The report without what a model may add to it.
std::string deterministic_part(Report report);

/// What tools, and the check of an answer, gave last.
std::string last_tool_text(const llm::ChatRequest& request);

std::vector<Statement> all_statements(const Narrative& n);

}  // namespace fa::narrate_test
