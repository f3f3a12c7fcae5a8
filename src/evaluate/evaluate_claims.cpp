#include "evaluate/evaluate_claims.h"

#include <fmt/core.h>

#include "evaluate/claim_corpus.h"
#include "evaluate/each_incident.h"

namespace fa {
namespace {

ClaimCount sum_of(const std::map<std::string, ClaimCount>& counts, std::string_view ending = {}) {
  ClaimCount sum;
  for (const auto& [key, c] : counts) {
    if (!key.ends_with(ending)) continue;
    sum.claims += c.claims;
    sum.struck += c.struck;
  }
  return sum;
}

void count_claims(const Study& study, Language language, const std::string& incident, ClaimEvaluation& out) {
  const Report report = report_of(study, language);
  const EvidenceBook book(report.evidence);
  const std::map<std::string, std::string> passages;
  const ClaimContext context{study, book, report, passages};
  ClaimChecker checker(context);
  const std::string name(language_name(language));
  for (const LabelledClaim& l : make_claims(context)) {
    const std::string reason = checker.check(l.claim, l.implied);
    const bool struck = !reason.empty();
    ClaimCount& count =
        l.holds ? out.true_claims[name]
                : out.false_claims[fmt::format("{:<22}{} {}", l.kind, name, l.free_text ? "text" : "fields")];
    ++count.claims;
    count.struck += struck ? 1U : 0U;
    if (struck == l.holds) out.misses.push_back({incident, l.holds ? "true" : l.kind, l.claim.text, reason});
  }
}

}  // namespace

ClaimCount ClaimEvaluation::all_true() const { return sum_of(true_claims); }
ClaimCount ClaimEvaluation::all_false() const { return sum_of(false_claims); }
ClaimCount ClaimEvaluation::free_text() const { return sum_of(false_claims, "text"); }

Result<ClaimEvaluation> evaluate_claims(const std::filesystem::path& root, const Clock& clock, const Context& context) {
  ClaimEvaluation out;
  auto left_out = for_each_incident(
      root, clock, context,
      [&](const IncidentFolder& folder, const InvestigateRequest&, const Study& study) -> Result<void> {
        ++out.incidents;
        for (const Language language : {Language::kEnglish, Language::kJapanese}) {
          count_claims(study, language, folder.set + "/" + folder.name, out);
        }
        return {};
      });
  if (!left_out) return tl::unexpected(left_out.error());
  out.left_out = std::move(*left_out);
  return out;
}

std::string render_claims_text(const ClaimEvaluation& e, bool misses) {
  std::string out = fmt::format("Checking of claims over {} incidents, in English and Japanese\n\n", e.incidents);
  out += fmt::format("{:<34}{:>8}{:>8}{:>10}\n", "false claims", "claims", "caught", "rate");
  for (const auto& [key, c] : e.false_claims) {
    out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", key, c.claims, c.struck, percentage(c.struck, c.claims));
  }
  const ClaimCount all = e.all_false();
  const ClaimCount text = e.free_text();
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", "together", all.claims, all.struck,
                     percentage(all.struck, all.claims));
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n\n", "of these, false in the text alone", text.claims, text.struck,
                     percentage(text.struck, text.claims));
  out += fmt::format("{:<34}{:>8}{:>8}{:>10}\n", "true claims", "claims", "lost", "rate");
  for (const auto& [key, c] : e.true_claims) {
    out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", key, c.claims, c.struck, percentage(c.struck, c.claims));
  }
  const ClaimCount good = e.all_true();
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", "together", good.claims, good.struck,
                     percentage(good.struck, good.claims));
  out += render_left_out(e.left_out);
  if (!misses) return out;
  out += "\nwrong decisions\n";
  for (const auto& m : e.misses) {
    out += fmt::format("  {} [{}] {}{}\n", m.incident, m.kind, m.text, m.reason.empty() ? "" : "\n      " + m.reason);
  }
  return out;
}

}  // namespace fa
