#pragma once

#include <string>
#include <vector>

#include "aws/client.h"
#include "llm/chat.h"

/// Amazon Bedrock. Contract: service model bedrock-runtime 2023-09-30 (Converse, ConverseStream, InvokeModel).
namespace fa::llm {

struct BedrockSettings {
  std::string model_id;  ///< Foundation model, inference profile (`global.`, `us.`, `jp.`, ...) or an ARN of either.
  std::string region;    ///< Empty: the client's, or the ARN's.
  bool stream = true;    ///< ConverseStream: the first bytes come at once, so that a dead service is noticed early.
  bool cache_prompts = false;  ///< Cache points behind system, tools and the last message.
  std::string guardrail_id;
  std::string guardrail_version = "DRAFT";
  double temperature = -1;  ///< Below 0: not sent. (Never together with topP, which current models reject.)
  Nanoseconds timeout = std::chrono::seconds(120);  ///< Of one call.
};

/// Borrows the client. Retries (throttling, ModelNotReady, ModelTimeout, ModelStreamError, 5xx, a stream cut off)
/// within the context's deadline: as the client repeats calls, and with its waits; answers that were begun and broke
/// off, and models that failed, at most three times, since each may be paid for. A request too large for the model is
/// kInvalidInput where the service refuses it, StopReason::kContextFull where the service answers so.
class BedrockModel final : public ChatModel {
 public:
  BedrockModel(aws::Client& client, BedrockSettings settings);
  Result<ChatAnswer> ask(const ChatRequest& request, const Context& context) override;
  [[nodiscard]] std::string name() const override { return "bedrock " + settings_.model_id; }

 private:
  aws::Client& client_;
  BedrockSettings settings_;
};

/// IAM actions that calls with these settings need, with the resources they are needed on (`ACTION on ARN`): an
/// inference profile needs its own ARN and those of the foundation models behind it.
std::vector<std::string> bedrock_actions(const BedrockSettings& settings);

}  // namespace fa::llm
