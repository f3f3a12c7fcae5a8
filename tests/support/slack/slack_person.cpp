#include "support/slack/slack_person.h"

#include <algorithm>
#include <stdexcept>

#include "support/slack/slack_wire.h"

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;

Json user_json(const SlackStandIn& slack, const std::string& user) {
  const auto& users = slack.world().users;
  const auto it = std::find_if(users.begin(), users.end(), [&](const auto& u) { return u.id == user; });
  return Json{{"id", user},
              {"username", it == users.end() ? user : it->name},
              {"name", it == users.end() ? user : it->name},
              {"team_id", slack.world().team}};
}

Json channel_json(const SlackStandIn& slack, const std::string& channel) {
  const auto& channels = slack.world().channels;
  const auto it = std::find_if(channels.begin(), channels.end(), [&](const auto& c) { return c.id == channel; });
  return Json{{"id", channel}, {"name", it == channels.end() ? channel : it->name}};
}

std::string channel_type(const std::string& channel) {
  return channel.starts_with('D') ? "im" : channel.starts_with('G') ? "group" : "channel";
}

/// The outer event that tells of `event`.
SlackSaid event_of(SlackStandIn& slack, Json event) {
  SlackSaid said;
  said.event_id = slack.new_id("Ev");
  said.ts = text_of(event, "ts");
  const std::string channel = text_of(event, "channel");
  event["event_ts"] = said.ts;
  event["channel_type"] = channel_type(channel);
  const SlackWorld& world = slack.world();
  const Json outer{{"token", "not-used"},
                   {"team_id", world.team},
                   {"context_team_id", world.team},
                   {"api_app_id", world.app_id},
                   {"event", std::move(event)},
                   {"type", "event_callback"},
                   {"event_id", said.event_id},
                   {"event_time", std::stoll(said.ts)},
                   {"authorizations", Json::array({Json{{"enterprise_id", nullptr},
                                                        {"team_id", world.team},
                                                        {"user_id", world.app_user},
                                                        {"is_bot", true},
                                                        {"is_enterprise_install", false}}})},
                   {"is_ext_shared_channel", false},
                   {"event_context", "4-" + said.event_id}};
  said.payload = {"events_api", json_text(outer)};
  return said;
}

/// The blocks that Slack makes of what people type.
Json typed_blocks(const std::string& text) {
  const Json run{{"type", "text"}, {"text", text}};
  const Json section{{"type", "rich_text_section"}, {"elements", Json::array({run})}};
  return Json::array({Json{{"type", "rich_text"}, {"block_id", "typed"}, {"elements", Json::array({section})}}});
}

/// Text as Slack escapes what people type.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

/// An app's message, added to the conversation.
SlackSaid post_for_app(SlackStandIn& slack, SlackMessage message) {
  const SlackMessage added = message;
  const std::string ts = slack.add_message(std::move(message));
  Json event{
      {"type", "message"},      {"subtype", "bot_message"}, {"text", added.text},       {"ts", ts},
      {"bot_id", added.bot_id}, {"app_id", added.app_id},   {"channel", added.channel}, {"username", added.username}};
  event["bot_profile"] = Json{{"id", added.bot_id}, {"app_id", added.app_id}, {"name", added.username}};
  if (!added.attachments.empty()) event["attachments"] = parse_json(added.attachments);
  return event_of(slack, std::move(event));
}

/// State of one input, in the form of its type; null members where it is empty.
Json input_state(const Json& element, const std::string* typed) {
  const std::string type = text_of(element, "type");
  Json state{{"type", type}};
  if (type == "datetimepicker") {
    state["selected_date_time"] = member_of(element, "initial_date_time");
    if (typed != nullptr) state["selected_date_time"] = typed->empty() ? Json() : Json(std::stoll(*typed));
  } else if (type == "datepicker" || type == "timepicker") {
    const bool date = type == "datepicker";
    Json& value = state[date ? "selected_date" : "selected_time"];
    value = member_of(element, date ? "initial_date" : "initial_time");
    if (typed != nullptr) value = typed->empty() ? Json() : Json(*typed);
  } else if (type == "conversations_select") {
    // Where the form was opened is filled in by a person's Slack; here only what is typed.
    state["selected_conversation"] = member_of(element, "initial_conversation");
    if (typed != nullptr) state["selected_conversation"] = typed->empty() ? Json() : Json(*typed);
  } else if (type.ends_with("select")) {
    Json& value = state["selected_option"];
    value = member_of(element, "initial_option");
    if (typed != nullptr) value = typed->empty() ? Json() : Json{{"value", *typed}};
  } else {
    state["value"] = member_of(element, "initial_value");
    if (typed != nullptr) state["value"] = typed->empty() ? Json() : Json(*typed);
  }
  return state;
}

Json state_of_form(const Json& blocks, const SlackTyped& typed) {
  Json values = Json::object();
  for (const Json& block : blocks) {
    if (text_of(block, "type") != "input") continue;
    const Json& element = member_of(block, "element");
    const std::string block_id = text_of(block, "block_id");
    const std::string action_id = text_of(element, "action_id");
    const auto it = typed.find(block_id + "/" + action_id);
    values[block_id][action_id] = input_state(element, it == typed.end() ? nullptr : &it->second);
  }
  return Json{{"values", std::move(values)}};
}

/// The action as block_actions has it.
Json action_of(const Json& blocks, const std::string& action_id, const std::string& action_ts) {
  for (const Json& block : blocks) {
    Json candidates = member_of(block, "elements");
    if (block.contains("accessory")) candidates = Json::array({block["accessory"]});
    if (text_of(block, "type") == "rich_text" || !candidates.is_array()) continue;
    for (const Json& element : candidates) {
      if (text_of(element, "action_id") != action_id) continue;
      Json action = element;
      action["block_id"] = text_of(block, "block_id").empty() ? "generated" : text_of(block, "block_id");
      action["action_ts"] = action_ts;
      return action;
    }
  }
  throw std::runtime_error("Slack stand-in: nothing there has the action_id " + action_id);
}

Json view_json(const SlackStandIn& slack, const std::string& view_id) {
  for (const SlackView& v : slack.views()) {
    if (v.id != view_id) continue;
    Json view = parse_json(v.view);
    view["id"] = view_id;
    view["team_id"] = slack.world().team;
    return view;
  }
  throw std::runtime_error("Slack stand-in: there is no view " + view_id);
}

SlackMessage message_there(const SlackStandIn& slack, const std::string& channel, const std::string& ts) {
  auto message = slack.message(channel, ts);
  if (!message) throw std::runtime_error("Slack stand-in: there is no message " + ts + " in " + channel);
  return *std::move(message);
}

Json message_json(const SlackMessage& message) {
  Json out{{"type", "message"}, {"ts", message.ts}, {"text", message.text}, {"user", message.user}};
  if (!message.thread_ts.empty()) out["thread_ts"] = message.thread_ts;
  if (!message.bot_id.empty()) out["bot_id"] = message.bot_id;
  if (!message.app_id.empty()) out["app_id"] = message.app_id;
  if (!message.blocks.empty()) out["blocks"] = parse_json(message.blocks);
  if (!message.attachments.empty()) out["attachments"] = parse_json(message.attachments);
  return out;
}

/// What all interactions begin with.
Json interaction(SlackStandIn& slack, const char* type, const std::string& user) {
  return Json{{"type", type},
              {"user", user_json(slack, user)},
              {"api_app_id", slack.world().app_id},
              {"token", "not-used"},
              {"trigger_id", slack.new_trigger()},
              {"team", Json{{"id", slack.world().team}, {"domain", "example"}}}};
}

std::string alarm_link(const SlackAlarm& alarm) {
  return "https://console.aws.amazon.com/cloudwatch/home?region=" + alarm.region + "#alarmsV2:alarm/" + alarm.name;
}

}  // namespace

SlackSaid post_alarm(SlackStandIn& slack, const std::string& channel, const SlackAlarm& alarm) {
  const bool bad = alarm.state == "ALARM";
  const std::string headline =
      "CloudWatch Alarm | " + alarm.name + " | " + alarm.region + " | Account: " + alarm.account;
  const auto field = [](const char* title, const std::string& value, bool is_short) {
    return Json{{"title", title}, {"value", value}, {"short", is_short}};
  };
  const Json fields =
      Json::array({field("Description", escaped(alarm.description), false), field("State", alarm.state, true),
                   field("State changed at", alarm.changed_at, true)});
  const Json attachment{{"id", 1},
                        {"color", bad ? "d13212" : "1d8102"},
                        {"fallback", headline + "\n" + alarm.reason},
                        {"title", (bad ? ":rotating_light: " : ":white_check_mark: ") + headline},
                        {"title_link", alarm_link(alarm)},
                        {"text", escaped(alarm.reason)},
                        {"fields", fields},
                        {"mrkdwn_in", Json::array({"text", "fields"})}};
  SlackMessage message;
  message.channel = channel;
  message.bot_id = "B0AMAZONQ";
  message.app_id = alarm.app_id;
  message.username = "Amazon Q Developer";
  message.attachments = json_text(Json::array({attachment}));
  return post_for_app(slack, std::move(message));
}

SlackSaid post_app_message(SlackStandIn& slack, const std::string& channel, const std::string& app_id,
                           const std::string& text) {
  SlackMessage message;
  message.channel = channel;
  message.bot_id = "B" + app_id;
  message.app_id = app_id;
  message.username = "monitoring";
  message.text = escaped(text);
  return post_for_app(slack, std::move(message));
}

SlackSaid SlackPerson::says(const std::string& channel, const std::string& text, const std::string& thread_ts) {
  SlackMessage message;
  message.channel = channel;
  message.thread_ts = thread_ts;
  message.user = user_;
  message.text = escaped(text);
  message.blocks = json_text(typed_blocks(text));
  const std::string ts = slack_.add_message(message);
  Json event{{"type", "message"},           {"user", user_},      {"text", message.text},        {"ts", ts},
             {"team", slack_.world().team}, {"channel", channel}, {"blocks", typed_blocks(text)}};
  if (!thread_ts.empty()) event["thread_ts"] = thread_ts;
  return event_of(slack_, std::move(event));
}

SlackSaid SlackPerson::mentions_app(const std::string& channel, const std::string& text, const std::string& thread_ts) {
  const std::string app = slack_.world().app_user;
  SlackMessage message;
  message.channel = channel;
  message.thread_ts = thread_ts;
  message.user = user_;
  message.text = "<@" + app + "> " + escaped(text);
  Json blocks = typed_blocks(" " + text);
  Json& runs = blocks[0]["elements"][0]["elements"];
  runs = Json::array({Json{{"type", "user"}, {"user_id", app}}, runs[0]});
  message.blocks = json_text(blocks);
  const std::string ts = slack_.add_message(message);
  Json event{{"type", "app_mention"},       {"user", user_},      {"text", message.text},       {"ts", ts},
             {"team", slack_.world().team}, {"channel", channel}, {"blocks", std::move(blocks)}};
  if (!thread_ts.empty()) event["thread_ts"] = thread_ts;
  return event_of(slack_, std::move(event));
}

SlackPayload SlackPerson::runs_command(const std::string& channel, const std::string& command,
                                       const std::string& text) {
  const Json fields{{"token", "not-used"},
                    {"team_id", slack_.world().team},
                    {"team_domain", "example"},
                    {"channel_id", channel},
                    {"channel_name", text_of(channel_json(slack_, channel), "name")},
                    {"user_id", user_},
                    {"user_name", text_of(user_json(slack_, user_), "name")},
                    {"command", command},
                    {"text", text},
                    {"api_app_id", slack_.world().app_id},
                    {"is_enterprise_install", "false"},
                    {"response_url", slack_.new_response_url(channel, user_, "")},
                    {"trigger_id", slack_.new_trigger()}};
  return {"slash_commands", json_text(fields)};
}

SlackPayload SlackPerson::uses_shortcut(const std::string& callback_id, const std::string& channel,
                                        const std::string& ts) {
  const SlackMessage message = message_there(slack_, channel, ts);
  Json payload = interaction(slack_, "message_action", user_);
  payload["callback_id"] = callback_id;
  payload["action_ts"] = slack_.new_id("17900") + ".000100";
  payload["message_ts"] = ts;
  payload["response_url"] = slack_.new_response_url(channel, user_, ts);
  payload["channel"] = channel_json(slack_, channel);
  payload["message"] = message_json(message);
  return {"interactive", json_text(payload)};
}

SlackPayload SlackPerson::clicks(const std::string& channel, const std::string& ts, const std::string& action_id,
                                 const SlackTyped& typed) {
  const SlackMessage message = message_there(slack_, channel, ts);
  const Json blocks = message.blocks.empty() ? Json::array() : parse_json(message.blocks);
  Json payload = interaction(slack_, "block_actions", user_);
  Json container{{"type", "message"}, {"message_ts", ts}, {"channel_id", channel}, {"is_ephemeral", false}};
  if (!message.thread_ts.empty()) container["thread_ts"] = message.thread_ts;
  payload["container"] = std::move(container);
  payload["channel"] = channel_json(slack_, channel);
  payload["message"] = message_json(message);
  payload["state"] = state_of_form(blocks, typed);
  payload["response_url"] = slack_.new_response_url(channel, user_, ts);
  payload["actions"] = Json::array({action_of(blocks, action_id, slack_.new_id("17900") + ".000200")});
  return {"interactive", json_text(payload)};
}

std::optional<SlackPayload> SlackPerson::clicks_if_there(const std::string& channel, const std::string& ts,
                                                         const std::string& action_id, const SlackTyped& typed) {
  try {
    return clicks(channel, ts, action_id, typed);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

SlackPayload SlackPerson::clicks_in_view(const std::string& view_id, const std::string& action_id,
                                         const SlackTyped& typed) {
  Json view = view_json(slack_, view_id);
  Json payload = interaction(slack_, "block_actions", user_);
  payload["container"] = Json{{"type", "view"}, {"view_id", view_id}};
  payload["actions"] = Json::array({action_of(view["blocks"], action_id, slack_.new_id("17900") + ".000300")});
  view["state"] = state_of_form(view["blocks"], typed);
  payload["view"] = std::move(view);
  return {"interactive", json_text(payload)};
}

SlackPayload SlackPerson::submits(const std::string& view_id, const SlackTyped& typed) {
  Json view = view_json(slack_, view_id);
  Json payload = interaction(slack_, "view_submission", user_);
  view["state"] = state_of_form(view["blocks"], typed);
  payload["view"] = std::move(view);
  payload["response_urls"] = Json::array();
  return {"interactive", json_text(payload)};
}

}  // namespace fa::test
