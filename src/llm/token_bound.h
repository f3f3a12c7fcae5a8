#pragma once

#include <cstdint>
#include <string_view>

#include "llm/chat.h"

namespace fa::llm {

/// No fewer tokens than any tokenizer in use makes of the text, for telemetry in English and Japanese: docs/model.md
/// says by which rules, and which tokenizers they were measured against. Monotonic: a prefix never has more. Linear.
/// No bytes are no tokens; bytes that are no UTF-8 count as the U+FFFD that is sent in their place.
std::uint64_t token_bound(std::string_view text);

/// The same for everything a request sends: system, messages, tools, and what a service adds around each of them.
std::uint64_t token_bound(const ChatRequest& request);

}  // namespace fa::llm
