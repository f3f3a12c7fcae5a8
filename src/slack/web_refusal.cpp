#include "slack/web_refusal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

struct KnownWord {
  std::string_view word;
  ErrorCode code;
  std::string_view advice;
  RefusalKind kind = RefusalKind::kFinal;
};

constexpr std::string_view kToken = "Check the token: install the app to the workspace again and copy its new token";
constexpr std::string_view kInvite = "Invite the app to the channel: /invite and its name";
constexpr std::string_view kChannel =
    "The channel does not exist, or the app may not see it: check its id, and invite the app to it if it is private";
constexpr std::string_view kPolicy = "The workspace's settings do not allow it: ask an administrator";
constexpr std::string_view kOurs = "Slack does not take what was sent; if the text is not extraordinary, report this";
constexpr std::string_view kTooLong = "Slack does not take a text of that length";
constexpr std::string_view kTrigger = "Slack allows three seconds for opening a form: ask for it again";
constexpr std::string_view kLater = "Try again later; https://slack-status.com says whether Slack has a problem";
constexpr std::string_view kThread = "It was deleted, or never was there";
constexpr std::string_view kUsedUp = "It can be used five times within 30 minutes of the click or command";

/// Words whose meaning a caller or reader has use for; the others are as Slack's documentation has them
/// (https://docs.slack.dev/reference/methods, each method's list of errors).
constexpr KnownWord kWords[] = {
    {"not_authed", ErrorCode::kDenied, kToken},
    {"invalid_auth", ErrorCode::kDenied, kToken},
    {"token_revoked", ErrorCode::kDenied, kToken},
    {"token_expired", ErrorCode::kDenied, kToken},
    {"account_inactive", ErrorCode::kDenied, kToken},
    {"not_allowed_token_type", ErrorCode::kDenied,
     "Bot tokens begin with xoxb-, app tokens with xapp-: check which is where"},
    {"missing_scope", ErrorCode::kDenied, {}},
    {"no_permission", ErrorCode::kDenied, kPolicy},
    {"not_in_channel", ErrorCode::kDenied, kInvite},
    {"user_not_in_channel", ErrorCode::kDenied, "Only members of the channel can be shown something there"},
    {"channel_not_found", ErrorCode::kDenied, kChannel},
    {"is_archived", ErrorCode::kDenied, "The channel is archived"},
    {"access_denied", ErrorCode::kDenied, kPolicy},
    {"accesslimited", ErrorCode::kDenied, kPolicy},
    {"ekm_access_denied", ErrorCode::kDenied, kPolicy},
    {"org_login_required", ErrorCode::kDenied, kPolicy},
    {"team_access_not_granted", ErrorCode::kDenied, kPolicy},
    {"two_factor_setup_required", ErrorCode::kDenied, kPolicy},
    {"restricted_action", ErrorCode::kDenied, kPolicy},
    {"restricted_action_read_only_channel", ErrorCode::kDenied, kPolicy},
    {"restricted_action_thread_only_channel", ErrorCode::kDenied, kPolicy},
    {"restricted_action_non_threadable_channel", ErrorCode::kDenied, kPolicy},
    {"restricted_action_thread_locked", ErrorCode::kDenied, kPolicy},
    {"posting_to_channel_denied", ErrorCode::kDenied, kPolicy},
    {"messages_tab_disabled", ErrorCode::kDenied, "Allow messages in the app's settings (App Home)"},
    {"cant_update_message", ErrorCode::kDenied, "Only messages of the app's own can be changed"},
    {"edit_window_closed", ErrorCode::kDenied, kPolicy},
    {"file_uploads_disabled", ErrorCode::kDenied, kPolicy},
    {"file_uploads_except_images_disabled", ErrorCode::kDenied, kPolicy},
    {"storage_limit_reached", ErrorCode::kDenied, "The workspace has no room for files any more: ask an administrator"},
    {"message_limit_exceeded", ErrorCode::kDenied, kPolicy},

    {"message_not_found", ErrorCode::kNotFound, kThread},
    {"thread_not_found", ErrorCode::kNotFound, kThread},
    {"user_not_found", ErrorCode::kNotFound, "There is no such user in this workspace"},
    {"users_not_found", ErrorCode::kNotFound, "There is no such user in this workspace"},
    {"user_not_visible", ErrorCode::kNotFound, "There is no such user in this workspace"},
    {"file_not_found", ErrorCode::kNotFound, "It was deleted, or its bytes never arrived"},
    {"not_found", ErrorCode::kNotFound, "The form was closed"},
    {"view_not_found", ErrorCode::kNotFound, "The form was closed"},
    {"expired_trigger_id", ErrorCode::kNotFound, kTrigger},
    {"exchanged_trigger_id", ErrorCode::kNotFound, kTrigger},
    {"trigger_expired", ErrorCode::kNotFound, kTrigger},
    {"trigger_exchanged", ErrorCode::kNotFound, kTrigger},
    {"invalid_trigger_id", ErrorCode::kNotFound, kTrigger},
    {"used_url", ErrorCode::kNotFound, kUsedUp},
    {"expired_url", ErrorCode::kNotFound, kUsedUp},

    {"invalid_blocks", ErrorCode::kInvalidInput, kOurs},
    {"invalid_blocks_format", ErrorCode::kInvalidInput, kOurs},
    {"invalid_arguments", ErrorCode::kInvalidInput, kOurs},
    {"msg_too_long", ErrorCode::kInvalidInput, kTooLong},
    {"msg_blocks_too_long", ErrorCode::kInvalidInput, kTooLong},
    {"view_too_large", ErrorCode::kInvalidInput, kTooLong},
    {"metadata_too_large", ErrorCode::kInvalidInput, kTooLong},

    {"ratelimited", ErrorCode::kUnavailable, kLater, RefusalKind::kThrottled},
    {"rate_limited", ErrorCode::kUnavailable, kLater, RefusalKind::kThrottled},
    {"fatal_error", ErrorCode::kUnavailable, kLater, RefusalKind::kUnsure},
    {"internal_error", ErrorCode::kUnavailable, kLater, RefusalKind::kUnsure},
    {"rollup_error", ErrorCode::kUnavailable, kLater, RefusalKind::kUnsure},
    {"service_unavailable", ErrorCode::kUnavailable, kLater, RefusalKind::kUnsure},
    {"request_timeout", ErrorCode::kUnavailable, kLater, RefusalKind::kNotNow},
    {"team_added_to_org", ErrorCode::kUnavailable, "The workspace is being moved to an organisation: try again later"},
    {"external_channel_migrating", ErrorCode::kUnavailable, "The channel is being moved: try again later"},
};

/// Names of scopes as in `needed`: `chat:write,files:write`.
std::string scopes_of(const Json& answer) {
  const std::string needed = text_at(answer, {"needed"});
  const bool plain = !needed.empty() && needed.size() <= 200 &&
                     needed.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789:._-, ") == std::string::npos;
  return plain ? needed : std::string();
}

std::string scope_advice(const Json& answer) {
  const std::string needed = scopes_of(answer);
  return fmt::format(
      "Give the app the {} in its settings (OAuth & Permissions), then install it to the workspace again",
      needed.empty() ? std::string("scope that Slack's documentation names for this method") : "scope " + needed);
}

/// What Slack says about the structure of blocks and arguments: `must be less than 3001 characters
/// [json-pointer:/blocks/1/text/text]`.
std::string structure_words(const Json& answer) {
  constexpr std::size_t kMost = 5;
  constexpr std::size_t kLongest = 200;
  std::string out;
  std::size_t count = 0;
  for (const Json& message : array_at(answer, {"response_metadata", "messages"})) {
    if (!message.is_string() || count == kMost) continue;
    ++count;
    out += out.empty() ? " (" : "; ";
    out += visible(utf8_prefix(message.get<std::string>(), kLongest));
  }
  return out.empty() ? out : out + ")";
}

bool is_about_structure(std::string_view word) {
  constexpr std::array<std::string_view, 3> kAbout = {"invalid_blocks", "invalid_blocks_format", "invalid_arguments"};
  return std::find(kAbout.begin(), kAbout.end(), word) != kAbout.end();
}

}  // namespace

Refusal read_refusal(const Json& answer) {
  const std::string word = known_word(text_at(answer, {"error"}));
  const auto* const known =
      std::find_if(std::begin(kWords), std::end(kWords), [&](const KnownWord& w) { return w.word == word; });
  if (known == std::end(kWords)) {
    // A refusal that Slack's documentation explains: what was sent is wrong in a way that no repetition mends.
    return {RefusalKind::kFinal,
            {ErrorCode::kInvalidInput,
             fmt::format("was refused: {}. Slack's documentation of the method explains this word", word), word}};
  }
  const std::string advice = word == "missing_scope" ? scope_advice(answer) : std::string(known->advice);
  const std::string details = is_about_structure(word) ? structure_words(answer) : std::string();
  return {known->kind, {known->code, fmt::format("was refused: {}{}. {}", word, details, advice), word}};
}

}  // namespace fa::slack
