#include "support/slack/slack_pings.h"

#include <string_view>

#include "support/slack/slack_wire.h"

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;

/// Of mrkdwn: `<@U1>`, `<@U1|name>`, `<!here>`, `<!subteam^S1|name>`; not `<!date^...>`.
void add_markup(std::vector<SlackMention>& out, std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    const std::string_view inner = rest.substr(0, rest.find_first_of(">|"));
    if (inner.size() == rest.size() || rest.find('>') == std::string_view::npos) return;
    if (inner.starts_with('@') && inner.size() > 1) out.push_back({std::string(inner.substr(1)), false});
    if (inner == "!channel" || inner == "!here" || inner == "!everyone" || inner == "!group" ||
        inner.starts_with("!subteam^")) {
      out.push_back({std::string(inner), false});
    }
  }
}

/// What link_names and parse=full make of plain names.
void add_names(std::vector<SlackMention>& out, std::string_view text) {
  for (const std::string_view name : {"@channel", "@here", "@everyone"}) {
    if (text.find(name) != std::string_view::npos) out.push_back({"!" + std::string(name.substr(1)), false});
  }
}

/// All below a block: text objects of type mrkdwn and rich text elements, wherever they stand.
void add_blocks(std::vector<SlackMention>& out, const Json& value, int depth = 0) {
  if (depth > 32) return;
  if (value.is_array()) {
    for (const Json& item : value) add_blocks(out, item, depth + 1);
    return;
  }
  if (!value.is_object()) return;
  const std::string type = text_of(value, "type");
  if (type == "mrkdwn" || type == "markdown") add_markup(out, text_of(value, "text"));
  if (type == "user") out.push_back({text_of(value, "user_id"), true});
  if (type == "usergroup") out.push_back({"!subteam^" + text_of(value, "usergroup_id"), true});
  if (type == "broadcast") out.push_back({"!" + text_of(value, "range"), true});
  for (const auto& [name, member] : value.items()) {
    if (member.is_structured()) add_blocks(out, member, depth + 1);
  }
}

}  // namespace

std::vector<SlackMention> mentions_in(const Json& arguments) {
  std::vector<SlackMention> out;
  const std::string text = text_of(arguments, "text");
  add_markup(out, text);
  if (slack_wire::is_true(arguments, "link_names") || text_of(arguments, "parse") == "full") add_names(out, text);
  add_blocks(out, member_of(arguments, "blocks"));
  for (const Json& attachment : member_of(arguments, "attachments")) {
    for (const char* member : {"pretext", "text", "title", "fallback"}) add_markup(out, text_of(attachment, member));
    for (const Json& field : member_of(attachment, "fields")) add_markup(out, text_of(field, "value"));
    add_blocks(out, member_of(attachment, "blocks"));
  }
  return out;
}

}  // namespace fa::test
