#include "llm/openai_request.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "llm/tool_schema.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

constexpr std::size_t kLongestOpenAiCallId = 40;

std::string joined_texts(const Message& message) {
  std::string out;
  for (const Block& block : message.blocks) {
    const auto* text = std::get_if<Text>(&block);
    if (text == nullptr || is_blank(text->text)) continue;
    if (!out.empty()) out += "\n\n";
    out += text->text;
  }
  return out;
}

void add_user_message(Json& messages, const Message& message) {
  bool results = false;
  for (const Block& block : message.blocks) {
    const auto* result = std::get_if<ToolResult>(&block);
    if (result == nullptr) continue;
    results = true;
    messages.push_back(Json{{"role", "tool"},
                            {"tool_call_id", call_id_on_wire(result->call_id, kLongestOpenAiCallId)},
                            {"content", (result->failed ? "[error] " : "") + result->text}});
  }
  std::string text = joined_texts(message);
  if (results && text.empty()) return;
  messages.push_back(Json{{"role", "user"}, {"content", std::move(text)}});
}

void add_assistant_message(Json& messages, const Message& message) {
  Json calls = Json::array();
  for (const Block& block : message.blocks) {
    const auto* call = std::get_if<ToolCall>(&block);
    if (call == nullptr) continue;
    calls.push_back(
        Json{{"id", call_id_on_wire(call->id, kLongestOpenAiCallId)},
             {"type", "function"},
             {"function", {{"name", tool_name_on_wire(call->name)}, {"arguments", tool_input_object(call->input)}}}});
  }
  std::string text = joined_texts(message);
  Json told{{"role", "assistant"}};
  // Null as servers themselves write it beside calls.
  told["content"] = text.empty() && !calls.empty() ? Json() : Json(std::move(text));
  if (!calls.empty()) told["tool_calls"] = std::move(calls);
  messages.push_back(std::move(told));
}

Json openai_tool_choice(const ChatRequest& request) {
  switch (request.choice) {
    case ToolChoice::kAuto:
      return "auto";
    case ToolChoice::kAny:
      return "required";
    case ToolChoice::kOnly:
      return Json{{"type", "function"}, {"function", {{"name", request.only_tool}}}};
  }
  return "auto";
}

}  // namespace

Result<std::string> completions_body(const ChatRequest& request, const OpenAiSettings& settings,
                                     const OpenAiExtras& extras) {
  Json body{{"model", settings.model}};
  Json messages = Json::array();
  if (!is_blank(request.system)) messages.push_back(Json{{"role", "system"}, {"content", request.system}});
  for (const Message& message : request.messages) {
    if (message.role == Role::kUser) {
      add_user_message(messages, message);
    } else {
      add_assistant_message(messages, message);
    }
  }
  body["messages"] = std::move(messages);
  if (!settings.max_tokens_field.empty()) {
    body[settings.max_tokens_field] = std::max<std::uint32_t>(request.max_output_tokens, 1);
  }
  if (settings.temperature >= 0) body["temperature"] = settings.temperature;
  body["stream"] = settings.stream;
  if (settings.stream && extras.stream_options) body["stream_options"] = Json{{"include_usage", true}};
  if (!request.tools.empty()) {
    Json tools = Json::array();
    for (const ToolSpec& tool : request.tools) {
      auto schema = tool_schema(tool);
      if (!schema) return tl::unexpected(schema.error());
      Json function{{"name", tool.name}, {"description", tool.description}, {"parameters", std::move(*schema)}};
      tools.push_back(Json{{"type", "function"}, {"function", std::move(function)}});
    }
    body["tools"] = std::move(tools);
    if (extras.tool_choice) body["tool_choice"] = openai_tool_choice(request);
  }
  return json_text(body);
}

std::string completions_url(std::string_view base_url) {
  constexpr std::string_view kPath = "/chat/completions";
  base_url = trim(base_url);
  const std::size_t question = std::min(base_url.find('?'), base_url.size());
  std::string_view path = base_url.substr(0, question);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::string url(path);
  if (!path.ends_with(kPath)) url += kPath;
  return url.append(base_url.substr(question));
}

}  // namespace fa::llm
