#include "investigate/narrate_test_rig.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "model/report_json.h"

namespace fa::narrate_test {

using llm::ChatAnswer;
using llm::ChatRequest;
using llm::scripted_calls;
using llm::ScriptedModel;
using llm::StopReason;

const Prompts& narrate_prompts(Language language) {
  static const auto load = [](Language l) {
    auto prompts = load_prompts(l);
    if (!prompts) throw std::runtime_error(prompts.error().message);
    return std::move(*prompts);
  };
  static const Prompts english = load(Language::kEnglish);
  static const Prompts japanese = load(Language::kJapanese);
  return language == Language::kJapanese ? japanese : english;
}

bool has_japanese(std::string_view text) {
  // Hiragana, katakana and kanji begin with these bytes in UTF-8.
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE3 && byte <= 0xE9;
  });
}

Json sentence(const std::string& text, std::vector<std::string> evidence) {
  return Json{{"text", text}, {"evidence", std::move(evidence)}};
}

Json whole_answer(Json summary, const std::string& subject, Json statements) {
  return Json{
      {"summary", std::move(summary)},
      {"hypotheses",
       Json::array({Json{{"subject", subject}, {"mechanism", "dependency_timeout"}, {"statements", statements}}})},
      {"impact", Json::array()},
      {"actions", Json::array()},
      {"prevention", Json::array()},
      {"missing", Json::array()}};
}

Json true_sentence(Language l) {
  return l == Language::kJapanese ? sentence("orders は対象期間に 248 回出力しました [L1]。", {"L1"})
                                  : sentence("orders logged it 248 times in the window [L1].", {"L1"});
}
Json false_sentence(Language l) {
  return l == Language::kJapanese ? sentence("orders は対象期間に 251 回出力しました [L1]。", {"L1"})
                                  : sentence("orders logged it 251 times in the window [L1].", {"L1"});
}

ChatAnswer answering(const Json& answer) { return scripted_calls({{"", "answer", json_text(answer)}}); }
ChatAnswer calling(const std::string& tool, const std::string& input, StopReason stop) {
  return scripted_calls({{"", tool, input}}, stop);
}

Report storefront_report(Language language) {
  static const Report english = report_of(test::storefront()->study, Language::kEnglish);
  static const Report japanese = report_of(test::storefront()->study, Language::kJapanese);
  return language == Language::kJapanese ? japanese : english;
}

Told narrated(ScriptedModel& model, const TellOptions& options, const test::StudyAndReport* of) {
  const Study& study = of != nullptr ? of->study : test::storefront()->study;
  Told run{of != nullptr ? report_of(study, options.language) : storefront_report(options.language), {}};
  Narrator narrator{model, narrate_prompts(options.language)};
  narrator.knowledge = options.knowledge;
  narrator.architecture = options.architecture;
  narrator.deadline = options.deadline;
  narrate(run.report, study, narrator, options.follow_up, options.context);
  run.requests = model.requests();
  if (!run.report.narrative) throw std::runtime_error("there is no narrative");
  return run;
}
Told narrated(ScriptedModel::Script script, const TellOptions& options, const test::StudyAndReport* of) {
  ScriptedModel model(std::move(script));
  return narrated(model, options, of);
}
Told narrated(std::vector<Result<ChatAnswer>> answers, const TellOptions& options) {
  ScriptedModel model(std::move(answers));
  return narrated(model, options);
}

std::string deterministic_part(Report report) {
  report.narrative.reset();
  report.usage = {};
  return report_to_json(report);
}

std::string last_tool_text(const ChatRequest& request) {
  std::string out;
  for (const llm::Block& b : request.messages.back().blocks) {
    if (const auto* result = std::get_if<llm::ToolResult>(&b)) out = result->text;
  }
  return out;
}

std::vector<Statement> all_statements(const Narrative& n) {
  std::vector<Statement> all = n.summary;
  for (const NarrativeHypothesis& h : n.hypotheses) all.insert(all.end(), h.statements.begin(), h.statements.end());
  for (const auto* list : {&n.impact, &n.actions, &n.prevention}) all.insert(all.end(), list->begin(), list->end());
  return all;
}

}  // namespace fa::narrate_test
