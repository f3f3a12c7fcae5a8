#include "evaluate/evaluate_claims.h"

#include <fmt/core.h>

#include "evaluate/claim_corpus.h"
#include "investigate/evaluate.h"
#include "investigate/investigate.h"

namespace fa {
namespace {

double percent_of(std::uint64_t n, std::uint64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(n) / static_cast<double>(all);
}

void count_claims(const Study& study, Language language, const std::string& incident, ClaimEvaluation& out) {
  const Report report = report_of(study, language);
  const EvidenceBook book(report.evidence);
  const std::map<std::string, std::string> passages;
  const ClaimContext context{study, book, report, passages};
  ClaimChecker checker(context);
  const std::string name = language == Language::kJapanese ? "ja" : "en";
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

ClaimCount ClaimEvaluation::all_true() const {
  ClaimCount sum;
  for (const auto& [key, c] : true_claims) {
    sum.claims += c.claims;
    sum.struck += c.struck;
  }
  return sum;
}

ClaimCount ClaimEvaluation::all_false() const {
  ClaimCount sum;
  for (const auto& [key, c] : false_claims) {
    sum.claims += c.claims;
    sum.struck += c.struck;
  }
  return sum;
}

ClaimCount ClaimEvaluation::free_text() const {
  ClaimCount sum;
  for (const auto& [key, c] : false_claims) {
    if (!key.ends_with("text")) continue;
    sum.claims += c.claims;
    sum.struck += c.struck;
  }
  return sum;
}

Result<ClaimEvaluation> evaluate_claims(const std::filesystem::path& root, const Clock& clock, const Context& context) {
  const auto folders = incident_folders(root);
  if (!folders) return tl::unexpected(folders.error());
  ClaimEvaluation out;
  for (const IncidentFolder& folder : *folders) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
    InvestigateRequest request;
    request.paths = {folder.path.string()};
    const auto study = study_incident(request, clock, nullptr, context);
    if (!study) continue;
    ++out.incidents;
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      count_claims(*study, language, folder.set + "/" + folder.name, out);
    }
  }
  return out;
}

std::string render_claims_text(const ClaimEvaluation& e, bool misses) {
  std::string out = fmt::format("Checking of claims over {} incidents, in English and Japanese\n\n", e.incidents);
  out += fmt::format("{:<34}{:>8}{:>8}{:>10}\n", "false claims", "claims", "caught", "rate");
  for (const auto& [key, c] : e.false_claims) {
    out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", key, c.claims, c.struck, percent_of(c.struck, c.claims));
  }
  const ClaimCount all = e.all_false();
  const ClaimCount text = e.free_text();
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", "together", all.claims, all.struck,
                     percent_of(all.struck, all.claims));
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n\n", "of these, false in the text alone", text.claims, text.struck,
                     percent_of(text.struck, text.claims));
  out += fmt::format("{:<34}{:>8}{:>8}{:>10}\n", "true claims", "claims", "lost", "rate");
  for (const auto& [key, c] : e.true_claims) {
    out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", key, c.claims, c.struck, percent_of(c.struck, c.claims));
  }
  const ClaimCount good = e.all_true();
  out += fmt::format("  {:<32}{:>8}{:>8}{:>9.2f}%\n", "together", good.claims, good.struck,
                     percent_of(good.struck, good.claims));
  if (!misses) return out;
  out += "\nwrong decisions\n";
  for (const auto& m : e.misses) {
    out += fmt::format("  {} [{}] {}{}\n", m.incident, m.kind, m.text, m.reason.empty() ? "" : "\n      " + m.reason);
  }
  return out;
}

}  // namespace fa
