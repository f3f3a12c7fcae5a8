#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

/// Blocks of Slack's Block Kit (https://docs.slack.dev/reference/block-kit), always within its limits: every text is
/// made visible() and cut or split here, so that no caller has to. Texts are `plain_text`: nothing in them is
/// interpreted. Pure functions.
namespace fa::slack {

/// Blocks that a message may have.
inline constexpr std::size_t kMessageBlocks = 50;
/// What a message may weigh. Slack refuses messages above an amount it does not document (msg_blocks_too_long, seen
/// from 11,400 characters of text in rich text and from 13,200 in other blocks on); the JSON as a whole stays below it.
inline constexpr std::size_t kMessageWeight = 12'000;
/// Of one rich_text block: text, and the JSON around it.
inline constexpr std::size_t kRichTextLength = 3000;
inline constexpr std::size_t kRichTextWeight = 8000;

/// One block, ready to send.
struct Block {
  std::string json;
  std::size_t weight = 0;  ///< Length of the JSON; values of buttons, which nobody sees, do not count.
};

[[nodiscard]] Block header(std::string_view text);                     ///< At most 150 characters.
[[nodiscard]] Block section(std::string_view text);                    ///< At most 3,000.
[[nodiscard]] Block context(const std::vector<std::string>& remarks);  ///< Small print; at most 10 remarks.
[[nodiscard]] Block divider();

struct TextInput {
  std::string block_id;
  std::string action_id;
  std::string label;
  std::string placeholder;
  std::string initial;
  bool optional = false;
};
/// Several lines of at most 3,000 characters.
[[nodiscard]] Block text_input(const TextInput& input);

struct TimeInput {
  std::string block_id;
  std::string action_id;
  std::string label;
  std::string hint;
  std::optional<TimePoint> initial;  ///< Times that Slack cannot show (before 2001-09-09, after 2286) are left out.
};
/// A date and time; Slack shows them in each viewer's own time zone.
[[nodiscard]] Block time_input(const TimeInput& input);

struct NumberInput {
  std::string block_id;
  std::string action_id;
  std::string label;
  std::string hint;
  int least = 0;
  int most = 0;
  int initial = 0;
};
/// A whole number; comes back as its digits.
[[nodiscard]] Block number_input(const NumberInput& input);

struct Choice {
  std::string value;  ///< Comes back; at most 150 characters.
  std::string text;   ///< At most 75.
};
struct ChoiceInput {
  std::string block_id;
  std::string action_id;
  std::string label;
  std::vector<Choice> choices;  ///< At most 100, at least one.
  std::size_t initial = 0;      ///< Index of the one that is chosen at first.
};
[[nodiscard]] Block choice_input(const ChoiceInput& input);

struct ConversationInput {
  std::string block_id;
  std::string action_id;
  std::string label;
  std::string hint;
};
/// A channel or direct message, at first the one in which the form was opened. May be left empty.
[[nodiscard]] Block conversation_input(const ConversationInput& input);

struct Button {
  std::string action_id;
  std::string text;
  std::string value;  ///< At most 2,000 characters; more would not come back.
  bool primary = false;
};
/// A row of at most 25.
[[nodiscard]] Block buttons(const std::vector<Button>& row);

/// A JSON array of the blocks.
[[nodiscard]] std::string blocks_json(const std::vector<Block>& blocks);

struct Modal {
  std::string callback_id;
  std::string title;
  std::string submit;
  std::string close;
  std::string metadata;  ///< At most 3,000 characters; more would not come back.
};
[[nodiscard]] std::string modal_json(const Modal& modal, const std::vector<Block>& blocks);

/// Divides what belongs together (groups of blocks, in order) over messages: a group that fits into one message is not
/// torn. Each message is within the limits of blocks and weight. No groups, no messages.
[[nodiscard]] std::vector<std::vector<Block>> message_pages(const std::vector<std::vector<Block>>& groups);
[[nodiscard]] bool fits_message(const std::vector<Block>& blocks);

}  // namespace fa::slack
