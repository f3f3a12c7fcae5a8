/// The steps from findings to a report: merging, filtering, grouping, ranking, our texts, comparing with the last one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "findings/changes.h"
#include "findings/explanation.h"
#include "findings/group.h"
#include "findings/select.h"

namespace fa::findings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kNow = *parse_rfc3339("2026-03-14T08:00:00Z");

SecurityFinding finding(std::string id, Severity severity = Severity::kHigh) {
  SecurityFinding f;
  f.id = std::move(id);
  f.title = "title of " + f.id;
  f.product = "Security Hub";
  f.from_security_hub = true;
  f.severity = severity;
  f.record_state = "ACTIVE";
  f.updated = kNow - std::chrono::hours(1);
  return f;
}
SecurityFinding threat(std::string id) {
  SecurityFinding f = finding(std::move(id));
  f.product = "GuardDuty";
  f.from_security_hub = false;
  f.from_guardduty = true;
  f.type = "Recon:EC2/Portscan";
  return f;
}

TEST(FindingSelection, leaves_out_by_the_defaults_and_says_why) {
  struct Case {
    const char* what;
    std::function<void(SecurityFinding&)> change;
    std::optional<LeftOut> expected;
  };
  const auto days_ago = [](int days) { return kNow - std::chrono::hours(24 * days); };
  const Case kCases[] = {
      {"as it is", [](SecurityFinding&) {}, std::nullopt},
      {"no compliance, no workflow", [](SecurityFinding& f) { f.compliance = f.workflow = ""; }, std::nullopt},
      {"failed", [](SecurityFinding& f) { f.compliance = "FAILED"; }, std::nullopt},
      {"warning", [](SecurityFinding& f) { f.compliance = "WARNING"; }, std::nullopt},
      {"passed", [](SecurityFinding& f) { f.compliance = "PASSED"; }, LeftOut::kPassed},
      {"notified", [](SecurityFinding& f) { f.workflow = "NOTIFIED"; }, std::nullopt},
      {"suppressed", [](SecurityFinding& f) { f.workflow = "SUPPRESSED"; }, LeftOut::kWorkflow},
      {"archived", [](SecurityFinding& f) { f.record_state = "ARCHIVED"; }, LeftOut::kArchived},
      {"low", [](SecurityFinding& f) { f.severity = Severity::kLow; }, LeftOut::kSeverity},
      {"a sample", [](SecurityFinding& f) { f.sample = true; }, LeftOut::kSample},
      {"an old check", [&](SecurityFinding& f) { f.updated = days_ago(400); }, std::nullopt},
      {"an old threat",
       [&](SecurityFinding& f) {
         f.product = "GuardDuty";
         f.updated = days_ago(31);
       },
       LeftOut::kOld},
      {"an old threat that is still seen",
       [&](SecurityFinding& f) {
         f.product = "GuardDuty";
         f.updated = days_ago(31);
         f.last_seen = days_ago(1);
       },
       std::nullopt},
      {"without any time", [](SecurityFinding& f) { f.updated.reset(); }, std::nullopt},
  };
  for (const Case& c : kCases) {
    SecurityFinding f = finding("a");
    c.change(f);
    EXPECT_EQ(why_left_out(f, {}, kNow), c.expected) << c.what;
  }
  Filter days;
  days.days = 7;
  SecurityFinding old = finding("a");
  old.updated = days_ago(8);
  EXPECT_EQ(why_left_out(old, days, kNow), LeftOut::kOld);
}

/// The pool's content whatever the order the versions come in.
std::vector<SecurityFinding> pooled(std::vector<SecurityFinding> versions) {
  std::vector<std::size_t> order(versions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::optional<std::vector<SecurityFinding>> first;
  do {
    FindingPool pool(100);
    for (const std::size_t i : order) pool.add(SecurityFinding(versions[i]));
    auto all = pool.take();
    if (!first) {
      first = all;
    } else {
      EXPECT_EQ(all.size(), first->size());
      for (std::size_t i = 0; i < std::min(all.size(), first->size()); ++i) {
        EXPECT_EQ(all[i].workflow, (*first)[i].workflow);
        EXPECT_EQ(all[i].severity, (*first)[i].severity);
        EXPECT_EQ(all[i].first_seen, (*first)[i].first_seen);
        EXPECT_EQ(all[i].type, (*first)[i].type);
      }
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return first.value_or(std::vector<SecurityFinding>{});
}

TEST(FindingPool, makes_one_of_what_both_services_tell_in_any_order) {
  SecurityFinding from_guardduty = threat("arn:g");
  from_guardduty.severity = Severity::kCritical;
  from_guardduty.updated = kNow;
  from_guardduty.first_seen = kNow - std::chrono::hours(9);
  SecurityFinding first_import = threat("arn:g");
  std::swap(first_import.from_security_hub, first_import.from_guardduty);
  first_import.type = "TTPs/other";
  first_import.workflow = "NEW";
  first_import.updated = kNow - std::chrono::hours(3);
  first_import.first_seen = kNow - std::chrono::hours(10);
  SecurityFinding second_import = first_import;
  second_import.workflow = "SUPPRESSED";
  second_import.updated = kNow - std::chrono::hours(2);
  const auto all = pooled({from_guardduty, first_import, second_import, finding("arn:other")});
  ASSERT_THAT(all, SizeIs(2));
  const SecurityFinding& f = all[0];
  EXPECT_TRUE(f.from_security_hub && f.from_guardduty);
  EXPECT_EQ(f.workflow, "SUPPRESSED") << "of the newest version that has one";
  EXPECT_EQ(f.severity, Severity::kCritical) << "of the newest version";
  EXPECT_EQ(f.type, "Recon:EC2/Portscan") << "GuardDuty's own";
  EXPECT_EQ(f.first_seen, kNow - std::chrono::hours(10));
}

TEST(FindingPool, counts_what_it_has_no_room_for) {
  FindingPool pool(2);
  for (const char* id : {"a", "b", "c", "a", "d"}) pool.add(finding(id));
  EXPECT_EQ(pool.beyond(), 2U);
  EXPECT_EQ(pool.merged(), 1U);
  EXPECT_THAT(pool.take(), SizeIs(2));
}

TEST(FindingGroups, are_of_one_cause_and_hold_all_its_resources) {
  SecurityFinding a = finding("a");
  a.control = "S3.8";
  a.account = "1";
  a.resources = {{"AwsS3Bucket", "b1", "r"}};
  SecurityFinding b = a;
  b.id = "b";
  b.title = "title of b";
  b.severity = Severity::kCritical;
  b.resources = {{"AwsS3Bucket", "b2", "r"}, {"AwsS3Bucket", "b1", "r"}};
  SecurityFinding cve = finding("c");
  cve.vulnerabilities = {{"CVE-1", "openssl", "1", "2", true}};
  const auto groups = group_findings({a, b, cve, threat("d")}, kNow);
  ASSERT_THAT(groups, SizeIs(3));
  EXPECT_EQ(groups[0].cause, (Cause{Cause::Kind::kControl, "S3.8"}));
  EXPECT_THAT(groups[0].ids, ElementsAre("a", "b"));
  ASSERT_THAT(groups[0].resources, SizeIs(2));
  EXPECT_EQ(groups[0].worst, Severity::kCritical);
  EXPECT_EQ(groups[0].title, "title of b") << "the worst finding's";
  EXPECT_EQ(groups[0].resources[0].findings, 2U);
  EXPECT_EQ(groups[1].cause, (Cause{Cause::Kind::kPackage, "openssl"}));
  EXPECT_EQ(groups[2].cause.kind, Cause::Kind::kThreat);
}

TEST(FindingRisk, is_the_product_of_what_the_findings_say) {
  Group g;
  g.worst = Severity::kHigh;
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 60);
  EXPECT_DOUBLE_EQ(risk_of(g, true, kNow), 90) << "the control is about being reachable";
  g.exposure = {"publicIp"};
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 90);
  EXPECT_DOUBLE_EQ(risk_of(g, true, kNow), 90) << "reachable is reachable";
  g.exploit_known = true;
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 117);
  g.exploit_known = false;
  g.further_resources = 32;
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 135);
  g.further_resources = std::uint64_t{1} << 40;
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 180) << "at most twice";
  g.further_resources = 0;
  g.last_seen = kNow - std::chrono::hours(2);
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 108);
  g.last_seen = kNow - std::chrono::hours(24 * 8);
  EXPECT_DOUBLE_EQ(risk_of(g, false, kNow), 72);
}

TEST(BuiltInTexts, are_complete_in_both_languages) {
  EXPECT_THAT(mistakes_in_built_in_texts(), IsEmpty());
  const auto causes = explained_causes();
  const auto of_kind = [&](Cause::Kind kind) {
    return std::count_if(causes.begin(), causes.end(), [&](const Cause& c) { return c.kind == kind; });
  };
  EXPECT_GE(of_kind(Cause::Kind::kControl), 70);
  EXPECT_GE(of_kind(Cause::Kind::kThreat), 60);
  for (const Cause& cause : causes) {
    const auto en = built_in_explanation(cause, Language::kEnglish);
    const auto ja = built_in_explanation(cause, Language::kJapanese);
    ASSERT_TRUE(en && ja) << cause.name;
    EXPECT_EQ(en->fix.size(), ja->fix.size()) << cause.name;
    const auto ascii = [](const std::string& s) {
      return std::all_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    EXPECT_TRUE(ascii(en->why) && ascii(en->risk)) << cause.name;
    EXPECT_FALSE(ascii(ja->why) || ascii(ja->risk)) << cause.name;
    EXPECT_THAT(en->url, testing::StartsWith("https://docs.aws.amazon.com/")) << cause.name;
  }
}

TEST(BuiltInTexts, are_of_the_cause_itself_or_its_longest_family) {
  const auto by = [](Cause::Kind kind, const char* name) {
    const auto e = built_in_explanation({kind, name}, Language::kEnglish);
    return e ? e->by : Explanation::By::kNobody;
  };
  EXPECT_EQ(by(Cause::Kind::kControl, "S3.8"), Explanation::By::kBuiltIn);
  EXPECT_EQ(by(Cause::Kind::kControl, "Nimbus.99"), Explanation::By::kFamily);
  EXPECT_EQ(by(Cause::Kind::kPackage, "openssl"), Explanation::By::kFamily);
  EXPECT_EQ(by(Cause::Kind::kOther, "Prowler: something"), Explanation::By::kNobody);
  EXPECT_THAT(
      built_in_explanation({Cause::Kind::kThreat, "Trojan:EC2/DGADomainRequest.C!DNS"}, Language::kEnglish)->why,
      HasSubstr("infected machines"));
  EXPECT_EQ(documentation_url({Cause::Kind::kControl, "EC2.19"}),
            "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19");
  EXPECT_TRUE(is_about_exposure({Cause::Kind::kControl, "S3.2"}));
  EXPECT_FALSE(is_about_exposure({Cause::Kind::kControl, "S3.14"}));
}

TEST(FindingChanges, tell_new_gone_and_worse_and_what_could_not_be_looked_for) {
  const auto kept = [](const char* id, Severity s, bool hub, bool guardduty) {
    return KeptFinding{id, id, s, hub, guardduty};
  };
  const State last{kNow,
                   "a",
                   {kept("gone", Severity::kHigh, true, false), kept("same", Severity::kHigh, true, false),
                    kept("threat", Severity::kHigh, false, true), kept("worse", Severity::kLow, true, false)}};
  const State now{kNow,
                  "a",
                  {kept("new", Severity::kHigh, true, false), kept("same", Severity::kHigh, true, false),
                   kept("worse", Severity::kHigh, true, false)}};
  const Changes changes = compare(last, now, {Service::kGuardDuty});
  ASSERT_THAT(changes.appeared, SizeIs(1));
  EXPECT_EQ(changes.appeared[0].id, "new");
  ASSERT_THAT(changes.gone, SizeIs(1));
  EXPECT_EQ(changes.gone[0].id, "gone");
  ASSERT_THAT(changes.worse, SizeIs(1));
  EXPECT_EQ(changes.worse[0].before, Severity::kLow);
  EXPECT_EQ(changes.unseen, 1U) << "GuardDuty was not complete";
  EXPECT_EQ(changes.other_criteria, "");
  const auto again = read_state(state_text(last));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(state_text(*again), state_text(last));
  for (const char* broken :
       {"", "{", "[]", R"({"schema":"x","findings":[]})", R"({"schema":"fa2-findings-state/1"})"}) {
    EXPECT_FALSE(read_state(broken)) << broken;
  }
}

}  // namespace
}  // namespace fa::findings
