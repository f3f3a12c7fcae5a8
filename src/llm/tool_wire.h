#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "llm/chat.h"

/// What both providers need to write tool calls so that services accept them, and to read what models made of them.
/// Private to this folder. Pure and thread-safe.
namespace fa::llm {

/// Deeper than any tool's input or service's answer; shallow enough for any stack.
inline constexpr std::size_t kMostJsonNesting = 200;

/// A tool call's input as one line of a JSON object, since services refuse a conversation that holds anything else: as
/// it is, `{}` for nothing, and `{"not_json": "..."}` around what a model wrote instead.
std::string tool_input_object(std::string_view input);

/// A name that services accept (`[a-zA-Z0-9_-]{1,64}`): what models call tools by in error must still be told back.
std::string tool_name_on_wire(std::string_view name);

/// An id that services accept (`[a-zA-Z0-9_.:-]`, at most `longest` bytes): itself, or one made of its hash.
std::string call_id_on_wire(std::string_view id, std::size_t longest);

/// Gives calls of the answer an id of their own where theirs is missing or was used before, in the request or in the
/// answer: some servers count from zero in every turn.
void make_call_ids_unique(ChatAnswer& answer, const ChatRequest& request);

/// Whether any message holds a ToolCall or ToolResult.
bool has_tool_blocks(const ChatRequest& request);

/// Nothing but white space.
bool is_blank(std::string_view text);

/// What a service said, for a message of ours: one line, valid UTF-8, at most `most` bytes, no full stop at its end.
std::string service_words(std::string_view text, std::size_t most = 300);

}  // namespace fa::llm
