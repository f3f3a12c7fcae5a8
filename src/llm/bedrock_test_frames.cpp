#include "llm/bedrock_test_frames.h"

#include <utility>

#include "aws/event_stream.h"
#include "base/json.h"

namespace fa::llm::test_frames {
namespace {

std::string frame(std::string_view kind, std::string_view type, std::string_view payload) {
  aws::EventMessage message;
  message.headers = {{kind == "event" ? ":event-type" : ":exception-type", std::string(type)},
                     {":content-type", std::string("application/json")},
                     {":message-type", std::string(kind)}};
  message.payload = std::string(payload);
  return aws::encode_event(message);
}

std::string block_event(std::string_view type, int index, const char* member, Json value) {
  return event(type, json_text(Json{{"contentBlockIndex", index}, {member, std::move(value)}}));
}

}  // namespace

std::string event(std::string_view type, std::string_view payload) { return frame("event", type, payload); }

std::string exception(std::string_view type, std::string_view words) {
  return frame("exception", type, json_text(Json{{"message", words}}));
}

std::string start() { return event("messageStart", R"({"role":"assistant"})"); }

std::string text(int index, std::string_view piece) {
  return block_event("contentBlockDelta", index, "delta", Json{{"text", piece}});
}

std::string tool_start(int index, std::string_view id, std::string_view name) {
  return block_event("contentBlockStart", index, "start", Json{{"toolUse", Json{{"toolUseId", id}, {"name", name}}}});
}

std::string tool_piece(int index, std::string_view piece) {
  return block_event("contentBlockDelta", index, "delta", Json{{"toolUse", Json{{"input", piece}}}});
}

std::string block_stop(int index) { return event("contentBlockStop", json_text(Json{{"contentBlockIndex", index}})); }

std::string stop(std::string_view reason) { return event("messageStop", json_text(Json{{"stopReason", reason}})); }

std::string usage(int input, int output, int cache_read, int cache_write) {
  Json tokens{{"inputTokens", input},
              {"outputTokens", output},
              {"totalTokens", input + output},
              {"cacheReadInputTokens", cache_read},
              {"cacheWriteInputTokens", cache_write}};
  return event("metadata", json_text(Json{{"usage", std::move(tokens)}, {"metrics", Json{{"latencyMs", 10}}}}));
}

std::string answer_of(std::string_view words, std::string_view reason) {
  return start() + text(0, words) + block_stop(0) + stop(reason) + usage(10, 5);
}

}  // namespace fa::llm::test_frames
