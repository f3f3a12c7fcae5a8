#pragma once

#include "llm/chat.h"

/// Tools for models that know none: described in the system prompt, called by a block of text in a fixed form.
namespace fa::llm {

/// The same request without tools: they are described in the system prompt, earlier calls and results are texts.
/// The description is in English or Japanese, as the system prompt is.
ChatRequest to_text_protocol(const ChatRequest& request);

/// Reads calls out of the answer's text, strictly: a call is a line `<tool_call name="NAME">`, JSON, a line
/// `</tool_call>`; anything else that looks like one is a ToolCall with an input that is no JSON, so that the model is
/// told. Texts around calls stay Text.
ChatAnswer from_text_protocol(ChatAnswer answer);

}  // namespace fa::llm
