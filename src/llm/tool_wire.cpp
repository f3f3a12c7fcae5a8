#include "llm/tool_wire.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "base/untrusted_json.h"

namespace fa::llm {
namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
}

bool is_id_char(char c) { return is_name_char(c) || c == '.' || c == ':'; }

}  // namespace

std::string tool_input_object(std::string_view input) {
  if (is_blank(input)) return "{}";
  if (json_nests_within(input, kMostJsonNesting)) {
    const Json parsed = parse_json(input);
    if (parsed.is_object()) return json_text(parsed);
  }
  return json_text(Json{{"not_json", std::string(input)}});
}

std::string tool_name_on_wire(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  std::string out(name.substr(0, kLongest));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !is_name_char(c); }, '_');
  return out.empty() ? "unnamed" : out;
}

std::string call_id_on_wire(std::string_view id, std::size_t longest) {
  if (!id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), is_id_char)) return std::string(id);
  return fmt::format("call-{:016x}", stable_hash(id));
}

void make_call_ids_unique(ChatAnswer& answer, const ChatRequest& request) {
  std::set<std::string> used;
  std::size_t calls = 0;
  for (const Message& message : request.messages) {
    for (const Block& block : message.blocks) {
      if (const auto* call = std::get_if<ToolCall>(&block)) {
        used.insert(call->id);
        ++calls;
      }
    }
  }
  for (Block& block : answer.blocks) {
    auto* call = std::get_if<ToolCall>(&block);
    if (call == nullptr) continue;
    ++calls;
    if (!call->id.empty() && used.insert(call->id).second) continue;
    // Ends: there are only so many ids in use.
    for (std::size_t number = calls;; ++number) {
      call->id = fmt::format("call_{}", number);
      if (used.insert(call->id).second) break;
    }
  }
}

bool has_tool_blocks(const ChatRequest& request) {
  return std::any_of(request.messages.begin(), request.messages.end(), [](const Message& message) {
    return std::any_of(message.blocks.begin(), message.blocks.end(),
                       [](const Block& block) { return !std::holds_alternative<Text>(block); });
  });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

std::string service_words(std::string_view text, std::size_t most) {
  std::string line = visible(utf8_prefix(text, most));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (text.size() > most) return line + "...";
  while (line.ends_with('.') || line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace fa::llm
