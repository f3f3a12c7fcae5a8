#pragma once

#include <string>

#include "llm/openai.h"

namespace fa::llm {

/// Members that not every server knows; left out once it refused them.
struct OpenAiExtras {
  bool tool_choice = true;
  bool stream_options = true;  ///< Asks for the usage of a streamed answer.
};

/// The body of a chat completion with native tools. Contract: OpenAI's API reference, "Chat Completions". Tool results
/// become messages of role `tool`, before what else their message says; failed ones begin with `[error]`, since the
/// format knows no status. Inputs that are no JSON object, names and ids are mended as for Bedrock. Pure and
/// thread-safe. kInvalidInput: a tool whose schema is no JSON object.
Result<std::string> completions_body(const ChatRequest& request, const OpenAiSettings& settings,
                                     const OpenAiExtras& extras);

/// `<base>/chat/completions`, whether or not the base ends with '/' or already names it; a query stays behind the path.
std::string completions_url(std::string_view base_url);

}  // namespace fa::llm
