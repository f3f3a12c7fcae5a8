/// What the Slack stand-in checks, keeps and counts. Tests of the app rely on all of it.
#include "support/slack/slack_stand_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/json.h"
#include "net/test_client.h"
#include "support/http_server.h"
#include "support/slack/slack_person.h"

namespace fa::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = SlackFault::Kind;

/// The stand-in and somebody who calls it, without the product's own client.
class SlackStandInTest : public testing::Test {
 protected:
  Result<HttpResponse> post(const std::string& url, const std::string& type, const std::string& body,
                            const std::string& token = "xoxb-stand-in") {
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Content-Type", type}};
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    request.body = body;
    request.timeout = std::chrono::seconds(20);
    return client_->send(request, Context{});
  }
  Json call(const std::string& method, const Json& arguments, const std::string& token = "xoxb-stand-in") {
    const auto answer =
        post(slack_.api_url() + "/" + method, "application/json; charset=utf-8", json_text(arguments), token);
    return answer ? parse_json(answer->body) : Json{{"lost", answer.error().reason}};
  }
  Json call_form(const std::string& method, const std::string& body) {
    const auto answer = post(slack_.api_url() + "/" + method, "application/x-www-form-urlencoded", body);
    return answer ? parse_json(answer->body) : Json{{"lost", answer.error().reason}};
  }
  std::string error_of(const std::string& method, const Json& arguments) {
    return call(method, arguments).value("error", "");
  }
  static Json section(const std::string& text) {
    return {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}};
  }
  static Json text_message(const std::string& text) { return {{"channel", "C0ALARMS"}, {"text", text}}; }
  static Json with_blocks(Json blocks) {
    return {{"channel", "C0ALARMS"}, {"text", "x"}, {"blocks", std::move(blocks)}};
  }
  static Json delivery(const std::string& id, const std::string& thread_ts = {}) {
    Json message = text_message("hello");
    message["metadata"] = {{"event_type", "fa2_delivery"}, {"event_payload", {{"id", id}}}};
    if (!thread_ts.empty()) message["thread_ts"] = thread_ts;
    return message;
  }

  SlackStandIn slack_;
  std::unique_ptr<CurlClient> client_ = open_client();
};

TEST_F(SlackStandInTest, tokens_are_checked) {
  EXPECT_EQ(call("auth.test", Json::object()).value("user_id", ""), "U0FA2");
  EXPECT_EQ(call("auth.test", Json::object(), "").value("error", ""), "not_authed");
  EXPECT_EQ(call("auth.test", Json::object(), "xoxb-other").value("error", ""), "invalid_auth");
  EXPECT_EQ(call("auth.test", Json::object(), "xapp-stand-in").value("error", ""), "not_allowed_token_type");
  EXPECT_EQ(call("apps.connections.open", Json::object()).value("error", ""), "not_allowed_token_type");
  EXPECT_EQ(call("chat.invented", Json::object()).value("error", ""), "unknown_method");
  slack_.set_connection_urls([] { return "wss://example.invalid/link"; });
  EXPECT_EQ(call("apps.connections.open", Json::object(), "xapp-stand-in").value("url", ""),
            "wss://example.invalid/link");
}

TEST_F(SlackStandInTest, messages_are_kept_updated_and_found_again) {
  const Json first = call("chat.postMessage", delivery("d1"));
  ASSERT_TRUE(first.value("ok", false)) << first;
  const std::string ts = first.value("ts", "");
  const Json second = call("chat.postMessage", delivery("d2", ts));
  ASSERT_TRUE(second.value("ok", false)) << second;
  ASSERT_EQ(slack_.thread("C0ALARMS", ts).size(), 2U);
  EXPECT_EQ(slack_.thread("C0ALARMS", ts)[1].delivery_id, "d2");
  EXPECT_LT(ts, second.value("ts", ""));

  EXPECT_TRUE(call("chat.update", {{"channel", "C0ALARMS"}, {"ts", ts}, {"text", "new"}}).value("ok", false));
  EXPECT_EQ(slack_.message("C0ALARMS", ts)->text, "new");
  EXPECT_EQ(slack_.message("C0ALARMS", ts)->edits, 1);
  EXPECT_EQ(error_of("chat.update", {{"channel", "C0ALARMS"}, {"ts", "1.2"}, {"text", "new"}}), "message_not_found");
  EXPECT_EQ(error_of("chat.postMessage", delivery("d3", "1.2")), "thread_not_found");

  const Json bare = call_form("conversations.replies", "channel=C0ALARMS&ts=" + ts);
  EXPECT_FALSE(bare["messages"][0].contains("metadata")) << "only on demand";
  const Json page = call_form("conversations.replies", "channel=C0ALARMS&limit=1&include_all_metadata=true&ts=" + ts);
  EXPECT_EQ(page["messages"][0]["metadata"]["event_payload"]["id"], "d1");
  const std::string cursor = page["response_metadata"].value("next_cursor", "");
  const Json rest = call_form("conversations.replies", "channel=C0ALARMS&ts=" + ts + "&cursor=" + cursor);
  ASSERT_EQ(rest["messages"].size(), 1U);
  EXPECT_EQ(rest["messages"][0]["ts"], second["ts"]);
  EXPECT_FALSE(rest.contains("response_metadata"));
  EXPECT_EQ(call_form("conversations.history", "channel=C0ALARMS")["messages"].size(), 1U) << "replies are not in it";
  EXPECT_EQ(error_of("conversations.replies", {{"channel", "C0ALARMS"}, {"ts", ts}}), "channel_not_found")
      << "it takes no JSON";
  EXPECT_THAT(call_form("chat.getPermalink", "channel=C0ALARMS&message_ts=" + ts).value("permalink", ""),
              HasSubstr("/archives/C0ALARMS/p"));
}

TEST_F(SlackStandInTest, what_slack_does_not_take_is_refused) {
  EXPECT_EQ(error_of("chat.postMessage", {{"channel", "C9"}, {"text", "x"}}), "channel_not_found");
  EXPECT_EQ(error_of("chat.postMessage", {{"channel", "C0CLOSED"}, {"text", "x"}}), "not_in_channel");
  EXPECT_EQ(error_of("chat.postMessage", {{"channel", "C0ALARMS"}}), "no_text");
  EXPECT_EQ(error_of("chat.postMessage", text_message(std::string(40'001, 'x'))), "msg_too_long");
  const Json few = Json::array({section("ok")});
  Json many = Json::array();
  for (int i = 0; i < 51; ++i) many.push_back(Json{{"type", "divider"}});
  Json same_ids = Json::array({section("a"), section("b")});
  for (Json& b : same_ids) b["block_id"] = "same";
  const Json button{{"type", "button"},
                    {"action_id", "a"},
                    {"text", {{"type", "plain_text"}, {"text", "go"}}},
                    {"value", std::string(2001, 'v')}};
  const struct {
    const char* what;
    Json blocks;
  } bad[] = {
      {"many", many},
      {"same ids", same_ids},
      {"long section", Json::array({section(std::string(3001, 'x'))})},
      {"empty section", Json::array({section("")})},
      {"long header",
       Json::array({{{"type", "header"}, {"text", {{"type", "plain_text"}, {"text", std::string(151, 'x')}}}}})},
      {"mrkdwn header", Json::array({{{"type", "header"}, {"text", {{"type", "mrkdwn"}, {"text", "x"}}}}})},
      {"unknown", Json::array({{{"type", "carousel_of_tomorrow"}}})},
      {"long value", Json::array({{{"type", "actions"}, {"elements", Json::array({button})}}})},
  };
  for (const auto& c : bad) EXPECT_EQ(error_of("chat.postMessage", with_blocks(c.blocks)), "invalid_blocks") << c.what;
  EXPECT_EQ(slack_.refusals().size(), 4U + std::size(bad));
  EXPECT_THAT(slack_.messages("C0ALARMS"), IsEmpty());
  EXPECT_TRUE(call("chat.postMessage", with_blocks(few)).value("ok", false));
}

TEST_F(SlackStandInTest, pings_are_counted) {
  call("chat.postMessage", text_message("harmless &lt;!channel&gt; <https://x.example|<!here>"));
  call("chat.postMessage", with_blocks(Json::array({section("see <@U0ALICE|al> <!date^1^{date}|then>")})));
  Json element = {{"type", "broadcast"}, {"range", "everyone"}};
  element = {{"type", "rich_text_section"}, {"elements", Json::array({element})}};
  call("chat.postMessage", with_blocks(Json::array({{{"type", "rich_text"}, {"elements", Json::array({element})}}})));
  std::vector<std::string> whom;
  for (const SlackPing& p : slack_.pings()) whom.push_back(p.whom + (p.by_element ? " element" : ""));
  EXPECT_THAT(whom, ElementsAre("!here", "U0ALICE", "!everyone element"));
}

TEST_F(SlackStandInTest, views_are_opened_once_for_a_trigger) {
  const Json view{{"type", "modal"},
                  {"title", {{"type", "plain_text"}, {"text", "Analyse"}}},
                  {"blocks", Json::array({section("x")})}};
  Json long_title = view;
  long_title["title"]["text"] = std::string(25, 't');
  const std::string trigger = slack_.new_trigger();
  EXPECT_EQ(error_of("views.open", {{"trigger_id", "T?"}, {"view", view}}), "invalid_trigger_id");
  EXPECT_EQ(error_of("views.open", {{"trigger_id", trigger}, {"view", long_title}}), "invalid_arguments");
  const Json opened = call("views.open", {{"trigger_id", trigger}, {"view", view}});
  ASSERT_TRUE(opened.value("ok", false)) << opened;
  EXPECT_EQ(error_of("views.open", {{"trigger_id", trigger}, {"view", view}}), "exchanged_trigger_id");
  const std::string id = opened["view"].value("id", "");
  EXPECT_TRUE(call("views.update", {{"view_id", id}, {"view", view}}).value("ok", false));
  EXPECT_EQ(error_of("views.update", {{"view_id", "V?"}, {"view", view}}), "not_found");
  ASSERT_EQ(slack_.views().size(), 1U);
  EXPECT_EQ(slack_.views()[0].updates, 1);
}

TEST_F(SlackStandInTest, files_take_three_steps_and_doubles_are_counted) {
  const auto upload = [&](const std::string& bytes) {
    const Json asked = call_form("files.getUploadURLExternal", "filename=r.html&length=5");
    const auto sent = post(asked.value("upload_url", ""), "application/octet-stream", bytes, "");
    return std::pair(asked.value("file_id", ""), sent ? sent->status : 0);
  };
  const auto [file, status] = upload("12345");
  EXPECT_EQ(status, 200);
  EXPECT_EQ(upload("123").second, 400) << "not the length that was announced";
  const auto share = [&](const std::string& id, const std::string& title) {
    return call("files.completeUploadExternal",
                {{"files", Json::array({{{"id", id}, {"title", title}}})}, {"channel_id", "C0ALARMS"}});
  };
  EXPECT_EQ(share("F?", "x").value("error", ""), "file_not_found");
  EXPECT_TRUE(share(file, "Report").value("ok", false));
  ASSERT_EQ(slack_.messages("C0ALARMS").size(), 1U);
  EXPECT_THAT(slack_.messages("C0ALARMS")[0].files, ElementsAre(file));
  EXPECT_THAT(slack_.doubled(), IsEmpty());
  EXPECT_TRUE(share(upload("abcde").first, "Report").value("ok", false));
  EXPECT_THAT(slack_.doubled(), ElementsAre(HasSubstr("file Report")));
  call("chat.postMessage", delivery("d1"));
  call("chat.postMessage", delivery("d1"));
  EXPECT_THAT(slack_.doubled(), ElementsAre(HasSubstr("file"), HasSubstr("message d1")));
}

TEST_F(SlackStandInTest, faults_come_as_scripted_before_or_after_the_effect) {
  const auto fault = [&](Kind kind, bool after_effect) {
    SlackFault f;
    f.method = "chat.postMessage";
    f.kind = kind;
    f.after_effect = after_effect;
    slack_.add_fault(f);
  };
  const auto post_one = [&] {
    return post(slack_.api_url() + "/chat.postMessage", "application/json", json_text(text_message("x")));
  };
  fault(Kind::kRateLimited, false);
  const auto limited = post_one();
  ASSERT_TRUE(limited);
  EXPECT_EQ(limited->status, 429);
  EXPECT_EQ(find_header(limited->headers, "Retry-After"), "1");
  fault(Kind::kServerError, false);
  EXPECT_EQ(post_one()->status, 503);
  EXPECT_EQ(slack_.messages("C0ALARMS").size(), 0U);
  fault(Kind::kServerError, true);
  EXPECT_EQ(post_one()->status, 503);
  EXPECT_EQ(slack_.messages("C0ALARMS").size(), 1U);
  fault(Kind::kCut, true);
  EXPECT_FALSE(post_one());
  EXPECT_EQ(slack_.messages("C0ALARMS").size(), 2U);
  fault(Kind::kGarbage, false);
  EXPECT_TRUE(parse_json(post_one()->body).is_discarded());
  SlackFault third;
  third.from_call = 8;
  third.kind = Kind::kRefused;
  third.error = "fatal_error";
  slack_.add_fault(third);
  EXPECT_THAT(post_one()->body, HasSubstr("\"ok\":true")) << "the sixth call";
  EXPECT_THAT(post_one()->body, HasSubstr("\"ok\":true"));
  EXPECT_THAT(post_one()->body, HasSubstr("fatal_error"));
  EXPECT_EQ(slack_.count("chat.postMessage"), 8U);
  EXPECT_THAT(slack_.refusals(), IsEmpty()) << "faults are not the app's mistakes";
}

TEST_F(SlackStandInTest, chaos_is_the_same_for_the_same_seed) {
  const auto run = [&](std::uint64_t seed) {
    SlackStandIn slack;
    SlackFault choice;
    choice.kind = Kind::kServerError;
    slack.set_chaos({seed, 0.3, {choice}});
    std::string outcome;
    for (int i = 0; i < 40; ++i) {
      const auto answer = post(slack.api_url() + "/auth.test", "application/json", "{}");
      outcome += answer && answer->status == 200 ? '.' : 'x';
    }
    return outcome;
  };
  const std::string once = run(7);
  EXPECT_EQ(run(7), once);
  EXPECT_NE(run(8), once);
  const auto hit = std::count(once.begin(), once.end(), 'x');
  EXPECT_GT(hit, 3);
  EXPECT_LT(hit, 24);
}

TEST_F(SlackStandInTest, response_urls_are_used_five_times) {
  const std::string url = slack_.new_response_url("C0ALARMS", "U0ALICE", "");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(post(url, "application/json", R"({"text":"hi"})", "")->status, 200);
  EXPECT_EQ(post(url, "application/json", R"({"text":"hi"})", "")->status, 404);
  ASSERT_EQ(slack_.responses().size(), 5U);
  EXPECT_EQ(slack_.responses()[0].user, "U0ALICE");
}

TEST_F(SlackStandInTest, waiting_ends_with_the_change_that_was_waited_for) {
  std::thread poster([&] { call("chat.postMessage", delivery("d1")); });
  EXPECT_TRUE(slack_.wait_until([&] { return !slack_.messages("C0ALARMS").empty(); }));
  poster.join();
  EXPECT_FALSE(slack_.wait_until([] { return false; }, std::chrono::milliseconds(1)));
}

TEST_F(SlackStandInTest, people_fill_in_forms_from_the_blocks_that_were_posted) {
  const auto input = [](const std::string& block, Json element) {
    element["action_id"] = "value";
    return Json{{"type", "input"},
                {"block_id", block},
                {"label", {{"type", "plain_text"}, {"text", block}}},
                {"element", std::move(element)}};
  };
  const Json button{{"type", "button"},
                    {"action_id", "go"},
                    {"text", {{"type", "plain_text"}, {"text", "Start"}}},
                    {"value", "state"}};
  const Json blocks = Json::array({input("what", {{"type", "plain_text_input"}, {"initial_value", "errors"}}),
                                   input("start", {{"type", "datetimepicker"}, {"initial_date_time", 1773476100}}),
                                   input("end", {{"type", "datetimepicker"}}),
                                   {{"type", "actions"}, {"elements", Json::array({button})}}});
  const std::string ts = call("chat.postMessage", with_blocks(blocks)).value("ts", "");
  SlackPerson alice(slack_, "U0ALICE");
  const SlackPayload click = alice.clicks("C0ALARMS", ts, "go", {{"end/value", "1773477900"}});
  EXPECT_EQ(click.type, "interactive");
  const Json payload = parse_json(click.json);
  EXPECT_EQ(payload["actions"][0]["value"], "state");
  EXPECT_EQ(payload["state"]["values"]["what"]["value"]["value"], "errors");
  EXPECT_EQ(payload["state"]["values"]["start"]["value"]["selected_date_time"], 1773476100);
  EXPECT_EQ(payload["state"]["values"]["end"]["value"]["selected_date_time"], 1773477900);
  EXPECT_THROW(alice.clicks("C0ALARMS", ts, "no such button"), std::runtime_error);
  EXPECT_EQ(slack_.conversation_text("C0ALARMS"),
            "#alarms\n\nFA2:\n  what:\n    errors\n  start:\n    2026-03-14 08:15 UTC\n  end:\n    ____\n  [Start]\n");
}

TEST_F(SlackStandInTest, requests_to_the_app_are_signed_as_slack_signs) {
  // The example of Slack's documentation (docs.slack.dev, Verifying requests from Slack).
  const SlackRequest request{
      "application/x-www-form-urlencoded",
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
      "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks."
      "slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
      "803a0bc887a14d10d2c447fce8b6703c"};
  const HttpHeaders headers = slack_headers(request, "8f742231b10e8888abcd99yyyzzz85a5", 1531420618);
  EXPECT_EQ(find_header(headers, "X-Slack-Signature"),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
}

TEST_F(SlackStandInTest, the_app_is_told_over_http) {
  std::vector<HttpRequest> seen;
  std::mutex mutex;
  HttpServer app([&](const HttpRequest& request) {
    const std::lock_guard lock(mutex);
    seen.push_back(request);
    ServerAnswer answer;
    answer.response = {200, {}, "challenge"};
    answer.chunked = seen.size() > 1;
    return answer;
  });
  const SlackReply first = send_to_app(slack_, app.url() + "/slack/events", url_verification_request("challenge"));
  EXPECT_EQ(first.status, 200) << first.problem;
  EXPECT_EQ(first.body, "challenge");
  const SlackSaid alarm = post_alarm(slack_, "C0ALARMS");
  SlackSendOptions again;
  again.retry_number = 1;
  EXPECT_EQ(send_to_app(slack_, app.url() + "/slack/events", alarm.payload, again).body, "challenge");
  SlackPerson kenji(slack_, "U0KENJI");
  EXPECT_EQ(send_to_app(slack_, app.url() + "/slack/events", kenji.runs_command("C0ALARMS", "/fa2")).status, 200);
  EXPECT_EQ(send_to_app(slack_, "http://127.0.0.1:1/", ssl_check_request()).status, 0);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(find_header(seen[1].headers, "X-Slack-Retry-Num"), "1");
  EXPECT_THAT(seen[1].body, HasSubstr("A6L22LZNH"));
  EXPECT_THAT(seen[1].body, HasSubstr(alarm.event_id));
  EXPECT_THAT(seen[2].body, HasSubstr("command=%2Ffa2"));
  EXPECT_THAT(slack_.conversation_text("C0ALARMS"), HasSubstr("  | :rotating_light: CloudWatch Alarm | orders-5xx"));
}

}  // namespace
}  // namespace fa::test
