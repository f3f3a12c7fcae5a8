#pragma once

#include <string>

#include "llm/bedrock.h"

namespace fa::llm {

/// The body of a Converse or ConverseStream call (they are the same). Contract: service model bedrock-runtime
/// 2023-09-30. Pure and thread-safe.
///
/// What the service would refuse is mended: blank texts are left out (a message or result of nothing else says
/// `(empty)`), a call's input that is no JSON object is wrapped, names and ids of calls that do not fit are replaced by
/// ones that do, and a conversation with tool calls but without tools has them told as texts, since Bedrock takes tool
/// blocks only beside a toolConfig. kAuto is the service's default and not written, as some models know no toolChoice;
/// `force_tools` false leaves it out altogether. kInvalidInput: a tool whose schema is no JSON object.
Result<std::string> converse_body(const ChatRequest& request, const BedrockSettings& settings, bool force_tools = true);

/// The region in a model's ARN; empty where the id is none or has none.
std::string region_of_model(const std::string& model_id);

}  // namespace fa::llm
