/// A true report of the bundled incident passes; every kind of false claim fed into it is caught.
#include "investigate/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>

#include "analysis/causal/golden_signals.h"
#include "analysis/causal/rank.h"
#include "base/text.h"
#include "investigate/collect.h"
#include "investigate/explain.h"
#include "investigate/plan.h"
#include "investigate/quote.h"

namespace fa {
namespace {

/// The steps of investigate(), with what verify needs kept.
struct Case {
  InputSet inputs;
  std::unique_ptr<Digest> digest;
  std::vector<Finding> findings;
  Report report;

  [[nodiscard]] VerifyInput input() const { return {digest->services, findings, inputs}; }
};

Case make_case() {
  Case c;
  InvestigateRequest request;
  request.paths = {FA_PROJECT_DIR "/examples/storefront/incident"};
  c.inputs = discover_inputs(request.paths, {}, {});
  const auto plan = make_plan(request, c.inputs, SystemClock(), {});
  EXPECT_TRUE(plan.has_value());
  c.digest = std::make_unique<Digest>(collect(c.inputs, plan->periods, {0, plan->reference_time, nullptr}, {}));
  const AlarmSignal signal = alarm_signal(*plan->incident.alarm, c.digest->metrics);
  const auto rank = [&](std::span<const Finding> all) {
    return rank_candidates({all, c.digest->topology, c.digest->services, signal, true});
  };
  Findings findings{find_all(*c.digest), kNoTime};
  findings.onset = onset_of(rank(findings.all), findings.all);
  for (Finding& change : find_changes(c.digest->changes, findings.onset, c.digest->services)) {
    findings.all.push_back(std::move(change));
  }
  const auto candidates = rank(findings.all);
  c.report = explain({plan->incident, *c.digest, findings, candidates, c.inputs, {}, Language::kEnglish});
  quote_evidence(c.report, c.inputs);
  c.findings = std::move(findings.all);
  verify(c.report, c.input());
  return c;
}

const Case& storefront() {
  static const Case kCase = make_case();
  return kCase;
}

std::string failures(const Report& report) {
  std::string text;
  for (const Evidence& e : report.evidence) {
    if (e.check != CheckStatus::kPassed) text += e.id + ": " + e.check_reason + "\n";
  }
  return text;
}

/// First evidence with facts that the claim spells out; what most lies are told about.
std::size_t first_counted(const Report& report) {
  const auto it = std::find_if(report.evidence.begin(), report.evidence.end(), [](const Evidence& e) {
    return !e.facts.empty() && !e.excerpt.empty() && e.facts.front().value >= 2 && e.kind == EvidenceKind::kLog &&
           e.claim.find(" " + format_number(e.facts.front().value) + " ") != std::string::npos;
  });
  EXPECT_NE(it, report.evidence.end());
  return static_cast<std::size_t>(it - report.evidence.begin());
}

/// Verifies a copy of the true report with one evidence item changed.
Report with_lie(const std::function<void(Evidence&, Report&)>& lie) {
  Report report = storefront().report;
  const std::size_t index = first_counted(report);
  lie(report.evidence[index], report);
  verify(report, storefront().input());
  return report;
}

TEST(Verify, true_report_passes) {
  const Report& report = storefront().report;
  EXPECT_GE(report.evidence.size(), 10U);
  EXPECT_EQ(failures(report), "");
  EXPECT_EQ(report.verification.checked, report.evidence.size());
  EXPECT_EQ(report.verification.passed, report.evidence.size());
  ASSERT_FALSE(report.hypotheses.empty());
  EXPECT_EQ(report.hypotheses.front().status, HypothesisStatus::kVerified);
}

TEST(Verify, can_be_repeated) {
  Report again = storefront().report;
  verify(again, storefront().input());
  EXPECT_EQ(failures(again), "");
  EXPECT_EQ(again.verification.checked, storefront().report.verification.checked);
}

TEST(Verify, every_kind_of_lie_is_caught) {
  struct Lie {
    const char* name;
    std::function<void(Evidence&, Report&)> tell;
    const char* told;  ///< Part of the reason.
  };
  const auto other_id = [](const Evidence& e, const Report& r) {
    return r.evidence.front().id == e.id ? r.evidence.back().id : r.evidence.front().id;
  };
  const auto replace_number = [](Evidence& e) {
    const std::string old = " " + format_number(e.facts.front().value) + " ";
    e.claim.replace(e.claim.find(old), old.size(), " " + format_number(e.facts.front().value + 7) + " ");
  };
  const Lie kLies[] = {
      {"altered excerpt", [](Evidence& e, Report&) { e.excerpt += " and the building burnt down"; }, "quoted words"},
      {"one letter of the excerpt", [](Evidence& e, Report&) { e.excerpt[e.excerpt.size() / 2] ^= 1; }, "quoted words"},
      {"number in the claim", [&](Evidence& e, Report&) { replace_number(e); }, "stands on no counted fact"},
      {"number added to the claim", [](Evidence& e, Report&) { e.claim += " It cost 987654 EUR."; }, "987654"},
      {"number in the claim and its fact",
       [&](Evidence& e, Report&) {
         replace_number(e);
         e.facts.front().value += 7;
       },
       "when counted again"},
      {"fact", [](Evidence& e, Report&) { e.facts.front().value += 1; }, ""},
      {"fact that is no number", [](Evidence& e, Report&) { e.facts.front().value = std::nan(""); }, ""},
      {"invented fact",
       [](Evidence& e, Report&) {
         e.facts.push_back({"customers_lost", 3, ""});
       },
       "customers_lost"},
      {"facts of nothing", [](Evidence& e, Report&) { e.key = "no-such-template"; }, "cannot be counted again"},
      {"unknown entity", [](Evidence& e, Report&) { e.entity = "warehouse"; }, "warehouse"},
      {"another entity", [](Evidence& e, Report&) { e.entity = e.entity == "catalog" ? "orders" : "catalog"; }, ""},
      {"another kind", [](Evidence& e, Report&) { e.kind = EvidenceKind::kMetric; }, ""},
      {"time", [](Evidence& e, Report&) { e.time += std::chrono::minutes(37); }, "is not that of the bytes"},
      {"day", [](Evidence& e, Report&) { e.time += std::chrono::days(1); }, "is not that of the bytes"},
      {"file that is not there", [](Evidence& e, Report&) { e.locator.resource = "secret.log"; }, "secret.log"},
      {"file of something else",
       [](Evidence& e, Report&) {
         e.locator.resource = e.locator.resource == "postgresql.log" ? "catalog.log" : "postgresql.log";
       },
       ""},
      {"offset", [](Evidence& e, Report&) { e.locator.position.offset += 1; }, "not the ones that were cited"},
      {"offset beyond the end", [](Evidence& e, Report&) { e.locator.position.offset = 1ULL << 60; }, "cannot be read"},
      {"length of everything", [](Evidence& e, Report&) { e.locator.position.length = ~0ULL; }, "cannot be read"},
      {"bytes of another record",
       [](Evidence& e, Report&) {
         e.locator.position.offset += 4 * e.locator.position.length;
         e.sha256.clear();
       },
       ""},
      {"genuine quote of another record",
       [](Evidence& e, Report& r) {
         const auto other = std::find_if(r.evidence.begin(), r.evidence.end(), [&](const Evidence& x) {
           return !x.excerpt.empty() && x.locator.position.offset != e.locator.position.offset;
         });
         e.locator = other->locator;
         e.excerpt = other->excerpt;
         e.sha256 = other->sha256;
         e.time = other->time;
       },
       "not one that the facts were counted from"},
      {"sha256", [](Evidence& e, Report&) { e.sha256[3] = e.sha256[3] == '0' ? '1' : '0'; },
       "not the ones that were cited"},
  };
  for (const Lie& lie : kLies) {
    std::string id;
    const Report report = with_lie([&](Evidence& e, Report& r) {
      id = e.id;
      lie.tell(e, r);
    });
    const Evidence* e = report.find_evidence(id);
    ASSERT_NE(e, nullptr);
    EXPECT_EQ(e->check, CheckStatus::kFailed) << lie.name;
    EXPECT_THAT(e->check_reason, testing::HasSubstr(lie.told)) << lie.name;
    EXPECT_EQ(report.verification.passed + 1, report.verification.checked) << lie.name << ": only the lie fails";
  }
  const Report twice = with_lie([&](Evidence& e, Report& r) { e.id = other_id(e, r); });
  EXPECT_THAT(failures(twice), testing::HasSubstr("used twice"));
}

TEST(Verify, claims_of_every_kind_of_evidence_are_recounted) {
  Report report = storefront().report;
  std::size_t lies = 0;
  for (Evidence& e : report.evidence) {
    if (e.facts.empty()) continue;
    e.facts.back().value = e.facts.back().value * 1.5 + 3;
    ++lies;
  }
  verify(report, storefront().input());
  for (const Evidence& e : report.evidence) {
    if (!e.facts.empty()) {
      EXPECT_EQ(e.check, CheckStatus::kFailed) << e.id << ": " << e.claim;
    }
  }
  EXPECT_GT(lies, 5U);
  EXPECT_EQ(report.hypotheses.front().status, HypothesisStatus::kRefuted);
}

TEST(Verify, hypotheses_stand_on_evidence_and_on_subjects_that_exist) {
  const auto status_after = [](const std::function<void(Hypothesis&)>& change) {
    Report report = storefront().report;
    change(report.hypotheses.front());
    verify(report, storefront().input());
    return report.hypotheses.front().status;
  };
  EXPECT_EQ(status_after([](Hypothesis& h) { h.subject.service = "warehouse"; }), HypothesisStatus::kRefuted);
  EXPECT_EQ(status_after([](Hypothesis& h) { h.subject.service.clear(); }), HypothesisStatus::kRefuted);
  EXPECT_EQ(status_after([](Hypothesis& h) { h.supports = {"L99", "X1"}; }), HypothesisStatus::kRefuted);
  EXPECT_EQ(status_after([](Hypothesis& h) { h.supports.push_back("L99"); }), HypothesisStatus::kProposed);
  EXPECT_EQ(status_after([](Hypothesis& h) { h.supports.clear(); }), HypothesisStatus::kUntested);
}

TEST(Verify, an_empty_report_is_neither_checked_nor_wrong) {
  Report report;
  verify(report, storefront().input());
  EXPECT_EQ(report.verification.checked, 0U);
  EXPECT_EQ(report.verification.passed, 0U);
}

}  // namespace
}  // namespace fa
