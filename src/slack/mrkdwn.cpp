#include <string>

#include "base/text.h"
#include "slack/markdown_blocks.h"

// Slack's mrkdwn (https://docs.slack.dev/messaging/formatting-message-text) has no way to escape more than `&`, `<` and
// `>`; what else acts is kept from it by an invisible word joiner.
namespace fa::slack {
namespace {

constexpr std::string_view kWordJoiner = "\xe2\x81\xa0";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// Of a name in an address; bytes of other alphabets included.
bool is_name(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Whether the character at `i`, left as it is, would begin or end something: an emphasis, a mention, a channel, an
/// address (`https://x`, `x.example`), which clients find in the text by themselves.
bool acts(std::string_view text, std::size_t i) {
  const char c = text[i];
  const char next = i + 1 < text.size() ? text[i + 1] : '\0';
  switch (c) {
    case '*':
    case '_':
    case '~':
    case '`':
    case '@':
      return true;
    case '#':
      return is_name(next);
    case ':':
      return next == '/' || is_letter(next);
    case '.':
      return i > 0 && is_name(text[i - 1]) && is_name(next);
    default:
      return false;
  }
}

}  // namespace

std::string mrkdwn_escape(std::string_view text) {
  const std::string shown = visible(text);
  std::string out;
  out.reserve(shown.size());
  bool at_line_start = true;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      // At the start of a line the entity is a quotation all the same.
      if (at_line_start) out += kWordJoiner;
      out += "&gt;";
    } else {
      out += c;
    }
    if (acts(shown, i)) out += kWordJoiner;
    at_line_start = c == '\n' || (at_line_start && (c == ' ' || c == '\t'));
  }
  return out;
}

}  // namespace fa::slack
