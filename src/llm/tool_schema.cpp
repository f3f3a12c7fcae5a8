#include "llm/tool_schema.h"

#include <fmt/core.h>

#include "base/text.h"
#include "base/untrusted_json.h"
#include "llm/tool_wire.h"

namespace fa::llm {

Result<Json> tool_schema(const ToolSpec& tool) {
  Json schema = json_nests_within(tool.schema, kMostJsonNesting) ? parse_json(tool.schema) : Json();
  if (schema.is_object()) return schema;
  return fail(ErrorCode::kInvalidInput,
              fmt::format("The schema of the tool '{}' is not a JSON object; it cannot be offered to a model.",
                          visible(tool.name)));
}

}  // namespace fa::llm
