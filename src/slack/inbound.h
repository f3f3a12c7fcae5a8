#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

/// What Slack sends, over HTTP or Socket Mode, taken apart. Everything here was written by somebody else: no field is
/// trusted for more than it says.
namespace fa::slack {

/// A message in a channel: event types `message` (all subtypes that are new messages, bot_message included) and
/// `app_mention`.
struct MessageEvent {
  std::string event_id;  ///< The same in all retries.
  std::string team;
  std::string channel;
  std::string user;    ///< Empty for bots without one.
  std::string app_id;  ///< Of the app that wrote it (also from bot_profile); empty for people.
  std::string bot_id;
  std::string ts;         ///< Its id in the channel.
  std::string thread_ts;  ///< Empty outside threads.
  bool mention = false;   ///< `app_mention`: somebody speaks to us.
  bool in_direct_message = false;
  std::string text;  ///< As sent, Slack's `<...>` markup and `&amp;` included.
  /// All that can be read in it, one piece per line: text, blocks, attachments (title, text, fields as `title: value`,
  /// fallback), markup undone (`<url|label>` is the label, `&lt;` is `<`).
  std::string plain_text;
  std::vector<std::string> links;  ///< URLs in it, in order.
};

struct SlashCommand {
  std::string team;
  std::string channel;
  std::string user;
  std::string command;  ///< With the slash.
  std::string text;
  std::string trigger_id;
  std::string response_url;
};

/// Values of a form's inputs, by `block_id/action_id`. Options give their value, dates `2026-03-14`, times `17:30`,
/// datetimepickers the Unix seconds, multiple choices are joined by commas. Inputs left empty are absent.
using FormValues = std::map<std::string, std::string>;

/// A button or other element in a message or modal was used.
struct BlockAction {
  std::string team;
  std::string channel;
  std::string user;
  std::string message_ts;  ///< Of the message it stands in; empty in modals.
  std::string thread_ts;   ///< Of the thread the message stands in; empty outside.
  std::string view_id;     ///< Of the modal it stands in; empty in messages.
  std::string action_id;
  std::string value;      ///< Of a button, or the selected option.
  std::string action_ts;  ///< When it was used: different for each click.
  std::string trigger_id;
  std::string response_url;
  FormValues values;  ///< Of all inputs in the message or modal.
};

struct MessageShortcut {
  std::string team;
  std::string channel;
  std::string user;
  std::string callback_id;
  std::string trigger_id;
  std::string response_url;
  MessageEvent message;  ///< The one it was used on; no event_id.
};

struct ViewSubmission {
  std::string team;
  std::string user;
  std::string view_id;
  std::string callback_id;
  std::string private_metadata;
  FormValues values;
};

struct UrlVerification {
  std::string challenge;
};
struct SslCheck {};

/// Well formed, and nothing for us: other event types, edits and deletions, closed modals.
struct Ignored {
  std::string what;
};

using Inbound = std::variant<MessageEvent, SlashCommand, BlockAction, MessageShortcut, ViewSubmission, UrlVerification,
                             SslCheck, Ignored>;

/// A request to `/slack/events`: JSON for events, form-encoded for commands and interactivity, by its Content-Type.
/// kInvalidInput for what is none of these or lacks what it must have, kLimit for deep, wide or huge JSON. Event and
/// payload types that are not known are Ignored. Ids that are no printable ASCII count as absent.
[[nodiscard]] Result<Inbound> parse_inbound(std::string_view content_type, std::string_view body);

/// The payload of a Socket Mode envelope; `type` is `events_api`, `interactive` or `slash_commands`.
[[nodiscard]] Result<Inbound> parse_envelope_payload(std::string_view type, std::string_view payload_json);

/// Slack's markup undone: `<https://x|label>` is `label`, `<@U1>` is `@U1`, `<!channel>` is `@channel`, `&amp;` is `&`.
[[nodiscard]] std::string without_markup(std::string_view text);

}  // namespace fa::slack
