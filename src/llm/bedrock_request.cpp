#include "llm/bedrock_request.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "llm/text_protocol.h"
#include "llm/tool_schema.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

constexpr std::size_t kLongestBedrockCallId = 64;
constexpr std::string_view kNothingSaid = "(empty)";

Json cache_point() { return Json{{"cachePoint", {{"type", "default"}}}}; }

Json content_block(const Block& block) {
  if (const auto* call = std::get_if<ToolCall>(&block)) {
    return Json{{"toolUse",
                 {{"toolUseId", call_id_on_wire(call->id, kLongestBedrockCallId)},
                  {"name", tool_name_on_wire(call->name)},
                  {"input", parse_json(tool_input_object(call->input))}}}};
  }
  if (const auto* result = std::get_if<ToolResult>(&block)) {
    const std::string text = is_blank(result->text) ? std::string(kNothingSaid) : result->text;
    Json body{{"toolUseId", call_id_on_wire(result->call_id, kLongestBedrockCallId)},
              {"content", Json::array({Json{{"text", text}}})}};
    // Absent means success; models that know no status are not bothered with it.
    if (result->failed) body["status"] = "error";
    return Json{{"toolResult", std::move(body)}};
  }
  return Json{{"text", std::get<Text>(block).text}};
}

Json content_of(const Message& message) {
  Json content = Json::array();
  for (const Block& block : message.blocks) {
    const auto* text = std::get_if<Text>(&block);
    if (text == nullptr || !is_blank(text->text)) content.push_back(content_block(block));
  }
  if (content.empty()) content.push_back(Json{{"text", kNothingSaid}});
  return content;
}

Result<Json> tool_config(const ChatRequest& request, const BedrockSettings& settings, bool force_tools) {
  Json tools = Json::array();
  for (const ToolSpec& tool : request.tools) {
    auto schema = tool_schema(tool);
    if (!schema) return tl::unexpected(schema.error());
    Json spec{{"name", tool.name}};
    if (!is_blank(tool.description)) spec["description"] = tool.description;
    spec["inputSchema"] = Json{{"json", std::move(*schema)}};
    tools.push_back(Json{{"toolSpec", std::move(spec)}});
  }
  if (settings.cache_prompts) tools.push_back(cache_point());
  Json config{{"tools", std::move(tools)}};
  if (force_tools && request.choice == ToolChoice::kAny) config["toolChoice"] = Json{{"any", Json::object()}};
  if (force_tools && request.choice == ToolChoice::kOnly) {
    config["toolChoice"] = Json{{"tool", {{"name", request.only_tool}}}};
  }
  return config;
}

}  // namespace

Result<std::string> converse_body(const ChatRequest& asked, const BedrockSettings& settings, bool force_tools) {
  const ChatRequest request = asked.tools.empty() && has_tool_blocks(asked) ? to_text_protocol(asked) : asked;
  Json body = Json::object();
  Json messages = Json::array();
  for (const Message& message : request.messages) {
    messages.push_back(
        Json{{"role", message.role == Role::kUser ? "user" : "assistant"}, {"content", content_of(message)}});
  }
  // The conversation so far is what the next request begins with.
  if (settings.cache_prompts && !messages.empty()) messages.back()["content"].push_back(cache_point());
  body["messages"] = std::move(messages);
  if (!is_blank(request.system)) {
    body["system"] = Json::array({Json{{"text", request.system}}});
    if (settings.cache_prompts) body["system"].push_back(cache_point());
  }
  body["inferenceConfig"] = Json{{"maxTokens", std::max<std::uint32_t>(request.max_output_tokens, 1)}};
  if (settings.temperature >= 0) body["inferenceConfig"]["temperature"] = settings.temperature;
  if (!request.tools.empty()) {
    auto config = tool_config(request, settings, force_tools);
    if (!config) return tl::unexpected(config.error());
    body["toolConfig"] = std::move(*config);
  }
  if (!settings.guardrail_id.empty()) {
    body["guardrailConfig"] =
        Json{{"guardrailIdentifier", settings.guardrail_id}, {"guardrailVersion", settings.guardrail_version}};
  }
  return json_text(body);
}

std::string region_of_model(const std::string& model_id) {
  const auto parts = split(model_id, ':');
  constexpr std::size_t kRegionPart = 3;  // arn:partition:bedrock:region:account:resource
  return parts.size() > kRegionPart && parts.front() == "arn" ? std::string(parts[kRegionPart]) : std::string();
}

}  // namespace fa::llm
