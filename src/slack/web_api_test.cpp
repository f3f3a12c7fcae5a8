/// The Web API client when all is well: what goes out, and what is made of the answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "slack/web_test_rig.h"

namespace fa::slack {
namespace {

using test::ServerAnswer;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

// What goes out.

TEST(SlackWebApi, a_message_is_posted_as_json_without_previews) {
  Rig rig({answer(kPosted)});
  const auto posted = rig.api().post_message(message(), soon());
  ASSERT_TRUE(posted) << posted.error().message;
  EXPECT_EQ(posted->channel, "C1");
  EXPECT_EQ(posted->ts, "1.2");
  const HttpRequest request = rig.only();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "/api/chat.postMessage");
  EXPECT_EQ(header_of(request, "Authorization"), std::string("Bearer ") + kToken);
  EXPECT_EQ(json_body(request),
            parse_json(R"({"channel":"C1","text":"text that must not get into errors","thread_ts":"1.1",
                           "blocks":[{"type":"divider"}],
                           "metadata":{"event_type":"fa2_delivery","event_payload":{"id":"job-1/ack"}},
                           "unfurl_links":false,"unfurl_media":false})"));
}

TEST(SlackWebApi, a_bare_message_has_no_empty_members) {
  Rig rig({answer(kPosted)});
  ASSERT_TRUE(rig.api().post_message({"C1", "", "hi", "", ""}, soon()));
  EXPECT_EQ(json_body(rig.only()),
            parse_json(R"({"channel":"C1","text":"hi","unfurl_links":false,"unfurl_media":false})"));
}

TEST(SlackWebApi, an_update_replaces_text_and_blocks) {
  Rig rig({answer(kPosted)});
  Message m = message();
  ASSERT_TRUE(rig.api().update_message({"C2", "7.7"}, m, soon()));
  m.blocks.clear();
  m.delivery_id.clear();
  ASSERT_TRUE(rig.api().update_message({"C2", "7.7"}, m, soon()));
  const auto seen = rig.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].url, "/api/chat.update");
  EXPECT_EQ(json_body(seen[0]), parse_json(R"({"channel":"C2","text":"text that must not get into errors",
      "blocks":[{"type":"divider"}],"metadata":{"event_type":"fa2_delivery","event_payload":{"id":"job-1/ack"}},"ts":"7.7"})"));
  EXPECT_EQ(json_body(seen[1]),
            parse_json(R"({"channel":"C2","text":"text that must not get into errors","ts":"7.7","blocks":[]})"));
}

TEST(SlackWebApi, an_ephemeral_message_names_its_reader) {
  Rig rig({answer(R"({"ok":true,"message_ts":"1.2"})")});
  ASSERT_TRUE(rig.api().post_ephemeral(message(), "U1", soon()));
  const HttpRequest request = rig.only();
  EXPECT_EQ(request.url, "/api/chat.postEphemeral");
  EXPECT_EQ(json_body(request), parse_json(R"({"channel":"C1","text":"text that must not get into errors",
      "thread_ts":"1.1","blocks":[{"type":"divider"}],"user":"U1"})"));
}

TEST(SlackWebApi, views_are_opened_and_updated) {
  Rig rig({answer(R"({"ok":true,"view":{"id":"V1"}})")});
  EXPECT_EQ(rig.api().open_view("12.3.x", R"({"type":"modal"})", soon()), "V1");
  ASSERT_TRUE(rig.api().update_view("V1", R"({"type":"modal"})", soon()));
  const auto seen = rig.seen();
  EXPECT_EQ(seen[0].url, "/api/views.open");
  EXPECT_EQ(json_body(seen[0]), parse_json(R"({"trigger_id":"12.3.x","view":{"type":"modal"}})"));
  EXPECT_EQ(seen[1].url, "/api/views.update");
  EXPECT_EQ(json_body(seen[1]), parse_json(R"({"view_id":"V1","view":{"type":"modal"}})"));
}

TEST(SlackWebApi, reads_are_forms) {
  Rig rig({answer(R"({"ok":true,"user":{"id":"U1","tz":"Asia/Tokyo","locale":"ja-JP","is_bot":false}})"),
           answer(R"({"ok":true,"user":{"id":"U2","is_bot":true,"tz":null}})"),
           answer(R"({"ok":true,"permalink":"https://x.slack.com/archives/C1/p12"})"),
           answer(R"({"ok":true,"team":"Name","team_id":"T1","user_id":"U9","bot_id":"B9"})"),
           answer(R"({"ok":true,"url":"wss://wss.slack.com/link/?ticket=1"})")});
  const auto user = rig.api().user_info("U1", soon());
  ASSERT_TRUE(user) << user.error().message;
  EXPECT_EQ(user->id + user->time_zone + user->locale, "U1Asia/Tokyoja-JP");
  EXPECT_FALSE(user->is_bot);
  const auto bot = rig.api().user_info("U2", soon());
  ASSERT_TRUE(bot);
  EXPECT_EQ(bot->time_zone + bot->locale, "");
  EXPECT_TRUE(bot->is_bot);
  EXPECT_EQ(rig.api().permalink({"C1", "1.2"}, soon()), "https://x.slack.com/archives/C1/p12");
  const auto who = rig.api().identify(soon());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->team + who->user_id + who->bot_id, "T1U9B9");
  EXPECT_EQ(rig.api().open_connection(soon()), "wss://wss.slack.com/link/?ticket=1");
  const auto seen = rig.seen();
  EXPECT_EQ(seen[0].url, "/api/users.info");
  EXPECT_THAT(form_body(seen[0]), ElementsAre(Pair("user", "U1"), Pair("include_locale", "true")));
  EXPECT_EQ(seen[2].url, "/api/chat.getPermalink");
  EXPECT_THAT(form_body(seen[2]), ElementsAre(Pair("channel", "C1"), Pair("message_ts", "1.2")));
  EXPECT_EQ(seen[3].url, "/api/auth.test");
  EXPECT_EQ(seen[4].url, "/api/apps.connections.open");
  EXPECT_EQ(header_of(seen[4], "Authorization"), std::string("Bearer ") + kAppToken);
}

TEST(SlackWebApi, the_token_is_asked_for_each_call_and_trimmed) {
  Rig rig({answer(kPosted)});
  rig.set_token("one\n");
  ASSERT_TRUE(rig.api().post_message(message(), soon()));
  rig.set_token("two");
  ASSERT_TRUE(rig.api().post_message(message(), soon()));
  rig.set_token(" ");
  const auto none = rig.api().post_message(message(), soon());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kDenied);
  EXPECT_THAT(none.error().message, HasSubstr("bot token"));
  const auto seen = rig.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(header_of(seen[0], "Authorization"), "Bearer one");
  EXPECT_EQ(header_of(seen[1], "Authorization"), "Bearer two");
}

TEST(SlackWebApi, json_of_ours_that_is_none_is_not_sent) {
  Rig rig({answer(kPosted)});
  Message m = message();
  m.blocks = R"({"type":"divider"})";
  EXPECT_EQ(rig.api().post_message(m, soon()).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(rig.api().open_view("1", "[", soon()).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(rig.api().update_view("V1", "[]", soon()).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(rig.api().respond(rig.url() + "/x", "t", "{}", false, soon()).error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(rig.seen(), IsEmpty());
}

// Threads.

std::string page(const std::vector<Json>& messages, const char* cursor = "") {
  Json list = Json::array();
  for (const Json& m : messages) list.push_back(m);
  return json_text(Json{{"ok", true},
                        {"messages", list},
                        {"has_more", *cursor != '\0'},
                        {"response_metadata", {{"next_cursor", cursor}}}});
}

Json delivered(const char* ts, const char* id, const char* type = "fa2_delivery") {
  return Json{{"ts", ts}, {"text", "x"}, {"metadata", {{"event_type", type}, {"event_payload", {{"id", id}}}}}};
}

TEST(SlackWebApi, a_delivery_is_found_on_the_last_page_of_its_thread) {
  Rig rig({answer(page({Json{{"ts", "1.1"}}, delivered("1.2", "job-0")}, "c1==")),
           answer(page({delivered("1.3", "job-1", "others"), Json{{"ts", "1.4"}, {"metadata", 7}}}, "c2==")),
           answer(page({delivered("1.5", "job-1")}))});
  const auto found = rig.api().find_delivery("C1", "1.1", "job-1", soon());
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->channel, "C1");
  EXPECT_EQ((*found)->ts, "1.5");
  const auto seen = rig.seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].url, "/api/conversations.replies");
  EXPECT_THAT(form_body(seen[0]), ElementsAre(Pair("channel", "C1"), Pair("limit", "200"),
                                              Pair("include_all_metadata", "true"), Pair("ts", "1.1")));
  EXPECT_THAT(form_body(seen[2]), Contains(Pair("cursor", "c2==")));
}

TEST(SlackWebApi, what_is_not_in_the_thread_is_not_found) {
  Rig rig({answer(page({delivered("1.2", "job-0")}))});
  const auto found = rig.api().find_delivery("C1", "1.1", "job-1", soon());
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
  Rig gone({refusal("thread_not_found")});
  const auto nowhere = gone.api().find_delivery("C1", "1.1", "job-1", soon());
  ASSERT_TRUE(nowhere);
  EXPECT_FALSE(*nowhere);
}

TEST(SlackWebApi, outside_threads_the_newest_messages_are_looked_through) {
  const std::vector<Json> hundred(100, Json{{"ts", "1.2"}});
  Rig rig({answer(page(hundred, "a")), answer(page(hundred, "b")), answer(page({delivered("1.1", "job-1")}))});
  const auto found = rig.api().find_delivery("C1", "", "job-1", soon());
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found) << "older than the newest 200";
  EXPECT_EQ(rig.seen().size(), 2U);
  EXPECT_EQ(rig.seen()[0].url, "/api/conversations.history");
  Rig here({answer(page({delivered("1.9", "job-1")}, "a"))});
  EXPECT_TRUE(*here.api().find_delivery("C1", "", "job-1", soon()));
}

TEST(SlackWebApi, pages_that_do_not_end_are_an_error) {
  Rig circle({answer(page({}, "a")), answer(page({}, "b")), answer(page({}, "a"))});
  const auto in_circle = circle.api().find_delivery("C1", "1.1", "job-1", soon());
  ASSERT_FALSE(in_circle) << "what was not looked through to the end may be there";
  EXPECT_EQ(in_circle.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(circle.seen().size(), 3U);

  int pages = 0;
  ScriptedApi api([&](const HttpRequest&) -> Result<HttpResponse> {
    return HttpResponse{200, {}, page({}, std::to_string(++pages).c_str())};
  });
  const auto endless = api->find_delivery("C1", "1.1", "job-1", {});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(pages, 1000);

  Rig none({answer(R"({"ok":true})")});
  EXPECT_FALSE(none.api().find_delivery("C1", "1.1", "job-1", soon()));
}

TEST(SlackWebApi, a_file_is_found_in_its_thread) {
  Rig rig({answer(
      page({Json{{"ts", "1.1"}, {"files", 7}}, Json{{"ts", "1.2"}, {"files", Json::array({Json{{"id", "F1"}}})}}}))});
  EXPECT_EQ(rig.api().find_file("C1", "1.1", "F1", soon()), true);
  EXPECT_EQ(rig.api().find_file("C1", "1.1", "F2", soon()), false);
}

// Files.

TEST(SlackWebApi, a_file_goes_up_in_two_steps_and_is_shared_by_a_third) {
  Rig rig({answer(R"({"ok":true})")});
  Rig files({answer(R"({"ok":true,"file_id":"F1","upload_url":")" + rig.url() + R"(/upload"})")});
  const auto elsewhere = files.api().upload_bytes(file(), soon());
  ASSERT_FALSE(elsewhere) << "another origin, even on this machine";
  EXPECT_EQ(elsewhere.error().code, ErrorCode::kDenied);
  EXPECT_THAT(rig.seen(), IsEmpty());

  files.then(answer(R"({"ok":true,"file_id":"F1","upload_url":")" + files.url() + R"(/upload/v1/upload-secret"})"));
  files.then(answer("OK - 3"));
  files.then(answer(R"({"ok":true,"files":[{"id":"F1"}]})"));
  EXPECT_EQ(files.api().upload_bytes(file(), soon()), "F1");
  EXPECT_TRUE(files.api().share_file("F1", file(), soon()));
  const auto seen = files.seen();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[1].url, "/api/files.getUploadURLExternal");
  EXPECT_THAT(form_body(seen[1]), ElementsAre(Pair("filename", "report.html"), Pair("length", "3")));
  EXPECT_EQ(seen[2].url, "/upload/v1/upload-secret");
  EXPECT_EQ(seen[2].method, "POST");
  EXPECT_EQ(seen[2].body, std::string("a\0\xff", 3));
  EXPECT_EQ(header_of(seen[2], "Content-Type"), "application/octet-stream");
  EXPECT_EQ(header_of(seen[2], "Authorization"), "") << "the address is the permission";
  EXPECT_EQ(seen[3].url, "/api/files.completeUploadExternal");
  EXPECT_EQ(json_body(seen[3]), parse_json(R"({"files":[{"id":"F1","title":"The report"}],"channel_id":"C1",
      "thread_ts":"1.1","initial_comment":"hello"})"));
}

TEST(SlackWebApi, pictures_say_what_they_show) {
  Rig files({});
  files.then(answer(R"({"ok":true,"file_id":"F1","upload_url":")" + files.url() + R"(/upload/v1/upload-secret"})"));
  files.then(answer("OK - 3"));
  FileUpload picture = file();
  picture.name = "diagram.png";
  picture.alt_text = "checkout calls\x1b orders-db";
  EXPECT_EQ(files.api().upload_bytes(picture, soon()), "F1");
  EXPECT_THAT(form_body(files.seen().at(0)), ElementsAre(Pair("filename", "diagram.png"), Pair("length", "3"),
                                                         Pair("alt_txt", "checkout calls\\x1b orders-db")));
}

TEST(SlackWebApi, bytes_are_sent_again_and_errors_do_not_show_where_to) {
  // The first answer is none, which is repeated too.
  Rig files({answer("")});
  const ServerAnswer address =
      answer(R"({"ok":true,"file_id":"F1","upload_url":")" + files.url() + R"(/upload-secret"})");
  for (const ServerAnswer& next : {address, answer("", 503), cut(), answer("OK"), address, garbage()}) files.then(next);
  EXPECT_EQ(files.api().upload_bytes(file(), soon()), "F1");
  EXPECT_EQ(files.seen().size(), 5U);

  const auto failed = files.api().upload_bytes(file(), soon());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  expect_discreet(failed.error());
}

TEST(SlackWebApi, only_slacks_addresses_are_called) {
  std::vector<std::string> called;
  std::string upload_url;
  ScriptedApi api([&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url == "https://slack.com/api/files.getUploadURLExternal") {
      return HttpResponse{200, {}, json_text(Json{{"ok", true}, {"file_id", "F1"}, {"upload_url", upload_url}})};
    }
    called.push_back(request.url);
    EXPECT_FALSE(find_header(request.headers, "Authorization")) << request.url;
    return HttpResponse{200, {}, "ok"};
  });
  for (const char* url :
       {"https://files.slack.com/upload/v1/x", "https://slack.com/upload", "https://FILES.slack.com:443/x"}) {
    upload_url = url;
    EXPECT_TRUE(api->upload_bytes(file(), {})) << url;
  }
  for (const char* url : {"https://hooks.slack.com/actions/T1/2/x", "https://hooks.slack.com/commands/x"}) {
    EXPECT_TRUE(api->respond(url, "t", "", false, {})) << url;
  }
  EXPECT_EQ(called.size(), 5U);
  for (const char* url :
       {"http://files.slack.com/x", "https://files.slack.com.evil.example/x", "https://evil.example/x",
        "https://files.slack.com@evil.example/x", "https://files.slack.com:8443/x", "https://slack.com.",
        "https://evilslack.com/x", "ftp://files.slack.com/x", "//files.slack.com/x", "files.slack.com",
        "https://files.slack.com/a b", "https://127.0.0.1/x", "https://hooks.slack.com/x"}) {
    upload_url = url;
    const auto refused = api->upload_bytes(file(), {});
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, ErrorCode::kDenied) << url;
  }
  for (const char* url :
       {"", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/", "https://evil.example/",
        "https://hooks.slack.com@evil.example/", "https://files.slack.com/x", "https://169.254.169.254/"}) {
    const auto refused = api->respond(url, "t", "", false, {});
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code, ErrorCode::kDenied) << url;
  }
  EXPECT_EQ(called.size(), 5U);
}

TEST(SlackWebApi, files_without_name_or_content_are_refused) {
  Rig rig({answer(R"({"ok":true})")});
  FileUpload empty = file();
  empty.bytes.clear();
  EXPECT_EQ(rig.api().upload_bytes(empty, soon()).error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(rig.seen(), IsEmpty());
  EXPECT_FALSE(rig.api().upload_bytes(file(), soon())) << "neither file_id nor upload_url";
}

// response_url.

TEST(SlackWebApi, answers_by_response_url_go_without_token) {
  Rig rig({answer("ok")});
  const std::string url = rig.url() + "/actions/T1/2/response-secret";
  ASSERT_TRUE(rig.api().respond(url, "hi", R"([{"type":"divider"}])", false, soon()));
  ASSERT_TRUE(rig.api().respond(url, "hi", "", true, soon()));
  const auto seen = rig.seen();
  EXPECT_EQ(seen[0].url, "/actions/T1/2/response-secret");
  EXPECT_EQ(header_of(seen[0], "Authorization"), "");
  EXPECT_EQ(json_body(seen[0]), parse_json(R"({"text":"hi","replace_original":false,"response_type":"ephemeral",
                                               "blocks":[{"type":"divider"}]})"));
  EXPECT_EQ(json_body(seen[1]), parse_json(R"({"text":"hi","replace_original":true})"));
}

TEST(SlackWebApi, a_used_up_response_url_is_not_found) {
  for (const auto& used : {answer(R"({"ok":false,"error":"used_url"})", 404),
                           answer(R"({"ok":false,"error":"expired_url"})"), answer("gone", 404)}) {
    Rig rig({used});
    const auto responded = rig.api().respond(rig.url() + "/T1/2/response-secret", kText, "", false, soon());
    ASSERT_FALSE(responded);
    EXPECT_EQ(responded.error().code, ErrorCode::kNotFound);
    expect_discreet(responded.error());
  }
}

TEST(SlackWebApi, a_connection_address_must_be_a_web_socket) {
  for (const char* url : {"https://x", "", "ws//"}) {
    Rig rig({answer(json_text(Json{{"ok", true}, {"url", url}}))});
    EXPECT_FALSE(rig.api().open_connection(soon())) << url;
  }
  Rig rig({answer(R"({"ok":true,"url":"ws://127.0.0.1:1/link"})")});
  EXPECT_TRUE(rig.api().open_connection(soon())) << "in tests";
}

}  // namespace
}  // namespace fa::slack
