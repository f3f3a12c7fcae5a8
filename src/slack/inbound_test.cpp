/// Requests and envelopes as Slack sends them, taken apart; and everything else, refused.
#include "slack/inbound.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "slack/form.h"

namespace fa::slack {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kJson = "application/json";
constexpr const char* kForm = "application/x-www-form-urlencoded";

/// The request as `Kind`; the test fails where it is another one.
template <class Kind>
Kind expect(const Result<Inbound>& inbound) {
  if (!inbound) {
    ADD_FAILURE() << inbound.error().message;
    return {};
  }
  if (const Kind* kind = std::get_if<Kind>(&*inbound)) return *kind;
  ADD_FAILURE() << "another kind of request: number " << inbound->index();
  return {};
}

std::string callback(const Json& event) {
  return json_text(Json{{"token", "XXYYZZ"},
                        {"team_id", "T1"},
                        {"api_app_id", "A9"},
                        {"event", event},
                        {"type", "event_callback"},
                        {"event_id", "Ev08MFMKH6"},
                        {"event_time", 1234567890},
                        {"authorizations", Json::array({Json{{"team_id", "T1"}, {"is_bot", true}}})}});
}

Json message_event(Json more = Json::object()) {
  Json event{{"type", "message"},         {"channel", "C1"},           {"user", "U1"}, {"text", "hello"},
             {"ts", "1355517523.000005"}, {"channel_type", "channel"}, {"team", "T2"}};
  event.update(more);
  return event;
}

std::string payload_form(const Json& payload) { return encode_form({{"payload", json_text(payload)}}); }

template <class Kind>
Kind parse_event(const Json& event) {
  return expect<Kind>(parse_inbound(kJson, callback(event)));
}

/// Over HTTP and over Socket Mode, which must be the same.
template <class Kind>
Kind parse_payload(const Json& payload) {
  const Kind http = expect<Kind>(parse_inbound(kForm, payload_form(payload)));
  expect<Kind>(parse_envelope_payload("interactive", json_text(payload)));
  return http;
}

// Events.

TEST(SlackInbound, a_message_of_a_person) {
  const auto m = parse_event<MessageEvent>(message_event({{"thread_ts", "1355517000.000001"}}));
  EXPECT_EQ(m.event_id, "Ev08MFMKH6");
  EXPECT_EQ(m.team, "T1") << "the workspace that sent it, not the author's";
  EXPECT_EQ(m.channel, "C1");
  EXPECT_EQ(m.user, "U1");
  EXPECT_EQ(m.app_id, "");
  EXPECT_EQ(m.bot_id, "");
  EXPECT_EQ(m.ts, "1355517523.000005");
  EXPECT_EQ(m.thread_ts, "1355517000.000001");
  EXPECT_FALSE(m.mention);
  EXPECT_FALSE(m.in_direct_message);
  EXPECT_EQ(m.text, "hello");
  EXPECT_EQ(m.plain_text, "hello");
  EXPECT_THAT(m.links, IsEmpty());
}

TEST(SlackInbound, a_message_of_an_app) {
  const auto by_field = parse_event<MessageEvent>(
      message_event({{"subtype", "bot_message"}, {"bot_id", "B1"}, {"app_id", "A6L22LZNH"}, {"user", nullptr}}));
  EXPECT_EQ(by_field.app_id, "A6L22LZNH");
  EXPECT_EQ(by_field.bot_id, "B1");
  EXPECT_EQ(by_field.user, "");
  const auto by_profile = parse_event<MessageEvent>(
      message_event({{"bot_profile", {{"id", "B2"}, {"app_id", "A6L22LZNH"}, {"name", "Amazon Q"}}}}));
  EXPECT_EQ(by_profile.app_id, "A6L22LZNH");
  EXPECT_EQ(by_profile.bot_id, "B2");
}

TEST(SlackInbound, mentions_and_direct_messages_are_known_as_such) {
  const auto mention = parse_event<MessageEvent>(message_event({{"type", "app_mention"}, {"text", "<@U9> why?"}}));
  EXPECT_TRUE(mention.mention);
  EXPECT_EQ(mention.text, "<@U9> why?");
  EXPECT_EQ(mention.plain_text, "@U9 why?");
  EXPECT_TRUE(parse_event<MessageEvent>(message_event({{"channel_type", "im"}})).in_direct_message);
  EXPECT_FALSE(parse_event<MessageEvent>(message_event({{"channel_type", "mpim"}})).in_direct_message);
}

TEST(SlackInbound, new_messages_are_told_from_what_happens_to_messages_and_channels) {
  for (const char* subtype : {"bot_message", "file_share", "thread_broadcast", "me_message"}) {
    EXPECT_EQ(parse_event<MessageEvent>(message_event({{"subtype", subtype}})).channel, "C1") << subtype;
  }
  for (const char* subtype : {"message_changed", "message_deleted", "message_replied", "channel_join", "channel_topic",
                              "bot_add", "ekm_access_denied", "something_of_tomorrow"}) {
    EXPECT_EQ(parse_event<Ignored>(message_event({{"subtype", subtype}})).what, std::string("message.") + subtype);
  }
}

TEST(SlackInbound, other_events_are_ignored_by_name) {
  EXPECT_EQ(parse_event<Ignored>({{"type", "reaction_added"}, {"user", "U1"}}).what, "reaction_added");
  EXPECT_EQ(parse_event<Ignored>({{"type", "invented tomorrow\n"}}).what, "unknown") << "names end up in logs";
  EXPECT_EQ(expect<Ignored>(parse_inbound(kJson, R"({"type":"app_rate_limited","team_id":"T1"})")).what,
            "app_rate_limited");
}

TEST(SlackInbound, url_verification_gives_its_challenge_back) {
  const auto v = expect<UrlVerification>(
      parse_inbound(kJson, R"({"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY","type":"url_verification"})"));
  EXPECT_EQ(v.challenge, "3eZbrw1aBm2rZgRNFdxV2595E9CY");
}

TEST(SlackInbound, content_types_have_parameters_and_any_case) {
  const std::string body = callback(message_event());
  for (const char* type : {"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8",
                           " application/json ; x=y"}) {
    EXPECT_TRUE(parse_inbound(type, body)) << type;
  }
  EXPECT_TRUE(parse_inbound("application/x-www-form-urlencoded; charset=utf-8", "ssl_check=1"));
  for (const char* type : {"", "text/plain", "application/jsonp", "multipart/form-data; boundary=x", ";"}) {
    const auto refused = parse_inbound(type, body);
    ASSERT_FALSE(refused) << type;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr("Content-Type"));
  }
}

// Commands.

TEST(SlackInbound, a_command_over_http_and_over_socket_mode) {
  const FormFields fields = {{"token", "x"},
                             {"team_id", "T1"},
                             {"channel_id", "D1"},
                             {"channel_name", "directmessage"},
                             {"user_id", "U1"},
                             {"command", "/fa2"},
                             {"text", "5xx on checkout + café & more=50% 漢字"},
                             {"response_url", "https://hooks.slack.com/commands/T1/1/x"},
                             {"trigger_id", "13345224609.738474920.8088930838d88f008e0"}};
  Json object;
  for (const auto& [name, value] : fields) object[name] = value;
  for (const auto& inbound :
       {parse_inbound(kForm, encode_form(fields)), parse_envelope_payload("slash_commands", json_text(object))}) {
    const auto c = expect<SlashCommand>(inbound);
    EXPECT_EQ(c.team, "T1");
    EXPECT_EQ(c.channel, "D1");
    EXPECT_EQ(c.user, "U1");
    EXPECT_EQ(c.command, "/fa2");
    EXPECT_EQ(c.text, "5xx on checkout + café & more=50% 漢字");
    EXPECT_EQ(c.trigger_id, "13345224609.738474920.8088930838d88f008e0");
    EXPECT_EQ(c.response_url, "https://hooks.slack.com/commands/T1/1/x");
  }
}

TEST(SlackInbound, forms_are_decoded_as_browsers_do) {
  const auto text_of = [](const std::string& text) {
    return expect<SlashCommand>(parse_inbound(kForm, "command=%2Ffa2&channel_id=C1&user_id=U1&text=" + text)).text;
  };
  EXPECT_EQ(text_of("a+b"), "a b");
  EXPECT_EQ(text_of("a%2Bb%26c%3dd"), "a+b&c=d");
  EXPECT_EQ(text_of("100%"), "100%");
  EXPECT_EQ(text_of("%zz%4"), "%zz%4");
  EXPECT_EQ(text_of("a=b"), "a=b");
  EXPECT_EQ(text_of("a&text=second"), "a");
  EXPECT_EQ(text_of("%ff%C3%A9%c3"), "\uFFFDé\uFFFD");
  EXPECT_EQ(text_of("a%00b"), std::string("a\0b", 3));
  EXPECT_EQ(text_of("\xff"), "\uFFFD");
}

TEST(SlackInbound, ssl_check_wins_over_whatever_else_is_sent) {
  expect<SslCheck>(parse_inbound(kForm, "ssl_check=1&token=x"));
  expect<SslCheck>(parse_inbound(kForm, "token=x&ssl_check=1&command=%2Ffa2"));
  EXPECT_EQ(expect<SlashCommand>(parse_inbound(kForm, "ssl_check=0&command=%2Ffa2&channel_id=C1&user_id=U1")).user,
            "U1");
}

// Interactivity.

TEST(SlackInbound, a_button_in_a_message_of_a_thread) {
  const auto a = parse_payload<BlockAction>(
      {{"type", "block_actions"},
       {"team", {{"id", "T1"}, {"domain", "x"}}},
       {"user", {{"id", "U1"}, {"team_id", "T1"}}},
       {"container", {{"type", "message"}, {"message_ts", "1.2"}, {"channel_id", "C1"}, {"thread_ts", "1.1"}}},
       {"channel", {{"id", "C1"}, {"name", "alarms"}}},
       {"message", {{"type", "message"}, {"ts", "1.2"}, {"thread_ts", "1.1"}, {"text", "x"}}},
       {"trigger_id", "1.2.x"},
       {"response_url", "https://hooks.slack.com/actions/T1/2/x"},
       {"state", {{"values", {{"b1", {{"a1", {{"type", "plain_text_input"}, {"value", "slow\ncheckout"}}}}}}}}},
       {"actions", Json::array({Json{{"type", "button"},
                                     {"action_id", "fa2_analyse"},
                                     {"block_id", "b2"},
                                     {"value", R"({"run":"r1"})"},
                                     {"action_ts", "1548426417.840180"}}})}});
  EXPECT_EQ(a.team, "T1");
  EXPECT_EQ(a.channel, "C1");
  EXPECT_EQ(a.user, "U1");
  EXPECT_EQ(a.message_ts, "1.2");
  EXPECT_EQ(a.thread_ts, "1.1");
  EXPECT_EQ(a.view_id, "");
  EXPECT_EQ(a.action_id, "fa2_analyse");
  EXPECT_EQ(a.value, R"({"run":"r1"})");
  EXPECT_EQ(a.action_ts, "1548426417.840180");
  EXPECT_EQ(a.trigger_id, "1.2.x");
  EXPECT_EQ(a.response_url, "https://hooks.slack.com/actions/T1/2/x");
  EXPECT_THAT(a.values, ElementsAre(Pair("b1/a1", "slow\ncheckout")));
}

TEST(SlackInbound, an_ephemeral_message_has_only_its_container) {
  const auto a = parse_payload<BlockAction>(
      {{"type", "block_actions"},
       {"team", nullptr},
       {"user", {{"id", "U1"}, {"team_id", "T7"}}},
       {"container", {{"message_ts", "1.2"}, {"channel_id", "C1"}, {"thread_ts", "1.1"}, {"is_ephemeral", true}}},
       {"actions", Json::array({Json{{"action_id", "x"}, {"selected_option", {{"value", "v"}}}}})}});
  EXPECT_EQ(a.team, "T7") << "installed for an organisation: no team";
  EXPECT_EQ(a.channel, "C1");
  EXPECT_EQ(a.message_ts, "1.2");
  EXPECT_EQ(a.thread_ts, "1.1");
  EXPECT_EQ(a.value, "v");
}

TEST(SlackInbound, an_element_in_a_modal) {
  const auto a = parse_payload<BlockAction>(
      {{"type", "block_actions"},
       {"team", {{"id", "T1"}}},
       {"user", {{"id", "U1"}}},
       {"container", {{"type", "view"}, {"view_id", "V1"}}},
       {"view",
        {{"id", "V1"},
         {"state", {{"values", {{"b", {{"a", {{"type", "datepicker"}, {"selected_date", "2026-03-14"}}}}}}}}}}},
       {"actions", Json::array({Json{{"action_id", "a"}, {"selected_date", "2026-03-14"}}})}});
  EXPECT_EQ(a.view_id, "V1");
  EXPECT_EQ(a.channel, "");
  EXPECT_EQ(a.value, "2026-03-14");
  EXPECT_THAT(a.values, ElementsAre(Pair("b/a", "2026-03-14")));
}

TEST(SlackInbound, every_type_of_input_gives_its_value) {
  const auto option = [](const char* value) {
    return Json{{"text", {{"type", "plain_text"}, {"text", "T"}}}, {"value", value}};
  };
  const auto typed = [](const char* type, const char* member, const Json& value) {
    return Json{{"type", type}, {member, value}};
  };
  const Json rich = parse_json(
      R"({"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a "},{"type":"text","text":"b"}]}]})");
  struct Case {
    Json input;
    const char* expected;  ///< Empty: absent.
  };
  const Case cases[] = {
      {typed("plain_text_input", "value", "text"), "text"},
      {typed("plain_text_input", "value", nullptr), ""},
      {typed("plain_text_input", "value", ""), ""},
      {typed("number_input", "value", "4.5"), "4.5"},
      {typed("email_text_input", "value", "a@example.com"), "a@example.com"},
      {typed("url_text_input", "value", "https://example.com"), "https://example.com"},
      {typed("datepicker", "selected_date", "2026-03-14"), "2026-03-14"},
      {typed("timepicker", "selected_time", "17:30"), "17:30"},
      {typed("datetimepicker", "selected_date_time", 1773477000), "1773477000"},
      {typed("datetimepicker", "selected_date_time", nullptr), ""},
      {typed("datetimepicker", "selected_date_time", -1), "-1"},
      {typed("static_select", "selected_option", option("v1")), "v1"},
      {typed("static_select", "selected_option", nullptr), ""},
      {typed("external_select", "selected_option", option("v2")), "v2"},
      {typed("radio_buttons", "selected_option", option("v3")), "v3"},
      {typed("users_select", "selected_user", "U1"), "U1"},
      {typed("conversations_select", "selected_conversation", "C1"), "C1"},
      {typed("channels_select", "selected_channel", "C2"), "C2"},
      {typed("checkboxes", "selected_options", Json::array({option("a"), option("b")})), "a,b"},
      {typed("checkboxes", "selected_options", Json::array()), ""},
      {typed("multi_static_select", "selected_options", Json::array({option("c")})), "c"},
      {typed("multi_users_select", "selected_users", Json::array({"U1", "U2"})), "U1,U2"},
      {typed("multi_conversations_select", "selected_conversations", Json::array({"C1", "C2"})), "C1,C2"},
      {typed("multi_channels_select", "selected_channels", Json::array({"C3"})), "C3"},
      {typed("file_input", "files", Json::array({Json{{"id", "F1"}}, Json{{"id", "F2"}}})), "F1,F2"},
      {typed("rich_text_input", "rich_text_value", rich), "a b"},
      {typed("invented", "chosen_thing", "x"), ""},
      {Json("no object"), ""},
      {Json(nullptr), ""},
  };
  for (const Case& c : cases) {
    const auto v =
        parse_payload<ViewSubmission>({{"type", "view_submission"},
                                       {"user", {{"id", "U1"}}},
                                       {"view", {{"id", "V1"}, {"state", {{"values", {{"b", {{"a", c.input}}}}}}}}}});
    if (*c.expected == '\0') {
      EXPECT_THAT(v.values, IsEmpty()) << json_text(c.input);
    } else {
      EXPECT_THAT(v.values, ElementsAre(Pair("b/a", c.expected))) << json_text(c.input);
    }
  }
}

TEST(SlackInbound, a_submitted_modal) {
  const auto v = parse_payload<ViewSubmission>({{"type", "view_submission"},
                                                {"team", {{"id", "T1"}}},
                                                {"user", {{"id", "U1"}, {"team_id", "T1"}}},
                                                {"trigger_id", "1.2"},
                                                {"view",
                                                 {{"id", "VNHU13V36"},
                                                  {"type", "modal"},
                                                  {"callback_id", "fa2_form"},
                                                  {"private_metadata", R"({"channel":"C1"})"},
                                                  {"hash", "156663117.cd33ad1f"},
                                                  {"state", {{"values", Json::object()}}}}}});
  EXPECT_EQ(v.team, "T1");
  EXPECT_EQ(v.user, "U1");
  EXPECT_EQ(v.view_id, "VNHU13V36");
  EXPECT_EQ(v.callback_id, "fa2_form");
  EXPECT_EQ(v.private_metadata, R"({"channel":"C1"})");
  EXPECT_THAT(v.values, IsEmpty());
}

TEST(SlackInbound, a_shortcut_on_a_message) {
  const auto s =
      parse_payload<MessageShortcut>({{"type", "message_action"},
                                      {"callback_id", "fa2_analyse_message"},
                                      {"trigger_id", "13345224609.8534564800.6f8ab1f53e13d0cd15f96106292d5536"},
                                      {"message_ts", "1516229207.000133"},
                                      {"channel", {{"id", "C1"}, {"name", "alarms"}}},
                                      {"user", {{"id", "U1"}}},
                                      {"team", {{"id", "T1"}}},
                                      {"response_url", "https://hooks.slack.com/app-actions/T1/1/x"},
                                      {"message",
                                       {{"type", "message"},
                                        {"bot_id", "B1"},
                                        {"app_id", "A6L22LZNH"},
                                        {"ts", "1516229207.000133"},
                                        {"text", "ALARM: <https://x.example/a|5xx>"}}}});
  EXPECT_EQ(s.team, "T1");
  EXPECT_EQ(s.channel, "C1");
  EXPECT_EQ(s.user, "U1");
  EXPECT_EQ(s.callback_id, "fa2_analyse_message");
  EXPECT_EQ(s.trigger_id, "13345224609.8534564800.6f8ab1f53e13d0cd15f96106292d5536");
  EXPECT_EQ(s.response_url, "https://hooks.slack.com/app-actions/T1/1/x");
  EXPECT_EQ(s.message.event_id, "");
  EXPECT_EQ(s.message.team, "T1");
  EXPECT_EQ(s.message.channel, "C1");
  EXPECT_EQ(s.message.ts, "1516229207.000133");
  EXPECT_EQ(s.message.app_id, "A6L22LZNH");
  EXPECT_EQ(s.message.plain_text, "ALARM: 5xx");
  EXPECT_THAT(s.message.links, ElementsAre("https://x.example/a"));
}

TEST(SlackInbound, other_interactions_are_ignored) {
  for (const char* type : {"view_closed", "shortcut", "block_suggestion", "interactive_message", "dialog_submission",
                           "workflow_step_edit", "something_of_tomorrow"}) {
    EXPECT_EQ(parse_payload<Ignored>({{"type", type}, {"user", {{"id", "U1"}}}}).what, type);
  }
  EXPECT_EQ(expect<Ignored>(parse_envelope_payload("hello", "{}")).what, "hello");
}

TEST(SlackInbound, events_over_socket_mode_are_those_of_http) {
  const std::string body = callback(message_event());
  const auto m = expect<MessageEvent>(parse_envelope_payload("events_api", body));
  EXPECT_EQ(m.event_id, "Ev08MFMKH6");
  EXPECT_EQ(m.ts, "1355517523.000005");
}

// What is none of these.

TEST(SlackInbound, what_lacks_the_necessary_is_refused_with_words) {
  struct Case {
    const char* type;
    std::string body;
    const char* message;
  };
  const Case cases[] = {
      {kJson, "", "no JSON"},
      {kJson, "{", "no JSON"},
      {kJson, "[]", "no object"},
      {kJson, "null", "no object"},
      {kJson, "{}", "lacks the type"},
      {kJson, R"({"type":7})", "lacks the type"},
      {kJson, R"({"type":"event_callback"})", "lacks its event"},
      {kJson, R"({"type":"event_callback","event":[]})", "lacks its event"},
      {kJson, R"({"type":"event_callback","event":{"type":"message","ts":"1.2"}})", "lacks its channel"},
      {kJson, R"({"type":"event_callback","event":{"type":"message","channel":"C1"}})", "lacks its channel"},
      {kJson, R"({"type":"event_callback","event":{"type":"message","channel":7,"ts":"1.2"}})", "lacks its channel"},
      {kJson, R"({"type":"event_callback","event":{"type":"message","channel":"C 1\n","ts":"1.2"}})",
       "lacks its channel"},
      {kJson, R"({"type":"url_verification"})", "lacks its challenge"},
      {kForm, "", "neither a payload nor a command"},
      {kForm, "&&&=&=&", "neither a payload nor a command"},
      {kForm, "payload=", "neither a payload nor a command"},
      {kForm, "payload=%7B", "no JSON"},
      {kForm, "payload=%5B%5D", "no object"},
      {kForm, "payload=%7B%7D", "lacks the type"},
      {kForm, "command=fa2&channel_id=C1&user_id=U1", "lacks its name"},
      {kForm, "command=%2Ffa2&channel_id=C1", "lacks its name"},
      {kForm, payload_form({{"type", "block_actions"}, {"user", {{"id", "U1"}}}, {"actions", Json::array()}}),
       "lacks its user"},
      {kForm, payload_form({{"type", "block_actions"}, {"actions", Json::array({Json{{"action_id", "a"}}})}}),
       "lacks its user"},
      {kForm, payload_form({{"type", "view_submission"}, {"user", {{"id", "U1"}}}}), "lacks its user or its view"},
      {kForm, payload_form({{"type", "message_action"}, {"user", {{"id", "U1"}}}}), "lacks its user, its channel"},
  };
  for (const Case& c : cases) {
    const auto inbound = parse_inbound(c.type, c.body);
    ASSERT_FALSE(inbound) << c.body;
    EXPECT_EQ(inbound.error().code, ErrorCode::kInvalidInput) << c.body;
    EXPECT_THAT(inbound.error().message, HasSubstr(c.message)) << c.body;
  }
}

TEST(SlackInbound, deep_wide_and_huge_requests_end_in_an_error) {
  const auto repeated = [](const char* text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  std::string wide = "{\"type\":\"x\"";
  for (int i = 0; i < 5000; ++i) wide += ",\"k" + std::to_string(i) + "\":1";
  const std::string cases[] = {
      repeated("[", 100'000),
      repeated("{\"a\":", 100'000),
      repeated("[", 65) + repeated("]", 65),
      wide + "}",
      "{\"type\":\"" + std::string(std::size_t{1} << 20, 'x') + "\"}",
      "{\"type\":\"" + std::string(std::size_t{4} << 20, 'x') + "\"}",
  };
  for (const std::string& body : cases) {
    for (const auto& inbound : {parse_inbound(kJson, body), parse_inbound(kForm, "payload=" + body),
                                parse_envelope_payload("events_api", body), parse_envelope_payload("interactive", body),
                                parse_envelope_payload("slash_commands", body)}) {
      ASSERT_FALSE(inbound) << body.substr(0, 40);
      EXPECT_EQ(inbound.error().code, ErrorCode::kLimit) << inbound.error().message;
    }
  }
  EXPECT_EQ(parse_inbound(kForm, repeated("a=b&", 300)).error().code, ErrorCode::kLimit);
  // Brackets in strings are no nesting.
  EXPECT_TRUE(parse_inbound(kJson, callback(message_event({{"text", repeated("[{\\\"", 1000)}}))));
}

TEST(SlackInbound, every_prefix_of_a_request_is_refused_or_understood) {
  const std::string json = callback(message_event({{"text", "caf\u00e9 \"quoted\" \\ <https://x.example|y>"}}));
  const std::string form =
      payload_form({{"type", "view_submission"}, {"user", {{"id", "U1"}}}, {"view", {{"id", "V"}}}});
  for (std::size_t size = 0; size < json.size(); ++size) {
    EXPECT_FALSE(parse_inbound(kJson, json.substr(0, size))) << size;
  }
  for (std::size_t size = 0; size < form.size(); ++size) {
    EXPECT_FALSE(parse_inbound(kForm, form.substr(0, size))) << size;
  }
}

TEST(SlackInbound, strings_are_valid_utf8_whatever_came) {
  const auto m = expect<MessageEvent>(
      parse_inbound(kJson,
                    "{\"type\":\"event_callback\",\"event\":{\"type\":\"message\",\"channel\":\"C1\",\"ts\":\"1.2\","
                    "\"text\":\"a\xff\xc3(\\u0000\xed\xa0\x80z\"}}"));
  EXPECT_TRUE(is_valid_utf8(m.text));
  EXPECT_TRUE(is_valid_utf8(m.plain_text));
  EXPECT_THAT(m.text, testing::StartsWith("a\uFFFD\uFFFD("));
  EXPECT_THAT(m.text, testing::EndsWith("z"));
}

}  // namespace
}  // namespace fa::slack
