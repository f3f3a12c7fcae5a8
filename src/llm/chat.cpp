#include "llm/chat.h"

namespace fa::llm {

std::string_view stop_reason_name(StopReason reason) {
  switch (reason) {
    case StopReason::kEndTurn:
      return "end_turn";
    case StopReason::kToolUse:
      return "tool_use";
    case StopReason::kMaxTokens:
      return "max_tokens";
    case StopReason::kRefused:
      return "refused";
    case StopReason::kContentFiltered:
      return "content_filtered";
    case StopReason::kContextFull:
      return "context_full";
    case StopReason::kOther:
      return "other";
  }
  return "other";
}

ChatRequest one_call_request(ToolSpec tool, std::string system, std::string data, std::uint32_t max_output_tokens) {
  ChatRequest request;
  request.system = std::move(system);
  request.messages = {{Role::kUser, {Text{std::move(data)}}}};
  request.choice = ToolChoice::kOnly;
  request.only_tool = tool.name;
  request.tools = {std::move(tool)};
  request.max_output_tokens = max_output_tokens;
  return request;
}

const ToolCall* only_call(const ChatAnswer& answer, std::string_view tool) {
  if (answer.stop == StopReason::kMaxTokens) return nullptr;
  const ToolCall* call = nullptr;
  for (const Block& block : answer.blocks) {
    const auto* one = std::get_if<ToolCall>(&block);
    if (one == nullptr) continue;
    if (call != nullptr) return nullptr;
    call = one;
  }
  return call != nullptr && call->name == tool ? call : nullptr;
}

}  // namespace fa::llm
