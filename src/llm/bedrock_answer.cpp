#include "llm/bedrock_answer.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/untrusted_json.h"
#include "llm/json_fields.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

tl::unexpected<Error> bad_answer(std::string_view why) {
  return tl::unexpected(
      Error{ErrorCode::kUnavailable, fmt::format("its answer cannot be understood: {}", why), "BadAnswer"});
}

TokenUsage converse_usage(const Json& usage) {
  return {.input = count_field(usage, "inputTokens"),
          .output = count_field(usage, "outputTokens"),
          .cache_read = count_field(usage, "cacheReadInputTokens"),
          .cache_write = count_field(usage, "cacheWriteInputTokens")};
}

Error stream_exception(std::string_view type, std::string_view words) {
  struct Known {
    std::string_view type;
    ErrorCode code;
  };
  constexpr std::array<Known, 3> kKnown{{{"validationException", ErrorCode::kInvalidInput},
                                         {"accessDeniedException", ErrorCode::kDenied},
                                         {"resourceNotFoundException", ErrorCode::kNotFound}}};
  Error error{ErrorCode::kUnavailable, {}, type.empty() ? "UnknownException" : service_words(type, 80)};
  for (const Known& known : kKnown) {
    if (iequals(type, known.type)) error.code = known.code;
  }
  const std::string said = service_words(words);
  error.message = fmt::format("the stream ended with {}{}{}", error.reason, said.empty() ? "" : ": ", said);
  return error;
}

}  // namespace

StopReason converse_stop_reason(std::string_view word) {
  struct Known {
    std::string_view word;
    StopReason reason;
  };
  constexpr std::array<Known, 9> kKnown{{{"end_turn", StopReason::kEndTurn},
                                         {"stop_sequence", StopReason::kEndTurn},
                                         {"tool_use", StopReason::kToolUse},
                                         {"max_tokens", StopReason::kMaxTokens},
                                         {"guardrail_intervened", StopReason::kContentFiltered},
                                         {"content_filtered", StopReason::kContentFiltered},
                                         {"model_context_window_exceeded", StopReason::kContextFull},
                                         {"refusal", StopReason::kRefused},
                                         {"refused", StopReason::kRefused}}};
  for (const Known& known : kKnown) {
    if (word == known.word) return known.reason;
  }
  return StopReason::kOther;
}

Result<ChatAnswer> read_converse_answer(std::string_view body) {
  if (!json_nests_within(body, kMostJsonNesting)) return bad_answer("it nests too deep");
  const Json document = parse_json(body);
  if (!document.is_object()) return bad_answer("it is no JSON object");
  const Json& content = field(field(field(document, "output"), "message"), "content");
  if (!content.is_array()) return bad_answer("it has no output.message.content");
  ChatAnswer answer;
  for (const Json& block : content) {
    if (const Json& text = field(block, "text"); text.is_string()) {
      answer.blocks.emplace_back(Text{text.get<std::string>()});
    } else if (const Json& call = field(block, "toolUse"); call.is_object()) {
      const Json& input = field(call, "input");
      answer.blocks.emplace_back(ToolCall{text_field(call, "toolUseId"), text_field(call, "name"),
                                          input.is_null() ? std::string("{}") : json_text(input)});
    }
  }
  answer.stop_detail = service_words(text_field(document, "stopReason"), 80);
  answer.stop = converse_stop_reason(answer.stop_detail);
  answer.usage = converse_usage(field(document, "usage"));
  return answer;
}

Result<void> ConverseStreamReader::feed(std::string_view bytes) {
  if (broken_) return tl::unexpected(*broken_);
  while (true) {
    auto messages = decoder_.feed(bytes);
    if (!messages) {
      broken_ = bad_answer(service_words(messages.error().message)).value();
      return tl::unexpected(*broken_);
    }
    if (messages->empty()) return {};
    for (const aws::EventMessage& message : *messages) {
      if (auto taken = take(message); !taken) {
        broken_ = taken.error();
        return taken;
      }
    }
    // Once more without bytes: a broken frame behind these messages is told now and not at the end.
    bytes = {};
  }
}

Result<ChatAnswer> ConverseStreamReader::finish() {
  if (broken_) return tl::unexpected(*broken_);
  if (!stopped_) {
    return tl::unexpected(Error{ErrorCode::kUnavailable, "the stream ended before the answer did", "CutOff"});
  }
  ChatAnswer answer = std::move(answer_);
  for (auto& [index, part] : parts_) {
    if (!part.shown) continue;
    if (part.tool) {
      // A tool without parameters gets no pieces of input at all.
      if (is_blank(part.text)) part.text = "{}";
      answer.blocks.emplace_back(ToolCall{std::move(part.id), std::move(part.name), std::move(part.text)});
    } else {
      answer.blocks.emplace_back(Text{std::move(part.text)});
    }
  }
  *this = ConverseStreamReader();
  return answer;
}

Result<void> ConverseStreamReader::take(const aws::EventMessage& message) {
  const std::string_view kind = message.text(":message-type");
  if (kind == "event") return take_event(message.text(":event-type"), message.payload);
  if (kind == "exception") {
    const Json document = json_nests_within(message.payload, kMostJsonNesting) ? parse_json(message.payload) : Json();
    std::string words = text_field(document, "message");
    if (words.empty()) words = text_field(document, "Message");
    return tl::unexpected(stream_exception(message.text(":exception-type"), words));
  }
  if (kind == "error") {
    return tl::unexpected(stream_exception(message.text(":error-code"), message.text(":error-message")));
  }
  return bad_answer("a frame says neither event nor exception");
}

Result<void> ConverseStreamReader::take_event(std::string_view type, std::string_view payload) {
  const bool known =
      type == "contentBlockStart" || type == "contentBlockDelta" || type == "messageStop" || type == "metadata";
  if (!known) return {};  // messageStart and contentBlockStop say nothing that is needed; others are of the future
  if (!json_nests_within(payload, kMostJsonNesting)) return bad_answer("an event nests too deep");
  const Json event = parse_json(payload);
  if (!event.is_object()) return bad_answer(fmt::format("its event {} is no JSON object", type));
  if (type == "metadata") {
    answer_.usage = converse_usage(field(event, "usage"));
  } else if (type == "messageStop") {
    stopped_ = true;
    answer_.stop_detail = service_words(text_field(event, "stopReason"), 80);
    answer_.stop = converse_stop_reason(answer_.stop_detail);
  } else if (type == "contentBlockStart") {
    if (const Json& call = field(field(event, "start"), "toolUse"); call.is_object()) {
      Part& part = parts_[count_field(event, "contentBlockIndex")];
      part.tool = part.shown = true;
      part.id = text_field(call, "toolUseId");
      part.name = text_field(call, "name");
    }
  } else {
    const Json& delta = field(event, "delta");
    if (const Json& text = field(delta, "text"); text.is_string()) {
      Part& part = parts_[count_field(event, "contentBlockIndex")];
      part.shown = true;
      part.text += text.get_ref<const std::string&>();
    } else if (const Json& call = field(delta, "toolUse"); call.is_object()) {
      Part& part = parts_[count_field(event, "contentBlockIndex")];
      part.tool = part.shown = true;
      const Json& input = field(call, "input");
      if (input.is_string()) part.text += input.get_ref<const std::string&>();
    }
  }
  return {};
}

}  // namespace fa::llm
