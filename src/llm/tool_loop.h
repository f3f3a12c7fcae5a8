#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/chat.h"

namespace fa::llm {

enum class ToolStatus { kOk, kNoData, kError };
std::string_view tool_status_name(ToolStatus status);

/// What running a tool gave. `text` is all that the model gets; the rest is the account of it.
struct ToolOutcome {
  ToolStatus status = ToolStatus::kError;
  std::string text;
  std::string query;       ///< What was asked, exactly; empty when it could not be understood.
  std::uint64_t rows = 0;  ///< Found, shown or not.
  bool truncated = false;  ///< Not all of them are shown.
};

/// The tools a model may use, and nothing else of the world.
class ToolBox {
 public:
  virtual ~ToolBox() = default;
  [[nodiscard]] virtual std::vector<ToolSpec> tools() const = 0;
  /// Never fails otherwise than by kError with a text that says what is wrong with the call.
  virtual ToolOutcome run(std::string_view name, std::string_view input, const Context& context) = 0;
};

/// What the loop itself says to the model, in the conversation's language.
struct LoopTexts {
  std::string unknown_tool;   ///< Status error; the loop adds the name.
  std::string repeated_call;  ///< The same call with the same input again.
  std::string not_executed;   ///< A call in the turn that must answer, or one beyond the calls of a turn.
  std::string please_answer;  ///< The model wrote text instead of calling a tool, or nothing at all.
  std::string last_turn;      ///< No further tools: answer now from what is known.
  std::string cut_off;        ///< The answer was longer than allowed: shorter, please.
};

/// What the caller makes of an answer.
struct Review {
  bool accepted = true;
  std::string objection;  ///< Otherwise: what to mend, sent back to the model.
};

struct LoopRequest {
  std::string system;
  std::vector<Message> messages;  ///< Ends with a user message.
  ToolSpec answer;                ///< The tool by whose call the model answers.
  LoopTexts texts;
  int max_cycles = 5;      ///< Turns in which tools may be used; one turn without them follows.
  int max_calls = 8;       ///< Tools run in one turn; further calls are refused.
  int max_objections = 1;  ///< Answers sent back; the one after that is taken as it is.
  std::uint32_t max_output_tokens = 4096;
  /// Called with every answer's input (JSON text, as written). Not called: accepted.
  std::function<Review(const std::string& input)> review;
  /// Tool texts longer than this are cut at a character, and said to be by a last line `[... 12000/34567 B]`. Bytes.
  std::size_t max_tool_bytes = 12'000;
};

struct LoopStep {
  int cycle = 0;  ///< From 1.
  std::string tool;
  std::string input;
  ToolStatus status = ToolStatus::kError;
  std::string query;
  std::uint64_t rows = 0;
  bool truncated = false;
  bool refused = false;  ///< Not run: unknown, repeated or beyond what is allowed.
};

enum class LoopEnd {
  kAnswered,
  kNoAnswer,  ///< The model did not answer by the tool although asked to.
  kRefused,   ///< The model or a filter would not.
  kBudget,    ///< Tokens or money are used up.
  kDeadline,
  kFailed,  ///< The model cannot be reached or does not work.
};
std::string_view loop_end_name(LoopEnd end);

struct LoopResult {
  LoopEnd end = LoopEnd::kFailed;
  std::string answer;  ///< The last answer's input, also where the loop ended otherwise after one that was sent back.
  bool accepted = false;       ///< The review accepted it.
  bool out_of_cycles = false;  ///< Tools were still wanted when cycles ran out.
  /// For all ends but kAnswered: the error's message. With kAnswered: why it had to answer early (the budget), or
  /// empty.
  std::string problem;
  std::vector<LoopStep> steps;
  std::uint64_t calls = 0;  ///< Of the model.
  TokenUsage usage;
};

/// Lets the model work: it calls tools, gets what they give, and ends by calling the answer tool. Every loop ends:
/// after `max_cycles` turns only the answer tool is offered; a model that then still does not answer is asked once more
/// and given up. A call repeated with the same input (JSON compared as values, keys in any order) is refused without
/// being run. A budget that runs out (kLimit from the model) before the first answer ends in one attempt more at an
/// answer only if the model still accepts it. Text instead of calls takes a turn; then some tool must be called. The
/// number of calls of the model is at most `max_cycles` + 2 + `max_objections`. Deterministic; blocks; never throws.
LoopResult run_tool_loop(ChatModel& model, const LoopRequest& request, ToolBox& tools, const Context& context);

}  // namespace fa::llm
