/// `fa2 lambda` as a whole: the three functions as Lambda runs them, between people in Slack and AWS, all of them
/// played on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/json.h"
#include "net/curl_client.h"
#include "support/aws/stand_in.h"
#include "support/lambda_runtime.h"
#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"

namespace fa {
namespace {

using test::gateway_event;
using test::gateway_response;
using test::LambdaRuntime;
using test::SlackMessage;
using test::SlackPerson;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kIncident = FA_PROJECT_DIR "/tests/scenarios/expired-certificate/input";
constexpr const char* kAlarms = "C0ALARMS";
constexpr const char* kReport = "fa2_confirm";
constexpr const char* kForm = "fa2_analyse";

test::AwsWorld aws_world(const test::SlackStandIn& slack) {
  test::AwsWorld world;
  world.dynamo_tables = {"fa2-jobs"};
  world.buckets["fa2-data"];
  world.secrets["fa2/bot-token"] = slack.world().bot_token;
  world.secrets["fa2/signing-secret"] = slack.world().signing_secret;
  world.detectors = {{"d1"}};
  return world;
}

HttpRequest request_of(std::string method, std::string path) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(path);
  return request;
}

/// Slack, AWS, an API gateway, and the functions between them.
class LambdaWorld {
 public:
  explicit LambdaWorld(std::string gateway_version = "2.0", bool base64 = true, const std::string& extra = "")
      : version_(std::move(gateway_version)),
        base64_(base64),
        config_(folder_.write("fa2.toml",
                              "[slack]\nbot_token = \"secretsmanager:fa2/bot-token\"\n"
                              "signing_secret = \"secretsmanager:fa2/signing-secret\"\napi_url = \"" +
                                  slack.api_url() + "\"\n[serve]\npaths = [\"" + kIncident + "\"]\n" + extra)),
        aws(aws_world(slack)),
        aws_server_(aws.handler()),
        edge(FA2_BINARY, environment("edge")),
        worker(FA2_BINARY, environment("worker")),
        findings(FA2_BINARY, environment("findings")) {
    aws.invoke = [this](const std::string& function, const std::string& payload) {
      if (function != "fa2-worker") return false;
      worker.invoke_later(payload);
      return true;
    };
    gateway_ = std::make_unique<test::HttpServer>([this](const HttpRequest& request) {
      test::ServerAnswer answer;
      answer.response = gateway_response(edge.invoke(gateway_event(request, version_, base64_)));
      return answer;
    });
  }
  ~LambdaWorld() { gateway_.reset(); }
  LambdaWorld(const LambdaWorld&) = delete;
  LambdaWorld& operator=(const LambdaWorld&) = delete;

  [[nodiscard]] std::map<std::string, std::string> environment(const std::string& role) const {
    return {{"FA2_LAMBDA_ROLE", role},
            {"FA2_CONFIG", config_.string()},
            {"FA2_JOB_TABLE", "fa2-jobs"},
            {"FA2_DATA_BUCKET", "fa2-data"},
            {"FA2_WORKER_FUNCTION", "fa2-worker"},
            {"FA2_SCRATCH", (folder_.path() / role).string()},
            {"AWS_REGION", "ap-northeast-1"},
            {"AWS_ACCESS_KEY_ID", "AKIASTANDIN"},
            {"AWS_SECRET_ACCESS_KEY", "stand-in-secret"},
            {"AWS_ENDPOINT_URL", aws_server_.url()}};
  }
  test::SlackReply tell(const test::SlackPayload& payload, const test::SlackSendOptions& options = {}) {
    return send_to_app(slack, gateway_->url() + "/slack/events", payload, options);
  }
  [[nodiscard]] std::vector<SlackMessage> said(const std::string& words) const {
    std::vector<SlackMessage> found;
    for (const SlackMessage& m : slack.messages(kAlarms)) {
      const bool ours = m.bot_id == slack.world().app_bot;
      if (ours && (m.text + m.blocks).find(words) != std::string::npos) found.push_back(m);
    }
    return found;
  }
  [[nodiscard]] std::string story() const {
    return slack.conversation_text(kAlarms) + edge.log() + worker.log() + findings.log();
  }

 private:
  std::string version_;
  bool base64_;
  test::TempFolder folder_;

 public:
  test::SlackStandIn slack;

 private:
  std::filesystem::path config_;

 public:
  test::AwsStandIn aws;

 private:
  test::HttpServer aws_server_;

 public:
  LambdaRuntime edge;
  LambdaRuntime worker;
  LambdaRuntime findings;

 private:
  std::unique_ptr<test::HttpServer> gateway_;
};

test::SlackTyped expired_window() {
  return {{"fa2_start/fa2_value", "1773474900"}, {"fa2_end/fa2_value", "1773478500"}};
}

TEST(Lambda, from_the_alarm_to_the_report) {
  LambdaWorld world;
  SlackPerson alice(world.slack, "U0ALICE");
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  EXPECT_EQ(world.tell(alarm.payload).status, 200) << world.story();
  EXPECT_EQ(world.tell(alarm.payload, {.retry_number = 1, .clock_off = std::chrono::seconds(2)}).status, 200);
  world.worker.wait_until_idle();
  ASSERT_EQ(world.said(kForm).size(), 1U) << world.story();
  const SlackMessage form = world.said(kForm).at(0);
  EXPECT_EQ(form.thread_ts, alarm.ts);

  EXPECT_EQ(world.tell(alice.clicks(kAlarms, form.ts, kForm, expired_window())).status, 200);
  world.worker.wait_until_idle();
  ASSERT_EQ(world.said(kReport).size(), 1U) << world.story();
  EXPECT_EQ(world.said(kReport).at(0).thread_ts, alarm.ts);
  EXPECT_EQ(world.slack.shared_files(".html").size(), 1U);
  EXPECT_THAT(world.slack.doubled(), IsEmpty());
  // The report outlives the functions: a new worker finds it.
  bool kept = false;
  for (const auto& [key, bytes] : world.aws.world().buckets["fa2-data"].objects)
    kept = kept || key.ends_with("report.json");
  EXPECT_TRUE(kept) << world.story();

  // A form is open before the request for it is answered, for the process sleeps behind its answer.
  EXPECT_EQ(world.tell(alice.runs_command(kAlarms, "/fa2", "checkout fails")).status, 200);
  EXPECT_EQ(world.slack.views().size(), 1U) << world.story();
  EXPECT_EQ(world.edge.starts(), 1);
  EXPECT_THAT(world.edge.log() + world.worker.log(), testing::Not(HasSubstr("\"level\":\"error\"")));

  // Old jobs are forgotten; young ones are not.
  const auto kept_house = world.worker.invoke(R"({"task":"housekeeping"})");
  EXPECT_TRUE(kept_house.answered) << kept_house.body;
  EXPECT_THAT(world.worker.log(), HasSubstr("\"forgotten\""));
}

TEST(Lambda, a_request_is_done_once_though_functions_are_lost) {
  LambdaWorld world("1.0", false);
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  world.aws.add_fault({"lambda", "Invoke", test::FaultKind::kDenied, -1});
  EXPECT_EQ(world.tell(alarm.payload).status, 200) << "stored, though the worker cannot be started";
  EXPECT_THAT(world.edge.log(), HasSubstr("worker_not_started"));
  world.edge.kill_program();
  // Slack did not hear the answer and comes again, to another one.
  EXPECT_EQ(world.tell(alarm.payload, {.retry_number = 1, .clock_off = std::chrono::seconds(2)}).status, 200)
      << world.story();
  EXPECT_EQ(world.edge.starts(), 2);
  // The worker's schedule finds the job.
  EXPECT_TRUE(world.worker.invoke("{}").answered) << world.worker.log();
  world.worker.kill_program();
  EXPECT_TRUE(world.worker.invoke("{}").answered) << world.worker.log();
  EXPECT_EQ(world.worker.starts(), 2);
  EXPECT_EQ(world.said(kForm).size(), 1U) << world.story();
  EXPECT_THAT(world.slack.doubled(), IsEmpty());
}

TEST(Lambda, a_worker_that_runs_out_of_time_puts_its_job_back) {
  LambdaWorld world;
  const auto alarm = test::post_alarm(world.slack, kAlarms);
  world.aws.invoke = [](const std::string&, const std::string&) { return true; };  // Taken, and done by nobody.
  EXPECT_EQ(world.tell(alarm.payload).status, 200);
  test::SlackFault silence;
  silence.method = "chat.postMessage";
  silence.kind = test::SlackFault::Kind::kNever;
  world.slack.add_fault(silence);
  const auto cut = world.worker.invoke("{}", std::chrono::seconds(2));
  EXPECT_TRUE(cut.answered) << "in time; " << cut.error_type << world.worker.log();
  EXPECT_THAT(cut.body, HasSubstr("\"idle\":false"));
  EXPECT_THAT(world.worker.log(), HasSubstr("worker_out_of_time"));
  EXPECT_EQ(world.aws.calls("lambda", "Invoke"), 2U) << "the edge's, and one to go on";
  // It may have to wait for its pause, as the schedule does.
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (world.said(kForm).empty() && std::chrono::steady_clock::now() < patience) {
    EXPECT_TRUE(world.worker.invoke("{}").answered);
  }
  EXPECT_EQ(world.said(kForm).size(), 1U) << world.story();
  EXPECT_EQ(world.worker.starts(), 1) << "it was not killed";
}

TEST(Lambda, a_scheduled_report_on_findings) {
  LambdaWorld world("2.0", true, "[aws]\nregion = \"ap-northeast-1\"\n");
  const std::string event = R"({"id":"e-1","channel":"C0ALARMS","severity":"high","days":7,"language":"ja"})";
  EXPECT_THAT(world.findings.invoke(event).body, HasSubstr("\"ordered\":true"));
  EXPECT_THAT(world.findings.invoke(event).body, HasSubstr("\"ordered\":false")) << "Lambda repeats events";
  world.worker.wait_until_idle();
  EXPECT_EQ(world.slack.shared_files(".pdf").size(), 1U) << world.story();
  EXPECT_THAT(world.slack.doubled(), IsEmpty());
  for (const char* wrong : {"", "[]", "{}", R"({"channel":"C1","severity":"awful"})", R"({"channel":"C1","days":0})",
                            R"({"channel":"C1","days":"7"})", R"({"channel":"C1","language":"xx"})"}) {
    const auto refused = world.findings.invoke(wrong);
    EXPECT_FALSE(refused.answered) << wrong;
    EXPECT_EQ(refused.error_type, "Fa2.InvalidInput");
  }
  EXPECT_EQ(world.findings.starts(), 1) << "what it refuses is no reason to end";
}

TEST(Lambda, refuses_what_is_not_for_it) {
  LambdaWorld world;
  const auto status = [&](HttpRequest request, const char* version = "2.0") {
    return gateway_response(world.edge.invoke(gateway_event(request, version, false))).status;
  };
  EXPECT_EQ(status(request_of("GET", "/healthz")), 200) << world.story();
  EXPECT_EQ(status(request_of("GET", "/metrics")), 404);
  EXPECT_EQ(status(request_of("GET", "/readyz"), "1.0"), 404);
  EXPECT_EQ(status(request_of("POST", "/slack/events")), 401);
  EXPECT_EQ(status(request_of("POST", "/elsewhere"), "1.0"), 404);
  HttpRequest large = request_of("POST", "/slack/events");
  large.body = std::string(2 << 20, 'x');
  EXPECT_EQ(status(large), 413);
  SlackPerson alice(world.slack, "U0ALICE");
  EXPECT_EQ(world.tell(alice.runs_command(kAlarms, "/fa2"), {.secret = "another"}).status, 401);
  for (const char* event : {"", "null", "{", "[]", R"({"version":"2.0"})", R"({"Records":[]})"}) {
    const auto outcome = world.edge.invoke(event);
    EXPECT_FALSE(outcome.answered) << event;
    EXPECT_EQ(outcome.error_type, "Fa2.InvalidInput");
  }
  world.edge.most_answer_bytes = 50;
  const auto refused = world.edge.invoke(gateway_event(request_of("GET", "/healthz"), "2.0", false));
  EXPECT_FALSE(refused.answered);
  EXPECT_EQ(world.edge.starts(), 1);
}

TEST(Lambda, says_once_why_it_cannot_start) {
  LambdaWorld world;
  auto environment = world.environment("edge");
  const test::TempFolder folder;
  environment["FA2_CONFIG"] = folder.write("fa2.toml", "[slack]\n障害 = 1\n").string();
  LambdaRuntime broken(FA2_BINARY, environment);
  const auto outcome = broken.invoke("{}");
  EXPECT_EQ(outcome.error_type, "Runtime.ExitError");
  ASSERT_EQ(broken.init_errors().size(), 1U) << broken.log();
  EXPECT_THAT(broken.init_errors().at(0).error_type, StartsWith("Fa2."));
  EXPECT_FALSE(parse_json(broken.init_errors().at(0).body).at("errorMessage").get<std::string>().empty());
  EXPECT_EQ(broken.starts(), 1) << "Lambda decides when to try again";

  environment = world.environment("conductor");
  LambdaRuntime unknown(FA2_BINARY, environment);
  unknown.invoke("{}");
  ASSERT_EQ(unknown.init_errors().size(), 1U);
  EXPECT_THAT(unknown.init_errors().at(0).body, HasSubstr("FA2_LAMBDA_ROLE"));
  environment = world.environment("worker");
  environment.erase("FA2_DATA_BUCKET");
  LambdaRuntime without_bucket(FA2_BINARY, environment);
  without_bucket.invoke("{}");
  ASSERT_EQ(without_bucket.init_errors().size(), 1U);
  EXPECT_THAT(without_bucket.init_errors().at(0).body, HasSubstr("FA2_DATA_BUCKET"));
}

}  // namespace
}  // namespace fa
