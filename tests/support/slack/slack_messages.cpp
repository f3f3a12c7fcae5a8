#include "support/slack/slack_block_checks.h"
#include "support/slack/slack_state.h"

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;
using MaybeRefusal = std::optional<slack_wire::Refusal>;

constexpr std::size_t kLongestText = 40'000;

/// Arrays and objects that forms have as text.
Json structured(const Json& arguments, const char* member) {
  const Json& value = member_of(arguments, member);
  return value.is_string() ? parse_json(value.get<std::string>()) : value;
}

MaybeRefusal metadata_refusal(const Json& arguments) {
  if (!arguments.contains("metadata")) return std::nullopt;
  const Json metadata = structured(arguments, "metadata");
  if (!metadata.is_object()) return slack_wire::Refusal{"invalid_metadata_format", {}};
  if (text_of(metadata, "event_type").empty() || !member_of(metadata, "event_payload").is_object()) {
    return slack_wire::Refusal{"invalid_metadata_schema", {}};
  }
  return std::nullopt;
}

MaybeRefusal channel_refusal(const SlackState& state, const Json& arguments, const char* member = "channel") {
  const SlackChannel* channel = state.channel(text_of(arguments, member));
  if (channel == nullptr) return slack_wire::Refusal{"channel_not_found", {}};
  if (!channel->app_is_member) return slack_wire::Refusal{"not_in_channel", {}};
  return std::nullopt;
}

void set_content(SlackMessage& message, const Json& arguments) {
  if (arguments.contains("text")) message.text = text_of(arguments, "text");
  if (arguments.contains("blocks")) {
    const Json blocks = structured(arguments, "blocks");
    message.blocks = blocks.empty() ? std::string() : json_text(blocks);
  }
  if (arguments.contains("metadata")) {
    const Json metadata = structured(arguments, "metadata");
    message.metadata = json_text(metadata);
    message.delivery_id = text_of(member_of(metadata, "event_payload"), "id");
  }
}

/// A message as conversations.* show it.
Json shown(const SlackState& state, const SlackMessage& message, bool with_metadata) {
  Json out{{"type", "message"}, {"ts", message.ts}, {"text", message.text}, {"team", state.world.team}};
  if (!message.user.empty()) out["user"] = message.user;
  if (!message.bot_id.empty()) out["bot_id"] = message.bot_id;
  if (!message.app_id.empty()) out["app_id"] = message.app_id;
  if (!message.thread_ts.empty()) out["thread_ts"] = message.thread_ts;
  if (!message.blocks.empty()) out["blocks"] = parse_json(message.blocks);
  if (!message.attachments.empty()) out["attachments"] = parse_json(message.attachments);
  if (with_metadata && !message.metadata.empty()) out["metadata"] = parse_json(message.metadata);
  for (const std::string& id : message.files) out["files"].push_back(Json{{"id", id}});
  if (message.edits > 0) out["edited"] = Json{{"user", message.user}, {"ts", message.ts}};
  return out;
}

/// One page of the messages that `next` leads to: the cursor is the number of the first.
SlackOutcome page_of(const SlackState& state, const std::vector<const SlackMessage*>& all, const Json& arguments) {
  const std::size_t limit = slack_wire::size_of(arguments, "limit", 100);
  if (limit == 0 || limit > 1000) return refuse("invalid_limit");
  std::size_t begin = 0;
  if (const std::string cursor = text_of(arguments, "cursor"); !cursor.empty()) {
    if (!cursor.starts_with("next:")) return refuse("invalid_cursor");
    begin = slack_wire::size_of(Json{{"n", cursor.substr(5)}}, "n", all.size());
  }
  const bool with_metadata = slack_wire::is_true(arguments, "include_all_metadata");
  const std::size_t end = std::min(all.size(), begin + std::min(limit, state.world.page_size));
  Json messages = Json::array();
  for (std::size_t i = begin; i < end; ++i) messages.push_back(shown(state, *all[i], with_metadata));
  Json out{{"messages", std::move(messages)}, {"has_more", end < all.size()}};
  if (end < all.size()) out["response_metadata"] = Json{{"next_cursor", "next:" + std::to_string(end)}};
  return out;
}

/// The original that a response_url is about takes what it says.
SlackOutcome replace_original(SlackState& state, const SlackState::ResponseUrl& url, const Json& arguments) {
  SlackMessage* original = state.message(url.channel, url.message_ts);
  if (original == nullptr) return refuse("message_not_found");
  set_content(*original, arguments);
  ++original->edits;
  return Json::object();
}

}  // namespace

std::optional<slack_wire::Refusal> content_refusal(const Json& arguments) {
  const std::string text = text_of(arguments, "text");
  if (arguments.contains("text") && !arguments["text"].is_string()) return slack_wire::Refusal{"invalid_arguments", {}};
  const Json blocks = structured(arguments, "blocks");
  if (!blocks.is_null()) {
    if (!blocks.is_array()) return slack_wire::Refusal{"invalid_blocks_format", {}};
    if (auto problems = block_problems(blocks, SlackSurface::kMessage); !problems.empty()) {
      return slack_wire::Refusal{"invalid_blocks", std::move(problems)};
    }
  }
  const bool shows = !text.empty() || (blocks.is_array() && !blocks.empty()) || arguments.contains("attachments");
  if (!shows) return slack_wire::Refusal{"no_text", {}};
  if (slack_wire::length_of(text) > kLongestText) return slack_wire::Refusal{"msg_too_long", {}};
  return metadata_refusal(arguments);
}

SlackOutcome slack_post_message(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  if (auto refused = content_refusal(arguments)) return tl::unexpected(*refused);
  SlackMessage message;
  message.channel = text_of(arguments, "channel");
  message.thread_ts = text_of(arguments, "thread_ts");
  if (!state.has_thread(message.channel, message.thread_ts)) return refuse("thread_not_found");
  message.user = state.world.app_user;
  message.bot_id = state.world.app_bot;
  message.app_id = state.world.app_id;
  message.username = state.world.app_name;
  set_content(message, arguments);
  state.note_pings("chat.postMessage", message.channel, arguments);
  const std::string channel = message.channel;
  const std::string ts = state.add(std::move(message));
  return Json{{"channel", channel}, {"ts", ts}, {"message", shown(state, *state.message(channel, ts), true)}};
}

SlackOutcome slack_update_message(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  const std::string channel = text_of(arguments, "channel");
  SlackMessage* message = state.message(channel, text_of(arguments, "ts"));
  if (message == nullptr) return refuse("message_not_found");
  if (message->app_id != state.world.app_id) return refuse("cant_update_message");
  if (auto refused = content_refusal(arguments)) return tl::unexpected(*refused);
  set_content(*message, arguments);
  ++message->edits;
  state.note_pings("chat.update", channel, arguments);
  return Json{{"channel", channel}, {"ts", message->ts}, {"text", message->text}};
}

SlackOutcome slack_post_ephemeral(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  if (auto refused = content_refusal(arguments)) return tl::unexpected(*refused);
  const std::string user = text_of(arguments, "user");
  if (state.user(user) == nullptr) return refuse("user_not_in_channel");
  const std::string channel = text_of(arguments, "channel");
  const Json blocks = structured(arguments, "blocks");
  state.ephemerals.push_back({channel, text_of(arguments, "thread_ts"), user, text_of(arguments, "text"),
                              blocks.is_null() ? std::string() : json_text(blocks)});
  state.note_pings("chat.postEphemeral", channel, arguments);
  return Json{{"message_ts", state.new_ts()}};
}

SlackOutcome slack_permalink(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  const std::string channel = text_of(arguments, "channel");
  const SlackMessage* message = state.message(channel, text_of(arguments, "message_ts"));
  if (message == nullptr) return refuse("message_not_found");
  std::string digits = message->ts;
  std::erase(digits, '.');
  return Json{{"channel", channel}, {"permalink", "https://example.slack.com/archives/" + channel + "/p" + digits}};
}

SlackOutcome slack_replies(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  const std::string channel = text_of(arguments, "channel");
  const std::string ts = text_of(arguments, "ts");
  if (!state.has_thread(channel, ts)) return refuse("thread_not_found");
  // A reply's ts gives that reply alone.
  std::vector<const SlackMessage*> all;
  for (const SlackMessage& message : state.conversations[channel]) {
    if (message.ts == ts || message.thread_ts == ts) all.push_back(&message);
  }
  return page_of(state, all, arguments);
}

SlackOutcome slack_history(SlackState& state, const Json& arguments) {
  if (auto refused = channel_refusal(state, arguments)) return tl::unexpected(*refused);
  std::vector<const SlackMessage*> all;
  const auto& messages = state.conversations[text_of(arguments, "channel")];
  for (auto it = messages.rbegin(); it != messages.rend(); ++it) {
    if (it->thread_ts.empty()) all.push_back(&*it);
  }
  return page_of(state, all, arguments);
}

SlackOutcome slack_respond(SlackState& state, const std::string& key, const Json& arguments) {
  const auto found = state.response_urls.find(key);
  if (found == state.response_urls.end()) return refuse("expired_url");
  SlackState::ResponseUrl& url = found->second;
  if (url.uses >= state.world.uses_of_response_url) return refuse("used_url");
  if (auto refused = content_refusal(arguments)) return tl::unexpected(*refused);
  const bool replaces = slack_wire::is_true(arguments, "replace_original");
  if (replaces && !url.message_ts.empty()) {
    if (auto done = replace_original(state, url, arguments); !done) return done;
  }
  ++url.uses;
  state.note_pings("response_url", url.channel, arguments);
  const Json blocks = structured(arguments, "blocks");
  state.responses.push_back({state.url + "/response/" + key, url.channel, url.user, url.message_ts,
                             text_of(arguments, "text"), blocks.is_null() ? std::string() : json_text(blocks),
                             replaces});
  if (!replaces && text_of(arguments, "response_type") == "in_channel") {
    SlackMessage message;
    message.channel = url.channel;
    message.app_id = state.world.app_id;
    message.bot_id = state.world.app_bot;
    message.username = state.world.app_name;
    set_content(message, arguments);
    state.add(std::move(message));
  }
  return Json::object();
}

}  // namespace fa::test
