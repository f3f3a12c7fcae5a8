#pragma once

#include "llm/chat.h"

/// Tools for models that know none: described in the system prompt, called by a block of text in a fixed form.
namespace fa::llm {

/// The same request without tools: they are described in the system prompt, earlier calls and results are texts; a
/// choice of kAny or kOnly becomes a sentence. The description is in English or Japanese, as the system prompt is.
/// Whatever looks like the protocol's own tags in results and in the user's texts has its `<` written as `&lt;`, so
/// that a log line can neither end a result nor become a call when the model repeats it. Pure.
ChatRequest to_text_protocol(const ChatRequest& request);

/// Reads calls out of the answer's text, strictly: a call is a line `<tool_call name="NAME">`, JSON, a line
/// `</tool_call>`; anything else that looks like one is a ToolCall with an input that is no JSON, so that the model is
/// told. Texts around calls stay Text. Calls are numbered `call_1`, `call_2`, ... within the answer; who goes on with
/// the conversation must give them ids of their own. Linear; pure.
ChatAnswer from_text_protocol(ChatAnswer answer);

}  // namespace fa::llm
