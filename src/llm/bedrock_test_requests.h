#pragma once

#include <string>
#include <utility>

#include "llm/bedrock.h"
#include "llm/provider_test_rig.h"

/// What the tests of Bedrock ask, and of which model.
namespace fa::llm {

inline constexpr const char* kBedrockTestModel = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";

inline BedrockSettings bedrock_settings(bool stream = true) {
  BedrockSettings settings;
  settings.model_id = kBedrockTestModel;
  settings.stream = stream;
  return settings;
}

inline ToolSpec bedrock_tool(std::string name = "search_logs") {
  return {std::move(name), "Searches.", R"({"type":"object","properties":{"regex":{"type":"string"}}})"};
}

/// A conversation with everything in it.
inline ChatRequest bedrock_conversation() {
  ChatRequest request = short_question();
  request.messages.push_back(
      {Role::kAssistant, {Text{"Looking."}, ToolCall{"tooluse_1", "search_logs", R"({"regex":"x","n":1})"}}});
  request.messages.push_back({Role::kUser, {ToolResult{"tooluse_1", "3 rows 障害", false}}});
  request.messages.push_back(
      {Role::kAssistant,
       {Text{"  "}, ToolCall{"an odd id", "no such tool!", "half {"}, ToolCall{"tooluse_3", "search_logs", "[1]"}}});
  request.messages.push_back(
      {Role::kUser, {ToolResult{"an odd id", "", true}, ToolResult{"tooluse_3", "no", true}, Text{"Go on."}}});
  request.tools = {bedrock_tool(), bedrock_tool("topology")};
  request.tools.back().description = "";
  return request;
}

}  // namespace fa::llm
