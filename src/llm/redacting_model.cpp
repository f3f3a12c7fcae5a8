#include "llm/redacting_model.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.h"

namespace fa::llm {
namespace {

/// Length of the string literal that `text` begins with, quotes included; npos where it does not end.
std::size_t literal_size(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

/// A secret may hold quotes and line breaks; put back as it is, it would break the JSON around it.
std::string restore_json(const Redactor& redactor, std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const std::size_t quote = std::min(json.find('"'), json.size());
    out += redactor.restore(json.substr(0, quote));
    json.remove_prefix(quote);
    if (json.empty()) break;
    const std::size_t size = literal_size(json);
    const std::string_view literal = json.substr(0, size);
    json.remove_prefix(literal.size());
    const Json value = size == std::string_view::npos ? Json(Json::value_t::discarded) : parse_json(literal);
    if (!value.is_string()) {
      out += redactor.restore(literal);
      continue;
    }
    const auto& said = value.get_ref<const std::string&>();
    const std::string meant = redactor.restore(said);
    out += meant == said ? std::string(literal) : json_text(Json(meant));
  }
  return out;
}

bool is_json(std::string_view text) { return !parse_json(text).is_discarded(); }

std::string redact_json(Redactor& redactor, const std::string& json) {
  std::string out = redactor.redact(json);
  // A number or a bare word that was a secret leaves a placeholder where JSON allows none.
  if (out != json && !is_json(out) && is_json(json)) out = json_text(Json{{"input", out}});
  return out;
}

}  // namespace

Result<ChatAnswer> RedactingModel::ask(const ChatRequest& request, const Context& context) {
  ChatRequest safe = request;
  safe.system = redactor_.redact(request.system);
  for (Message& message : safe.messages) {
    for (Block& block : message.blocks) {
      if (auto* text = std::get_if<Text>(&block)) {
        text->text = redactor_.redact(text->text);
      } else if (auto* call = std::get_if<ToolCall>(&block)) {
        call->name = redactor_.redact(call->name);
        call->input = redact_json(redactor_, call->input);
      } else if (auto* result = std::get_if<ToolResult>(&block)) {
        result->text = redactor_.redact(result->text);
      }
    }
  }
  for (ToolSpec& tool : safe.tools) {
    tool.description = redactor_.redact(tool.description);
    tool.schema = redact_json(redactor_, tool.schema);
  }

  auto answer = model_.ask(safe, context);
  if (!answer) return answer;
  for (Block& block : answer->blocks) {
    if (auto* text = std::get_if<Text>(&block)) {
      text->text = redactor_.restore(text->text);
    } else if (auto* call = std::get_if<ToolCall>(&block)) {
      call->input = restore_json(redactor_, call->input);
    }
  }
  return answer;
}

}  // namespace fa::llm
