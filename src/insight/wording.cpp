#include "insight/wording.h"

#include <fmt/core.h>

#include <chrono>

#include "base/json.h"
#include "base/text.h"
#include "insight/answer_words.h"
#include "llm/data_fence.h"
#include "llm/token_bound.h"

namespace fa::insight {
namespace {

constexpr const char* kWordingTool = "answer";
constexpr std::uint64_t kMostFactTokens = 6'000;
constexpr std::uint32_t kMostWordingTokens = 1'024;
constexpr std::size_t kMostWordingBytes = std::size_t{16} << 10;
constexpr std::size_t kMostSentences = 8;
constexpr auto kWordingTime = std::chrono::seconds(60);

std::string facts_text(const InsightResult& result) {
  std::string text = llm::fenced_line(json_text(Json{{"question", result.question}}));
  std::uint64_t tokens = llm::token_bound(text);
  const auto add = [&](const Json& line) {
    const std::string next = llm::fenced_line(json_text(line));
    tokens += llm::token_bound(next);
    if (tokens <= kMostFactTokens) text += next;
  };
  for (const InsightFact& fact : result.facts) add({{fact.id, fact_sentence(result, fact)}});
  for (const Advice& advice : result.advice) add({{"advice", advice.change}, {"facts", advice.facts}});
  return "<data>\n" + text + "</data>\n";
}

llm::ChatRequest wording_request(const Prompts& prompts, std::string data) {
  const Json text = {{"type", "string"}};
  const Json sentence = {{"type", "object"},
                         {"additionalProperties", false},
                         {"properties", {{"text", text}, {"facts", {{"type", "array"}, {"items", text}}}}},
                         {"required", Json::array({"text", "facts"})}};
  const Json schema = {
      {"type", "object"},
      {"additionalProperties", false},
      {"properties",
       {{"sentences",
         {{"type", "array"}, {"items", sentence}, {"description", prompts.text("insight_answer.sentences")}}}}},
      {"required", Json::array({"sentences"})}};
  const std::string words = prompts.text("insight_answer");
  return llm::one_call_request({kWordingTool, words, json_text(schema)}, words, std::move(data), kMostWordingTokens);
}

/// Sentences of exactly the schema's shape; none where anything is not.
std::vector<Sentence> read_sentences(std::string_view json) {
  const Json input = json.size() > kMostWordingBytes ? Json() : parse_json(json);
  if (!input.is_object() || input.size() != 1 || !input.contains("sentences") || !input["sentences"].is_array())
    return {};
  std::vector<Sentence> sentences;
  for (const Json& one : input["sentences"]) {
    if (!one.is_object() || one.size() != 2 || !one.contains("text") || !one.contains("facts") ||
        !one["text"].is_string() || !one["facts"].is_array()) {
      return {};
    }
    Sentence sentence{one["text"].get<std::string>(), {}};
    for (const Json& id : one["facts"]) {
      if (!id.is_string()) return {};
      sentence.facts.push_back(id.get<std::string>());
    }
    if (sentences.size() < kMostSentences) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

std::string cited(const Sentence& sentence) {
  std::string ids;
  for (const std::string& id : sentence.facts) ids += (ids.empty() ? "" : ", ") + id;
  return sentence.text + " (" + ids + ")";
}

}  // namespace

InsightResult with_narrative(InsightResult result, llm::ChatModel& model, const Prompts& prompts,
                             const Context& context) {
  if (result.facts.empty()) return result;
  const auto note = [&](std::string_view english, std::string_view japanese) {
    result.notes.push_back({"insight", std::string(in_language(result.language, english, japanese))});
  };
  const auto answer = model.ask(wording_request(prompts, facts_text(result)), context.within(kWordingTime));
  const llm::ToolCall* call = answer ? llm::only_call(*answer, kWordingTool) : nullptr;
  if (call == nullptr) {
    note("The language model gave no answer; the facts stand by themselves.",
         "言語モデルから回答を得られなかったため、事実のみを示します。");
    return result;
  }
  std::size_t left_out = 0;
  for (const Sentence& sentence : read_sentences(call->input)) {
    if (!objection_to(sentence, result).empty()) {
      ++left_out;
    } else {
      result.narrative.push_back(cited(sentence));
    }
  }
  if (!result.narrative.empty()) result.narrator = model.name();
  if (left_out > 0) {
    note(fmt::format("{} sentences of the language model were left out: the facts do not bear them out.", left_out),
         fmt::format("言語モデルの {} 文は事実で裏付けられないため除きました。", left_out));
  }
  return result;
}

}  // namespace fa::insight
