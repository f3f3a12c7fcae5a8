#include "investigate/model_tools.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/text.h"
#include "investigate/tool_support.h"

namespace fa {
namespace {

constexpr std::size_t kMaxErrorText = 4'000;

/// Limits are not told: every word is paid for in every call, and a call beyond them is answered with what is allowed.
std::string parameter_schema(const tools::Parameter& p, std::string_view description) {
  tools::JsonWriter out;
  switch (p.type) {
    case tools::ParameterType::kText:
    case tools::ParameterType::kTime:
      out.text("type", "string");
      break;
    case tools::ParameterType::kFlag:
      out.text("type", "boolean");
      break;
    case tools::ParameterType::kCount:
      out.text("type", "integer");
      break;
    case tools::ParameterType::kChoice: {
      std::string choices;
      for (const std::string_view c : p.choices) choices += (choices.empty() ? "" : ",") + tools::quoted_json(c);
      out.text("type", "string").raw("enum", "[" + choices + "]");
      break;
    }
  }
  out.text_unless_empty("description", description);
  return out.object();
}

llm::ToolOutcome refusal(std::string_view query, std::string_view what) {
  tools::JsonWriter out;
  out.text("status", "error");
  if (!query.empty()) out.raw("query", query);
  out.text("error", utf8_prefix(what, kMaxErrorText));
  llm::ToolOutcome outcome;
  outcome.status = llm::ToolStatus::kError;
  outcome.text = out.object();
  return outcome;
}

llm::ToolOutcome outcome_of(const tools::Call& call, const tools::Answer& answer) {
  llm::ToolOutcome outcome;
  outcome.status = answer.total == 0 ? llm::ToolStatus::kNoData : llm::ToolStatus::kOk;
  outcome.rows = answer.total;
  outcome.truncated = answer.truncated;
  tools::JsonWriter out;
  out.text("status", answer.total == 0 ? "no_data" : "ok").raw("query", call.arguments.asked());
  if (answer.range) out.raw("range", tools::range_json(*answer.range));
  out.count("rows_total", answer.total).count("rows_shown", answer.rows.size());
  out.flag("truncated", answer.truncated);
  std::string notes;
  for (const std::string& note : answer.notes) notes += (notes.empty() ? "" : "; ") + note;
  out.text_unless_empty("note", notes);
  out.append(answer.extra);
  std::string rows;
  for (const std::string& row : answer.rows) rows += (rows.empty() ? "" : ",") + row;
  out.raw("rows", "[" + rows + "]");
  outcome.text = out.object();
  return outcome;
}

}  // namespace

struct InvestigationTools::Impl {
  const Study& study;
  EvidenceBook& book;
  std::map<std::string, std::string> descriptions;
  KnowledgeSearch knowledge;
  std::vector<tools::Tool> all;

  [[nodiscard]] std::string description(const std::string& key) const {
    const auto it = descriptions.find(key);
    return it == descriptions.end() ? std::string() : it->second;
  }

  llm::ToolOutcome run(const tools::Tool& tool, std::string_view input, const Context& context) {
    auto arguments = tools::Arguments::parse(tool.parameters, input);
    if (!arguments) return refusal({}, arguments.error().message);
    const tools::World world{study, book, knowledge};
    const tools::Call call{world, tool.name, *arguments, context};
    // Nothing read is not nothing there.
    const auto answer =
        context.stopped()
            ? Result<tools::Answer>(fail(ErrorCode::kCancelled, "time ran out before the call: nothing was looked at"))
            : tool.run(call);
    llm::ToolOutcome outcome = answer ? outcome_of(call, *answer) : refusal(arguments->asked(), answer.error().message);
    outcome.query = fmt::format("{} {}", tool.name, arguments->asked());
    return outcome;
  }
};

InvestigationTools::InvestigationTools(const Study& study, EvidenceBook& book,
                                       const std::map<std::string, std::string>& descriptions,
                                       KnowledgeSearch knowledge)
    : impl_(new Impl{
          study,
          book,
          descriptions,
          std::move(knowledge),
          {tools::search_logs_tool(), tools::rows_around_tool(), tools::compare_tool(), tools::list_metrics_tool(),
           tools::get_metric_tool(), tools::span_tree_tool(), tools::changes_tool(), tools::access_breakdown_tool(),
           tools::topology_tool(), tools::search_knowledge_tool()}}) {}

InvestigationTools::~InvestigationTools() = default;

std::vector<llm::ToolSpec> InvestigationTools::tools() const {
  std::vector<llm::ToolSpec> specs;
  for (const tools::Tool& tool : impl_->all) {
    const std::string name(tool.name);
    tools::JsonWriter properties;
    std::string required;
    for (const tools::Parameter& p : tool.parameters) {
      properties.raw(p.name, parameter_schema(p, impl_->description(name + "." + std::string(p.name))));
      if (p.required) required += (required.empty() ? "" : ",") + tools::quoted_json(p.name);
    }
    tools::JsonWriter schema;
    schema.text("type", "object").raw("properties", properties.object());
    if (!required.empty()) schema.raw("required", "[" + required + "]");
    schema.flag("additionalProperties", false);
    specs.push_back({name, impl_->description(name), schema.object()});
  }
  return specs;
}

llm::ToolOutcome InvestigationTools::run(std::string_view name, std::string_view input, const Context& context) {
  const auto tool =
      std::find_if(impl_->all.begin(), impl_->all.end(), [&](const tools::Tool& t) { return t.name == name; });
  try {
    if (tool != impl_->all.end()) return impl_->run(*tool, input, context);
    std::string known;
    for (const tools::Tool& t : impl_->all) known += (known.empty() ? "" : ", ") + std::string(t.name);
    return refusal({},
                   fmt::format("there is no tool \"{}\"; there are: {}", sanitize_utf8(utf8_prefix(name, 60)), known));
  } catch (const std::exception& error) {
    return refusal({}, fmt::format("the tool failed by an internal error: {}", sanitize_utf8(error.what())));
  }
}

}  // namespace fa
