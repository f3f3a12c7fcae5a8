#pragma once

#include "base/json.h"
#include "llm/chat.h"

/// What both providers send of a tool's schema. Private to this folder. Pure and thread-safe.
namespace fa::llm {

/// The schema of a tool as a document. Errors: kInvalidInput for what is no JSON object.
Result<Json> tool_schema(const ToolSpec& tool);

}  // namespace fa::llm
