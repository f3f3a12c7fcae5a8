#include "llm/tool_loop.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <set>
#include <utility>
#include <variant>

#include "base/json.h"
#include "base/text.h"
#include "base/untrusted_json.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

constexpr std::size_t kDeepestInput = 64;                    // writing JSON takes a stack frame for each
constexpr std::size_t kLongestName = 64;                     // that is repeated to the model; bytes
constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53

/// One text for all ways to write the same value.
void append_canonical(const Json& value, std::string& out) {
  if (value.is_object()) {
    std::vector<std::pair<std::string_view, const Json*>> members;
    for (auto it = value.begin(); it != value.end(); ++it) members.emplace_back(it.key(), &*it);
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    out += '{';
    for (const auto& [key, member] : members) {
      out += json_text(Json(std::string(key)));
      out += ':';
      append_canonical(*member, out);
      out += ',';
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const Json& element : value) {
      append_canonical(element, out);
      out += ',';
    }
    out += ']';
  } else if (value.is_number_float()) {
    const auto number = value.get<double>();
    const bool small = number > -kLargestExactInteger && number < kLargestExactInteger;
    if (small && static_cast<double>(static_cast<std::int64_t>(number)) == number) {
      out += fmt::format("{}", static_cast<std::int64_t>(number));
    } else {
      out += json_text(value);
    }
  } else {
    out += json_text(value);
  }
}

/// What makes two calls the same.
std::string call_key(const ToolCall& call) {
  std::string key = call.name + '\n';
  const std::string_view input = trim(call.input);
  if (input.empty()) return key + "{}";
  if (json_nests_within(input, kDeepestInput)) {
    if (const Json value = parse_json(input); !value.is_discarded()) {
      append_canonical(value, key);
      return key;
    }
  }
  key += "text:";
  return key.append(input);
}

bool is_whole_json(std::string_view input) { return !parse_json(input).is_discarded(); }

std::string cut_tool_text(std::string text, std::size_t max_bytes, bool& truncated) {
  if (text.size() <= max_bytes) return text;
  truncated = true;
  const std::size_t whole = text.size();
  // Without words: the conversation may be in any language.
  const auto mark = [&](std::size_t shown) { return fmt::format("\n[... {}/{} B]", shown, whole); };
  const std::size_t room = mark(max_bytes).size();
  text.resize(utf8_prefix(text, max_bytes > room ? max_bytes - room : 0).size());
  return text + mark(text.size());
}

std::string refusal_text(const ChatModel& model, const ChatAnswer& answer) {
  const std::string detail = answer.stop_detail.empty() ? "" : fmt::format(" ({})", visible(answer.stop_detail));
  return answer.stop == StopReason::kRefused
             ? fmt::format("{} refused to answer{}.", model.name(), detail)
             : fmt::format("A content filter or guardrail withheld the answer of {}{}; see its policy.", model.name(),
                           detail);
}

/// One conversation.
class ToolLoop {
 public:
  ToolLoop(ChatModel& model, const LoopRequest& request, ToolBox& tools, const Context& context, LoopResult& result)
      : model_(model), request_(request), tools_(tools), context_(context), result_(result) {}

  void run() {
    chat_.system = request_.system;
    chat_.messages = request_.messages;
    chat_.max_output_tokens = request_.max_output_tokens;
    if (chat_.messages.empty() || chat_.messages.back().role != Role::kUser) {
      return end(LoopEnd::kFailed, "The conversation to begin with does not end with a message of the user.");
    }
    for (const Message& message : chat_.messages) {
      for (const Block& block : message.blocks) {
        if (const auto* call = std::get_if<ToolCall>(&block)) ids_.insert(call->id);
      }
    }
    for (ToolSpec& tool : tools_.tools()) {
      if (tool.name != request_.answer.name) specs_.push_back(std::move(tool));
    }
    offer_tools();
    while (!done_) turn();
  }

 private:
  // ---- turns

  void offer_tools() {
    chat_.tools = specs_;
    chat_.tools.push_back(request_.answer);
    chat_.choice = ToolChoice::kAuto;
  }

  void offer_only_the_answer() {
    last_ = true;
    chat_.tools = {request_.answer};
    chat_.choice = ToolChoice::kOnly;
    chat_.only_tool = request_.answer.name;
    say(request_.texts.last_turn);
  }

  void turn() {
    ++turn_;
    if (!last_ && turn_ > request_.max_cycles) offer_only_the_answer();
    if (context_.stopped()) return stopped();
    ++result_.calls;
    auto answer = model_.ask(chat_, context_);
    if (!answer) return failed(answer.error());
    result_.usage.input += answer->usage.input;
    result_.usage.output += answer->usage.output;
    result_.usage.cache_read += answer->usage.cache_read;
    result_.usage.cache_write += answer->usage.cache_write;
    if (answer->stop == StopReason::kRefused || answer->stop == StopReason::kContentFiltered) {
      return end(LoopEnd::kRefused, refusal_text(model_, *answer));
    }

    const std::vector<ToolCall> calls = remember(*answer);
    const bool cut = answer->stop == StopReason::kMaxTokens || answer->stop == StopReason::kContextFull;
    const auto half = cut && !calls.empty() && !is_whole_json(calls.back().input) ? calls.size() - 1 : calls.size();
    const auto is_answer = [&](const ToolCall& call) { return call.name == request_.answer.name; };
    const auto given = std::find_if(calls.begin(), calls.end(), is_answer);
    const auto given_at = static_cast<std::size_t>(given - calls.begin());
    if (given != calls.end() && given_at != half) return answered(calls, given_at);
    if (answer->stop == StopReason::kContextFull) {
      return end(LoopEnd::kFailed,
                 fmt::format("The conversation no longer fits into {}; lower model.max_input_tokens, or choose a model "
                             "with a larger context.",
                             model_.name()));
    }
    if (last_) return no_answer(calls, half, cut);
    if (calls.empty()) {
      say(cut ? request_.texts.cut_off : request_.texts.please_answer);
      chat_.choice = ToolChoice::kAny;
      return;
    }
    chat_.choice = ToolChoice::kAuto;
    run_calls(calls, half);
  }

  /// Adds what the model said to the conversation; gives its calls, with ids that name one call each.
  std::vector<ToolCall> remember(ChatAnswer& answer) {
    std::vector<ToolCall> calls;
    Message said{Role::kAssistant, {}};
    for (Block& block : answer.blocks) {
      if (auto* call = std::get_if<ToolCall>(&block)) {
        while (call->id.empty() || !ids_.insert(call->id).second) call->id = fmt::format("call-{}", ++made_ids_);
        calls.push_back(*call);
        said.blocks.push_back(std::move(block));
      } else if (const auto* text = std::get_if<Text>(&block); text != nullptr && !trim(text->text).empty()) {
        said.blocks.push_back(std::move(block));
      }
    }
    // A message without blocks is none; what is said to it then joins the last message of the user.
    if (!said.blocks.empty()) chat_.messages.push_back(std::move(said));
    return calls;
  }

  void add_for_user(Block block) {
    if (chat_.messages.back().role != Role::kUser) chat_.messages.push_back({Role::kUser, {}});
    auto& blocks = chat_.messages.back().blocks;
    if (blocks.empty() || !(blocks.back() == block)) blocks.push_back(std::move(block));
  }
  void say(const std::string& text) {
    if (!text.empty()) add_for_user(Text{text});
  }
  void reply(const ToolCall& call, std::string text, bool is_failure) {
    add_for_user(ToolResult{call.id, std::move(text), is_failure});
  }

  // ---- tools

  void refuse(const ToolCall& call, std::string text) {
    LoopStep step = step_of(call);
    step.refused = true;
    result_.steps.push_back(std::move(step));
    reply(call, std::move(text), true);
  }

  [[nodiscard]] LoopStep step_of(const ToolCall& call) const {
    LoopStep step;
    step.cycle = turn_;
    step.tool = call.name;
    step.input = call.input;
    return step;
  }

  void run_calls(const std::vector<ToolCall>& calls, std::size_t half) {
    if (turn_ >= request_.max_cycles) {
      result_.out_of_cycles = std::any_of(calls.begin(), calls.end(),
                                          [&](const ToolCall& call) { return call.name != request_.answer.name; });
    }
    int ran = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const ToolCall& call = calls[i];
      if (i == half) {
        // Also where it is the answer that is cut: that is no step.
        if (call.name == request_.answer.name) {
          reply(call, request_.texts.cut_off, true);
        } else {
          refuse(call, request_.texts.cut_off);
        }
        continue;
      }
      const auto named = [&](const ToolSpec& tool) { return tool.name == call.name; };
      if (std::none_of(specs_.begin(), specs_.end(), named)) {
        refuse(call, fmt::format("{} {}", request_.texts.unknown_tool, utf8_prefix(call.name, kLongestName)));
      } else if (std::string key = call_key(call); ran_.count(key) != 0) {
        refuse(call, request_.texts.repeated_call);
      } else if (ran >= request_.max_calls) {
        refuse(call, request_.texts.not_executed);
      } else if (context_.stopped()) {
        return stopped();
      } else {
        ++ran;
        ran_.insert(std::move(key));
        run_tool(call);
      }
    }
  }

  void run_tool(const ToolCall& call) {
    ToolOutcome outcome = tools_.run(call.name, call.input, context_);
    LoopStep step = step_of(call);
    step.status = outcome.status;
    step.query = std::move(outcome.query);
    step.rows = outcome.rows;
    step.truncated = outcome.truncated;
    std::string text = cut_tool_text(std::move(outcome.text), request_.max_tool_bytes, step.truncated);
    result_.steps.push_back(std::move(step));
    reply(call, std::move(text), outcome.status == ToolStatus::kError);
  }

  // ---- ends

  void answered(const std::vector<ToolCall>& calls, std::size_t given_at) {
    has_answer_ = true;
    result_.answer = calls[given_at].input;
    const Review review = request_.review ? request_.review(result_.answer) : Review{};
    result_.accepted = review.accepted;
    const bool goes_on = !review.accepted && objections_ < request_.max_objections;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (i == given_at) {
        if (goes_on) reply(calls[i], review.objection, true);
      } else if (calls[i].name == request_.answer.name) {
        reply(calls[i], request_.texts.not_executed, true);
      } else {
        refuse(calls[i], request_.texts.not_executed);
      }
    }
    if (!goes_on) return end(LoopEnd::kAnswered, budget_problem_);
    ++objections_;
    chat_.choice = last_ ? ToolChoice::kOnly : ToolChoice::kAuto;
  }

  /// In a turn that offered nothing but the answer.
  void no_answer(const std::vector<ToolCall>& calls, std::size_t half, bool cut) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (calls[i].name == request_.answer.name) {
        reply(calls[i], i == half ? request_.texts.cut_off : request_.texts.not_executed, true);
      } else {
        result_.out_of_cycles = true;
        refuse(calls[i], request_.texts.not_executed);
      }
    }
    if (asked_again_) {
      return end(LoopEnd::kNoAnswer, fmt::format("{} did not answer by the tool \"{}\" although asked to, in {} calls.",
                                                 model_.name(), request_.answer.name, result_.calls));
    }
    asked_again_ = true;
    say(cut ? request_.texts.cut_off : request_.texts.please_answer);
  }

  void failed(const Error& error) {
    switch (error.code) {
      case ErrorCode::kCancelled:
        return end(LoopEnd::kDeadline, error.message);
      case ErrorCode::kLimit:
        if (!last_ && !has_answer_) {
          budget_problem_ = error.message;
          return offer_only_the_answer();
        }
        return end(LoopEnd::kBudget, error.message);
      default:
        return end(LoopEnd::kFailed, error.message);
    }
  }

  void stopped() {
    end(LoopEnd::kDeadline,
        fmt::format("The time for {} is over, or the analysis was stopped; allow it more time.", model_.name()));
  }

  void end(LoopEnd how, std::string problem) {
    result_.end = how;
    result_.problem = std::move(problem);
    done_ = true;
  }

  ChatModel& model_;
  const LoopRequest& request_;
  ToolBox& tools_;
  const Context& context_;
  LoopResult& result_;

  ChatRequest chat_;
  std::vector<ToolSpec> specs_;  // without the answer's
  std::set<std::string> ran_;
  std::set<std::string> ids_;
  std::size_t made_ids_ = 0;
  std::string budget_problem_;
  int turn_ = 0;
  int objections_ = 0;
  bool last_ = false;  // only the answer is offered
  bool asked_again_ = false;
  bool has_answer_ = false;
  bool done_ = false;
};

}  // namespace

std::string_view tool_status_name(ToolStatus status) {
  switch (status) {
    case ToolStatus::kOk:
      return "ok";
    case ToolStatus::kNoData:
      return "no_data";
    case ToolStatus::kError:
      return "error";
  }
  return "error";
}

std::string_view loop_end_name(LoopEnd end) {
  switch (end) {
    case LoopEnd::kAnswered:
      return "answered";
    case LoopEnd::kNoAnswer:
      return "no_answer";
    case LoopEnd::kRefused:
      return "refused";
    case LoopEnd::kBudget:
      return "budget";
    case LoopEnd::kDeadline:
      return "deadline";
    case LoopEnd::kFailed:
      return "failed";
  }
  return "failed";
}

LoopResult run_tool_loop(ChatModel& model, const LoopRequest& request, ToolBox& tools, const Context& context) {
  LoopResult result;
  try {
    ToolLoop(model, request, tools, context, result).run();
  } catch (const std::exception& problem) {
    result.end = LoopEnd::kFailed;
    result.problem = fmt::format("The conversation with the model ended in an internal error: {}", problem.what());
  } catch (...) {
    result.end = LoopEnd::kFailed;
    result.problem = "The conversation with the model ended in an internal error.";
  }
  return result;
}

}  // namespace fa::llm
