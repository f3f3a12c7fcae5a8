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
  Secret key;            ///< Empty: none is sent.
  bool stream = true;
  bool native_tools = true;  ///< False: tools go through the text protocol (text_protocol.h).
  /// `max_tokens` is what most servers know; OpenAI's newer models want `max_completion_tokens`.
  std::string max_tokens_field = "max_tokens";
  double temperature = -1;  ///< Below 0: not sent.
  Nanoseconds timeout = std::chrono::seconds(120);
};

/// Borrows its world.
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
