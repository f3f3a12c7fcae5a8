#include "analysis/causal/rank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace fa {
namespace {

using std::chrono::seconds;

const TimePoint kOnset = from_unix_nanos(1'700'000'000'000'000'000);
const std::vector<std::string> kServices{"cart", "orders-db", "stock", "users", "web", "zoo"};
TopologyEdge edge(std::string caller, std::string callee) {
  TopologyEdge e;
  e.caller = std::move(caller);
  e.callee = std::move(callee);
  return e;
}

const std::vector<TopologyEdge> kShop{edge("web", "cart"), edge("cart", "stock"), edge("web", "users")};

Finding finding(FindingKind kind, std::string service, double effect, double excess = 0, double strength = 50) {
  Finding f;
  f.kind = kind;
  f.subject.service = std::move(service);
  f.effect = effect;
  f.excess = excess;
  f.strength = strength;
  f.onset = kOnset;
  return f;
}

Finding hinting(Finding f, Mechanism hint, Severity severity = Severity::kUnknown) {
  f.hint = hint;
  f.severity = severity;
  return f;
}

std::vector<Candidate> rank(const std::vector<Finding>& findings, AlarmSignal signal = AlarmSignal::kUnknown,
                            std::size_t minimum = 5) {
  return rank_candidates({findings, kShop, kServices, signal}, minimum);
}

double score_of(const std::vector<Candidate>& candidates, std::string_view service) {
  for (const Candidate& c : candidates) {
    if (c.subject.service == service) return c.score;
  }
  return -1;
}

TEST(Rank, a_callees_failure_explains_its_callers) {
  const auto ranked =
      rank({finding(FindingKind::kFlowBreak, "web", 1, 100), finding(FindingKind::kFlowBreak, "cart", 1, 100),
            finding(FindingKind::kFlowBreak, "stock", 0.9, 90)});
  EXPECT_EQ(ranked[0].subject.service, "stock");
  EXPECT_EQ(ranked[0].explained_by, "");
  const auto web =
      std::find_if(ranked.begin(), ranked.end(), [](const Candidate& c) { return c.subject.service == "web"; });
  EXPECT_EQ(web->explained_by, "cart");
}

TEST(Rank, trouble_further_down_explains_through_healthy_services) {
  const auto ranked =
      rank({finding(FindingKind::kFlowBreak, "web", 1, 100), finding(FindingKind::kErrorOrigin, "stock", 0.9, 90)});
  EXPECT_EQ(ranked[0].subject.service, "stock");
}

TEST(Rank, trouble_beside_the_path_explains_nothing) {
  const auto ranked =
      rank({finding(FindingKind::kFlowBreak, "cart", 0.9, 90), finding(FindingKind::kFlowBreak, "users", 0.8, 80)});
  EXPECT_EQ(ranked[0].subject.service, "cart");
  EXPECT_EQ(ranked[0].explained_by, "");
}

TEST(Rank, a_change_elsewhere_does_not_win_against_measured_harm) {
  for (const FindingKind harm : {FindingKind::kOwnTimeRise, FindingKind::kErrorOrigin, FindingKind::kFlowBreak}) {
    const auto ranked = rank({finding(FindingKind::kChange, "zoo", 1, 0, 2), finding(harm, "cart", 0.8, 100)});
    EXPECT_EQ(ranked[0].subject.service, "cart");
    EXPECT_EQ(ranked[1].subject.service, "zoo");
  }
}

TEST(Rank, a_change_tips_the_scales_between_equals) {
  const auto ranked =
      rank({finding(FindingKind::kErrorOrigin, "cart", 0.8, 100), finding(FindingKind::kErrorOrigin, "users", 0.8, 100),
            finding(FindingKind::kChange, "users", 1, 0, 2)});
  EXPECT_EQ(ranked[0].subject.service, "users");
}

TEST(Rank, neither_changes_nor_symptoms_are_trouble) {
  const Finding deployment = finding(FindingKind::kChange, "web", 1, 0, 2);
  const auto ranked = rank({deployment, finding(FindingKind::kLatencyRise, "web", 0.9)});
  EXPECT_EQ(ranked[0].subject.service, "web");
  EXPECT_EQ(ranked[0].trouble, 0);
  EXPECT_LT(ranked[0].score, 0.2);
  EXPECT_GT(rank({deployment, finding(FindingKind::kErrorOrigin, "web", 0.9, 100)})[0].trouble, 0.5);
}

TEST(Rank, a_saturated_resource_wins_only_where_the_service_got_worse) {
  const Finding saturated = hinting(finding(FindingKind::kResourceSaturation, "zoo", 0.9), Mechanism::kCpuSaturation);
  const Finding slow = finding(FindingKind::kOwnTimeRise, "cart", 0.7, 100);
  EXPECT_EQ(rank({saturated, slow})[0].subject.service, "cart");
  Finding here = saturated;
  here.subject.service = "cart";
  const auto ranked = rank({here, slow, finding(FindingKind::kOwnTimeRise, "users", 0.7, 100)});
  EXPECT_EQ(ranked[0].subject.service, "cart");
  EXPECT_EQ(ranked[0].mechanism, Mechanism::kCpuSaturation);
  const double alone = score_of(rank({saturated}), "zoo");
  Finding series = finding(FindingKind::kLatencyRise, "zoo", 0.9);
  EXPECT_GT(score_of(rank({saturated, series}), "zoo"), 2 * alone);
  series.materiality = 0;  // its spans say that nobody waited
  EXPECT_LT(score_of(rank({saturated, series}), "zoo"), alone + 0.1);
}

TEST(Rank, symptoms_alone_accuse_nobody_strongly) {
  const auto ranked =
      rank({finding(FindingKind::kLatencyRise, "web", 0.9, 0), finding(FindingKind::kErrorPassedOn, "web", 0.9, 0),
            finding(FindingKind::kOwnTimeRise, "cart", 0.5, 10)});
  EXPECT_EQ(ranked[0].subject.service, "cart");
  EXPECT_LT(score_of(ranked, "web"), 0.3);
}

TEST(Rank, harm_counts_by_its_share_of_all_harm) {
  const auto ranked = rank(
      {finding(FindingKind::kOwnTimeRise, "users", 0.9, 1), finding(FindingKind::kOwnTimeRise, "cart", 0.6, 1000)});
  EXPECT_EQ(ranked[0].subject.service, "cart");
}

TEST(Rank, waiting_that_hardly_anybody_notices_weighs_little) {
  Finding small = finding(FindingKind::kOwnTimeRise, "cart", 0.9, 10);
  const double noticed = score_of(rank({small}), "cart");
  small.materiality = 0.001;
  EXPECT_LT(score_of(rank({small}), "cart"), noticed / 5);
}

TEST(Rank, the_alarm_says_which_harm_matters) {
  const std::vector<Finding> findings{finding(FindingKind::kOwnTimeRise, "cart", 0.8, 100),
                                      finding(FindingKind::kErrorOrigin, "users", 0.8, 100)};
  EXPECT_EQ(rank(findings, AlarmSignal::kLatency)[0].subject.service, "cart");
  EXPECT_EQ(rank(findings, AlarmSignal::kErrors)[0].subject.service, "users");
}

TEST(Rank, names_the_mechanism_of_the_weightiest_evidence) {
  struct Case {
    std::vector<Finding> findings;
    Mechanism expected;
  };
  Finding peer = finding(FindingKind::kCallTimeRise, "cart", 0.9, 100);
  peer.subject.component = peer.peer = "orders-db";
  const Case cases[] = {
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100)}, Mechanism::kSlowProcessing},
      {{finding(FindingKind::kCallTimeRise, "cart", 0.9, 100)}, Mechanism::kNetworkDelay},
      {{peer}, Mechanism::kDependencySlow},
      {{hinting(finding(FindingKind::kErrorOrigin, "cart", 0.9, 100), Mechanism::kCodeException)},
       Mechanism::kCodeException},
      {{hinting(finding(FindingKind::kCallTimeout, "cart", 0.9, 100), Mechanism::kDependencyTimeout)},
       Mechanism::kDependencyTimeout},
      {{finding(FindingKind::kFlowBreak, "cart", 0.9, 100)}, Mechanism::kWrongResult},
      {{hinting(finding(FindingKind::kFlowBreak, "cart", 0.9, 100), Mechanism::kCodeException)},
       Mechanism::kCodeException},
      {{hinting(finding(FindingKind::kFlowBreak, "cart", 1, 100), Mechanism::kCodeException),
        hinting(finding(FindingKind::kCallTimeout, "cart", 0.9, 100), Mechanism::kDependencyTimeout)},
       Mechanism::kDependencyTimeout},
      {{hinting(finding(FindingKind::kFlowBreak, "cart", 0.7, 100), Mechanism::kWrongResult),
        hinting(finding(FindingKind::kStepMissing, "cart", 0.9, 100), Mechanism::kDependencyError)},
       Mechanism::kWrongResult},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100), finding(FindingKind::kResourceSaturation, "cart", 0.9)},
       Mechanism::kCpuSaturation},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100),
        hinting(finding(FindingKind::kResourceSaturation, "cart", 0.9), Mechanism::kMemoryPressure)},
       Mechanism::kMemoryPressure},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100),
        hinting(finding(FindingKind::kChange, "cart", 1, 0, 2), Mechanism::kDeployment)},
       Mechanism::kDeployment},
      {{hinting(finding(FindingKind::kErrorOrigin, "cart", 0.9, 100), Mechanism::kCodeException),
        hinting(finding(FindingKind::kChange, "cart", 0.9, 0, 2), Mechanism::kConfigChange)},
       Mechanism::kConfigChange},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100),  // an hour before
        hinting(finding(FindingKind::kChange, "cart", 0.06, 0, 2), Mechanism::kDeployment)},
       Mechanism::kSlowProcessing},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100),
        hinting(finding(FindingKind::kChange, "web", 1, 0, 2), Mechanism::kDeployment)},
       Mechanism::kSlowProcessing},
      {{hinting(finding(FindingKind::kException, "cart", 0.9), Mechanism::kDiskFull, Severity::kError),
        hinting(finding(FindingKind::kChange, "cart", 1, 0, 2), Mechanism::kDeployment)},
       Mechanism::kDiskFull},
      {{finding(FindingKind::kFlowBreak, "cart", 0.9, 100),  // nothing waits for the processor
        hinting(finding(FindingKind::kResourceSaturation, "cart", 0.9), Mechanism::kCpuSaturation)},
       Mechanism::kWrongResult},
      {{finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100),
        hinting(finding(FindingKind::kResourceSaturation, "cart", 0.9), Mechanism::kCpuSaturation)},
       Mechanism::kCpuSaturation},
      {{hinting(finding(FindingKind::kCallTimeRise, "cart", 0.9, 100), Mechanism::kSlowProcessing)},
       Mechanism::kSlowProcessing},
      {{hinting(finding(FindingKind::kException, "cart", 0.9), Mechanism::kDiskFull, Severity::kError)},
       Mechanism::kDiskFull},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(mechanism_name(rank(c.findings)[0].mechanism), mechanism_name(c.expected));
  }
  EXPECT_EQ(rank({peer})[0].subject.component, "orders-db");
}

TEST(Rank, ordinary_lines_and_complaints_of_others_weigh_little) {
  Finding line = finding(FindingKind::kLogNew, "cart", 0.9);
  line.label = "order created";
  Finding failure = line;
  failure.label = "cannot create the order";
  const Finding complaint = hinting(failure, Mechanism::kDependencyError, Severity::kError);
  const Finding fault = hinting(failure, Mechanism::kDiskFull, Severity::kError);
  const auto score = [&](const Finding& f) { return score_of(rank({f}), "cart"); };
  EXPECT_LT(score(line), score(complaint) / 2);
  EXPECT_LT(score(complaint), score(fault));
  EXPECT_GT(score(failure), score(line));
}

TEST(Rank, a_caller_that_is_refused_accuses_its_callee) {
  Finding refused = hinting(finding(FindingKind::kErrorOrigin, "web", 0.9, 100), Mechanism::kDependencyError);
  refused.subject.component = refused.peer = refused.accused = "cart";
  auto ranked = rank({refused});
  EXPECT_EQ(ranked[0].subject.service, "cart");
  EXPECT_EQ(ranked[0].mechanism, Mechanism::kUnknown) << "down, nobody says why";
  EXPECT_EQ(ranked[0].subject.component, "");
  EXPECT_EQ(ranked[1].subject.service, "web");
  refused.hint = Mechanism::kCertificate;
  ranked = rank({refused});
  EXPECT_EQ(ranked[0].subject.service, "cart");
  EXPECT_EQ(ranked[0].mechanism, Mechanism::kCertificate);
}

TEST(Rank, who_waits_for_a_service_in_trouble_is_no_origin) {
  Finding words = hinting(finding(FindingKind::kLogNew, "web", 0.9), Mechanism::kDependencyTimeout, Severity::kError);
  Finding failing = finding(FindingKind::kErrorOrigin, "web", 0.1, 1);
  failing.peer = "cart";
  const double alone = score_of(rank({words, failing}), "web");
  const double beside = score_of(rank({words, failing, finding(FindingKind::kOwnTimeRise, "cart", 0.9, 100)}), "web");
  EXPECT_LT(beside, 0.7 * alone);
}

TEST(Rank, an_error_that_only_says_exception_is_one) {
  Finding f = finding(FindingKind::kLogNew, "cart", 0.9);
  f.severity = Severity::kError;
  f.label = "caught price exception";
  EXPECT_EQ(rank({f})[0].mechanism, Mechanism::kCodeException);
}

TEST(Rank, a_flow_break_locates_the_fault) {
  Finding f = finding(FindingKind::kFlowBreak, "cart", 0.9, 100);
  f.location = {"price computed", "stock reserved"};
  EXPECT_EQ(rank({f})[0].location.from, "price computed");
  EXPECT_EQ(rank({f})[0].location.to, "stock reserved");
}

TEST(Rank, services_without_findings_fill_up_to_the_minimum) {
  const Finding f = finding(FindingKind::kOwnTimeRise, "zoo", 0.9, 100);
  for (const std::size_t minimum : {0U, 1U, 3U, 6U, 50U}) {
    const auto ranked = rank({f}, AlarmSignal::kUnknown, minimum);
    EXPECT_EQ(ranked.size(), std::clamp<std::size_t>(minimum, 1, kServices.size())) << minimum;
    EXPECT_EQ(ranked[0].subject.service, "zoo");
    for (std::size_t i = 1; i < ranked.size(); ++i) {
      EXPECT_EQ(ranked[i].score, 0);
      EXPECT_EQ(ranked[i].subject.service, kServices[i - 1]);
    }
  }
  EXPECT_EQ(rank({}).size(), 5U);
  EXPECT_TRUE(rank_candidates({}, 5).empty());
}

TEST(Rank, every_accused_service_is_a_candidate_beyond_the_minimum) {
  std::vector<Finding> findings;
  for (int i = 0; i < 9; ++i) findings.push_back(finding(FindingKind::kErrorOrigin, "s" + std::to_string(i), 0.5, 10));
  EXPECT_EQ(rank(findings, AlarmSignal::kUnknown, 2).size(), 9U);
}

TEST(Rank, equals_are_ordered_by_name) {
  const auto ranked = rank(
      {finding(FindingKind::kErrorOrigin, "users", 0.8, 100), finding(FindingKind::kErrorOrigin, "stock", 0.8, 100)});
  EXPECT_EQ(ranked[0].subject.service, "stock");
  EXPECT_EQ(ranked[1].subject.service, "users");
  EXPECT_EQ(ranked[0].score, ranked[1].score);
}

TEST(Rank, the_order_of_findings_and_edges_does_not_matter) {
  std::vector<Finding> findings;
  int n = 0;
  for (const FindingKind kind : {FindingKind::kOwnTimeRise, FindingKind::kErrorOrigin, FindingKind::kFlowBreak,
                                 FindingKind::kException, FindingKind::kChange, FindingKind::kResourceSaturation}) {
    for (const std::string& s : kServices) {
      ++n;
      findings.push_back(finding(kind, s, 0.1 + 0.03 * (n % 29), n % 2 == 0 ? 64 : 32, 4 * (1 + n % 7)));
    }
  }
  std::vector<TopologyEdge> edges = kShop;
  const auto names = [&] {
    std::string text;
    for (const Candidate& c : rank_candidates({findings, edges, kServices, AlarmSignal::kUnknown}, 5)) {
      text += c.subject.service + " " + std::string(mechanism_name(c.mechanism)) + " " + c.explained_by + "\n";
    }
    return text;
  };
  const std::string expected = names();
  std::mt19937 random(7);
  for (int round = 0; round < 10; ++round) {
    std::shuffle(findings.begin(), findings.end(), random);
    std::shuffle(edges.begin(), edges.end(), random);
    EXPECT_EQ(names(), expected);
  }
}

TEST(Rank, scores_and_confidence_are_shares_in_strict_order) {
  std::vector<Finding> findings;
  for (int i = 0; i < 60; ++i) {
    findings.push_back(
        finding(static_cast<FindingKind>(i % 26), kServices[static_cast<std::size_t>(i * 5 % 6)], 1, 1 + i, 300));
  }
  const auto ranked = rank(findings);
  double total = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const Candidate& c = ranked[i];
    EXPECT_TRUE(c.score >= 0 && c.score <= 1);
    EXPECT_TRUE(c.confidence >= 0 && c.confidence <= 1);
    total += c.confidence;
    EXPECT_LE(c.score, ranked[i == 0 ? 0 : i - 1].score);
    for (std::size_t v = 1; v < c.supports.size(); ++v) EXPECT_GE(c.supports[v - 1].weight, c.supports[v].weight);
    for (const Vote& v : c.supports) EXPECT_EQ(findings[v.finding].subject.service, c.subject.service);
  }
  EXPECT_LE(total, 1 + 1e-9);
}

TEST(Rank, weak_evidence_gives_low_confidence) {
  const auto weak = rank({finding(FindingKind::kLogSurge, "cart", 0.1, 0, 0.5)});
  const auto strong = rank({finding(FindingKind::kErrorOrigin, "cart", 1, 100, 300)});
  EXPECT_LT(weak[0].confidence, 0.1);
  EXPECT_GT(strong[0].confidence, 0.5);
  EXPECT_EQ(rank({})[0].confidence, 0);
}

TEST(Rank, survives_hostile_findings_and_circles) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<Finding> findings{
      finding(FindingKind::kFlowBreak, "", 1, 1), finding(FindingKind::kErrorOrigin, "cart", nan, nan, nan),
      finding(FindingKind::kOwnTimeRise, "users", inf, -5, inf), finding(FindingKind::kFlowBreak, "a", 0.8, 1),
      finding(FindingKind::kFlowBreak, "b", 0.8, 1)};
  const std::vector<TopologyEdge> circle{edge("a", "b"), edge("b", "a"), edge("a", "a"), edge("", "a")};
  const auto ranked = rank_candidates({findings, circle, kServices, AlarmSignal::kUnknown}, 5);
  EXPECT_GE(ranked.size(), 5U);
  for (const Candidate& c : ranked) {
    EXPECT_NE(c.subject.service, "");
    EXPECT_TRUE(std::isfinite(c.score)) << c.subject.service;
    EXPECT_TRUE(std::isfinite(c.confidence)) << c.subject.service;
  }
}

TEST(OnsetOf, is_the_earliest_of_the_heavy_votes) {
  std::vector<Finding> findings{finding(FindingKind::kErrorOrigin, "cart", 1, 100),
                                finding(FindingKind::kFlowBreak, "cart", 0.9, 100),
                                finding(FindingKind::kLatencyRise, "cart", 0.9, 0, 5)};
  findings[0].onset = kOnset + seconds(60);
  findings[1].onset = kOnset + seconds(30);
  findings[2].onset = kOnset - seconds(500);  // a light vote
  EXPECT_EQ(onset_of(rank(findings), findings), kOnset + seconds(30));
  for (Finding& f : findings) f.onset = kNoTime;
  EXPECT_EQ(onset_of(rank(findings), findings), kNoTime);
  EXPECT_EQ(onset_of({}, findings), kNoTime);
}

}  // namespace
}  // namespace fa
