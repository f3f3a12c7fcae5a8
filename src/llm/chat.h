#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/context.h"
#include "base/result.h"

/// Language models as FA2 sees them, whoever serves them. Nothing here knows what is being asked.
namespace fa::llm {

enum class Role { kUser, kAssistant };

struct Text {
  std::string text;
  bool operator==(const Text&) const = default;
};
/// The model wants a tool run.
struct ToolCall {
  std::string id;     ///< Of this call; the result names it. Unique in a conversation.
  std::string name;   ///< As the model wrote it: may name no tool at all.
  std::string input;  ///< JSON text as the model wrote it: may be no JSON at all.
  bool operator==(const ToolCall&) const = default;
};
struct ToolResult {
  std::string call_id;
  std::string text;
  bool failed = false;
  bool operator==(const ToolResult&) const = default;
};
using Block = std::variant<Text, ToolCall, ToolResult>;

/// Assistant messages hold Text and ToolCall, user messages Text and ToolResult. Roles alternate, users begin.
struct Message {
  Role role = Role::kUser;
  std::vector<Block> blocks;
  bool operator==(const Message&) const = default;
};

struct ToolSpec {
  std::string name;
  std::string description;
  std::string schema;  ///< JSON Schema of the input, an object; JSON text.
  bool operator==(const ToolSpec&) const = default;
};

enum class ToolChoice {
  kAuto,  ///< Text or tools, as the model likes.
  kAny,   ///< Some tool must be called.
  kOnly,  ///< The tool called `only_tool` must be called.
};

struct ChatRequest {
  std::string system;
  std::vector<Message> messages;
  std::vector<ToolSpec> tools;
  ToolChoice choice = ToolChoice::kAuto;
  std::string only_tool;
  std::uint32_t max_output_tokens = 4096;
};

enum class StopReason {
  kEndTurn,
  kToolUse,
  kMaxTokens,        ///< The answer is cut; its last tool call may be half.
  kRefused,          ///< By the model.
  kContentFiltered,  ///< By a filter or guardrail of the service.
  kContextFull,      ///< What was asked does not fit the model.
  kOther,
};
std::string_view stop_reason_name(StopReason reason);

struct TokenUsage {
  std::uint64_t input = 0;  ///< Without those read from or written to the cache.
  std::uint64_t output = 0;
  std::uint64_t cache_read = 0;
  std::uint64_t cache_write = 0;
  bool operator==(const TokenUsage&) const = default;
};

struct ChatAnswer {
  std::vector<Block> blocks;  ///< Text and ToolCall; may be empty.
  StopReason stop = StopReason::kOther;
  std::string stop_detail;  ///< The service's own word for it.
  TokenUsage usage;
};

/// Asks for one call of `tool` and nothing else, with `data` as all that the user says.
[[nodiscard]] ChatRequest one_call_request(ToolSpec tool, std::string system, std::string data,
                                           std::uint32_t max_output_tokens);
/// The call that such a request asks for; nullptr unless the answer is complete and makes that call, once, and no
/// other. Points into `answer`.
[[nodiscard]] const ToolCall* only_call(const ChatAnswer& answer, std::string_view tool);

/// A language model somewhere. Thread-safe; blocks until the whole answer is there.
class ChatModel {
 public:
  virtual ~ChatModel() = default;
  /// Errors: kCancelled (stopped, or the context's deadline passed), kDenied (credentials, permission, model access),
  /// kUnavailable (throttled or failing after all retries, a stream cut off, an answer that cannot be understood),
  /// kInvalidInput (the service rejects the request), kLimit (a budget of ours), kNotFound (no such model). Messages
  /// say which model and what to do; never a key, a prompt or an answer.
  virtual Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) = 0;
  /// `bedrock global.anthropic.claude-sonnet-4-5`, for reports.
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace fa::llm
