#pragma once

#include <string>

#include "base/secret.h"
#include "base/wait.h"
#include "llm/chat.h"
#include "net/http.h"
#include "net/retry.h"

/// Servers that speak OpenAI's chat completions: OpenAI, vLLM, llama.cpp server, Ollama, LiteLLM, ...
namespace fa::llm {

struct OpenAiSettings {
  std::string base_url;  ///< Up to and with `/v1`: `https://api.openai.com/v1`, `http://localhost:11434/v1`.
  std::string model;
  Secret key;  ///< Empty: none is sent.
  bool stream = true;
  bool native_tools = true;  ///< False: tools go through the text protocol (text_protocol.h).
  /// `max_tokens` is what most servers know; OpenAI's newer models want `max_completion_tokens`.
  std::string max_tokens_field = "max_tokens";
  double temperature = -1;  ///< Below 0: not sent.
  Nanoseconds timeout = std::chrono::seconds(120);
};

/// Borrows its world. Retries (429 unless the quota is used up, 408, 409, 425, 5xx, no answer) within the context's
/// deadline as the Retrier does; answers that broke off or never came at most three times. A request too large for the
/// model is kInvalidInput with reason `context_length_exceeded`. `tool_choice` and `stream_options` are left out and
/// the question asked again where a server refuses them by name. Usage is zero, which means unknown, where a server
/// tells none.
class OpenAiModel final : public ChatModel {
 public:
  OpenAiModel(HttpClient& http, Retrier& retrier, const Clock& clock, OpenAiSettings settings);
  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override { return "openai " + settings_.model; }

 private:
  Result<ChatAnswer> ask_server(const ChatRequest& request, const Context& context);
  HttpClient& http_;
  Retrier& retrier_;
  const Clock& clock_;
  OpenAiSettings settings_;
};

}  // namespace fa::llm
