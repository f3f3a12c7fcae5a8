#include "evaluate/evaluate_model.h"

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/each_incident.h"

namespace fa {

Result<ModelEvaluation> evaluate_model(const std::filesystem::path& root, Language language,
                                       const NarrateIncident& narrate, const Clock& clock, const Context& context) {
  ModelEvaluation out;
  auto left_out = for_each_incident(
      root, clock, context,
      [&](const IncidentFolder& folder, const InvestigateRequest&, const Study& study) -> Result<void> {
        Report report = report_of(study, language);
        const auto usd = narrate(report, study);
        if (!usd) return tl::unexpected(usd.error());
        const Narrative n = report.narrative.value_or(Narrative{});
        ModelCase c;
        c.set = folder.set;
        c.incident = folder.name;
        c.expected = folder.subject;
        if (!report.hypotheses.empty()) c.ranked = report.hypotheses.front().subject.service;
        if (!n.hypotheses.empty()) c.said = n.hypotheses.front().service;
        c.outcome = n.outcome;
        c.note = n.note;
        c.checked = n.checked;
        c.verified = n.verified;
        c.sent_back = n.sent_back;
        c.usd = *usd;
        out.cases.push_back(std::move(c));
        return {};
      });
  if (!left_out) return tl::unexpected(left_out.error());
  out.left_out = std::move(*left_out);
  return out;
}

std::string render_model_text(const ModelEvaluation& evaluation) {
  std::string out;
  std::size_t ranked_right = 0;
  std::size_t model_right = 0;
  std::size_t answered = 0;
  ModelCase sum;
  for (const ModelCase& c : evaluation.cases) {
    const bool has_answered = c.outcome == "answered";
    answered += has_answered ? 1U : 0U;
    ranked_right += c.ranked == c.expected ? 1U : 0U;
    model_right += c.said == c.expected ? 1U : 0U;
    sum.checked += c.checked;
    sum.verified += c.verified;
    sum.sent_back += c.sent_back;
    sum.usd += c.usd;
    out += fmt::format("  {}/{}: {}; expected {}; ranked first {}; model says {}; {} of {} statements verified\n",
                       c.set, c.incident, c.outcome, c.expected, c.ranked, c.said.empty() ? "nothing" : visible(c.said),
                       c.verified, c.checked);
    if (!has_answered) out += "      " + visible(c.note) + "\n";
  }
  out += fmt::format(
      "\n{} incidents, answered {}; first cause right: ranking {}, model {}; statements verified {} of {}, sent back "
      "{}; {} USD\n",
      evaluation.cases.size(), answered, ranked_right, model_right, sum.verified, sum.checked, sum.sent_back,
      format_number(sum.usd));
  return out + render_left_out(evaluation.left_out);
}

}  // namespace fa
