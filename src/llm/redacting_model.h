#pragma once

#include "llm/chat.h"
#include "redact/redact.h"

namespace fa::llm {

/// The one way out for prompts: takes secrets out of everything a request holds (system, texts, tool results, tool
/// inputs, tool descriptions), and puts them back into what the answer says. Thread-safe; borrows both.
class RedactingModel final : public ChatModel {
 public:
  RedactingModel(ChatModel& model, Redactor& redactor) : model_(model), redactor_(redactor) {}
  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override { return model_.name(); }

 private:
  ChatModel& model_;
  Redactor& redactor_;
};

}  // namespace fa::llm
