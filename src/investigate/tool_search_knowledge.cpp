#include "base/text.h"
#include "investigate/tool_support.h"

namespace fa::tools {
namespace {

constexpr std::size_t kDefaultPassages = 3;
constexpr std::size_t kMaxPassageText = 1'800;

Result<Answer> search_knowledge(const Call& call) {
  if (!call.world.knowledge) {
    return fail(ErrorCode::kNotFound, "no documents were added: there is nothing to search");
  }
  const std::string& query = *call.arguments.text("query");
  if (trim(query).empty()) return fail(ErrorCode::kInvalidInput, "parameter query: must hold words to look for");
  Answer answer(call);
  const auto passages = call.world.knowledge(query, call.arguments.count("limit", kDefaultPassages));
  answer.total = passages.size();
  for (const KnowledgePassage& p : passages) {
    JsonWriter row;
    bool cut = false;
    row.text("id", p.id).text("document", p.document).text_unless_empty("heading", p.heading);
    row.text("text", shown_text(p.text, cut, kMaxPassageText));
    if (cut) row.flag("text_cut", true);
    if (!answer.add_row(row)) break;
  }
  return answer;
}

}  // namespace

Tool search_knowledge_tool() {
  return {"search_knowledge",
          {{.name = "query", .required = true, .max_bytes = 500},
           {.name = "limit", .type = ParameterType::kCount, .most = 10}},
          &search_knowledge};
}

}  // namespace fa::tools
