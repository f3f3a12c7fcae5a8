#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "llm/chat.h"

namespace fa::llm {

/// A stand-in for tests: answers from a list, or by a function of the request, and remembers what it was asked.
/// Thread-safe; the function is called without a lock. Beyond the end of its list it fails with kInternal.
class ScriptedModel final : public ChatModel {
 public:
  using Script = std::function<Result<ChatAnswer>(const ChatRequest&, const Context&)>;

  explicit ScriptedModel(std::vector<Result<ChatAnswer>> answers) : answers_(std::move(answers)) {}
  explicit ScriptedModel(Script script) : script_(std::move(script)) {}

  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      if (!script_) {
        if (requests_.size() > answers_.size()) return fail(ErrorCode::kInternal, "the script has no further answer");
        return answers_[requests_.size() - 1];
      }
    }
    return script_(request, context);
  }
  [[nodiscard]] std::string name() const override { return "scripted"; }

  /// All that was asked so far, in order.
  [[nodiscard]] std::vector<ChatRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }

 private:
  std::vector<Result<ChatAnswer>> answers_;
  Script script_;
  mutable std::mutex mutex_;
  std::vector<ChatRequest> requests_;
};

/// An answer that says `text` and calls nothing.
inline ChatAnswer scripted_text(std::string text, StopReason stop = StopReason::kEndTurn) {
  ChatAnswer answer;
  answer.blocks.emplace_back(Text{std::move(text)});
  answer.stop = stop;
  answer.usage = {100, 10, 0, 0};
  return answer;
}

/// An answer that makes these calls. Calls without an id get none.
inline ChatAnswer scripted_calls(std::vector<ToolCall> calls, StopReason stop = StopReason::kToolUse) {
  ChatAnswer answer;
  for (ToolCall& call : calls) answer.blocks.emplace_back(std::move(call));
  answer.stop = stop;
  answer.usage = {100, 10, 0, 0};
  return answer;
}

}  // namespace fa::llm
