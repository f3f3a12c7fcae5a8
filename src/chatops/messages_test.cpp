// What messages say, and that nothing hostile acts in them.
#include "chatops/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "chatops/messages_inquiry.h"
#include "chatops/messages_phrases.h"
#include "report/sample_report.h"
#include "support/slack_block_limits.h"

namespace fa::chatops {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const Reader kReader{Language::kEnglish, "Asia/Tokyo"};

/// All texts of it in order, each on a line.
void collect_texts(const Json& json, std::string& out) {
  if (json.is_object() && json.contains("text") && json["text"].is_string()) {
    out += json["text"].get<std::string>() + "\n";
    return;
  }
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) collect_texts(value, out);
}
std::string texts_of(const std::vector<RenderedMessage>& messages) {
  std::string out;
  for (const RenderedMessage& m : messages) collect_texts(parse_json(m.blocks), out);
  return out;
}
std::string texts_of(const RenderedMessage& message) { return texts_of(std::vector<RenderedMessage>{message}); }

void expect_sound(const std::vector<RenderedMessage>& messages) {
  EXPECT_FALSE(messages.empty());
  for (const RenderedMessage& m : messages) {
    EXPECT_THAT(slack_limits::problems_of_message(m.blocks, m.text), IsEmpty());
  }
}

std::vector<std::string> action_ids(const RenderedMessage& message) {
  std::vector<std::string> ids;
  for (const Json& block : parse_json(message.blocks)) {
    if (block.value("type", "") != "actions") continue;
    for (const Json& button : block["elements"]) ids.push_back(button.value("action_id", ""));
  }
  return ids;
}

/// A report of everything `times` over.
Report crowded_report(const std::string& text, std::size_t times = 200) {
  Report r = sample_report(Language::kEnglish);
  const auto multiply = [](auto& list, std::size_t to) {
    if (list.empty()) return;
    const auto pattern = list;
    while (list.size() < to) list.insert(list.end(), pattern.begin(), pattern.end());
  };
  for (Evidence& e : r.evidence) e.claim = e.excerpt = text;
  for (Hypothesis& h : r.hypotheses) {
    h.statement = text;
    multiply(h.supports, times / 2);
    multiply(h.contradicts, times / 2);
  }
  for (ActionItem& a : r.actions) a.text = text;
  Narrative n;
  n.model = "model";
  n.outcome = "answered";
  n.checked = 4000;
  n.summary = {{text, {"L1"}, true, ""}, {text, {"X9"}, false, text}};
  n.hypotheses = {{"checkout", "orders-db", Mechanism::kDependencyTimeout, 1, n.summary}};
  n.missing = {text};
  multiply(n.summary, 2 * times);
  r.narrative = n;
  r.similar = {{"P1", "old", r.incident.window.begin, text, text, text, 0.8, {"a", "b"}}};
  r.passages = {{"K1", "runbook.md", "Heading", 3, text}};
  multiply(r.hypotheses, times);
  multiply(r.actions, times);
  multiply(r.gaps, times);
  multiply(r.questions, times);
  multiply(r.similar, times);
  return r;
}

std::string long_text() {
  std::string text;
  while (text.size() < 20'000) text += "a long <!channel> *text* with `marks` & “quotes” \"\\ 障害 ";
  return text;
}

TEST(ReportMessages, are_short_and_say_the_answer_first) {
  const auto messages = report_messages(sample_report(Language::kEnglish), "state", kReader);
  expect_sound(messages);
  ASSERT_THAT(messages, SizeIs(1));
  const Json blocks = parse_json(messages[0].blocks);
  EXPECT_EQ(blocks[0]["type"], "header");
  EXPECT_EQ(blocks[0]["text"]["text"],
            "Incident · checkout cannot reach orders-db: connection attempts time out since 08:31:12 UTC");
  const std::string texts = texts_of(messages);
  std::size_t at = 0;
  for (const char* next : {"Severity: high",
                           "41% of the requests",
                           "Since 2026-03-14 17:31:12",
                           "2026-03-14 17:30 – 17:45 (Asia/Tokyo)",
                           "Likeliest causes",
                           "1. checkout › orders-db",
                           "82% (high)",
                           "dependency does not answer in time",
                           "checkout can no longer open connections",
                           "L1",
                           "17:31:14",
                           "Failed to place order",
                           "Caused by:",
                           "M2",
                           "2. orders-db",
                           "Ranked lower: 4. cart",
                           "What to do now",
                           "Restore the inbound rule",
                           "[C1]",
                           "How to check by hand",
                           "zcat logs/checkout.log.gz | sed -n '10423,10428p'",
                           "What could not be seen",
                           "no spans between",
                           "What would settle it",
                           "hypotheses",
                           "4 of 5 statements",
                           "Asia/Tokyo",
                           "Confirm cause"}) {
    const std::size_t found = texts.find(next, at);
    ASSERT_NE(found, std::string::npos) << next << " is missing or stands too early in\n" << texts;
    at = found;
  }
}

TEST(ReportMessages, end_with_the_buttons_and_their_state) {
  const std::string state = R"({"run":"r-1"})";
  const auto messages = report_messages(sample_report(Language::kEnglish), state, kReader);
  EXPECT_THAT(action_ids(messages.back()), ElementsAre(kConfirmAction, kWrongAction, kAskAction, kWiderAction));
  const Json row = parse_json(messages.back().blocks).back();
  for (const Json& button : row["elements"]) EXPECT_EQ(button["value"], state);
  // Without a cause there is nothing to confirm.
  const auto quiet = report_messages(sample_no_incident(Language::kEnglish), state, kReader);
  EXPECT_THAT(action_ids(quiet.back()), ElementsAre(kWrongAction, kAskAction, kWiderAction));
}

TEST(ReportMessages, say_questions_first_where_the_data_cannot_tell) {
  const std::string texts = texts_of(report_messages(sample_cannot_tell(Language::kEnglish), "s", kReader));
  EXPECT_LT(texts.find("Which requests fail?"), texts.find("no traces were given"));
  EXPECT_THAT(texts, HasSubstr("The data cannot tell · The data is not enough"));
}

TEST(ReportMessages, keep_limits_with_hostile_and_crowded_reports) {
  const std::string state(2000, '"');
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const Report hostile = hostile_report(language);
    for (const std::size_t most : {0U, 3U}) {
      const auto messages = report_messages(hostile, state, {language, hostile_text()}, most);
      expect_sound(messages);
      EXPECT_LE(messages.size(), std::max<std::size_t>(most, 1));
      EXPECT_THAT(action_ids(messages.back()), SizeIs(4));
    }
    expect_sound(answer_messages(hostile, hostile_text(), {language, "UTC"}));
  }
  for (const std::string& text : {long_text(), std::string(), std::string(5000, '"')}) {
    const Report crowded = crowded_report(text, text.empty() ? 60 : 8);
    for (const std::size_t most : {1U, 3U}) {
      const auto messages = report_messages(crowded, state, kReader, most);
      expect_sound(messages);
      EXPECT_LE(messages.size(), most);
      EXPECT_THAT(action_ids(messages.back()), SizeIs(4)) << most;
      for (std::size_t i = 0; i + 1 < messages.size(); ++i) EXPECT_THAT(action_ids(messages[i]), IsEmpty());
    }
    const auto answer = answer_messages(crowded, text, kReader);
    expect_sound(answer);
    EXPECT_LE(answer.size(), 3U);
  }
}

TEST(ReportMessages, count_what_they_leave_out) {
  const std::string texts = texts_of(report_messages(crowded_report("short"), "s", kReader));
  EXPECT_THAT(texts, HasSubstr("195 more in the report files"));
  const std::string cut = texts_of(report_messages(crowded_report(long_text(), 8), "s", kReader, 1));
  EXPECT_THAT(cut, HasSubstr("There is more than fits here"));
}

TEST(ReportMessages, never_show_half_a_command) {
  Report r = sample_report(Language::kEnglish);
  r.evidence[0].reproduce = "zcat " + std::string(5000, 'x');
  const std::string texts = texts_of(report_messages(r, "s", kReader));
  EXPECT_THAT(texts, Not(HasSubstr("zcat xxx")));
  EXPECT_THAT(texts, HasSubstr("More commands in the report files: 2"));
}

TEST(ReportMessages, show_the_models_part_and_past_incidents) {
  const std::string texts = texts_of(report_messages(crowded_report("said so"), "s", kReader));
  EXPECT_THAT(texts, HasSubstr("What the language model says"));
  EXPECT_THAT(texts, HasSubstr("not verified: said so"));
  EXPECT_THAT(texts, HasSubstr("Seen before"));
  EXPECT_THAT(texts, HasSubstr("P1 Seen on 2026-03-14"));
}

TEST(AnswerMessages, show_what_is_cited_and_only_that) {
  Report r = sample_report(Language::kEnglish);
  Narrative n;
  n.model = "model";
  n.outcome = "answered";
  n.checked = n.verified = 1;
  n.summary = {{"The database was cut off [C1].", {"C1"}, true, ""}};
  r.narrative = n;
  const auto messages = answer_messages(r, "Why <!channel>?", kReader);
  expect_sound(messages);
  const std::string texts = texts_of(messages);
  EXPECT_THAT(texts, HasSubstr("Why <!channel>?"));
  EXPECT_THAT(texts, HasSubstr("The database was cut off [C1]."));
  EXPECT_THAT(texts, HasSubstr("RevokeSecurityGroupIngress on sg-0db42"));
  EXPECT_THAT(texts, HasSubstr("jq '.Records[]"));
  EXPECT_THAT(texts, Not(HasSubstr("Failed to place order")));
  r.narrative.reset();
  EXPECT_THAT(texts_of(answer_messages(r, "Why?", kReader)), HasSubstr("There is no answer"));
}

TEST(ProgressMessage, says_how_far_it_is_and_what_was_understood) {
  const FormInput input{"Orders <!here> fail",
                        {parse_rfc3339("2026-03-14T08:30:00Z").value(), parse_rfc3339("2026-03-14T09:00:00Z").value()}};
  using Stage = Progress::Stage;
  struct Case {
    Progress progress;
    const char* said;
  };
  const Case kCases[] = {
      {{Stage::kQueued, 0, 0, 0, ""}, "Waiting. It starts as soon as a place is free."},
      {{Stage::kQueued, 3, 0, 0, ""}, "Waiting. Analyses before it: 3."},
      {{Stage::kCollecting, 0, 0, 0, ""}, "Collecting data\n"},
      {{Stage::kCollecting, 0, 3, 5, ""}, "Collecting data: 3 of 5 done"},
      {{Stage::kAnalysing, 0, 0, 0, ""}, "Analysing the data"},
      {{Stage::kAskingModel, 0, 0, 0, ""}, "Asking the language model"},
      {{Stage::kWriting, 0, 0, 0, ""}, "Writing the report"},
      {{Stage::kDone, 0, 0, 0, ""}, "Done."},
      {{Stage::kFailed, 0, 0, 0, "Access <@U1> was denied."}, "\nAccess <@U1> was denied."},
  };
  for (const Case& c : kCases) {
    const RenderedMessage message = progress_message(input, "U123", c.progress, kReader);
    expect_sound({message});
    EXPECT_THAT(texts_of(message), HasSubstr(c.said));
    EXPECT_THAT(texts_of(message), HasSubstr("Orders <!here> fail"));
    EXPECT_THAT(texts_of(message), HasSubstr("2026-03-14 17:30 – 18:00 (Asia/Tokyo)"));
    EXPECT_THAT(message.blocks, HasSubstr(R"({"type":"user","user_id":"U123"})"));
  }
  for (const std::string& user : {std::string(), std::string("<!channel>"), hostile_text()}) {
    const RenderedMessage message =
        progress_message({hostile_text(), {}}, user, {Stage::kFailed, 0, 0, 0, hostile_text()}, kReader);
    expect_sound({message});
    EXPECT_THAT(message.blocks, Not(HasSubstr(R"("user_id")")));
  }
}

TEST(NoteMessage, is_plain_text_with_a_link_of_ours) {
  const RenderedMessage note = note_message("Thank you <!channel> *you*.\nSecond line.");
  expect_sound({note});
  EXPECT_THAT(texts_of(note), HasSubstr("Thank you <!channel> *you*.\nSecond line."));
  const RenderedMessage linked = note_message("Here:", "https://a.slack.com/archives/C1/p2");
  expect_sound({linked});
  EXPECT_THAT(linked.blocks, HasSubstr(R"("url":"https://a.slack.com/archives/C1/p2")"));
  for (const char* bad : {"javascript:alert(1)", "http://x", "https://x y", "https://x|<!channel>\n"}) {
    EXPECT_THAT(note_message("Here:", bad).blocks, Not(HasSubstr("\"link\"")));
  }
  for (const std::string& text : {std::string(), std::string(" \n"), hostile_text(), long_text()}) {
    expect_sound({note_message(text)});
  }
}

TEST(FormMessages, keep_limits_with_hostile_input) {
  for (const std::string& text : {std::string(), hostile_text(), long_text()}) {
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      const Reader reader{language, text};
      const FormInput input{text, {kNoTime, TimePoint::max()}};
      expect_sound({form_message(input, text, text, reader)});
      for (const std::string& view : {form_view(input, text, reader), confirm_view(text, text, reader),
                                      wrong_view(text, reader), question_view(text, reader)}) {
        EXPECT_THAT(slack_limits::problems_of_view(view), IsEmpty());
      }
    }
  }
}

TEST(InquiryMessages, keep_limits_with_hostile_input) {
  for (const std::string& text : {std::string(), hostile_text(), long_text()}) {
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      const Reader reader{language, text};
      for (const InquiryKind kind : {InquiryKind::kInsight, InquiryKind::kFindings}) {
        const Inquiry inquiry{kind, text, FindingSeverity::kInformational, 100'000};
        EXPECT_THAT(slack_limits::problems_of_view(inquiry_view(inquiry, AskWhere::kYes, text, reader)), IsEmpty());
        expect_sound({inquiry_progress_message(inquiry, {kNoTime, TimePoint::max()}, text, Progress{}, reader)});
      }
      expect_sound({retry_message(text, text, reader)});
      for (const std::size_t most : {1U, 2U}) {
        const auto answer = inquiry_answer_messages(text, "# " + text + "\n" + text + "\n" + text, language, most);
        expect_sound(answer);
        EXPECT_LE(answer.size(), most);
      }
    }
  }
  const auto cut = inquiry_answer_messages("Everything", long_text() + long_text(), Language::kEnglish, 1);
  EXPECT_THAT(texts_of(cut), HasSubstr("There is more than fits here"));
}

TEST(ReportMessages, show_a_models_markdown_and_nothing_of_others) {
  Report r = sample_report(Language::kEnglish);
  Narrative n;
  n.model = "model";
  n.checked = 1;
  n.summary = {{"`orders-db` was **cut off**", {}, true, ""}};
  r.narrative = n;
  r.similar = {{"P1", "old", r.incident.window.begin, "a **bold** headline", "", "", 0.8, {}}};
  const std::string blocks = report_messages(r, "s", kReader).front().blocks;
  EXPECT_THAT(blocks, HasSubstr(R"({"type":"text","text":"cut off","style":{"bold":true}})"));
  EXPECT_THAT(blocks, HasSubstr("a **bold** headline"));
}

/// Kana and ideographs.
bool has_japanese(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto a = static_cast<unsigned char>(text[i]);
    const auto b = static_cast<unsigned char>(text[i + 1]);
    if ((a == 0xE3 && b >= 0x81) || (a >= 0xE4 && a <= 0xE9)) return true;
  }
  return false;
}

TEST(MessagePhrases, are_complete_and_not_mixed) {
  for (const Words& words : all_message_words()) {
    EXPECT_FALSE(has_japanese(words.english)) << words.english;
    EXPECT_TRUE(has_japanese(words.japanese)) << words.japanese;
    // Both take the same arguments.
    for (const char* argument : {"{0}", "{1}", "{2}"}) {
      EXPECT_EQ(words.english.find(argument) == std::string_view::npos,
                words.japanese.find(argument) == std::string_view::npos)
          << words.english;
    }
  }
  EXPECT_FALSE(has_japanese(texts_of(report_messages(sample_report(Language::kEnglish), "s", kReader))));
}

}  // namespace
}  // namespace fa::chatops
