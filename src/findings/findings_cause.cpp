#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "findings/document_words.h"

namespace fa::findings {
namespace {

using document::Align;
using document::Block;
using document::Emphasis;
using document::Run;
using document::Tone;

constexpr std::size_t kShownResources = 20;
constexpr std::size_t kShownVulnerabilities = 10;

class CauseWriter {
 public:
  CauseWriter(const FindingsReport& report, const DocumentWords& words, document::Document& document)
      : r_(report), w_(words), doc_(document) {}

  void cause(std::size_t index) {
    const ExplainedGroup& explained = r_.groups[index];
    const Group& g = explained.group;
    add(document::Heading{2, plain(fmt::format("{}. [{}] {}", index + 1, w_.severity(g.worst), w_.name(explained))),
                          anchor_of_cause(index)});
    document::Facts facts;
    const std::string rank = format_number(g.risk);
    std::string risk = w_.words(Phrase::kRiskText, rank, index + 1, r_.groups.size());
    if (const std::string said = w_.marks(explained); !said.empty()) risk += " [" + said + "]";
    facts.rows.emplace_back(w_.word(Phrase::kRisk), plain(std::move(risk)));
    std::string found_by = g.product;
    if (g.from_security_hub && g.product != "Security Hub") found_by += " (Security Hub)";
    facts.rows.emplace_back(w_.word(Phrase::kFoundBy), plain(std::move(found_by)));
    facts.rows.emplace_back(w_.word(Phrase::kFindings), plain(format_count(g.ids.size())));
    facts.rows.emplace_back(w_.word(Phrase::kFirstSeen), plain(w_.time(g.first_seen)));
    facts.rows.emplace_back(w_.word(Phrase::kLastSeen), plain(w_.time(g.last_seen)));
    if (!g.exposure.empty()) facts.rows.emplace_back(w_.word(Phrase::kReachable), code(w_.list(g.exposure)));
    add(std::move(facts));
    explanation(explained);
    vulnerabilities(g);
    resources(g);
  }

 private:
  void labelled(Phrase label, const std::string& text) {
    add(document::Paragraph{
        {Run{w_.word(label) + ": ", Emphasis::kStrong, {}}, Run{text, Emphasis::kPlain, {}}}, Tone::kNormal, {}});
  }

  void explanation(const ExplainedGroup& explained) {
    const Explanation& e = explained.explanation;
    const Group& g = explained.group;
    if (!e.why.empty()) labelled(Phrase::kWhy, e.why);
    if (!e.risk.empty()) labelled(Phrase::kDanger, e.risk);
    if (!e.fix.empty()) {
      add(document::Paragraph{strong(w_.word(Phrase::kFix) + ":"), Tone::kNormal, {}});
      document::Bullets steps;
      steps.numbered = true;
      for (const std::string& step : e.fix) steps.items.push_back(plain(step));
      add(std::move(steps));
    }
    if (e.by == Explanation::By::kFamily)
      add(document::Paragraph{muted(w_.word(Phrase::kByFamily)), Tone::kNormal, {}});
    if (e.by == Explanation::By::kModel) add(document::Paragraph{muted(w_.word(Phrase::kByModel)), Tone::kNormal, {}});
    quoted(w_.word(Phrase::kWords) + ":", g.description.empty() ? g.title : g.title + "\n" + g.description);
    // Of what ours does not explain, or explains only by its kind, the product's own advice is worth more.
    if (e.by == Explanation::By::kProduct || (e.by == Explanation::By::kFamily && !g.remedy_text.empty())) {
      quoted(w_.word(Phrase::kByProduct), g.remedy_text + (g.remedy_url.empty() ? "" : "\n" + g.remedy_url));
    } else if (e.by == Explanation::By::kNobody) {
      add(document::Paragraph{muted(w_.word(Phrase::kByNobody)), Tone::kNormal, {}});
    }
    if (!e.url.empty()) {
      add(document::Paragraph{
          {Run{w_.word(Phrase::kDocumentation) + ": ", Emphasis::kStrong, {}}, Run{e.url, Emphasis::kPlain, e.url}},
          Tone::kNormal,
          {}});
    }
  }

  void quoted(std::string label, std::string words) {
    add(document::Paragraph{muted(std::move(label)), Tone::kNormal, {}});
    add(document::Code{std::move(words), {}});
  }

  void vulnerabilities(const Group& g) {
    if (g.vulnerabilities.empty()) return;
    document::Table table;
    for (const Phrase title : {Phrase::kVulnerabilities, Phrase::kInstalled, Phrase::kFixedIn, Phrase::kExploitKnown}) {
      table.columns.push_back({plain(w_.word(title)), Align::kLeft});
    }
    for (std::size_t i = 0; i < std::min(kShownVulnerabilities, g.vulnerabilities.size()); ++i) {
      const Vulnerability& v = g.vulnerabilities[i];
      table.rows.push_back({code(v.id), plain(v.package + " " + v.installed), plain(v.fixed.empty() ? "-" : v.fixed),
                            plain(v.exploit_known ? w_.word(Phrase::kYes) : "-")});
    }
    const std::uint64_t more = g.further_vulnerabilities + g.vulnerabilities.size() -
                               std::min(kShownVulnerabilities, g.vulnerabilities.size());
    if (more > 0) table.rows.push_back({muted(w_.words(Phrase::kMoreVulnerabilities, more))});
    add(std::move(table));
  }

  void resources(const Group& g) {
    if (g.resources.empty()) return;
    document::Table table;
    for (const Phrase title : {Phrase::kResource, Phrase::kSeverity, Phrase::kAccount, Phrase::kRegion,
                               Phrase::kFirstSeen, Phrase::kLastSeen}) {
      table.columns.push_back({plain(w_.word(title)), Align::kLeft});
    }
    for (std::size_t i = 0; i < std::min(kShownResources, g.resources.size()); ++i) {
      const Affected& a = g.resources[i];
      table.rows.push_back({code(a.resource.id), plain(w_.severity(a.worst)), plain(a.account),
                            plain(a.resource.region), plain(w_.time(a.first_seen)), plain(w_.time(a.last_seen))});
    }
    const std::uint64_t more = resource_count(g) - std::min(kShownResources, g.resources.size());
    if (more > 0) table.rows.push_back({muted(w_.words(Phrase::kMoreResources, more))});
    add(std::move(table));
  }

  void add(Block block) { doc_.blocks.push_back(std::move(block)); }

  const FindingsReport& r_;
  const DocumentWords& w_;
  document::Document& doc_;
};

}  // namespace

void add_cause(const FindingsReport& report, std::size_t index, const DocumentWords& words,
               document::Document& document) {
  CauseWriter(report, words, document).cause(index);
}

}  // namespace fa::findings
