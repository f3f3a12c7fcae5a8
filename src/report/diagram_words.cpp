#include <fmt/core.h>

#include "base/escape.h"
#include "base/text.h"
#include "report/diagram.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa::diagram_words {
namespace {

constexpr std::size_t kLongestName = 100;  // columns
constexpr std::size_t kIdsShown = 3;
/// A rate that moved by less is the same rate.
constexpr double kSameRate = 1.5;

std::string shown_name(const std::string& name) { return clip(one_line(name), kLongestName); }

/// `80 ms`, `5.0 s`, `130 s`.
std::string waited(double seconds) {
  const double ms = seconds * 1000;
  if (!(ms >= 0)) return "–";
  if (ms < 10) return fmt::format("{:.1f} ms", ms);
  if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
  return seconds < 9.95 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

/// `0.4`, `12`, `1,234`.
std::string rate(double per_minute) {
  if (!(per_minute >= 0) || per_minute > 1e15) return "–";
  if (per_minute < 9.95) return fmt::format("{:.1f}", per_minute);
  return format_count(static_cast<std::uint64_t>(per_minute + 0.5));
}

std::string with_usual(Language language, const std::string& now, const std::string& usual) {
  return usual.empty() || usual == now ? now : say(language, Phrase::kDiagramWas, now, usual);
}

std::string errors(Language language, const CallFigures& f) {
  if (f.errors == 0) return {};
  const std::string share = f.requests == 0 ? format_count(f.errors) : percent(f.error_share());
  return " · " + say(language, Phrase::kDiagramErrors, share);
}

/// Of a DiagramEdge or a TopologyEdgeView.
template <class Edge>
std::string volume(Language language, const Edge& edge) {
  const auto in_minutes = [&](const CallFigures& f) {
    return f.per_minute ? say(language, Phrase::kDiagramPerMinute, rate(*f.per_minute))
                        : say(language, Phrase::kDiagramRequests, format_count(f.requests));
  };
  if (!edge.window) {
    if (edge.undated) {
      return say(language, Phrase::kDiagramRequests, format_count(edge.undated->requests)) +
             errors(language, *edge.undated);
    }
    if (!edge.baseline) return {};
    return with_usual(language, std::string(say(language, Phrase::kDiagramNoCalls)), in_minutes(*edge.baseline));
  }
  std::string usual;
  if (edge.baseline && edge.baseline->per_minute && edge.window->per_minute) {
    const double before = *edge.baseline->per_minute;
    const double now = *edge.window->per_minute;
    if (now > before * kSameRate || before > now * kSameRate) usual = in_minutes(*edge.baseline);
  }
  return with_usual(language, in_minutes(*edge.window), usual) + errors(language, *edge.window);
}

template <class Edge>
std::string waiting(Language language, const Edge& edge) {
  if (edge.window && edge.window->p95_seconds) {
    std::string usual;
    if (edge.baseline && edge.baseline->p95_seconds) usual = waited(*edge.baseline->p95_seconds);
    return "p95 " + with_usual(language, waited(*edge.window->p95_seconds), usual);
  }
  if (!edge.window && edge.undated && edge.undated->mean_seconds) {
    return say(language, Phrase::kDiagramMean, waited(*edge.undated->mean_seconds));
  }
  return {};
}

}  // namespace

std::string caption(const Diagram& diagram, const DiagramNode& node) {
  if (node.group()) return {};
  std::string out;
  if (node.kind != NodeKind::kUnknown) out = say(diagram.language, node.kind);
  if (node.alarm) out += (out.empty() ? "" : " · ") + std::string(say(diagram.language, Phrase::kDiagramAlarm));
  return out;
}

std::string name(const Diagram& diagram, const DiagramNode& node) {
  if (!node.group()) {
    std::string shown = shown_name(node.name);
    return shown.empty() ? std::string(say(diagram.language, Phrase::kUnnamed)) : shown;
  }
  const std::string members = format_count(node.members);
  if (node.members_with_symptoms == 0) return say(diagram.language, Phrase::kDiagramMore, members);
  return say(diagram.language, Phrase::kDiagramMoreSymptoms, members, format_count(node.members_with_symptoms));
}

std::string note(const Diagram& diagram, const DiagramNode& node) {
  std::string out;
  if (node.mark == DiagramMark::kCause) out = say(diagram.language, Phrase::kSuspect);
  if (node.mark == DiagramMark::kInvolved) out = say(diagram.language, Phrase::kDiagramInvolved);
  if (node.mark == DiagramMark::kSymptom) out = say(diagram.language, Phrase::kDiagramSymptoms);
  if (node.mark == DiagramMark::kNone) return out;
  for (std::size_t i = 0; i < node.evidence.size() && i < kIdsShown; ++i) {
    out += (i == 0 ? " · " : " ") + clip(one_line(node.evidence[i]), 8);
  }
  if (node.evidence.size() > kIdsShown) out += fmt::format(" +{}", node.evidence.size() - kIdsShown);
  return out;
}

std::vector<std::string> figures(const Diagram& diagram, const DiagramEdge& edge) {
  std::vector<std::string> lines;
  if (!edge.labelled) return lines;
  for (std::string line : {volume(diagram.language, edge), waiting(diagram.language, edge)}) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  if (lines.empty() && !edge.protocol.empty()) lines.push_back(clip(one_line(edge.protocol), 40));
  return lines;
}

std::string call(Language language, const TopologyEdgeView& edge) {
  std::string out;
  for (const std::string& part : {volume(language, edge), waiting(language, edge), one_line(edge.protocol)}) {
    if (!part.empty()) out += (out.empty() ? "" : " · ") + clip(part, kLongestName);
  }
  if (edge.observed()) return out;
  return out + (out.empty() ? "" : " · ") + std::string(say(language, Phrase::kDiagramInferred));
}

std::string title(const Diagram& diagram) {
  std::string out = then(
      diagram.language,
      std::string(say(diagram.language, Phrase::kTopology)) + (diagram.language == Language::kJapanese ? "。" : "."),
      say(diagram.language, Phrase::kDiagramNodes, diagram.nodes.size(), diagram.edges.size()));
  for (const DiagramNode& n : diagram.nodes) {
    if (n.mark != DiagramMark::kCause) continue;
    out = then(
        diagram.language, out,
        say(diagram.language, Phrase::kDiagramCauseAt, shown_name(n.name), say(diagram.language, diagram.mechanism)));
  }
  std::vector<std::string> steps;
  for (const DiagramEdge& e : diagram.edges) {
    if (e.path && steps.size() < 10) {
      steps.push_back(shown_name(diagram.nodes[e.from].name) + " → " + shown_name(diagram.nodes[e.to].name));
    }
  }
  if (steps.empty()) return out;
  return then(diagram.language, out, say(diagram.language, Phrase::kDiagramPathIs, join(diagram.language, steps)));
}

std::string remark(const Diagram& diagram) {
  return diagram.folded == 0 ? std::string() : say(diagram.language, Phrase::kDiagramFolded, diagram.folded);
}

}  // namespace fa::diagram_words
