// Claims over the recorded storefront incident: what holds, what does not, and why.
#include "investigate/claim_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/claim_absence.h"
#include "investigate/model_answer.h"
#include "investigate/tool_test_world.h"

namespace fa {
namespace {

using test::storefront;

/// Checks sentences in one language. Evidence is named by what it is about, so that ids may change.
class Checked {
 public:
  explicit Checked(Language language)
      : report_(report_of(storefront()->study, language)),
        book_(report_.evidence),
        context_{storefront()->study, book_, report_, passages_},
        checker_(context_) {}

  /// `{calls}`, `{log}`, ... stand for ids.
  std::string operator()(std::string text, Claim claim = {}, std::string_view implied = {}) {
    claim.text = with_ids(std::move(text));
    for (std::string& id : claim.evidence) id = with_ids(id);
    for (Claim::Quote& q : claim.quotes) q.id = with_ids(q.id);
    for (Claim::Number& n : claim.numbers) n.id = with_ids(n.id);
    for (Claim::Time& t : claim.times) t.id = with_ids(t.id);
    claim.cause = with_ids(claim.cause);
    claim.effect = with_ids(claim.effect);
    return checker_.check(claim, implied);
  }
  std::string advice(std::string text) {
    Claim claim;
    claim.text = with_ids(std::move(text));
    return checker_.check_advice(claim);
  }

 private:
  std::string with_ids(std::string text) const {
    const std::pair<const char*, const char*> kWords[] = {
        {"{calls}", "639 of 639"}, {"{log}", "list_by_customer"}, {"{latency}", "app/storefront"},
        {"{change}", "egress"},    {"{cache}", "cache size"},     {"{checkout}", "checkout of customer"}};
    for (const auto& [slot, words] : kWords) {
      const std::size_t at = text.find(slot);
      if (at == std::string::npos) continue;
      for (const Evidence& e : storefront()->report.evidence) {
        if (e.claim.find(words) == std::string::npos) continue;
        text.replace(at, std::string(slot).size(), e.id);
        break;
      }
    }
    return text;
  }

  Report report_;
  EvidenceBook book_;
  std::map<std::string, std::string> passages_{{"K1", "Check the security group of the database, at most 5 minutes."}};
  ClaimContext context_;
  ClaimChecker checker_;
};

TEST(ClaimCheck, true_sentences_hold) {
  Checked english(Language::kEnglish);
  for (const char* text : {
           "639 of 639 calls of orders to postgresql/orders failed [{calls}].",
           "100% of the calls of orders to postgresql/orders failed [{calls}].",
           "orders logged a failing “list_by_customer” 248 times in the window and never in the baseline [{log}].",
           "At 20:29:48 UTC orders first logged that “query list_by_customer” failed [{log}].",
           "“checkout of customer” failed 104 times in storefront [{checkout}].",
           "Requests to storefront took 1.26 s on average, 10.09 ms before [{latency}].",
           "Requests to storefront became about 125 times as slow, from 10.09 ms to 1.26 s [{latency}].",
           "The change “apply egress policy revision” was made by “netops-automation” at 20:29:44 UTC [{change}].",
           "“change cache size” came about three and a half minutes before the first sign of trouble [{cache}].",
           "The change “apply egress policy revision” [{change}] caused the failing calls of orders [{calls}].",
           "The runbook says to check the security group [K1].",
       }) {
    EXPECT_EQ(english(text), "") << text;
  }
  Checked japanese(Language::kJapanese);
  for (const char* text : {
           "orders から postgresql/orders への呼び出し 639 件中 639 件が失敗しました [{calls}]。",
           "orders は「list_by_customer」を含むログを対象期間に 248 回出力し、基準期間には一度もありません [{log}]。",
           "storefront へのリクエストの平均所要時間は 10.09 ミリ秒から 1.26 秒に増えました [{latency}]。",
           "変更「apply egress policy revision」 [{change}] により、orders の呼び出しが失敗しました [{calls}]。",
       }) {
    EXPECT_EQ(japanese(text), "") << text;
  }
}

TEST(ClaimCheck, false_sentences_do_not) {
  Checked english(Language::kEnglish);
  for (const char* text : {
           "",
           "Something happened.",
           "orders failed [L97].",
           "638 of 639 calls of orders failed [{calls}].",
           "catalog logged a failing “list_by_customer” 248 times [{log}].",
           "orders logged a failing “list_by_supplier” 248 times [{log}].",
           "orders logged “list_by_customer” 248 times in the baseline [{log}].",
           "At 20:39:48 UTC orders first logged “list_by_customer” [{log}].",
           "Requests to storefront took 10.09 ms, 1.26 s before [{latency}].",
           "Requests to storefront became faster [{latency}].",
           "Requests to storefront fell from 10.09 ms to 1.26 s [{latency}].",
           "Every request to storefront took 1.26 s [{latency}].",
           "The CPU of storefront rose, 1.26 s [{latency}].",
           "Requests to storefront took 1.26 s through Redis [{latency}].",
           "Requests to storefront took 1.26 s on cache-7 [{latency}].",
           "Requests to storefront took 1.26 s because of the billing service [{latency}].",
           "There were no errors of orders [{log}].",
           "orders was healthy [{log}].",
           "The failing calls of orders [{calls}] caused the change “apply egress policy revision” [{change}].",
           "The trouble of storefront [{checkout}] caused the failing calls of orders [{calls}].",
           "postgresql/orders called orders 639 times [{calls}].",
           "orders failed because of a change [{calls}].",
           "orders の呼び出しが失敗しました [{calls}]。",
           "639 calls of orders failed, see https://x.example/ [{calls}].",
           "639 calls of orders failed <script> [{calls}].",
       }) {
    EXPECT_NE(english(text), "") << text;
  }
  Checked japanese(Language::kJapanese);
  for (const char* text : {
           "orders から postgresql/orders への呼び出し 638 件中 639 件が失敗しました [{calls}]。",
           "catalog は「list_by_customer」を 248 回出力しました [{log}]。",
           "storefront へのリクエストは速くなりました [{latency}]。",
           "storefront へのリクエストの所要時間は 1.26 秒から 10.09 ミリ秒に増えました [{latency}]。",
           "orders は正常です [{log}]。",
           "在庫データベースのために orders が失敗しました [{calls}]。",
           "orders の失敗 [{calls}] により、変更「apply egress policy revision」が行われました [{change}]。",
           "639 calls of orders to postgresql/orders failed in total [{calls}].",
       }) {
    EXPECT_NE(japanese(text), "") << text;
  }
}

TEST(ClaimCheck, fields_are_held_against_their_own_evidence) {
  Checked check(Language::kEnglish);
  const std::string text = "639 of 639 calls of orders failed [{calls}].";
  Claim claim;
  claim.evidence = {"{calls}"};
  claim.numbers = {{"{calls}", 639, 0, ""}};
  EXPECT_EQ(check(text, claim), "");
  claim.numbers = {{"{calls}", 640, 0, ""}};
  EXPECT_NE(check(text, claim), "");
  claim.numbers.clear();
  claim.quotes = {{"{calls}", "Connection terminated unexpectedly"}};
  EXPECT_EQ(check(text, claim), "");
  claim.quotes = {{"{calls}", "Connection terminated as expected"}};
  EXPECT_NE(check(text, claim), "");
  claim.quotes.clear();
  claim.times = {{"{calls}", "2026-11-23T20:29:45.708Z"}};
  EXPECT_EQ(check(text, claim), "");
  claim.times = {{"{calls}", "2026-11-23T20:19:45.708Z"}};
  EXPECT_NE(check(text, claim), "");
  claim.times.clear();
  claim.cause = "{calls}";
  EXPECT_NE(check(text, claim), "") << "a cause without an effect";
  claim.effect = "{change}";
  EXPECT_NE(check(text, claim), "") << "a change is nobody's effect";
}

TEST(ClaimCheck, the_sentence_is_about_what_it_stands_under_where_it_names_nobody) {
  Checked check(Language::kEnglish);
  EXPECT_EQ(check("639 of 639 calls failed [{calls}].", {}, "orders"), "");
  EXPECT_NE(check("639 of 639 calls failed [{calls}].", {}, "catalog"), "");
  EXPECT_NE(check("639 of 639 calls failed [{calls}]."), "");
}

TEST(ClaimCheck, absence_needs_a_source_that_was_at_work) {
  Checked check(Language::kEnglish);
  Claim absent;
  absent.absence = Claim::Absence{"errors", "orders"};
  EXPECT_NE(check("No errors of orders were logged in the window.", absent), "") << "there are errors";
  absent.absence = Claim::Absence{"logs", "postgresql/orders"};
  EXPECT_EQ(check("No logs of postgresql/orders were written in the window.", absent), "")
      << "logs of others were read, and it wrote none";
  EXPECT_NE(check("No traces of postgresql/orders were seen in the window.", absent), "") << "another thing";
  EXPECT_NE(check("No logs of orders were written in the window.", absent), "") << "another service";
  EXPECT_NE(check("Logs of postgresql/orders were written.", absent), "") << "says the opposite";
  absent.absence = Claim::Absence{"logs", "no-such-service"};
  EXPECT_NE(check("No logs of no-such-service were written in the window.", absent), "");
  absent.absence = Claim::Absence{"unicorns", ""};
  EXPECT_NE(check("No unicorns were seen.", absent), "");
}

TEST(ClaimCheck, silence_of_a_source_that_was_not_read_says_nothing) {
  // Only logs were read: whether traces failed cannot be known.
  const test::TempFolder folder;
  folder.write("incident.json", test::kToolIncident);
  std::string log;
  for (int i = 0; i < 100; ++i) {
    log += test::stamp(test::at("07:31:00") + std::chrono::seconds(45 * i)) + " INFO [orders] Main - order placed\n";
  }
  folder.write("orders.log", log);
  const test::StudyAndReport only_logs(folder.path());
  EXPECT_EQ(check_absence("traces", "", only_logs.study), AbsenceVerdict::kNotRead);
  EXPECT_EQ(check_absence("changes", "", only_logs.study), AbsenceVerdict::kNotRead);
  EXPECT_EQ(check_absence("errors", "orders", only_logs.study), AbsenceVerdict::kHolds);
  EXPECT_EQ(check_absence("logs", "orders", only_logs.study), AbsenceVerdict::kPresent);
}

TEST(ClaimCheck, advice_invents_nothing) {
  Checked check(Language::kEnglish);
  EXPECT_EQ(check.advice("Undo “apply egress policy revision” and watch orders."), "");
  EXPECT_EQ(check.advice("Raise the connection pool of orders to 50, i.e. more than today."), "");
  EXPECT_NE(check.advice("Restart Redis."), "");
  EXPECT_NE(check.advice("Restart billing-cache-3."), "");
  EXPECT_NE(check.advice("Look at [L97]."), "");
}

TEST(ModelAnswer, reads_what_its_own_schema_asks_for_and_nothing_else) {
  const auto prompts = load_prompts(Language::kEnglish);
  ASSERT_TRUE(prompts) << prompts.error().message;
  EXPECT_TRUE(parse_json(answer_tool(*prompts).schema).is_object());
  const auto good = parse_answer(
      R"({"summary":[{"text":"a [L1].","evidence":["L1"],"numbers":[{"id":"L1","value":2.50,"unit":"s"}],
          "absent":{"what":"errors","entity":"x"},"cause":"C1","effect":"L1"}],
          "hypotheses":[{"subject":"x","component":"","mechanism":"crash","statements":[]}],
          "impact":[],"actions":[{"text":"b"}],"prevention":[],"missing":["c"]})");
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->summary.at(0).absence->what, "errors");
  EXPECT_EQ(good->hypotheses.at(0).mechanism, Mechanism::kCrash);
  EXPECT_EQ(good->missing, std::vector<std::string>{"c"});
  for (const char* bad : {"", "[]", "{}", "null", R"({"summary":{}})", R"({"summary":[{"evidence":[]}]})",
                          R"({"summary":[{"text":1}]})", R"({"summary":[{"text":"a","evidence":"L1"}]})",
                          R"({"summary":[{"text":"a"}],"surprise":1})", R"({"summary":[{"text":"a","extra":1}]})",
                          R"({"hypotheses":[{"subject":"x","mechanism":"magic","statements":[]}]})",
                          R"({"summary":[{"text":"a","numbers":[{"id":"L1","value":"2"}]}]})", R"({"summary":[)"}) {
    const auto answer = parse_answer(bad);
    EXPECT_FALSE(answer) << bad;
    if (!answer) {
      EXPECT_NE(answer.error().message, "") << bad;
    }
  }
}

}  // namespace
}  // namespace fa
