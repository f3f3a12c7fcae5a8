#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/report.h"

/// The architecture diagram of a report: which parts of the topology are shown, and what is marked in them. From here
/// it becomes Mermaid text, or DOT text that Graphviz lays out for a drawing (diagram_layout.h, diagram_drawing.h).
namespace fa {

enum class DiagramMark {
  kNone,
  kSymptom,   ///< Shows symptoms, or is what the alarm is about.
  kInvolved,  ///< The callee that the first hypothesis names beside its subject.
  kCause,     ///< The first hypothesis' subject.
};

struct DiagramNode {
  std::string name;  ///< As the report has it; empty for a group.
  NodeKind kind = NodeKind::kUnknown;
  DiagramMark mark = DiagramMark::kNone;
  bool observed = true;
  bool alarm = false;                 ///< What the alarm is about.
  std::vector<std::string> evidence;  ///< Ids.
  std::size_t members = 1;            ///< More than one: a group of folded nodes.
  std::size_t members_with_symptoms = 0;
  [[nodiscard]] bool group() const { return members > 1; }
};

struct DiagramEdge {
  std::size_t from = 0;  ///< Indices of nodes.
  std::size_t to = 0;
  bool observed = true;  ///< Of groups: that one of its calls was.
  bool path = false;     ///< The symptom came along here, against the direction of the call.
  bool failing = false;  ///< From the cause to the callee that the hypothesis names.
  bool labelled = true;  ///< Its figures are shown.
  std::size_t calls = 1;
  std::string protocol;
  std::optional<CallFigures> window;
  std::optional<CallFigures> baseline;
  std::optional<CallFigures> undated;
};

struct Diagram {
  Language language = Language::kEnglish;
  Mechanism mechanism = Mechanism::kUnknown;  ///< Of the first hypothesis.
  std::vector<DiagramNode> nodes;
  std::vector<DiagramEdge> edges;
  std::size_t folded = 0;  ///< Nodes that stand in groups.

  [[nodiscard]] bool empty() const { return edges.empty(); }
};

/// Nodes shown one by one, at most, unless the path of the symptom itself is as long.
inline constexpr std::size_t kMostDiagramNodes = 16;

/// Chooses what is shown. Always the place of the first hypothesis (of an incident), what it names there, what the
/// alarm is about and the path of the symptom: the callers with symptoms from which the place is reached by the fewest
/// calls, and the load balancers and clients in front of them. Then, as far as there is room: neighbours of the place,
/// others with symptoms, neighbours of the path, the rest. What does not fit is folded into groups that are counted,
/// one per shown node that is called by them or calls them. Empty when no call is known. Pure and deterministic.
[[nodiscard]] Diagram make_diagram(const Report& report);

/// The words on a diagram: plain one-line text, visible(), not yet escaped for the output language; "" for none.
namespace diagram_words {
[[nodiscard]] std::string caption(const Diagram& diagram, const DiagramNode& node);  ///< Kind, alarm.
[[nodiscard]] std::string name(const Diagram& diagram, const DiagramNode& node);
[[nodiscard]] std::string note(const Diagram& diagram, const DiagramNode& node);  ///< Mark, evidence.
/// At most two lines: calls and errors, waiting time; with what was usual.
[[nodiscard]] std::vector<std::string> figures(const Diagram& diagram, const DiagramEdge& edge);
/// The same for lists of all calls, on one line, and that a call was not observed.
[[nodiscard]] std::string call(Language language, const TopologyEdgeView& edge);
/// The diagram in a sentence, for those who cannot see it.
[[nodiscard]] std::string title(const Diagram& diagram);
/// That nodes are folded; "" when none are.
[[nodiscard]] std::string remark(const Diagram& diagram);
}  // namespace diagram_words

/// As a Mermaid flowchart, for pasting. No name can end its label or become markup, a directive or a link.
[[nodiscard]] std::string diagram_mermaid(const Diagram& diagram);

}  // namespace fa
