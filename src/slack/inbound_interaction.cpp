#include <fmt/core.h>

#include <optional>

#include "slack/inbound_parts.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

/// Null in apps that are installed for a whole organisation: the user's then.
std::string team_of(const Json& payload) {
  return first_id(payload, {{"team", "id"}, {"user", "team_id"}, {"view", "team_id"}, {"enterprise", "id"}});
}

std::string channel_of(const Json& payload) {
  return first_id(payload, {{"channel", "id"}, {"container", "channel_id"}});
}

Error lacks(std::string_view what, std::string_view members) {
  return {ErrorCode::kInvalidInput, fmt::format("This {} lacks {}.", what, members)};
}

/// A string, or a number as datetimepickers have it; anything else is empty.
std::string scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return {};
}

std::string joined(const Json& list, const char* member) {
  std::string out;
  for (const Json& item : list) {
    const std::string value = item.is_object() ? text_at(item, {member}) : scalar_text(item);
    if (value.empty()) continue;
    if (!out.empty()) out += ',';
    out += value;
  }
  return out;
}

/// Value of an input or of a used element. Each type has its own member
/// (https://docs.slack.dev/reference/block-kit/block-elements), and no element has two of them.
std::string element_value(const Json& element) {
  for (const char* member : {"selected_date_time", "selected_date", "selected_time", "selected_user",
                             "selected_conversation", "selected_channel", "value"}) {
    const Json* found = member_at(element, {member});
    if (found == nullptr) continue;
    if (std::string value = scalar_text(*found); !value.empty()) return value;
  }
  if (std::string value = text_at(element, {"selected_option", "value"}); !value.empty()) return value;
  if (const Json* rich = member_at(element, {"rich_text_value"})) {
    std::vector<std::string> links;
    return rich_text(*rich, links);
  }
  for (const char* member : {"selected_options", "selected_users", "selected_conversations", "selected_channels"}) {
    if (std::string value = joined(array_at(element, {member}), "value"); !value.empty()) return value;
  }
  return joined(array_at(element, {"files"}), "id");
}

Result<Inbound> read_block_action(const Json& payload) {
  const Json& actions = array_at(payload, {"actions"});
  BlockAction action;
  action.team = team_of(payload);
  action.channel = channel_of(payload);
  action.user = id_at(payload, {"user", "id"});
  action.message_ts = first_id(payload, {{"message", "ts"}, {"container", "message_ts"}});
  action.thread_ts = first_id(payload, {{"message", "thread_ts"}, {"container", "thread_ts"}});
  action.view_id = first_id(payload, {{"view", "id"}, {"container", "view_id"}});
  action.trigger_id = id_at(payload, {"trigger_id"});
  action.response_url = id_at(payload, {"response_url"});
  // Slack sends one at a time.
  if (!actions.empty()) {
    action.action_id = text_at(actions[0], {"action_id"});
    action.value = element_value(actions[0]);
    action.action_ts = id_at(actions[0], {"action_ts"});
  }
  if (action.user.empty() || action.action_id.empty()) {
    return tl::unexpected(lacks("block_actions", "its user or an action with an action_id"));
  }
  const Json* view = member_at(payload, {"view"});
  action.values = read_values(view != nullptr ? *view : payload);
  return action;
}

Result<Inbound> read_view_submission(const Json& payload) {
  ViewSubmission submission;
  submission.team = team_of(payload);
  submission.user = id_at(payload, {"user", "id"});
  submission.view_id = id_at(payload, {"view", "id"});
  submission.callback_id = text_at(payload, {"view", "callback_id"});
  submission.private_metadata = text_at(payload, {"view", "private_metadata"});
  if (submission.user.empty() || submission.view_id.empty()) {
    return tl::unexpected(lacks("view_submission", "its user or its view"));
  }
  submission.values = read_values(*member_at(payload, {"view"}));
  return submission;
}

Result<Inbound> read_message_shortcut(const Json& payload) {
  MessageShortcut shortcut;
  shortcut.team = team_of(payload);
  shortcut.channel = channel_of(payload);
  shortcut.user = id_at(payload, {"user", "id"});
  shortcut.callback_id = text_at(payload, {"callback_id"});
  shortcut.trigger_id = id_at(payload, {"trigger_id"});
  shortcut.response_url = id_at(payload, {"response_url"});
  const Json* message = member_at(payload, {"message"});
  if (shortcut.user.empty() || shortcut.channel.empty() || message == nullptr) {
    return tl::unexpected(lacks("message_action", "its user, its channel or its message"));
  }
  shortcut.message = read_message(*message);
  shortcut.message.team = shortcut.team;
  shortcut.message.channel = shortcut.channel;
  if (shortcut.message.ts.empty()) shortcut.message.ts = id_at(payload, {"message_ts"});
  if (shortcut.message.ts.empty()) return tl::unexpected(lacks("message_action", "the ts of its message"));
  return shortcut;
}

}  // namespace

FormValues read_values(const Json& holder) {
  FormValues values;
  const Json* blocks = member_at(holder, {"state", "values"});
  if (blocks == nullptr || !blocks->is_object()) return values;
  for (const auto& [block_id, inputs] : blocks->items()) {
    if (!inputs.is_object()) continue;
    for (const auto& [action_id, input] : inputs.items()) {
      if (std::string value = element_value(input); !value.empty()) {
        values[block_id + '/' + action_id] = std::move(value);
      }
    }
  }
  return values;
}

Result<Inbound> read_interaction(const Json& payload) {
  const std::string type = text_at(payload, {"type"});
  if (type == "block_actions") return read_block_action(payload);
  if (type == "view_submission") return read_view_submission(payload);
  if (type == "message_action") return read_message_shortcut(payload);
  if (type.empty()) {
    return fail(ErrorCode::kInvalidInput, "This payload lacks the type that all of Slack's interactions have.");
  }
  // Closed modals, shortcuts that belong to no message, menus that ask for options, what older apps have.
  return Ignored{known_word(type)};
}

}  // namespace fa::slack
