#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "investigate/evidence_book.h"
#include "investigate/study.h"
#include "llm/tool_loop.h"
#include "model/report.h"

namespace fa {

/// A passage of the team's documents as tools give it: K1, K2, ...
struct KnowledgePassage {
  std::string id;
  std::string document;
  std::string heading;
  std::string text;
};
/// Looks documents up; the best passages first. Empty where nothing matches.
using KnowledgeSearch = std::function<std::vector<KnowledgePassage>(std::string_view query, std::size_t limit)>;

/// Read-only tools on the sources of one incident: search_logs, rows_around, compare, list_metrics, get_metric,
/// span_tree, changes, access_breakdown, topology, search_knowledge. They read the same files the investigation read
/// and nothing else; every row they show is evidence in the book. Answers are JSON: `status` (ok, no_data, error),
/// `query`, `range`, `rows_total`, `rows_shown`, `truncated`, and the rows; words from the data stand in JSON strings
/// only. The same call gives the same bytes. Descriptions come from `descriptions`: tool name, or `tool.parameter`,
/// to text in the language of the conversation. Not thread-safe; borrows study, book.
class InvestigationTools final : public llm::ToolBox {
 public:
  InvestigationTools(const Study& study, EvidenceBook& book, const std::map<std::string, std::string>& descriptions,
                     KnowledgeSearch knowledge = {});
  ~InvestigationTools() override;

  [[nodiscard]] std::vector<llm::ToolSpec> tools() const override;
  llm::ToolOutcome run(std::string_view name, std::string_view input, const Context& context) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa
