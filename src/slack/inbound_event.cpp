#include <algorithm>
#include <array>

#include "slack/inbound_parts.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

/// Subtypes of `message` that are something new and said by somebody
/// (https://docs.slack.dev/reference/events/message#subtypes). All others tell what happened to a channel or message.
bool is_new_message(std::string_view subtype) {
  constexpr std::array<std::string_view, 5> kNew = {"", "bot_message", "file_share", "me_message", "thread_broadcast"};
  return std::find(kNew.begin(), kNew.end(), subtype) != kNew.end();
}

Result<Inbound> read_message_event(const Json& document, const Json& event) {
  MessageEvent message = read_message(event);
  message.event_id = id_at(document, {"event_id"});
  message.team = first_id(document, {{"team_id"}, {"event", "team"}});
  message.channel = id_at(event, {"channel"});
  message.mention = text_at(event, {"type"}) == "app_mention";
  const std::string channel_type = text_at(event, {"channel_type"});
  message.in_direct_message = channel_type == "im" || channel_type == "app_home";
  if (message.channel.empty() || message.ts.empty()) {
    return fail(ErrorCode::kInvalidInput, "This message event lacks its channel or its ts.");
  }
  return message;
}

Result<Inbound> read_callback(const Json& document) {
  const Json* event = member_at(document, {"event"});
  const std::string type = text_at(document, {"event", "type"});
  if (event == nullptr || type.empty()) {
    return fail(ErrorCode::kInvalidInput, "This event_callback lacks its event, or the event its type.");
  }
  if (type == "app_mention") return read_message_event(document, *event);
  if (type != "message") return Ignored{known_word(type)};
  const std::string subtype = text_at(*event, {"subtype"});
  if (!is_new_message(subtype)) return Ignored{"message." + known_word(subtype)};
  return read_message_event(document, *event);
}

}  // namespace

Result<Inbound> read_event(const Json& document) {
  const std::string type = text_at(document, {"type"});
  if (type == "event_callback") return read_callback(document);
  if (type == "url_verification") {
    UrlVerification verification{text_at(document, {"challenge"})};
    if (verification.challenge.empty()) {
      return fail(ErrorCode::kInvalidInput, "This url_verification lacks its challenge.");
    }
    return verification;
  }
  if (type.empty()) return fail(ErrorCode::kInvalidInput, "This JSON lacks the type that all of Slack's events have.");
  return Ignored{known_word(type)};
}

MessageEvent read_message(const Json& message) {
  MessageEvent out;
  out.user = id_at(message, {"user"});
  out.app_id = first_id(message, {{"app_id"}, {"bot_profile", "app_id"}});
  out.bot_id = first_id(message, {{"bot_id"}, {"bot_profile", "id"}});
  out.ts = id_at(message, {"ts"});
  out.thread_ts = id_at(message, {"thread_ts"});
  out.text = text_at(message, {"text"});
  Readable readable = read_text(message);
  out.plain_text = std::move(readable.text);
  out.links = std::move(readable.links);
  return out;
}

}  // namespace fa::slack
