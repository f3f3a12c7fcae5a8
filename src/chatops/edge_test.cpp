#include "chatops/edge.h"

#include <gmock/gmock.h>

#include "base/json.h"
#include "chatops/flow_test_rig.h"
#include "chatops/flow_texts.h"
#include "chatops/job_payloads.h"

namespace fa::chatops {
namespace {

using testing::HasSubstr;
using testing::Not;

class EdgeTest : public FlowTest {
 protected:
  EdgeReply handle(const slack::Inbound& inbound) { return edge->handle(inbound, ""); }

  static slack::MessageEvent alarm(const std::string& ts = "100.1") {
    slack::MessageEvent m;
    m.event_id = "Ev" + ts;
    m.team = "T1";
    m.channel = "C1";
    m.app_id = "A6L22LZNH";
    m.bot_id = "BQ";
    m.ts = ts;
    m.plain_text = "CloudWatch Alarm | orders-5xx | ap-northeast-1 | Account: 123456789012\nState: ALARM";
    return m;
  }
  static slack::MessageEvent mention(const std::string& thread_ts) {
    slack::MessageEvent m;
    m.event_id = "EvM";
    m.team = "T1";
    m.channel = "C1";
    m.user = "U1";
    m.ts = "200.1";
    m.thread_ts = thread_ts;
    m.mention = true;
    m.text = "<@UBOT> was it the <https://db.example|database> &amp; why?";
    m.plain_text = "@UBOT was it the database & why?";
    return m;
  }
  static slack::SlashCommand command(const std::string& text = "") {
    return {"T1", "C1", "U1", "/fa2", text, "trigger", "https://hooks.slack.com/commands/1"};
  }
  /// The form as it comes back: what was prefilled, with these changes.
  slack::FormValues form_values(const std::string& description) const {
    const FormInput input{description, {kNow - std::chrono::minutes(40), kNow - std::chrono::minutes(10)}};
    const Json blocks = parse_json(form_message(input, "", "{}", Reader{}).blocks);
    slack::FormValues values;
    for (const Json& block : blocks) {
      if (block.value("type", "") != "input") continue;
      const Json& element = block.at("element");
      const std::string key =
          block.at("block_id").get<std::string>() + "/" + element.at("action_id").get<std::string>();
      if (element.contains("initial_value")) values[key] = element.at("initial_value").get<std::string>();
      if (element.contains("initial_date_time")) {
        values[key] = std::to_string(element.at("initial_date_time").get<std::int64_t>());
      }
    }
    return values;
  }
  slack::BlockAction button(std::string_view action, slack::FormValues values = {}, const std::string& value = "{}") {
    slack::BlockAction a;
    a.team = "T1";
    a.channel = "C1";
    a.user = "U1";
    a.message_ts = "100.2";
    a.thread_ts = "100.1";
    a.action_id = action;
    a.value = value;
    a.trigger_id = "trigger";
    a.response_url = "https://hooks.slack.com/actions/1";
    a.values = std::move(values);
    return a;
  }
  /// Jobs that wait, in the order they are done.
  std::vector<Job> waiting(JobLane lane = JobLane::kQuick) {
    std::vector<Job> all;
    for (;;) {
      const auto job = jobs->claim(lane, "test", std::chrono::minutes(2), clock.now());
      EXPECT_TRUE(job);
      if (!job || !*job) return all;
      all.push_back(**job);
    }
  }
};

TEST_F(EdgeTest, answers_what_slack_asks_when_an_app_is_set_up) {
  EXPECT_EQ(handle(slack::UrlVerification{"abc\"d"}).body, R"({"challenge":"abc\"d"})");
  EXPECT_EQ(handle(slack::SslCheck{}).status, 200);
  EXPECT_EQ(handle(slack::Ignored{"x"}).status, 200);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(EdgeTest, an_alarm_is_one_job_however_often_slack_sends_it) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(handle(alarm()).status, 200);
  const auto all = waiting();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, kOfferFormJob);
  const auto offer = form_offer_from_json(all[0].payload);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->place.thread_ts, "100.1");
  EXPECT_EQ(offer->alarm_name, "orders-5xx");
  EXPECT_THAT(offer->input.description, HasSubstr("orders-5xx"));
  EXPECT_LT(offer->input.window.begin, offer->input.window.end);
  EXPECT_FALSE(offer->announce);
}

TEST_F(EdgeTest, only_alarms_are_alarms) {
  struct Case {
    const char* what;
    std::function<void(slack::MessageEvent&)> change;
    bool offered;
  };
  settings.alarm_patterns = {"(?i)sev[12]\\b"};
  build();
  const Case cases[] = {
      {"another app", [](auto& m) { m.app_id = "AOTHER"; }, false},
      {"a person", [](auto& m) { m.app_id.clear(), m.bot_id.clear(), m.user = "U1"; }, false},
      {"recovery",
       [](auto& m) { m.plain_text = "CloudWatch Alarm | orders-5xx | ap-northeast-1 | Account: 1\nState: OK"; }, false},
      {"in a thread", [](auto& m) { m.thread_ts = "1.1"; }, false},
      {"a pattern of another app", [](auto& m) { m.app_id = "AOTHER", m.plain_text = "SEV1: orders down"; }, true},
      {"a pattern by a person",
       [](auto& m) { m.app_id.clear(), m.bot_id.clear(), m.user = "U1", m.plain_text = "this is sev2"; }, true},
      {"our own words", [](auto& m) { m.app_id.clear(), m.bot_id = "BBOT", m.plain_text = "sev1"; }, false},
  };
  int i = 0;
  for (const Case& c : cases) {
    slack::MessageEvent m = alarm("300." + std::to_string(++i));
    c.change(m);
    EXPECT_EQ(handle(m).status, 200);
    EXPECT_EQ(waiting().size(), c.offered ? 1U : 0U) << c.what;
  }
}

TEST_F(EdgeTest, without_knowing_itself_it_does_not_listen_to_bots_by_pattern) {
  settings.alarm_patterns = {"sev1"};
  build();
  edge->set_identity({});
  slack::MessageEvent m = alarm();
  m.app_id = "AOTHER";
  m.plain_text = "sev1";
  handle(m);
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(handle(alarm("5.5")).status, 200);
  EXPECT_EQ(waiting().size(), 1U);
}

TEST_F(EdgeTest, the_command_opens_a_form_at_once_in_the_users_language) {
  slack.add_user({"U1", "Asia/Tokyo", "ja-JP", false});
  EXPECT_EQ(handle(command("orders are down")).body, "");
  errands->finish_all();
  ASSERT_EQ(slack.views().size(), 1U);
  EXPECT_THAT(slack.views()[0], HasSubstr("orders are down"));
  EXPECT_THAT(slack.views()[0], HasSubstr(kFormView));
  EXPECT_THAT(slack.views()[0], HasSubstr("Asia/Tokyo"));
  EXPECT_THAT(handle(command("help")).body, HasSubstr("ephemeral"));
  EXPECT_THAT(handle(command("help")).body, HasSubstr("/insight"));
  EXPECT_TRUE(waiting().empty());
}

TEST_F(EdgeTest, a_form_that_cannot_be_opened_is_said) {
  slack.fail_next("views.open", {{ErrorCode::kNotFound, "The trigger has expired.", "expired_trigger_id"}, false});
  handle(command());
  errands->finish_all();
  ASSERT_EQ(slack.responses().size(), 1U);
  EXPECT_THAT(slack.responses()[0], HasSubstr("expired"));
}

TEST_F(EdgeTest, a_submitted_form_is_one_analysis_whatever_is_clicked_twice) {
  const slack::FormValues values = form_values("orders answers 503");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(handle(button(kAnalyseAction, values)).status, 200);
  errands->finish_all();
  EXPECT_THAT(slack.responses(), testing::Each(HasSubstr("already")));
  const auto all = waiting();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, kAcknowledgeJob);
  const auto order = analysis_order_from_json(all[0].payload);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->input.description, "orders answers 503");
  EXPECT_EQ(order->input.window.length(), std::chrono::minutes(30));
  EXPECT_EQ(order->place.thread_ts, "100.1");
  EXPECT_EQ(order->form_ts, "100.2");
  EXPECT_EQ(all[0].id, "ack-" + order->run);
}

TEST_F(EdgeTest, what_cannot_be_analysed_is_said_and_nothing_is_stored) {
  slack::FormValues values = form_values("x");
  for (auto& [key, value] : values) {
    if (value == "x") value = "   ";
  }
  handle(button(kAnalyseAction, values));
  errands->finish_all();
  ASSERT_EQ(slack.responses().size(), 1U);
  EXPECT_TRUE(waiting().empty());
  slack::ViewSubmission v{"T1",  "U1", "V9", std::string(kFormView), to_json(ModalState{{"T1", "C1", ""}, {}, "", {}}),
                          values};
  EXPECT_THAT(handle(v).body, HasSubstr("\"response_action\""));
  EXPECT_TRUE(waiting().empty());
}

TEST_F(EdgeTest, a_modal_is_one_request_and_knows_where_it_was_opened) {
  ModalState state{{"T1", "C1", "55.5"}, {"arn:x", "orders", "", ""}, "", {Language::kJapanese, "Asia/Tokyo"}};
  const slack::ViewSubmission v{"T1", "U1", "V1", std::string(kFormView), to_json(state), form_values("503s")};
  EXPECT_EQ(handle(v).body, "");
  EXPECT_EQ(handle(v).body, "");
  const auto all = waiting();
  ASSERT_EQ(all.size(), 1U);
  const auto order = analysis_order_from_json(all[0].payload);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->place.thread_ts, "55.5");
  EXPECT_EQ(order->alarm.arn, "arn:x");
  EXPECT_EQ(order->reader.language, Language::kJapanese);
  EXPECT_EQ(order->form_ts, "");
}

TEST_F(EdgeTest, decisions_and_questions_go_through_a_modal) {
  const std::string value = to_json(ReportState{"run-1", "egress policy"});
  for (const std::string_view action : {kConfirmAction, kWrongAction, kAskAction}) handle(button(action, {}, value));
  errands->finish_all();
  ASSERT_EQ(slack.views().size(), 3U);
  std::string all_views;
  for (const std::string& view : slack.views()) all_views += view;
  EXPECT_THAT(all_views, HasSubstr("egress policy"));
  for (const std::string_view view : {kConfirmView, kWrongView, kQuestionView}) EXPECT_THAT(all_views, HasSubstr(view));
  const std::string state = to_json(ModalState{{"T1", "C1", "100.1"}, {}, "run-1", {}});
  handle(slack::ViewSubmission{"T1", "U1", "V2", std::string(kConfirmView), state, {}});
  handle(slack::ViewSubmission{"T1", "U1", "V3", std::string(kQuestionView), state, {}});
  EXPECT_EQ(waiting().at(0).kind, kDecideJob);
  const auto asked = waiting(JobLane::kAnalysis);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].kind, kAnswerJob);
}

TEST_F(EdgeTest, wider_means_the_same_again_with_a_longer_window_once) {
  handle(button(kAnalyseAction, form_values("503s")));
  const auto first = waiting();
  ASSERT_EQ(first.size(), 1U);
  const auto order = analysis_order_from_json(first[0].payload);
  ASSERT_TRUE(order);
  // The analysis itself is stored by the acknowledgement.
  ASSERT_TRUE(jobs->finish({first[0].id, first[0].fence}, {analyse_job(*order)}, clock.now()));
  const std::string value = to_json(ReportState{order->run, ""});
  handle(button(kWiderAction, {}, value));
  handle(button(kWiderAction, {}, value));
  const auto second = waiting();
  ASSERT_EQ(second.size(), 1U);
  const auto wider = analysis_order_from_json(second[0].payload);
  ASSERT_TRUE(wider);
  EXPECT_NE(wider->run, order->run);
  EXPECT_EQ(wider->input.description, order->input.description);
  EXPECT_EQ(wider->input.window.begin, order->input.window.begin - order->input.window.length());
  EXPECT_GT(wider->input.window.end, order->input.window.end);
  EXPECT_LE(wider->input.window.end, kNow);
  handle(button(kWiderAction, {}, to_json(ReportState{"run-unknown", ""})));
  errands->finish_all();
  EXPECT_THAT(slack.responses().back(), HasSubstr("no finished analysis"));
}

TEST_F(EdgeTest, mentions_ask_in_threads_and_begin_elsewhere) {
  handle(mention("100.1"));
  const auto asked = waiting(JobLane::kAnalysis);
  ASSERT_EQ(asked.size(), 1U);
  const auto question = question_from_json(asked[0].payload);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->text, "was it the database & why?");
  slack::MessageEvent root = mention("");
  root.ts = "201.1";
  root.event_id = "Ev2";
  handle(root);
  ASSERT_EQ(waiting().size(), 1U);
}

TEST_F(EdgeTest, the_message_shortcut_opens_the_form_prefilled_in_its_thread) {
  slack::MessageShortcut s;
  s.team = "T1";
  s.channel = "C1";
  s.user = "U1";
  s.callback_id = kMessageShortcut;
  s.trigger_id = "t";
  s.message = alarm("77.7");
  handle(s);
  errands->finish_all();
  ASSERT_EQ(slack.views().size(), 1U);
  EXPECT_THAT(slack.views()[0], HasSubstr("orders-5xx"));
  EXPECT_THAT(slack.views()[0], HasSubstr("77.7"));
}

TEST_F(EdgeTest, who_is_not_allowed_spends_nothing_and_is_told) {
  settings.users = {"UBOSS"};
  settings.channels = {"C1"};
  build();
  EXPECT_THAT(handle(command()).body, HasSubstr("allow-list"));
  handle(button(kAnalyseAction, form_values("x")));
  handle(button(kWiderAction, {}, to_json(ReportState{"run-1", ""})));
  handle(mention("1.1"));
  handle(slack::ViewSubmission{"T1", "U1", "V1", std::string(kFormView),
                               to_json(ModalState{{"T1", "C1", ""}, {}, "", {}}), form_values("x")});
  errands->finish_all();
  EXPECT_TRUE(slack.views().empty());
  EXPECT_EQ(slack.responses().size(), 2U);
  EXPECT_EQ(slack.ephemerals().size(), 1U);
  EXPECT_TRUE(waiting().empty());
  EXPECT_TRUE(waiting(JobLane::kAnalysis).empty());
  const auto audit = jobs->audit_log(10);
  ASSERT_TRUE(audit);
  ASSERT_EQ(audit->size(), 5U);
  for (const AuditEntry& entry : *audit) EXPECT_EQ(entry.action, "refused");
  // Alarms have no user; the channel decides.
  handle(alarm());
  EXPECT_EQ(waiting().size(), 1U);
  slack::MessageEvent elsewhere = alarm("9.9");
  elsewhere.channel = "C2";
  handle(elsewhere);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(EdgeTest, too_many_waiting_analyses_are_told_and_can_be_sent_again) {
  settings.max_queued = 1;
  build();
  NewJob job;
  job.id = "waits";
  job.kind = std::string(kAnalyseJob);
  job.lane = JobLane::kAnalysis;
  ASSERT_TRUE(jobs->accept({"waits"}, {job}, clock.now()));
  const slack::FormValues values = form_values("503s");
  handle(button(kAnalyseAction, values));
  const std::string state = to_json(ModalState{{"T1", "C1", ""}, {}, "", {}});
  EXPECT_THAT(handle(slack::ViewSubmission{"T1", "U1", "V1", std::string(kFormView), state, values}).body,
              HasSubstr("1 analyses are waiting"));
  errands->finish_all();
  EXPECT_THAT(slack.responses().at(0), HasSubstr("1 analyses are waiting"));
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(waiting(JobLane::kAnalysis).size(), 1U);
  const auto claimed = jobs->job("waits");
  ASSERT_TRUE(claimed);
  ASSERT_TRUE(jobs->finish({"waits", claimed->fence}, {}, clock.now()));
  handle(button(kAnalyseAction, values));
  EXPECT_EQ(waiting().size(), 1U);
}

TEST_F(EdgeTest, alarms_from_elsewhere_go_to_their_channel_once) {
  alarms::AlarmNotice firing;
  firing.source = "cloudwatch";
  firing.name = "orders-5xx";
  firing.state = alarms::AlarmState::kAlarm;
  alarms::AlarmNotice fine = firing;
  fine.state = alarms::AlarmState::kOk;
  EXPECT_EQ(edge->alarms({firing, fine}, "sns:1", "C9").status, 200);
  EXPECT_EQ(edge->alarms({firing, fine}, "sns:1", "C9").status, 200);
  const auto all = waiting();
  ASSERT_EQ(all.size(), 1U);
  const auto offer = form_offer_from_json(all[0].payload);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->place.channel, "C9");
  EXPECT_TRUE(offer->announce);
}

TEST_F(EdgeTest, a_signature_counts_once_even_after_a_restart) {
  const slack::Inbound first = alarm("1.1");
  slack::MessageEvent other = alarm("2.2");
  EXPECT_EQ(edge->handle(first, "v0=abc").status, 200);
  build();
  EXPECT_EQ(edge->handle(other, "v0=abc").status, 200);
  EXPECT_EQ(waiting().size(), 1U);
}

TEST_F(EdgeTest, the_log_holds_no_words_of_people) {
  handle(command("my secret words"));
  handle(button(kAnalyseAction, form_values("my secret words")));
  handle(mention("1.1"));
  errands->finish_all();
  EXPECT_THAT(logged, HasSubstr("investigate"));
  EXPECT_THAT(logged, Not(HasSubstr("secret words")));
  EXPECT_THAT(logged, Not(HasSubstr("database")));
}

TEST_F(EdgeTest, languages_follow_user_then_locale_then_team) {
  settings.languages = {{"T1", Language::kJapanese}, {"U9", Language::kEnglish}};
  build();
  EXPECT_EQ(directory->known("T1", "U1").language, Language::kJapanese);
  EXPECT_EQ(directory->known("T2", "U1").language, Language::kEnglish);
  slack.add_user({"U2", "Europe/Paris", "en-GB", false});
  slack.add_user({"U9", "Asia/Tokyo", "ja-JP", false});
  EXPECT_EQ(directory->ask("T1", "U2", std::chrono::seconds(1), Context{}).language, Language::kEnglish);
  EXPECT_EQ(directory->known("T1", "U2").time_zone, "Europe/Paris");
  EXPECT_EQ(directory->ask("T1", "U9", std::chrono::seconds(1), Context{}).language, Language::kEnglish);
  EXPECT_EQ(directory->ask("T1", "UNKNOWN", std::chrono::seconds(1), Context{}).time_zone, "UTC");
}

}  // namespace
}  // namespace fa::chatops
