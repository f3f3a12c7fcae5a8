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

}  // namespace fa::llm
