#pragma once

#include "llm/chat.h"
#include "redact/redact.h"

namespace fa::llm {

/// The one way out for prompts: takes secrets out of everything a request holds (system, texts, tool results, tool
/// inputs, tool descriptions and schemas), and puts them back into what the answer says; within the JSON of a call's
/// input as JSON spells them. What is JSON stays JSON: an input that would be none without its secrets is sent as
/// `{"input": "..."}`. Thread-safe; borrows both.
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
