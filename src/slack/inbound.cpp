#include "slack/inbound.h"

#include <fmt/core.h>

#include "base/text.h"
#include "slack/form.h"
#include "slack/inbound_parts.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

/// Slack's requests have tens of kilobytes.
constexpr std::size_t kMostBytes = std::size_t{1} << 20;

Result<Json> read_object(std::string_view text, std::string_view what) {
  auto document = read_json(text, kMostBytes, what);
  if (document && !document->is_object()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is JSON, but no object.", what));
  }
  return document;
}

std::string id_or_empty(std::string value) { return is_id(value) ? value : std::string(); }

/// `value_of(name)` gives a command's fields, whichever way they came.
template <class ValueOf>
Result<Inbound> read_command(const ValueOf& value_of) {
  SlashCommand command;
  command.team = id_or_empty(value_of("team_id"));
  command.channel = id_or_empty(value_of("channel_id"));
  command.user = id_or_empty(value_of("user_id"));
  command.command = id_or_empty(value_of("command"));
  command.text = value_of("text");
  command.trigger_id = id_or_empty(value_of("trigger_id"));
  command.response_url = id_or_empty(value_of("response_url"));
  if (!command.command.starts_with('/') || command.channel.empty() || command.user.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "This slash command lacks its name (which begins with a slash), its channel_id or its user_id.");
  }
  return command;
}

Result<Inbound> read_payload(std::string_view text) {
  const auto payload = read_object(text, "The payload of this request");
  if (!payload) return tl::unexpected(payload.error());
  return read_interaction(*payload);
}

Result<Inbound> read_form(std::string_view body) {
  const auto fields = decode_form(body);
  if (!fields) return tl::unexpected(fields.error());
  if (field_of(*fields, "ssl_check") == "1") return SslCheck{};
  if (const auto payload = field_of(*fields, "payload"); !payload.empty()) return read_payload(payload);
  if (field_of(*fields, "command").empty()) {
    return fail(ErrorCode::kInvalidInput, "This form has neither a payload nor a command.");
  }
  return read_command([&](std::string_view name) { return std::string(field_of(*fields, name)); });
}

Result<Inbound> read_events_body(std::string_view body) {
  const auto document = read_object(body, "The body of this request");
  if (!document) return tl::unexpected(document.error());
  return read_event(*document);
}

}  // namespace

Result<Inbound> parse_inbound(std::string_view content_type, std::string_view body) {
  if (body.size() > 3 * kMostBytes) {  // percent-encoding takes three bytes for one
    return fail(ErrorCode::kLimit,
                fmt::format("The body of this request is larger than {}.", format_bytes(3 * kMostBytes)));
  }
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  if (iequals(type, "application/json")) return read_events_body(body);
  if (iequals(type, "application/x-www-form-urlencoded")) return read_form(body);
  return fail(ErrorCode::kInvalidInput,
              "The Content-Type is neither application/json nor application/x-www-form-urlencoded.");
}

Result<Inbound> parse_envelope_payload(std::string_view type, std::string_view payload_json) {
  if (type == "events_api") return read_events_body(payload_json);
  if (type == "interactive") return read_payload(payload_json);
  if (type != "slash_commands") return Ignored{known_word(type)};
  const auto document = read_object(payload_json, "The payload of this command");
  if (!document) return tl::unexpected(document.error());
  return read_command([&](const char* name) { return text_at(*document, {name}); });
}

}  // namespace fa::slack
