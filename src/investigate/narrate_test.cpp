/// A model's part of an investigation as a whole, with models that do as a script says: what is made of its answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "investigate/narrate_test_rig.h"
#include "model/report_json.h"

namespace fa::narrate_test {
namespace {

using llm::ChatAnswer;
using llm::ChatRequest;
using llm::scripted_text;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(Narrate, true_sentences_are_verified) {
  for (const Language language : kBothLanguages) {
    const bool japanese = language == Language::kJapanese;
    Json change = japanese ? sentence("orders への変更は 2026-11-23T20:29:44.620Z に行われました [C1]。", {"C1"})
                           : sentence("The change to orders was made at 2026-11-23T20:29:44.620Z [C1].", {"C1"});
    change["times"] = Json::array({Json{{"id", "C1"}, {"time", "2026-11-23T20:29:44.620Z"}}});
    Json raised = japanese ? sentence("orders で例外が対象期間に 368 回発生しました [L2]。", {"L2"})
                           : sentence("orders raised the exception 368 times in the window [L2].", {"L2"});
    raised["numbers"] = Json::array({Json{{"id", "L2"}, {"value", 368}}});
    raised["quotes"] = Json::array({Json{{"id", "L2"}, {"text", "Connection terminated due to connection timeout"}}});
    Json answer = whole_answer(Json::array({true_sentence(language)}), "orders", Json::array({change, raised}));
    answer["missing"] = Json::array({japanese ? "ネットワークの記録" : "Records of the network"});
    TellOptions options;
    options.language = language;
    const Told run = narrated({answering(answer)}, options);
    const Narrative& n = run.narrative();
    EXPECT_EQ(n.outcome, "answered");
    EXPECT_EQ(n.note, "");
    for (const Statement& s : all_statements(n)) EXPECT_TRUE(s.verified) << s.text << ": " << s.reason;
    EXPECT_EQ(n.checked, 3U);
    EXPECT_EQ(n.verified, 3U);
    EXPECT_EQ(n.sent_back, 0U);
    EXPECT_FALSE(n.contradicts);
    ASSERT_THAT(n.hypotheses, SizeIs(1));
    EXPECT_EQ(n.hypotheses[0].service, "orders");
    EXPECT_EQ(n.hypotheses[0].rank, 1);
    EXPECT_EQ(n.hypotheses[0].mechanism, Mechanism::kDependencyTimeout);
    EXPECT_THAT(n.missing, SizeIs(1));
    EXPECT_EQ(run.report.usage.model_input_tokens, 100U);
    EXPECT_EQ(run.report.usage.model_output_tokens, 10U);
    EXPECT_EQ(deterministic_part(run.report), deterministic_part(storefront_report(language)));
  }
}

TEST(Narrate, what_fails_is_sent_back_once_with_the_reason) {
  for (const Language language : kBothLanguages) {
    TellOptions options;
    options.language = language;
    const Json bad = whole_answer(Json::array({true_sentence(language), false_sentence(language)}));
    const Json good = whole_answer(Json::array({true_sentence(language)}));

    const Told mended = narrated({answering(bad), answering(good)}, options);
    ASSERT_THAT(mended.requests, SizeIs(2));
    const std::string objection = last_tool_text(mended.requests[1]);
    EXPECT_THAT(objection, AllOf(HasSubstr(narrate_prompts(language).text("objection")),
                                 HasSubstr(false_sentence(language).at("text").get<std::string>()),
                                 Not(HasSubstr(true_sentence(language).at("text").get<std::string>()))));
    EXPECT_EQ(mended.narrative().checked, 1U);
    EXPECT_EQ(mended.narrative().verified, 1U);
    EXPECT_EQ(mended.narrative().sent_back, 1U);

    const Told stubborn = narrated({answering(bad), answering(bad), answering(good)}, options);
    EXPECT_THAT(stubborn.requests, SizeIs(2)) << "what fails again is not sent back again";
    const Narrative& n = stubborn.narrative();
    EXPECT_EQ(n.outcome, "answered");
    ASSERT_THAT(n.summary, SizeIs(2));
    EXPECT_TRUE(n.summary[0].verified);
    EXPECT_FALSE(n.summary[1].verified);
    EXPECT_NE(n.summary[1].reason, "");
    EXPECT_EQ(has_japanese(n.summary[1].reason), language == Language::kJapanese) << n.summary[1].reason;
    EXPECT_THAT(objection, HasSubstr(n.summary[1].reason));
    EXPECT_EQ(n.checked, 2U);
    EXPECT_EQ(n.verified, 1U);
    EXPECT_EQ(deterministic_part(stubborn.report), deterministic_part(storefront_report(language)));
  }
}

TEST(Narrate, a_malformed_answer_may_be_mended) {
  const Told run = narrated(
      {calling("answer", R"({"summary":"orders"})"), answering(whole_answer(Json::array({true_sentence({})})))});
  EXPECT_EQ(run.narrative().outcome, "answered");
  EXPECT_EQ(run.narrative().verified, 1U);
  ASSERT_THAT(run.requests, SizeIs(2));
  EXPECT_THAT(last_tool_text(run.requests[1]), HasSubstr("answer.summary: expected a list"));
}

TEST(Narrate, false_sentences_in_every_place_are_found) {
  Json answer = whole_answer(Json::array({false_sentence({})}), "orders", Json::array({false_sentence({})}));
  answer["impact"] = Json::array({false_sentence({})});
  answer["actions"] = Json::array({sentence("Restart the service billing-gateway.")});
  answer["prevention"] = Json::array({sentence("Watch [L99].", {"L99"})});
  const Told run = narrated({answering(answer), answering(answer)});
  EXPECT_THAT(all_statements(run.narrative()), AllOf(SizeIs(5), Each(testing::Field(&Statement::verified, false)),
                                                     Each(testing::Field(&Statement::reason, Not("")))));
  EXPECT_EQ(run.narrative().checked, 5U);
  EXPECT_EQ(run.narrative().verified, 0U);
  EXPECT_EQ(deterministic_part(run.report), deterministic_part(storefront_report(Language::kEnglish)));
}

TEST(Narrate, another_first_cause_is_said_to_contradict) {
  struct Case {
    const char* subject;
    bool contradicts;
    int rank;
  };
  const Case kCases[] = {{"orders", false, 1}, {"storefront", true, 2}, {"catalog", true, 3}};
  for (const Language language : kBothLanguages) {
    for (const Case& c : kCases) {
      TellOptions options;
      options.language = language;
      const Json answer = whole_answer(Json::array({true_sentence(language)}), c.subject);
      const Told run = narrated({answering(answer), answering(answer)}, options);
      EXPECT_EQ(run.narrative().contradicts, c.contradicts) << c.subject;
      ASSERT_THAT(run.narrative().hypotheses, SizeIs(1));
      EXPECT_EQ(run.narrative().hypotheses[0].rank, c.rank);
      EXPECT_EQ(run.report.hypotheses[0].subject.service, "orders");
    }
  }
  // A service that is nowhere in the data is no cause at all.
  const Json invented = whole_answer(Json::array({true_sentence({})}), "billing", Json::array({true_sentence({})}));
  const Told run = narrated({answering(invented), answering(invented)});
  ASSERT_THAT(run.narrative().hypotheses, SizeIs(1));
  EXPECT_FALSE(run.narrative().hypotheses[0].statements[0].verified);
}

/// Searches, then cites the first row that the report did not have, and how many there are.
struct Finder {
  std::set<std::string> known;
  std::string cited;      ///< Id of the row.
  std::string total;      ///< Id of what holds the count.
  std::string not_cited;  ///< Of another row.

  explicit Finder(const Report& report) {
    for (const Evidence& e : report.evidence) known.insert(e.id);
  }
  Result<ChatAnswer> operator()(const ChatRequest& request, Language language) {
    if (request.messages.size() == 1) return calling("search_logs", R"({"contains":"checkout of customer"})");
    if (request.messages.size() > 3) return fail(ErrorCode::kInternal, last_tool_text(request));
    const Json found = parse_json(last_tool_text(request));
    if (!found.is_object() || !found.contains("rows")) return scripted_text("nothing");
    for (const Json& row : found.at("rows")) {
      const auto id = row.at("id").get<std::string>();
      if (known.contains(id)) continue;
      (cited.empty() ? cited : not_cited) = id;
      if (!not_cited.empty()) break;
    }
    total = found.value("total_id", cited);
    const std::string count = std::to_string(found.at("in_window").get<int>());
    if (language == Language::kJapanese) {
      return answering(whole_answer(
          Json::array({sentence("storefront は対象期間に " + count + " 回出力しました [" + total + "]。", {total}),
                       sentence("storefront は「checkout of customer」と出力しました [" + cited + "]。", {cited})})));
    }
    return answering(whole_answer(
        Json::array({sentence("storefront logged it " + count + " times in the window [" + total + "].", {total}),
                     sentence("storefront logged \"checkout of customer\" [" + cited + "].", {cited})})));
  }
};

TEST(Narrate, records_that_tools_found_and_the_answer_cites_become_evidence) {
  for (const Language language : kBothLanguages) {
    const Report before = storefront_report(language);
    Finder finder(before);
    TellOptions options;
    options.language = language;
    const Told run =
        narrated([&](const ChatRequest& request, const Context&) { return finder(request, language); }, options);
    const Narrative& n = run.narrative();
    EXPECT_EQ(n.outcome, "answered") << n.note;
    ASSERT_NE(finder.cited, "");
    ASSERT_NE(finder.not_cited, "");
    EXPECT_THAT(n.summary, SizeIs(2));
    for (const Statement& s : n.summary) EXPECT_TRUE(s.verified) << s.text << ": " << s.reason;
    for (const std::string& id : {finder.cited, finder.total}) {
      const Evidence* added = run.report.find_evidence(id);
      ASSERT_NE(added, nullptr) << id;
      EXPECT_EQ(added->check, CheckStatus::kPassed) << id << ": " << added->check_reason;
      EXPECT_NE(added->sha256, "");
      EXPECT_NE(added->reproduce, "");
      EXPECT_EQ(has_japanese(added->claim), language == Language::kJapanese) << added->claim;
    }
    EXPECT_THAT(run.report.find_evidence(finder.cited)->excerpt, HasSubstr("checkout of customer"));
    EXPECT_EQ(run.report.find_evidence(finder.not_cited), nullptr);
    EXPECT_EQ(run.report.verification.passed, run.report.verification.checked);
    ASSERT_THAT(n.steps, SizeIs(1));
    EXPECT_EQ(n.steps[0].tool, "search_logs");
    EXPECT_EQ(n.steps[0].status, "ok");
    // Everything else is as it was.
    Report rest = run.report;
    std::erase_if(rest.evidence, [&](const Evidence& e) { return e.id == finder.cited || e.id == finder.total; });
    rest.verification = before.verification;
    EXPECT_EQ(deterministic_part(rest), deterministic_part(before));
  }
}

TEST(Narrate, passages_that_tools_give_are_kept_where_they_are_cited) {
  const KnowledgeSearch knowledge = [](std::string_view, std::size_t) {
    return std::vector<KnowledgePassage>{{"", "runbook.md", "Network", "The egress policy of orders is kept in git."},
                                         {"", "other.md", "Other", "Nothing of use."}};
  };
  for (const bool cite : {true, false}) {
    TellOptions options;
    options.knowledge = knowledge;
    Json answer = whole_answer(Json::array({true_sentence({})}));
    if (cite) {
      answer["actions"] =
          Json::array({sentence("Look at the egress policy of orders, which is kept in git [K1].", {"K1"})});
    }
    const Told run =
        narrated({calling("search_knowledge", R"({"query":"egress"})"), answering(answer), answering(answer)}, options);
    EXPECT_THAT(last_tool_text(run.requests[1]), AllOf(HasSubstr("\"K1\""), HasSubstr("\"K2\"")));
    ASSERT_THAT(run.report.passages, SizeIs(cite ? 1 : 0));
    if (cite) {
      EXPECT_EQ(run.report.passages[0].document, "runbook.md");
      ASSERT_THAT(run.narrative().actions, SizeIs(1));
      EXPECT_TRUE(run.narrative().actions[0].verified) << run.narrative().actions[0].reason;
    }
  }
}

TEST(Narrate, the_same_script_gives_the_same_bytes) {
  const auto once = [](Language language) {
    Finder finder(storefront_report(language));
    TellOptions options;
    options.language = language;
    return report_to_json(
        narrated([&](const ChatRequest& request, const Context&) { return finder(request, language); }, options)
            .report);
  };
  for (const Language language : kBothLanguages) EXPECT_EQ(once(language), once(language));
}

}  // namespace
}  // namespace fa::narrate_test
