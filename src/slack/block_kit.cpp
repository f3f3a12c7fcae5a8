#include "slack/block_kit.h"

#include <algorithm>
#include <chrono>

#include "base/json.h"
#include "base/text.h"
#include "slack/text_length.h"

namespace fa::slack {
namespace {

constexpr std::size_t kHeaderLength = 150;
constexpr std::size_t kTextLength = 3000;
constexpr std::size_t kContextElements = 10;
constexpr std::size_t kRemarkLength = 500;  // Slack's limit is that of all texts; small print is short.
constexpr std::size_t kIdLength = 255;
constexpr std::size_t kLabelLength = 2000;
constexpr std::size_t kPlaceholderLength = 150;
constexpr std::size_t kInputLength = 3000;
constexpr std::size_t kButtonTextLength = 75;
constexpr std::size_t kButtonValueLength = 2000;
constexpr std::size_t kChoiceTextLength = 75;
constexpr std::size_t kChoiceValueLength = 150;
constexpr std::size_t kMostChoices = 100;
constexpr std::size_t kActionsElements = 25;
constexpr std::size_t kModalWordLength = 24;
constexpr std::size_t kMetadataLength = 3000;
constexpr std::size_t kModalBlocks = 100;

/// An empty text is refused by Slack.
std::string shown(std::string_view text, std::size_t most) {
  std::string out = cut_text(visible(text), most);
  return trim(out).empty() ? "–" : out;
}

Json plain_text(std::string_view text, std::size_t most) {
  // Without `emoji`, `:fire:` in a log stays what it is.
  return {{"type", "plain_text"}, {"text", shown(text, most)}, {"emoji", false}};
}

/// What comes back as it went out: cut, an ellipsis would be part of it.
std::string opaque(std::string_view text, std::size_t most) {
  const std::string valid = sanitize_utf8(text);
  const auto pieces = split_text(valid, most);
  return pieces.empty() ? std::string() : std::string(pieces.front());
}

Block finished(const Json& json) {
  Block block{json_text(json), 0};
  block.weight = text_length(block.json);
  return block;
}

Json input_block(const std::string& block_id, const std::string& label, const Json& element,
                 const std::string& hint = {}) {
  Json block = {{"type", "input"},
                {"block_id", opaque(block_id, kIdLength)},
                {"label", plain_text(label, kLabelLength)},
                {"element", element}};
  if (!hint.empty()) block["hint"] = plain_text(hint, kLabelLength);
  return block;
}

/// Slack wants ten digits.
bool is_shown_by_slack(std::int64_t unix_seconds) {
  return unix_seconds >= 1'000'000'000 && unix_seconds <= 9'999'999'999;
}

}  // namespace

Block header(std::string_view text) {
  return finished({{"type", "header"}, {"text", plain_text(text, kHeaderLength)}});
}

Block section(std::string_view text) {
  return finished({{"type", "section"}, {"text", plain_text(text, kTextLength)}});
}

Block context(const std::vector<std::string>& remarks) {
  Json elements = Json::array();
  for (std::size_t i = 0; i < std::min(remarks.size(), kContextElements); ++i) {
    elements.push_back(plain_text(remarks[i], kRemarkLength));
  }
  return finished({{"type", "context"}, {"elements", std::move(elements)}});
}

Block divider() { return finished({{"type", "divider"}}); }

Block text_input(const TextInput& input) {
  Json element = {{"type", "plain_text_input"},
                  {"action_id", opaque(input.action_id, kIdLength)},
                  {"multiline", true},
                  {"max_length", kInputLength}};
  if (!input.placeholder.empty()) element["placeholder"] = plain_text(input.placeholder, kPlaceholderLength);
  if (!input.initial.empty()) element["initial_value"] = cut_text(visible(input.initial), kInputLength);
  Json block = input_block(input.block_id, input.label, element);
  block["optional"] = input.optional;
  return finished(block);
}

Block time_input(const TimeInput& input) {
  Json element = {{"type", "datetimepicker"}, {"action_id", opaque(input.action_id, kIdLength)}};
  if (input.initial) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(input.initial->time_since_epoch()).count();
    if (is_shown_by_slack(seconds)) element["initial_date_time"] = seconds;
  }
  return finished(input_block(input.block_id, input.label, element, input.hint));
}

Block number_input(const NumberInput& input) {
  // Slack has these numbers as texts.
  return finished(input_block(input.block_id, input.label,
                              {{"type", "number_input"},
                               {"action_id", opaque(input.action_id, kIdLength)},
                               {"is_decimal_allowed", false},
                               {"min_value", std::to_string(input.least)},
                               {"max_value", std::to_string(input.most)},
                               {"initial_value", std::to_string(std::clamp(input.initial, input.least, input.most))}},
                              input.hint));
}

Block choice_input(const ChoiceInput& input) {
  Json options = Json::array();
  for (std::size_t i = 0; i < std::min(input.choices.size(), kMostChoices); ++i) {
    options.push_back({{"text", plain_text(input.choices[i].text, kChoiceTextLength)},
                       {"value", opaque(input.choices[i].value, kChoiceValueLength)}});
  }
  Json element = {{"type", "static_select"}, {"action_id", opaque(input.action_id, kIdLength)}};
  if (input.initial < options.size()) element["initial_option"] = options[input.initial];
  element["options"] = std::move(options);
  return finished(input_block(input.block_id, input.label, element));
}

Block conversation_input(const ConversationInput& input) {
  Json block = input_block(input.block_id, input.label,
                           {{"type", "conversations_select"},
                            {"action_id", opaque(input.action_id, kIdLength)},
                            {"default_to_current_conversation", true}},
                           input.hint);
  block["optional"] = true;
  return finished(block);
}

Block buttons(const std::vector<Button>& row) {
  Json elements = Json::array();
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < std::min(row.size(), kActionsElements); ++i) {
    Json button = {{"type", "button"},
                   {"action_id", opaque(row[i].action_id, kIdLength)},
                   {"text", plain_text(row[i].text, kButtonTextLength)}};
    if (!row[i].value.empty()) {
      button["value"] = opaque(row[i].value, kButtonValueLength);
      hidden += text_length(json_text(button["value"]));
    }
    if (row[i].primary) button["style"] = "primary";
    elements.push_back(std::move(button));
  }
  Block block = finished({{"type", "actions"}, {"elements", std::move(elements)}});
  block.weight -= hidden;
  return block;
}

std::string blocks_json(const std::vector<Block>& blocks) {
  std::string out = "[";
  for (const Block& block : blocks) {
    if (out.size() > 1) out += ',';
    out += block.json;
  }
  out += ']';
  return out;
}

std::string modal_json(const Modal& modal, const std::vector<Block>& blocks) {
  const std::vector<Block> kept(blocks.begin(),
                                blocks.begin() + static_cast<std::ptrdiff_t>(std::min(blocks.size(), kModalBlocks)));
  const Json view = {{"type", "modal"},
                     {"callback_id", opaque(modal.callback_id, kIdLength)},
                     {"private_metadata", opaque(modal.metadata, kMetadataLength)},
                     {"title", plain_text(modal.title, kModalWordLength)},
                     {"submit", plain_text(modal.submit, kModalWordLength)},
                     {"close", plain_text(modal.close, kModalWordLength)}};
  std::string out = json_text(view);
  out.back() = ',';
  out += "\"blocks\":" + blocks_json(kept) + "}";
  return out;
}

bool fits_message(const std::vector<Block>& blocks) {
  std::size_t weight = 2;
  for (const Block& block : blocks) weight += block.weight + 1;
  return blocks.size() <= kMessageBlocks && weight <= kMessageWeight;
}

std::vector<std::vector<Block>> message_pages(const std::vector<std::vector<Block>>& groups) {
  std::vector<std::vector<Block>> pages;
  const auto add = [&](const Block* begin, const Block* end) {
    if (!pages.empty()) {
      std::vector<Block> longer = pages.back();
      longer.insert(longer.end(), begin, end);
      if (fits_message(longer)) {
        pages.back() = std::move(longer);
        return true;
      }
    }
    std::vector<Block> fresh(begin, end);
    if (!fits_message(fresh)) return false;
    pages.push_back(std::move(fresh));
    return true;
  };
  for (const std::vector<Block>& group : groups) {
    if (group.empty()) continue;
    const Block* begin = group.data();
    const Block* end = begin + group.size();
    if (add(begin, end)) continue;
    for (const Block* block = begin; block != end; ++block) {
      if (!add(block, block + 1)) pages.push_back({*block});
    }
  }
  return pages;
}

}  // namespace fa::slack
