#include <unordered_set>

#include "base/text.h"
#include "slack/inbound_parts.h"
#include "slack/json_members.h"
#include "slack/markup.h"

namespace fa::slack {
namespace {

/// What Slack puts where an app gave no fallback.
constexpr std::string_view kNoFallback = "[no preview available]";

/// A text without what only forms it: people's messages come twice, as mrkdwn and as rich text.
std::string bare_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (space && (out.empty() || out.back() == ' ')) continue;
    if (c != '*' && c != '_' && c != '~' && c != '`') out += space ? ' ' : c;
  }
  return out;
}

/// Gathers pieces and addresses in order, each once.
class TextPieces {
 public:
  void add(std::string_view piece) {
    piece = trim(piece);
    if (piece.empty() || !pieces_.insert(bare_text(piece)).second) return;
    if (!out_.text.empty()) out_.text += '\n';
    out_.text.append(piece);
  }
  void add_markup(std::string_view text) {
    std::vector<std::string> links;
    add(without_markup(text, links));
    add_links(links);
  }
  void add_link(const std::string& address) {
    if (is_web_address(address) && addresses_.insert(address).second) out_.links.push_back(address);
  }
  void add_links(const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) add_link(address);
  }
  Readable take() { return std::move(out_); }

 private:
  Readable out_;
  std::unordered_set<std::string> pieces_;
  std::unordered_set<std::string> addresses_;
};

// Rich text (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): its texts have no markup.

std::string inline_text(const Json& element, std::vector<std::string>& links) {
  const std::string type = text_at(element, {"type"});
  if (type == "text") return text_at(element, {"text"});
  if (type == "link") {
    const std::string url = text_at(element, {"url"});
    if (is_web_address(url)) links.push_back(url);
    const std::string label = text_at(element, {"text"});
    return label.empty() ? url : label;
  }
  if (type == "user") return "@" + text_at(element, {"user_id"});
  if (type == "usergroup") return "@" + text_at(element, {"usergroup_id"});
  if (type == "broadcast") return "@" + text_at(element, {"range"});
  if (type == "channel") return "#" + text_at(element, {"channel_id"});
  if (type == "emoji") return ":" + text_at(element, {"name"}) + ":";
  if (type == "date") return text_at(element, {"fallback"});
  if (type == "color") return text_at(element, {"value"});
  return text_at(element, {"text"});
}

void append_rich(std::string& out, const Json& element, std::vector<std::string>& links) {
  const std::string type = text_at(element, {"type"});
  const bool is_list = type == "rich_text_list";
  const bool is_container = is_list || type == "rich_text";
  for (const Json& child : array_at(element, {"elements"})) {
    if (is_container) {
      if (!out.empty() && out.back() != '\n') out += '\n';
      if (is_list) out += "• ";
    }
    if (child.is_object() && child.contains("elements")) {
      append_rich(out, child, links);
    } else {
      out += inline_text(child, links);
    }
  }
}

// Blocks (https://docs.slack.dev/reference/block-kit/blocks).

void add_blocks(TextPieces& pieces, const Json& blocks);

/// A text object; older ones are plain strings.
void add_text_object(TextPieces& pieces, const Json& object) {
  if (object.is_string()) {
    pieces.add_markup(object.get<std::string>());
  } else if (text_at(object, {"type"}) == "plain_text" || text_at(object, {"type"}) == "raw_text") {
    pieces.add(without_entities(text_at(object, {"text"})));
  } else {
    pieces.add_markup(text_at(object, {"text"}));
  }
}

void add_text_member(TextPieces& pieces, const Json& holder, const char* member) {
  if (const Json* object = member_at(holder, {member})) add_text_object(pieces, *object);
}

void add_rich_text(TextPieces& pieces, const Json& block) {
  std::vector<std::string> links;
  pieces.add(rich_text(block, links));
  pieces.add_links(links);
}

/// Cells of a table, a row a piece.
void add_table(TextPieces& pieces, const Json& block) {
  for (const Json& row : array_at(block, {"rows"})) {
    std::string line;
    std::vector<std::string> links;
    if (!row.is_array()) continue;
    for (const Json& cell : row) {
      if (!line.empty()) line += " | ";
      line += text_at(cell, {"type"}) == "rich_text" ? rich_text(cell, links) : text_at(cell, {"text"});
    }
    pieces.add(line);
    pieces.add_links(links);
  }
}

void add_block(TextPieces& pieces, const Json& block) {
  const std::string type = text_at(block, {"type"});
  if (type == "rich_text") return add_rich_text(pieces, block);
  if (type == "table") return add_table(pieces, block);
  if (type == "image" || type == "video") {
    add_text_member(pieces, block, "title");
    pieces.add(text_at(block, {"alt_text"}));
    pieces.add_link(text_at(block, {"title_url"}));
  }
  add_text_member(pieces, block, "text");
  for (const Json& field : array_at(block, {"fields"})) add_text_object(pieces, field);
  pieces.add_link(text_at(block, {"accessory", "url"}));
  for (const Json& element : array_at(block, {"elements"})) {
    // Labels of buttons are not what a message says; where they lead to is.
    if (type == "context" && text_at(element, {"type"}) == "image") {
      pieces.add(text_at(element, {"alt_text"}));
    } else if (type == "context") {
      add_text_object(pieces, element);
    }
    pieces.add_link(text_at(element, {"url"}));
  }
}

void add_blocks(TextPieces& pieces, const Json& blocks) {
  for (const Json& block : blocks) add_block(pieces, block);
}

// Attachments (https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments).

void add_attachment_field(TextPieces& pieces, const Json& field) {
  std::vector<std::string> links;
  const std::string title = without_markup(text_at(field, {"title"}), links);
  const std::string value = without_markup(text_at(field, {"value"}), links);
  pieces.add(title.empty() || value.empty() ? title + value : title + ": " + value);
  pieces.add_links(links);
}

void add_attachment(TextPieces& pieces, const Json& attachment) {
  for (const char* member : {"pretext", "author_name", "title"}) pieces.add_markup(text_at(attachment, {member}));
  pieces.add_link(text_at(attachment, {"title_link"}));
  pieces.add_markup(text_at(attachment, {"text"}));
  for (const Json& field : array_at(attachment, {"fields"})) add_attachment_field(pieces, field);
  add_blocks(pieces, array_at(attachment, {"blocks"}));
  for (const Json& action : array_at(attachment, {"actions"})) pieces.add_link(text_at(action, {"url"}));
  pieces.add_markup(text_at(attachment, {"footer"}));
  const std::string fallback = text_at(attachment, {"fallback"});
  if (fallback != kNoFallback) pieces.add_markup(fallback);
}

}  // namespace

std::string rich_text(const Json& block, std::vector<std::string>& links) {
  std::string out;
  append_rich(out, block, links);
  return std::string(trim(out));
}

Readable read_text(const Json& message) {
  TextPieces pieces;
  pieces.add_markup(text_at(message, {"text"}));
  add_blocks(pieces, array_at(message, {"blocks"}));
  for (const Json& attachment : array_at(message, {"attachments"})) add_attachment(pieces, attachment);
  return pieces.take();
}

}  // namespace fa::slack
