#include "llm/cassette_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "llm/cassette.h"
#include "llm/json_fields.h"

namespace fa::llm {
namespace {

constexpr std::string_view kCassetteFormat = "fa2-model-cassette";
constexpr std::int64_t kCassetteVersion = 1;

constexpr std::array<std::pair<ErrorCode, const char*>, 8> kErrorNames = {{
    {ErrorCode::kInvalidInput, "invalid_input"},
    {ErrorCode::kNotFound, "not_found"},
    {ErrorCode::kUnreadable, "unreadable"},
    {ErrorCode::kLimit, "limit"},
    {ErrorCode::kCancelled, "cancelled"},
    {ErrorCode::kDenied, "denied"},
    {ErrorCode::kUnavailable, "unavailable"},
    {ErrorCode::kInternal, "internal"},
}};

constexpr std::array<StopReason, 7> kStopReasons = {
    StopReason::kEndTurn,         StopReason::kToolUse,     StopReason::kMaxTokens, StopReason::kRefused,
    StopReason::kContentFiltered, StopReason::kContextFull, StopReason::kOther};

const char* error_code_name(ErrorCode code) {
  for (const auto& [known, name] : kErrorNames) {
    if (known == code) return name;
  }
  return "internal";
}

const char* choice_name(ToolChoice choice) {
  switch (choice) {
    case ToolChoice::kAuto:
      return "auto";
    case ToolChoice::kAny:
      return "any";
    case ToolChoice::kOnly:
      return "only";
  }
  return "auto";
}

Json block_json(const Block& block) {
  Json out = Json::object();
  if (const auto* text = std::get_if<Text>(&block)) {
    out["type"] = "text";
    out["text"] = text->text;
  } else if (const auto* call = std::get_if<ToolCall>(&block)) {
    out["type"] = "tool_call";
    out["id"] = call->id;
    out["name"] = call->name;
    out["input"] = call->input;
  } else if (const auto* result = std::get_if<ToolResult>(&block)) {
    out["type"] = "tool_result";
    out["call_id"] = result->call_id;
    out["text"] = result->text;
    out["failed"] = result->failed;
  }
  return out;
}

Json blocks_json(const std::vector<Block>& blocks) {
  Json out = Json::array();
  for (const Block& block : blocks) out.push_back(block_json(block));
  return out;
}

Json request_json(const ChatRequest& request) {
  Json out = Json::object();
  out["system"] = request.system;
  out["messages"] = Json::array();
  for (const Message& message : request.messages) {
    Json entry = Json::object();
    entry["role"] = message.role == Role::kUser ? "user" : "assistant";
    entry["blocks"] = blocks_json(message.blocks);
    out["messages"].push_back(std::move(entry));
  }
  out["tools"] = Json::array();
  for (const ToolSpec& tool : request.tools) {
    Json entry = Json::object();
    entry["name"] = tool.name;
    entry["description"] = tool.description;
    entry["schema"] = tool.schema;
    out["tools"].push_back(std::move(entry));
  }
  out["choice"] = choice_name(request.choice);
  out["only_tool"] = request.only_tool;
  out["max_output_tokens"] = request.max_output_tokens;
  return out;
}

Json answer_json(const ChatAnswer& answer) {
  Json out = Json::object();
  out["blocks"] = blocks_json(answer.blocks);
  out["stop"] = std::string(stop_reason_name(answer.stop));
  out["stop_detail"] = answer.stop_detail;
  Json usage = Json::object();
  usage["input"] = answer.usage.input;
  usage["output"] = answer.usage.output;
  usage["cache_read"] = answer.usage.cache_read;
  usage["cache_write"] = answer.usage.cache_write;
  out["usage"] = std::move(usage);
  return out;
}

Json error_json(const Error& error) {
  Json out = Json::object();
  out["code"] = error_code_name(error.code);
  out["message"] = error.message;
  out["reason"] = error.reason;
  return out;
}

/// What is wrong with a line, for behind `file:line:`.
using Complaint = std::string;

bool has_text(const Json& object, const char* name) { return field(object, name).is_string(); }

tl::expected<ChatAnswer, Complaint> read_answer(const Json& value) {
  ChatAnswer out;
  const Json& blocks = field(value, "blocks");
  if (!blocks.is_array()) return tl::unexpected<Complaint>("the answer has no list of blocks");
  for (const Json& block : blocks) {
    const std::string type = text_field(block, "type");
    if (type == "text" && has_text(block, "text")) {
      out.blocks.emplace_back(Text{text_field(block, "text")});
    } else if (type == "tool_call" && has_text(block, "name") && has_text(block, "input")) {
      out.blocks.emplace_back(ToolCall{text_field(block, "id"), text_field(block, "name"), text_field(block, "input")});
    } else {
      return tl::unexpected<Complaint>("a block of the answer is neither a text nor a tool_call with name and input");
    }
  }
  const std::string stop = text_field(value, "stop");
  bool known = false;
  for (const StopReason reason : kStopReasons) {
    if (stop_reason_name(reason) != stop) continue;
    out.stop = reason;
    known = true;
  }
  if (!known) return tl::unexpected<Complaint>("the answer's stop is none that this version knows");
  out.stop_detail = text_field(value, "stop_detail");
  const Json& usage = field(value, "usage");
  out.usage = {count_field(usage, "input"), count_field(usage, "output"), count_field(usage, "cache_read"),
               count_field(usage, "cache_write")};
  return out;
}

tl::expected<Error, Complaint> read_error(const Json& value) {
  const std::string code = text_field(value, "code");
  for (const auto& [known, name] : kErrorNames) {
    if (code == name) return Error{known, text_field(value, "message"), text_field(value, "reason")};
  }
  return tl::unexpected<Complaint>("the error's code is none that this version knows");
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Complaint> read_header(const Json& line, CassetteContent& content) {
  if (text_field(line, "format") != kCassetteFormat) {
    return fmt::format("this is no cassette: its first line does not say \"format\":\"{}\"", kCassetteFormat);
  }
  const Json& version = field(line, "version");
  if (!version.is_number_integer() || version.get<std::int64_t>() != kCassetteVersion) {
    return fmt::format("this cassette is of a version that is not known here (known: {}); record it again",
                       kCassetteVersion);
  }
  if (!has_text(line, "model")) return Complaint("the first line names no model");
  content.model = text_field(line, "model");
  return std::nullopt;
}

std::optional<Complaint> read_entry(const Json& line, CassetteContent& content) {
  const std::string hash = text_field(line, "hash");
  if (!is_hash(hash)) return Complaint("the entry's hash is not 64 lower-case hexadecimal digits");
  const Json& answer = field(line, "answer");
  const Json& error = field(line, "error");
  if (answer.is_object() == error.is_object())
    return Complaint("the entry must hold an answer or an error, one of them");
  if (answer.is_object()) {
    auto read = read_answer(answer);
    if (!read) return std::move(read).error();
    content.answers[hash].emplace_back(std::move(*read));
  } else {
    auto read = read_error(error);
    if (!read) return std::move(read).error();
    content.answers[hash].emplace_back(tl::unexpected<Error>(std::move(*read)));
  }
  return std::nullopt;
}

/// Everything that is hashed, each with its length before it: no two requests run into the same bytes.
class HashInput {
 public:
  void number(std::uint64_t value) { bytes_ += fmt::format("{};", value); }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = "fa2 chat request 1;";
};

}  // namespace

Result<CassetteContent> read_cassette(std::string_view text, std::string_view name) {
  CassetteContent content;
  content.ends_in_line = !text.empty() && text.back() == '\n';
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (trim(line).empty()) continue;
    std::optional<Complaint> complaint;
    if (const Json value = parse_json(line); value.is_object()) {
      complaint = content.empty ? read_header(value, content) : read_entry(value, content);
    } else if (content.empty) {
      complaint = "this is no cassette: its first line is no JSON object";
    } else {
      complaint = "the line is no JSON object; it may be cut off: record it again, or remove the line";
    }
    if (complaint) return fail(ErrorCode::kInvalidInput, fmt::format("{}:{}: {}", name, number, *complaint));
    content.empty = false;
  }
  return content;
}

std::string cassette_header(std::string_view model) {
  Json out = Json::object();
  out["format"] = std::string(kCassetteFormat);
  out["version"] = kCassetteVersion;
  out["model"] = std::string(model);
  return json_text(out) + "\n";
}

std::string cassette_entry(const ChatRequest& request, const Result<ChatAnswer>& answer) {
  Json out = Json::object();
  out["hash"] = request_hash(request);
  out["request"] = request_json(request);
  if (answer) {
    out["answer"] = answer_json(*answer);
  } else {
    out["error"] = error_json(answer.error());
  }
  return json_text(out) + "\n";
}

Result<ChatAnswer> as_recorded(Result<ChatAnswer> answer) {
  const auto mend = [](std::string& text) {
    if (!is_valid_utf8(text)) text = sanitize_utf8(text);
  };
  if (!answer) {
    mend(answer.error().message);
    mend(answer.error().reason);
    return answer;
  }
  mend(answer->stop_detail);
  for (Block& block : answer->blocks) {
    if (auto* text = std::get_if<Text>(&block)) {
      mend(text->text);
    } else if (auto* call = std::get_if<ToolCall>(&block)) {
      mend(call->id);
      mend(call->name);
      mend(call->input);
    }
  }
  std::erase_if(answer->blocks, [](const Block& block) { return std::holds_alternative<ToolResult>(block); });
  return answer;
}

std::string request_hash(const ChatRequest& request) {
  HashInput input;
  input.text(request.system);
  input.number(request.messages.size());
  for (const Message& message : request.messages) {
    input.text(message.role == Role::kUser ? "user" : "assistant");
    input.number(message.blocks.size());
    for (const Block& block : message.blocks) {
      if (const auto* text = std::get_if<Text>(&block)) {
        input.text("text");
        input.text(text->text);
      } else if (const auto* call = std::get_if<ToolCall>(&block)) {
        input.text("tool_call");
        input.text(call->id);
        input.text(call->name);
        input.text(call->input);
      } else if (const auto* result = std::get_if<ToolResult>(&block)) {
        input.text(result->failed ? "tool_failure" : "tool_result");
        input.text(result->call_id);
        input.text(result->text);
      }
    }
  }
  input.number(request.tools.size());
  for (const ToolSpec& tool : request.tools) {
    input.text(tool.name);
    input.text(tool.description);
    input.text(tool.schema);
  }
  input.text(choice_name(request.choice));
  input.text(request.only_tool);
  input.number(request.max_output_tokens);
  return sha256_hex(input.bytes());
}

}  // namespace fa::llm
