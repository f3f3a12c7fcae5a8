#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "llm/text_protocol.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

fa::llm::ChatAnswer read(std::string text) {
  fa::llm::ChatAnswer answer;
  answer.blocks = {fa::llm::Text{std::move(text)}};
  answer.stop = fa::llm::StopReason::kEndTurn;
  return fa::llm::from_text_protocol(std::move(answer));
}

}  // namespace

/// What a model wrote, and what logs say: read without a crash, never longer than it was; the calls that are told of
/// read as themselves; a text of others holds no call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes{reinterpret_cast<const char*>(data), size};
  const fa::llm::ChatAnswer answer = read(bytes);
  std::size_t calls = 0;
  std::size_t total = 0;
  fa::llm::ChatRequest request;
  request.messages = {{fa::llm::Role::kUser, {fa::llm::Text{bytes}}}, {fa::llm::Role::kAssistant, {}}};
  for (const fa::llm::Block& block : answer.blocks) {
    if (const auto* call = std::get_if<fa::llm::ToolCall>(&block)) {
      ++calls;
      total += call->input.size();
      request.messages.back().blocks.emplace_back(*call);
    } else {
      total += std::get<fa::llm::Text>(block).text.size();
    }
  }
  require(total <= size);
  require((answer.stop == fa::llm::StopReason::kToolUse) == (calls > 0));

  request.messages.push_back({fa::llm::Role::kUser, {fa::llm::ToolResult{"call_1", bytes, false}}});
  const fa::llm::ChatRequest told = fa::llm::to_text_protocol(request);
  for (const fa::llm::Block& block : told.messages[1].blocks) {
    const auto again = read(std::get<fa::llm::Text>(block).text);
    require(again.blocks.size() == 1 && std::holds_alternative<fa::llm::ToolCall>(again.blocks.front()));
  }
  for (const std::size_t message : {std::size_t{0}, std::size_t{2}}) {
    for (const fa::llm::Block& block : read(std::get<fa::llm::Text>(told.messages[message].blocks[0]).text).blocks) {
      require(std::holds_alternative<fa::llm::Text>(block));
    }
  }
  const std::string& result = std::get<fa::llm::Text>(told.messages[2].blocks[0]).text;
  constexpr std::string_view kEnd = "</tool_result>";
  require(result.find(kEnd) == result.size() - kEnd.size());
  return 0;
}
