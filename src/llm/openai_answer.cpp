#include "llm/openai_answer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/untrusted_json.h"
#include "llm/json_fields.h"
#include "llm/tool_wire.h"

namespace fa::llm {
namespace {

tl::unexpected<Error> bad_completion(std::string_view why) {
  return tl::unexpected(
      Error{ErrorCode::kUnavailable, fmt::format("its answer cannot be understood: {}", why), "BadAnswer"});
}

Json parse_bounded(std::string_view text) {
  return json_nests_within(text, kMostJsonNesting) ? parse_json(text) : Json();
}

/// No model makes as many in one answer; each piece of a stream is held against those before it.
constexpr std::size_t kMostToolCalls = 256;

/// Texts come as one, or as parts.
std::string content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string out;
  if (!content.is_array()) return out;
  for (const Json& part : content) {
    const std::string type = text_field(part, "type");
    if (type.empty() || type == "text" || type == "output_text") out += text_field(part, "text");
  }
  return out;
}

std::string arguments_text(const Json& arguments) {
  if (arguments.is_string()) return arguments.get<std::string>();
  return arguments.is_object() ? json_text(arguments) : std::string();
}

TokenUsage completion_usage(const Json& usage) {
  TokenUsage read;
  read.input = count_field(usage, "prompt_tokens");
  read.output = count_field(usage, "completion_tokens");
  // Unlike Bedrock's, the prompt's tokens count those from the cache too.
  read.cache_read = std::min(count_field(field(usage, "prompt_tokens_details"), "cached_tokens"), read.input);
  read.input -= read.cache_read;
  return read;
}

StopReason completion_stop(std::string_view word) {
  struct Known {
    std::string_view word;
    StopReason reason;
  };
  constexpr std::array<Known, 10> kKnown{{{"stop", StopReason::kEndTurn},
                                          {"end_turn", StopReason::kEndTurn},
                                          {"eos", StopReason::kEndTurn},
                                          {"tool_calls", StopReason::kToolUse},
                                          {"function_call", StopReason::kToolUse},
                                          {"length", StopReason::kMaxTokens},
                                          {"max_tokens", StopReason::kMaxTokens},
                                          {"model_length", StopReason::kMaxTokens},
                                          {"content_filter", StopReason::kContentFiltered},
                                          {"refusal", StopReason::kRefused}}};
  for (const Known& known : kKnown) {
    if (word == known.word) return known.reason;
  }
  return StopReason::kOther;
}

Error error_inside(const Json& document) {
  const CompletionError said = read_completion_error(json_text(document));
  return {
      ErrorCode::kUnavailable,
      fmt::format("the server reported an error inside its answer{}{}", said.message.empty() ? "" : ": ", said.message),
      "ServerError"};
}

}  // namespace

CompletionError read_completion_error(std::string_view body) {
  CompletionError error;
  const Json document = parse_bounded(body);
  if (!document.is_object()) return error;
  const Json& nested = field(document, "error");
  const Json& said = nested.is_object() ? nested : document;
  error.message = nested.is_string() ? nested.get<std::string>() : text_field(said, "message");
  if (error.message.empty()) error.message = text_field(document, "detail");
  // FastAPI's list of what is wrong; its items repeat the input besides, which must not get into messages.
  for (const Json& item : field(document, "detail").is_array() ? field(document, "detail") : Json::array()) {
    if (error.message.empty()) error.message = text_field(item, "msg");
  }
  error.message = service_words(error.message);
  for (const char* name : {"code", "type"}) {
    if (error.code.empty()) error.code = service_words(text_field(said, name), 80);
  }
  return error;
}

Result<void> CompletionReader::feed(std::string_view bytes) {
  if (broken_) return tl::unexpected(*broken_);
  if (form_ == Form::kUnknown) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    document_.append(bytes);
    std::string_view seen = document_;
    if (seen.starts_with(kByteOrderMark)) seen.remove_prefix(kByteOrderMark.size());
    if (is_blank(seen) || kByteOrderMark.starts_with(seen)) return {};
    form_ = trim(seen).front() == '{' ? Form::kDocument : Form::kEvents;
    if (form_ == Form::kDocument) {
      document_ = std::string(seen);
      return {};
    }
    // What was held back until now goes on to the events.
    const std::string held = std::exchange(document_, {});
    return feed(held);
  }
  if (form_ == Form::kDocument) {
    document_.append(bytes);
    return {};
  }
  while (true) {
    auto events = events_.feed(bytes);
    if (!events) {
      broken_ = bad_completion(events.error().message).value();
      return tl::unexpected(*broken_);
    }
    if (events->empty()) return {};
    for (const ServerSentEvent& event : *events) {
      if (auto taken = take_event(event); !taken) {
        broken_ = taken.error();
        return taken;
      }
    }
    bytes = {};  // once more: an event that is too large is told now
  }
}

Result<ChatAnswer> CompletionReader::finish() {
  if (broken_) return tl::unexpected(*broken_);
  if (form_ == Form::kUnknown) return bad_completion("it is empty");
  if (form_ == Form::kDocument) return read_document();
  if (const auto last = events_.finish()) {
    if (const auto taken = take_event(*last); !taken) {
      if (taken.error().reason != "BadAnswer") return tl::unexpected(taken.error());
      // Its empty line never came: it is a piece of what it should have been.
      return tl::unexpected(Error{ErrorCode::kUnavailable, "the stream ended amid an event", "CutOff"});
    }
  }
  if (!any_choice_ && !done_) return bad_completion("it is neither JSON nor a stream of events");
  if (!done_ && finish_reason_.empty()) {
    return tl::unexpected(Error{ErrorCode::kUnavailable, "the stream ended before the answer did", "CutOff"});
  }
  if (!any_choice_) return bad_completion("it holds no choices");
  return assemble();
}

Result<void> CompletionReader::take_event(const ServerSentEvent& event) {
  if (done_) return {};
  if (trim(event.data) == "[DONE]") {
    done_ = true;
    return {};
  }
  if (is_blank(event.data)) return {};
  return take_chunk(event.data);
}

Result<void> CompletionReader::take_chunk(std::string_view text) {
  const Json chunk = parse_bounded(text);
  if (!chunk.is_object()) return bad_completion("an event of its stream is no JSON object");
  if (const Json& error = field(chunk, "error"); !error.is_null()) return tl::unexpected(error_inside(chunk));
  if (const Json& usage = field(chunk, "usage"); usage.is_object()) usage_ = completion_usage(usage);
  const Json& choices = field(chunk, "choices");
  if (!choices.is_array() || choices.empty()) return {};
  any_choice_ = true;
  const Json& choice = choices.front();
  if (std::string reason = text_field(choice, "finish_reason"); !reason.empty()) finish_reason_ = std::move(reason);
  const Json& delta = field(choice, "delta");
  text_ += content_text(field(delta, "content"));
  refusal_ += text_field(delta, "refusal");
  const auto take_function = [](Call& call, const Json& function) {
    if (call.name.empty()) call.name = text_field(function, "name");
    call.arguments += arguments_text(field(function, "arguments"));
  };
  const Json& calls = field(delta, "tool_calls");
  if (calls.is_array()) {
    for (const Json& piece : calls) {
      const std::string id = text_field(piece, "id");
      const bool indexed = field(piece, "index").is_number();
      const std::uint64_t index = count_field(piece, "index");
      // By index; from the end, since servers that give every call the index 0 tell them apart by id alone.
      auto found = std::find_if(calls_.rbegin(), calls_.rend(),
                                [&](const Call& call) { return !indexed || call.index == index; });
      const bool other = found != calls_.rend() && !id.empty() && !found->id.empty() && found->id != id;
      if (found == calls_.rend() || other) {
        if (calls_.size() >= kMostToolCalls) return bad_completion("it holds too many tool calls");
        calls_.push_back({.index = indexed ? index : calls_.size(), .id = id, .name = {}, .arguments = {}});
        found = calls_.rbegin();
      }
      if (found->id.empty()) found->id = id;
      take_function(*found, field(piece, "function"));
    }
  }
  if (const Json& function = field(delta, "function_call"); function.is_object()) {
    if (calls_.empty()) calls_.emplace_back();
    take_function(calls_.back(), function);
  }
  return {};
}

Result<ChatAnswer> CompletionReader::read_document() {
  if (!json_nests_within(document_, kMostJsonNesting)) return bad_completion("it nests too deep");
  const Json document = parse_json(document_);
  if (!document.is_object()) return bad_completion("it is broken JSON");
  const Json& choices = field(document, "choices");
  if (!field(document, "error").is_null()) return tl::unexpected(error_inside(document));
  if (!choices.is_array() || choices.empty()) return bad_completion("it holds no choices");
  const Json& choice = choices.front();
  const Json& message = field(choice, "message");
  if (!message.is_object()) return bad_completion("its choice holds no message");
  text_ = content_text(field(message, "content"));
  refusal_ = text_field(message, "refusal");
  finish_reason_ = text_field(choice, "finish_reason");
  usage_ = completion_usage(field(document, "usage"));
  const auto add = [&](std::string id, const Json& function) {
    calls_.push_back({.index = calls_.size(),
                      .id = std::move(id),
                      .name = text_field(function, "name"),
                      .arguments = arguments_text(field(function, "arguments"))});
  };
  if (const Json& calls = field(message, "tool_calls"); calls.is_array()) {
    if (calls.size() > kMostToolCalls) return bad_completion("it holds too many tool calls");
    for (const Json& call : calls) add(text_field(call, "id"), field(call, "function"));
  }
  if (const Json& function = field(message, "function_call"); function.is_object()) add({}, function);
  return assemble();
}

ChatAnswer CompletionReader::assemble() {
  ChatAnswer answer;
  answer.stop_detail = service_words(finish_reason_, 80);
  answer.stop = completion_stop(finish_reason_);
  answer.usage = usage_;
  if (!text_.empty()) answer.blocks.emplace_back(Text{std::move(text_)});
  for (Call& call : calls_) {
    if (is_blank(call.arguments)) call.arguments = "{}";
    answer.blocks.emplace_back(ToolCall{std::move(call.id), std::move(call.name), std::move(call.arguments)});
  }
  if (!calls_.empty() && (answer.stop == StopReason::kEndTurn || answer.stop == StopReason::kOther)) {
    answer.stop = StopReason::kToolUse;
  }
  if (!is_blank(refusal_)) {
    answer.blocks.emplace_back(Text{std::move(refusal_)});
    answer.stop = StopReason::kRefused;
  }
  return answer;
}

}  // namespace fa::llm
