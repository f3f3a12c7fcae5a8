#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/chat.h"
#include "llm/server_sent_events.h"
#include "net/http.h"

/// What OpenAI-compatible servers answer, read. Contract: OpenAI's API reference, "Chat Completions", and what vLLM,
/// llama.cpp, Ollama and LiteLLM make of it. Errors never hold anything of an answer's content.
namespace fa::llm {

/// Most bytes of one answer, whole or as a stream.
inline constexpr std::uint64_t kMaxCompletionBytes = std::uint64_t{32} << 20;

/// What a server says went wrong: `{"error": {...}}`, `{"error": "..."}`, `{"message": ...}`, `{"detail": ...}`.
struct CompletionError {
  std::string code;     ///< `insufficient_quota`; the type where there is no code. Empty for none.
  std::string message;  ///< One short line; empty for none.
};
CompletionError read_completion_error(std::string_view body);

/// Puts an answer together from its bytes, be it a stream of events or one JSON document: which of them is told by the
/// first byte, since servers that know no streaming answer plainly, and not all of them label what they send.
/// Not thread-safe.
///
/// Errors (kUnavailable): reason "BadAnswer", it cannot be understood; "CutOff", a stream ended before the answer did;
/// "ServerError", the server reported an error inside of it. After one, every call returns it.
///
/// The usage is zero, which means unknown, where a server tells none. Calls whose finish_reason is `stop`, as several
/// servers have it, are kToolUse all the same. A `refusal` is kRefused with the refusal as a text.
class CompletionReader {
 public:
  Result<void> feed(std::string_view bytes);
  Result<ChatAnswer> finish();

 private:
  struct Call {
    std::uint64_t index = 0;
    std::string id;
    std::string name;
    std::string arguments;
  };
  enum class Form { kUnknown, kDocument, kEvents };

  Result<void> take_event(const ServerSentEvent& event);
  Result<void> take_chunk(std::string_view text);
  Result<ChatAnswer> read_document();
  [[nodiscard]] ChatAnswer assemble();

  Form form_ = Form::kUnknown;
  std::string document_;
  ServerSentEvents events_;
  std::string text_;
  std::string refusal_;
  std::vector<Call> calls_;
  std::string finish_reason_;
  TokenUsage usage_;
  bool done_ = false;
  bool any_choice_ = false;
  std::optional<Error> broken_;
};

}  // namespace fa::llm
