/// `fa2 serve` as a whole, between people in Slack (a stand-in on loopback) and the bundled incident.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "alarms/sns.h"
#include "net/curl_client.h"
#include "support/serve_world.h"
#include "support/slack/socket_stand_in.h"

namespace fa {
namespace {

using test::ServeWorld;
using test::SlackMessage;
using test::SlackPerson;
using test::SlackTyped;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kStorefront = FA_PROJECT_DIR "/examples/storefront/incident";
const std::string kSmall = FA_PROJECT_DIR "/tests/scenarios/expired-certificate/input";
constexpr const char* kAlarms = "C0ALARMS";
constexpr const char* kReport = "fa2_confirm";  // The buttons stand below a report and nowhere else.
constexpr const char* kForm = "fa2_analyse";

/// 2026-11-23 20:28:44 to 20:33:44 UTC, when the storefront failed.
SlackTyped storefront_window() { return {{"fa2_start/fa2_value", "1795465680"}, {"fa2_end/fa2_value", "1795466040"}}; }

/// Nothing was said twice, refused by Slack for what it was (but for `expected`), or notified anybody.
void expect_clean(const ServeWorld& world, const std::set<std::string>& expected = {}) {
  EXPECT_THAT(world.slack.doubled(), IsEmpty());
  std::vector<std::string> refusals = world.slack.refusals();
  std::erase_if(refusals, [&](const std::string& refusal) { return expected.contains(refusal); });
  EXPECT_THAT(refusals, IsEmpty());
  std::set<std::string> pinged;
  // Whoever asked is named in the acknowledgement, by an element of ours: so the answer reaches them.
  for (const auto& ping : world.slack.pings()) {
    if (!ping.by_element || !ping.whom.starts_with("U0")) pinged.insert(ping.method + " " + ping.whom);
  }
  EXPECT_THAT(pinged, IsEmpty());
}

/// Messages with that place in their job, whatever became of them since.
std::size_t delivered(const ServeWorld& world, const std::string& place) {
  std::size_t count = 0;
  for (const SlackMessage& m : world.slack.messages_of_app()) count += m.delivery_id.ends_with(place) ? 1U : 0U;
  return count;
}

/// The Markdown file is the last one of a report: with it, all of them were shared.
std::size_t reports_with_files(const ServeWorld& world) { return world.slack.shared_files(".md").size(); }

/// The one shared file with that ending; empty where there is none, or another number.
std::string shared_file(const ServeWorld& world, const std::string& ending) {
  const auto files = world.slack.shared_files(ending);
  return files.size() == 1 ? files.front().bytes : std::string();
}

/// Sends all forms that wait for it.
void send_forms(ServeWorld& world, SlackPerson& person) {
  for (const SlackMessage& form : world.said(kAlarms, kForm)) {
    // A form that was sent before loses its button in the meantime.
    if (const auto click = person.clicks_if_there(kAlarms, form.ts, kForm, storefront_window())) world.tell(*click);
  }
}

TEST(Serve, from_the_alarm_to_the_confirmed_cause) {
  ServeWorld world(kStorefront);
  world.start();
  SlackPerson alice(world.slack, "U0ALICE");
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  EXPECT_EQ(world.tell(alarm.payload).status, 200);
  // Slack's retry comes later, so it is signed anew; the very same request again is a replay.
  EXPECT_EQ(world.tell(alarm.payload, {.retry_number = 1, .clock_off = std::chrono::seconds(2)}).status, 200);
  EXPECT_EQ(world.tell(alarm.payload, {.retry_number = 1, .clock_off = std::chrono::seconds(2)}).status, 401);
  const auto form = world.wait_for(kAlarms, kForm);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->thread_ts, alarm.ts);
  EXPECT_THAT(form->blocks, HasSubstr("orders-5xx"));

  const auto click = alice.clicks(kAlarms, form->ts, kForm, storefront_window());
  const auto second_click = alice.clicks(kAlarms, form->ts, kForm, storefront_window());
  EXPECT_EQ(world.tell(click).status, 200);
  EXPECT_EQ(world.tell(second_click).status, 200);
  const auto report = world.wait_for(kAlarms, kReport);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->thread_ts, alarm.ts);
  ASSERT_TRUE(world.slack.wait_until([&] { return reports_with_files(world) >= 1; }));
  const std::string talk = world.slack.conversation_text(kAlarms);
  EXPECT_THAT(talk, HasSubstr("postgresql/orders"));
  EXPECT_THAT(talk, HasSubstr("pg.connect"));
  EXPECT_THAT(shared_file(world, ".html"), HasSubstr("<html"));
  EXPECT_THAT(shared_file(world, ".md"), HasSubstr("postgresql/orders"));
  EXPECT_THAT(shared_file(world, ".pdf"), StartsWith("%PDF-"));
  // Pictures are shown in the thread, and say what they show.
  for (const char* picture : {"-diagram.png", "-charts.png"}) {
    const auto shown = world.slack.shared_files(picture);
    ASSERT_EQ(shown.size(), 1U) << picture << world.process->log();
    EXPECT_THAT(shown.front().bytes, StartsWith("\x89PNG"));
    EXPECT_FALSE(shown.front().alt_text.empty());
    EXPECT_EQ(shown.front().shares.front().thread_ts, alarm.ts);
  }

  // What people say of it is kept, and asked for in a modal.
  EXPECT_EQ(world.tell(alice.clicks(kAlarms, report->ts, "fa2_confirm")).status, 200);
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.views().size() == 1; }));
  const auto view = world.slack.views().at(0);
  EXPECT_EQ(world
                .tell(alice.submits(view.id, {{"fa2_cause/fa2_value", "egress policy of orders"},
                                              {"fa2_fix/fa2_value", "rolled back"}}))
                .status,
            200);
  ASSERT_TRUE(world.wait_for(kAlarms, "egress policy of orders"));
  const auto kept = test::run_fa2({"incidents", "--config", world.config().string()}, world.folder().path());
  EXPECT_THAT(kept.out, HasSubstr("it was: egress policy of orders"));
  EXPECT_THAT(kept.out, HasSubstr("fixed by: rolled back"));

  // A question without a model is answered by how to get one.
  EXPECT_EQ(world.tell(alice.mentions_app(kAlarms, "was it the database?", alarm.ts).payload).status, 200);
  EXPECT_TRUE(world.wait_for(kAlarms, "No language model is configured"));

  // Wider: once, and the progress message says so.
  const auto wider = alice.clicks(kAlarms, report->ts, "fa2_wider");
  EXPECT_EQ(world.tell(wider).status, 200);
  EXPECT_TRUE(world.wait_for(kAlarms, kReport, 2));
  EXPECT_EQ(world.process->terminate(), 0) << world.process->log();
  expect_clean(world);
}

TEST(Serve, the_command_opens_a_form_and_begins_a_thread_in_japanese) {
  ServeWorld world(kStorefront);
  world.start();
  SlackPerson kenji(world.slack, "U0KENJI");
  EXPECT_EQ(world.tell(kenji.runs_command(kAlarms, "/fa2", "注文が 503 になる")).status, 200);
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.views().size() == 1; }));
  const auto view = world.slack.views().at(0);
  EXPECT_THAT(view.view, HasSubstr("注文が 503 になる"));
  SlackTyped backwards = storefront_window();
  std::swap(backwards["fa2_start/fa2_value"], backwards["fa2_end/fa2_value"]);
  const auto refused = world.tell(kenji.submits(view.id, backwards));
  EXPECT_THAT(refused.body, HasSubstr("errors"));
  const auto submitted = kenji.submits(view.id, storefront_window());
  EXPECT_EQ(world.tell(submitted).body, "");
  EXPECT_EQ(world.tell(submitted, {.clock_off = std::chrono::seconds(1)}).body, "");
  const auto report = world.wait_for(kAlarms, kReport);
  ASSERT_TRUE(report);
  const auto progress = world.said(kAlarms, "注文が 503 になる");
  ASSERT_FALSE(progress.empty());
  EXPECT_EQ(progress.front().thread_ts, "");
  EXPECT_EQ(report->thread_ts, progress.front().ts);
  EXPECT_THAT(world.slack.conversation_text(kAlarms), Not(HasSubstr("Likeliest")));
  ASSERT_TRUE(world.slack.wait_until([&] { return reports_with_files(world) >= 1; }));
  EXPECT_EQ(world.process->terminate(), 0);
  expect_clean(world);
}

TEST(Serve, a_findings_report_goes_from_the_form_to_the_pdf) {
  const test::TempFolder findings;
  (void)findings.write("findings.json", R"({"Findings":[{"SchemaVersion":"2018-10-08",
      "Id":"arn:aws:securityhub:us-east-1:123456789012:subscription/x/S3.8/finding/1",
      "ProductArn":"arn:aws:securityhub:us-east-1::product/aws/securityhub","ProductName":"Security Hub",
      "GeneratorId":"security-control/S3.8","AwsAccountId":"123456789012","Types":["Software and Configuration Checks"],
      "CreatedAt":"2026-11-20T10:00:00.000Z","UpdatedAt":"2026-11-23T10:00:00.000Z","Severity":{"Label":"HIGH"},
      "Title":"S3 buckets should block public access <!channel>","Description":"This bucket is open.",
      "Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::orders-exports","Region":"us-east-1"}],
      "Compliance":{"Status":"FAILED","SecurityControlId":"S3.8"},"Workflow":{"Status":"NEW"},"RecordState":"ACTIVE"}]})");
  ServeWorld world(findings.path().string());
  world.start();
  SlackPerson alice(world.slack, "U0ALICE");
  EXPECT_EQ(world.tell(alice.runs_command(kAlarms, "/findings-report", "--severity high")).status, 200);
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.views().size() == 1; }));
  const auto submitted = alice.submits(world.slack.views().at(0).id, {});
  EXPECT_EQ(world.tell(submitted).body, "");
  EXPECT_EQ(world.tell(submitted, {.clock_off = std::chrono::seconds(1)}).body, "");
  const auto acknowledged = world.wait_for(kAlarms, "high and above");
  ASSERT_TRUE(acknowledged);
  const auto summary = world.wait_for(kAlarms, "orders-exports");
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->thread_ts, acknowledged->ts);
  EXPECT_THAT(summary->blocks, Not(HasSubstr("<a id")));
  ASSERT_TRUE(world.slack.wait_until([&] { return !world.slack.shared_files(".html").empty(); }));
  EXPECT_THAT(shared_file(world, ".pdf"), StartsWith("%PDF-"));
  EXPECT_EQ(world.slack.shared_files(".pdf").front().shares.front().thread_ts, "") << "where everybody reads";
  EXPECT_EQ(world.slack.shared_files(".html").front().shares.front().thread_ts, acknowledged->ts);
  EXPECT_EQ(world.process->terminate(), 0) << world.process->log();
  expect_clean(world);
}

TEST(Serve, a_question_about_metrics_is_answered_in_a_thread_and_asked_on_there) {
  ServeWorld world(kStorefront);
  world.start();
  SlackPerson kenji(world.slack, "U0KENJI");
  EXPECT_EQ(world.tell(kenji.runs_command(kAlarms, "/insight", "CPU 使用率は増えていますか --days 1")).status, 200);
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.views().size() == 1; }));
  EXPECT_EQ(world.tell(kenji.submits(world.slack.views().at(0).id, {})).body, "");
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.shared_files(".html").size() == 1; }))
      << world.slack.conversation_text(kAlarms) << world.process->log();
  const auto acknowledged = world.said(kAlarms, "CPU 使用率は増えていますか");
  ASSERT_FALSE(acknowledged.empty());
  const std::string thread = acknowledged.front().ts;
  EXPECT_EQ(delivered(world, "/answer-0"), 1U);
  EXPECT_THAT(shared_file(world, ".pdf"), StartsWith("%PDF-"));
  EXPECT_FALSE(world.slack.shared_files(".png").empty()) << world.process->log();
  EXPECT_EQ(world.slack.shared_files(".pdf").front().shares.front().thread_ts, thread);
  // The next question in its thread needs no form.
  EXPECT_EQ(world.tell(kenji.mentions_app(kAlarms, "メモリは足りていますか", thread).payload).status, 200);
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.shared_files(".html").size() == 2; }))
      << world.slack.conversation_text(kAlarms) << world.process->log();
  EXPECT_EQ(world.process->terminate(), 0) << world.process->log();
  expect_clean(world);
}

TEST(Serve, whatever_slack_does_every_message_comes_once) {
  ServeWorld world(kSmall);
  test::SlackChaos chaos;
  chaos.seed = 11;
  chaos.rate = 0.3;
  using Kind = test::SlackFault::Kind;
  for (const Kind kind : {Kind::kRateLimited, Kind::kServerError, Kind::kCut, Kind::kGarbage}) {
    for (const bool after : {false, true}) {
      test::SlackFault fault;
      fault.kind = kind;
      fault.after_effect = after && kind != Kind::kRateLimited;
      fault.retry_after = 0;
      chaos.choices.push_back(fault);
    }
  }
  world.slack.set_chaos(chaos);
  world.start();
  constexpr int kRequests = 8;
  for (int i = 0; i < kRequests; ++i) {
    test::SlackAlarm alarm;
    alarm.name = "alarm-" + std::to_string(i);
    ASSERT_EQ(world.tell(test::post_alarm(world.slack, kAlarms, alarm).payload).status, 200);
  }
  ASSERT_TRUE(
      world.slack.wait_until([&] { return world.said(kAlarms, kForm).size() >= kRequests; }, std::chrono::minutes(2)))
      << world.process->log();
  SlackPerson alice(world.slack, "U0ALICE");
  send_forms(world, alice);
  EXPECT_TRUE(
      world.slack.wait_until([&] { return world.said(kAlarms, kReport).size() >= kRequests; }, std::chrono::minutes(3)))
      << world.process->log();
  world.slack.clear_faults();
  EXPECT_TRUE(world.slack.wait_until([&] { return reports_with_files(world) >= kRequests; }, std::chrono::minutes(3)));
  EXPECT_EQ(world.process->terminate(), 0);
  // Garbage with status 200 from an upload address looks like its "OK": only sharing tells that nothing was kept.
  expect_clean(world, {"files.completeUploadExternal: file_not_found"});
}

TEST(Serve, killed_at_any_moment_nothing_is_lost_or_said_twice) {
  ServeWorld world(kSmall, "serve: max_attempts = 100\n");
  SlackPerson alice(world.slack, "U0ALICE");
  std::mt19937 random(5);
  constexpr std::size_t kKills = 12;
  constexpr std::size_t kAsked = 10;
  std::size_t accepted = 0;
  for (std::size_t kill = 0; kill < kKills; ++kill) {
    world.start();
    if (accepted < kAsked) {
      test::SlackAlarm alarm;
      alarm.name = "alarm-" + std::to_string(accepted);
      // Slack tells again what was not answered.
      if (world.tell(test::post_alarm(world.slack, kAlarms, alarm).payload).status == 200) ++accepted;
    }
    send_forms(world, alice);
    // Not after a time, which would be another one on another machine, but after so many calls of Slack.
    const std::size_t calls = world.slack.calls().size() + random() % 6;
    (void)world.slack.wait_until([&] { return world.slack.calls().size() >= calls; }, std::chrono::milliseconds(400));
    world.process->kill_now();
  }
  world.start();
  for (; accepted < kAsked; ++accepted) {
    test::SlackAlarm alarm;
    alarm.name = "alarm-" + std::to_string(accepted);
    ASSERT_EQ(world.tell(test::post_alarm(world.slack, kAlarms, alarm).payload).status, 200);
  }
  ASSERT_TRUE(world.slack.wait_until([&] { return delivered(world, "/form") >= kAsked; })) << world.process->log();
  send_forms(world, alice);
  ASSERT_TRUE(world.slack.wait_until(
      [&] { return world.said(kAlarms, kReport).size() >= kAsked && reports_with_files(world) >= kAsked; },
      std::chrono::minutes(3)))
      << world.slack.conversation_text(kAlarms) << world.process->log();
  EXPECT_EQ(world.process->terminate(), 0);
  EXPECT_EQ(delivered(world, "/form"), kAsked);
  EXPECT_EQ(delivered(world, "/progress"), kAsked);
  EXPECT_EQ(world.said(kAlarms, kReport).size(), kAsked);
  expect_clean(world);
}

TEST(Serve, forged_requests_do_nothing) {
  ServeWorld world(kSmall);
  world.start();
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  EXPECT_EQ(world.tell(alarm.payload, {.secret = "another secret"}).status, 401);
  EXPECT_EQ(world.tell(alarm.payload, {.clock_off = std::chrono::seconds(-400)}).status, 401);
  EXPECT_EQ(world.tell(alarm.payload, {.clock_off = std::chrono::seconds(400)}).status, 401);
  const auto challenge = test::send_to_app(world.slack, world.events_url(), test::url_verification_request("abc"));
  EXPECT_THAT(challenge.body, HasSubstr("abc"));
  EXPECT_EQ(test::send_to_app(world.slack, world.events_url(), test::ssl_check_request()).status, 200);
  EXPECT_EQ(world.tell(alarm.payload).status, 200);
  ASSERT_TRUE(world.wait_for(kAlarms, kForm));
  EXPECT_EQ(world.process->terminate(), 0);
  EXPECT_EQ(world.slack.messages_of_app().size(), 1U);
  expect_clean(world);
}

/// A request as any HTTP client makes it.
HttpResponse ask(const ServeWorld& world, const std::string& method, const std::string& path, HttpHeaders headers = {},
                 const std::string& body = "") {
  auto client = CurlClient::open({});
  EXPECT_TRUE(client);
  HttpRequest request;
  request.method = method;
  request.url = world.process->url() + path;
  request.headers = std::move(headers);
  request.body = body;
  request.direct = true;
  const auto response = (*client)->send(request, Context{}.within(std::chrono::seconds(30)));
  EXPECT_TRUE(response) << response.error().message;
  return response.value_or(HttpResponse{});
}

TEST(Serve, other_systems_raise_alarms_and_forgers_none) {
  ServeWorld world(kSmall,
                   "[alarms]\nchannel = \"C0ALARMS\"\n[webhook]\nsecret = \"env:WEBHOOK_SECRET\"\n"
                   "[alertmanager]\ntoken = \"env:AM_TOKEN\"\n[sns]\ntopics = [\"arn:aws:sns:us-east-1:1:t\"]");
  world.start();
  const std::string body = R"({"title":"Orders cannot be placed","entity":"orders"})";
  const std::string signature = alarms::sign_webhook(body, "webhook-secret", SystemClock().now());
  EXPECT_EQ(ask(world, "POST", "/webhook", {{"X-FA2-Signature", signature}}, body + " ").status, 401);
  EXPECT_EQ(ask(world, "POST", "/webhook", {}, body).status, 401);
  EXPECT_EQ(ask(world, "POST", "/webhook", {{"X-FA2-Signature", signature}}, body).status, 200);
  EXPECT_EQ(ask(world, "POST", "/webhook", {{"X-FA2-Signature", signature}}, body).status, 200);
  EXPECT_TRUE(world.wait_for(kAlarms, "Orders cannot be placed"));
  const std::string firing =
      R"({"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"HighErrorRate"},)"
      R"("annotations":{"summary":"<!channel> look"},"startsAt":"2026-11-27T08:30:00Z"}]})";
  EXPECT_EQ(ask(world, "POST", "/alertmanager", {{"Authorization", "Bearer wrong"}}, firing).status, 401);
  EXPECT_EQ(ask(world, "POST", "/alertmanager", {{"Authorization", "Bearer alertmanager-token"}}, firing).status, 200);
  EXPECT_TRUE(world.wait_for(kAlarms, "HighErrorRate"));
  EXPECT_EQ(ask(world, "POST", "/sns", {}, R"({"Type":"Notification"})").status, 400);
  EXPECT_EQ(ask(world, "POST", "/sns", {},
                R"({"Type":"Notification","MessageId":"m","TopicArn":"arn:aws:sns:us-east-1:1:t","Message":"x",)"
                R"("Timestamp":"2026-11-27T08:30:00Z","SignatureVersion":"2","Signature":"AAAA",)"
                R"("SigningCertURL":"https://evil.example/SimpleNotificationService-1.pem"})")
                .status,
            403);
  ASSERT_TRUE(world.slack.wait_until([&] { return delivered(world, "/form") == 2; }));
  // What is going on can be asked for; nothing of what people wrote is in it.
  EXPECT_EQ(ask(world, "GET", "/healthz").status, 200);
  EXPECT_EQ(ask(world, "GET", "/readyz").status, 200);
  const std::string metrics = ask(world, "GET", "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("fa2_refused_total{endpoint=\"webhook\",reason=\"signature\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("fa2_jobs{lane=\"quick\",state=\"done\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("fa2_ack_seconds_bucket"));
  EXPECT_EQ(ask(world, "GET", "/slack/events").status, 405);
  EXPECT_EQ(ask(world, "GET", "/elsewhere").status, 404);
  EXPECT_EQ(world.process->terminate(), 0);
  EXPECT_THAT(world.process->log(), Not(HasSubstr("Orders cannot be placed")));
  EXPECT_THAT(world.process->log(), Not(HasSubstr("webhook-secret")));
  expect_clean(world);
}

TEST(Serve, socket_mode_needs_no_public_address) {
  ServeWorld world(kSmall, "", true);
  test::SlackSocketStandIn socket(world.slack);
  world.start();
  SlackPerson alice(world.slack, "U0ALICE");
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  const std::string envelope = socket.send(alarm.payload);
  socket.send_again(envelope);
  const auto form = world.wait_for(kAlarms, kForm);
  ASSERT_TRUE(form);
  socket.send(alice.clicks(kAlarms, form->ts, kForm, storefront_window()));
  ASSERT_TRUE(world.wait_for(kAlarms, kReport));
  socket.send(alice.runs_command(kAlarms, "/fa2", "once more"));
  ASSERT_TRUE(world.slack.wait_until([&] { return world.slack.views().size() == 1; }));
  // What is wrong with a dialog goes back in the acknowledgement.
  SlackTyped backwards = storefront_window();
  std::swap(backwards["fa2_start/fa2_value"], backwards["fa2_end/fa2_value"]);
  const std::string wrong = socket.send(alice.submits(world.slack.views().at(0).id, backwards), true);
  ASSERT_TRUE(world.slack.wait_until([&] { return socket.unacknowledged().empty(); }));
  std::string answer;
  for (const auto& a : socket.acknowledgements()) answer += a.envelope_id == wrong ? a.payload : "";
  EXPECT_THAT(answer, HasSubstr("response_action"));
  EXPECT_EQ(test::send_to_app(world.slack, world.events_url(), alarm.payload).status, 404);
  EXPECT_EQ(world.process->terminate(), 0) << world.process->log();
  EXPECT_THAT(socket.problems(), IsEmpty());
  EXPECT_EQ(delivered(world, "/form"), 1U);
  expect_clean(world);
}

TEST(Serve, one_process_per_data_folder) {
  ServeWorld world(kSmall);
  world.start();
  test::ServeProcess second(FA2_BINARY, world.config(), world.environment());
  EXPECT_FALSE(second.listening());
  EXPECT_THAT(second.log(), HasSubstr(std::to_string(world.process->pid())));
  EXPECT_NE(second.wait_for_end(), 0);
  world.process->kill_now();
  world.start();
  EXPECT_EQ(world.process->terminate(), 0);
}

TEST(Serve, a_locked_database_is_told_and_survived) {
  ServeWorld world(kSmall);
  world.start();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((world.data() / "jobs.db").c_str(), &other), SQLITE_OK);
  sqlite3_busy_timeout(other, 10'000);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  EXPECT_EQ(world.tell(alarm.payload).status, 503);
  // The log is written beside the answer, not before it.
  EXPECT_TRUE(world.slack.wait_until(
      [&] { return world.process->log().find("request_not_stored") != std::string::npos; }, std::chrono::seconds(5)))
      << world.process->log();
  ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_EQ(world.tell(alarm.payload, {.retry_number = 1}).status, 200);
  EXPECT_TRUE(world.wait_for(kAlarms, kForm));
  EXPECT_EQ(world.process->terminate(), 0);
  expect_clean(world);
}

TEST(Serve, wrong_settings_are_said_before_anything_runs) {
  struct Case {
    std::string extra;
    std::string words;
  };
  const Case cases[] = {{"slack: time_zone = \"Mars/Olympus\"", "time_zone"},
                        {"slack: alarm_patterns = [\"(\"]", "alarm_patterns"},
                        {"slack: unknown = 1", "unknown key"},
                        {"[webhook]\nsecret = \"plain text\"", "reference"},
                        {"[sns]\ntopics = [\"arn:aws:sns:us-east-1:1:t\"]", "alarms.channel"}};
  for (const Case& c : cases) {
    const ServeWorld world(kSmall, c.extra);
    test::ServeProcess process(FA2_BINARY, world.config(), world.environment());
    EXPECT_FALSE(process.listening()) << c.extra;
    EXPECT_THAT(process.log(), HasSubstr(c.words));
    EXPECT_EQ(process.wait_for_end(), 2);
  }
}

}  // namespace
}  // namespace fa
