#pragma once

#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

/// Slack's limits and what must never act, checked on finished JSON. Written from Slack's documentation
/// (https://docs.slack.dev/reference/block-kit), without a look at the code that writes blocks.
namespace fa::slack_limits {

/// UTF-16 code units of valid UTF-8.
inline std::size_t units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80) ++count;
    if (byte >= 0xF0) ++count;
  }
  return count;
}

/// Walks a message or view and collects what is wrong with it.
class Checker {
 public:
  std::vector<std::string> problems;

  void message(std::string_view blocks_json) {
    const Json blocks = parse_json(blocks_json);
    if (!expect(blocks.is_array(), "blocks are no JSON array")) return;
    expect(blocks.size() <= 50, "more than 50 blocks");
    expect(!blocks.empty(), "no blocks");
    all_blocks(blocks);
    // msg_blocks_too_long was seen at 11,341 characters of text.
    expect(shown_ <= 11'000, "a message of " + std::to_string(shown_) + " characters");
  }

  void view(std::string_view view_json) {
    const Json view = parse_json(view_json);
    if (!expect(view.is_object(), "the view is no JSON object")) return;
    expect(view.value("type", "") == "modal", "the view is no modal");
    for (const char* word : {"title", "submit", "close"}) {
      if (expect(view.contains(word), std::string("no ") + word)) text_object(view[word], 24, true, word);
    }
    limit(view.value("callback_id", ""), 255, "callback_id");
    expect(!view.value("callback_id", "").empty(), "no callback_id");
    expect(units(view.value("private_metadata", "")) <= 3000, "private_metadata over 3000");
    const Json blocks = view.value("blocks", Json());
    if (!expect(blocks.is_array() && !blocks.empty() && blocks.size() <= 100, "blocks of the view")) return;
    all_blocks(blocks);
  }

  /// The `text` of a message: mrkdwn.
  void fallback(std::string_view text) {
    expect(!text.empty(), "no text for notifications");
    limit(text, 3000, "text for notifications");
    mrkdwn(text);
  }

 private:
  bool expect(bool holds, const std::string& problem) {
    if (!holds) problems.push_back(problem);
    return holds;
  }

  void limit(std::string_view text, std::size_t most, const std::string& what) {
    expect(units(text) <= most, what + " of " + std::to_string(units(text)) + " characters, allowed are " +
                                    std::to_string(most) + ": " + std::string(text.substr(0, 60)));
    clean(text, what);
  }

  /// No characters that control, hide or reorder.
  void clean(std::string_view text, const std::string& what) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F)
        expect(false, what + " has a control character");
      if (byte < 0xC2) continue;
      const std::string_view rest = text.substr(i);
      if (byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0) {
        expect(false, what + " has a C1 control");
      }
      for (const std::string_view bidi : {"\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
                                          "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029", "\u061c"}) {
        if (rest.starts_with(bidi)) expect(false, what + " has a bidirectional control");
      }
    }
  }

  /// Nothing in angle brackets (mentions, links, dates), ampersands only as entities, no addresses that clients find.
  void mrkdwn(std::string_view text) {
    expect(text.find_first_of("<>") == std::string_view::npos,
           "an active <...> in mrkdwn: " + std::string(text.substr(0, 80)));
    for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
      const std::string_view rest = text.substr(at);
      expect(rest.starts_with("&amp;") || rest.starts_with("&lt;") || rest.starts_with("&gt;"), "a bare & in mrkdwn");
    }
    for (const std::string_view acting : {"://", "@everyone", "@channel", "@here"}) {
      expect(text.find(acting) == std::string_view::npos, "mrkdwn has " + std::string(acting));
    }
    for (std::size_t at = text.find("www."); at != std::string_view::npos; at = text.find("www.", at + 1)) {
      expect(at + 4 == text.size() || (std::isalnum(static_cast<unsigned char>(text[at + 4])) == 0), "mrkdwn has www.");
    }
  }

  void text_object(const Json& object, std::size_t most, bool plain_only, const std::string& what) {
    if (!expect(object.is_object() && object.contains("text") && object["text"].is_string(), what + " is no text"))
      return;
    const std::string type = object.value("type", "");
    const std::string text = object.value("text", "");
    expect(type == "plain_text" || (type == "mrkdwn" && !plain_only), what + " has the type " + type);
    expect(!text.empty(), what + " is empty");
    limit(text, most, what);
    if (type == "mrkdwn") mrkdwn(text);
    shown_ += units(text);
  }

  void id(const Json& owner, const char* name, std::set<std::string>& seen) {
    if (!owner.contains(name)) return;
    const std::string value = owner.value(name, "");
    expect(!value.empty() && units(value) <= 255, std::string(name) + " is empty or over 255");
    expect(seen.insert(value).second, std::string(name) + " is there twice: " + value);
  }

  void all_blocks(const Json& blocks) {
    std::set<std::string> ids;
    for (const Json& block : blocks) {
      if (!expect(block.is_object(), "a block is no object")) continue;
      id(block, "block_id", ids);
      const std::string type = block.value("type", "");
      if (type == "header") {
        text_object(block.value("text", Json()), 150, true, "header");
      } else if (type == "section") {
        section(block);
      } else if (type == "context") {
        const Json elements = block.value("elements", Json::array());
        expect(!elements.empty() && elements.size() <= 10, "context without elements, or with more than 10");
        for (const Json& e : elements) text_object(e, 3000, false, "context");
      } else if (type == "rich_text") {
        rich_text(block.value("elements", Json::array()));
      } else if (type == "input") {
        input(block);
      } else if (type == "actions") {
        actions(block.value("elements", Json::array()));
      } else {
        expect(type == "divider", "a block of type " + type);
      }
    }
  }

  void section(const Json& block) {
    if (block.contains("text")) text_object(block["text"], 3000, false, "section");
    const Json fields = block.value("fields", Json::array());
    expect(block.contains("text") || !fields.empty(), "a section without text");
    expect(fields.size() <= 10, "more than 10 fields");
    for (const Json& field : fields) text_object(field, 2000, false, "field");
  }

  void input(const Json& block) {
    text_object(block.value("label", Json()), 2000, true, "label");
    if (block.contains("hint")) text_object(block["hint"], 2000, true, "hint");
    const Json element = block.value("element", Json::object());
    std::set<std::string> ids;
    id(element, "action_id", ids);
    if (element.contains("placeholder")) text_object(element["placeholder"], 150, true, "placeholder");
    const std::string type = element.value("type", "");
    if (type == "plain_text_input") {
      const auto most = element.value("max_length", std::size_t{3000});
      expect(most >= 1 && most <= 3000, "max_length");
      if (element.contains("initial_value")) {
        limit(element.value("initial_value", ""), most, "initial_value");
        shown_ += units(element.value("initial_value", ""));
      }
    } else if (type == "number_input") {
      for (const char* name : {"min_value", "max_value", "initial_value"}) {
        const std::string number = element.value(name, "");
        expect(!number.empty() && number.find_first_not_of("0123456789") == std::string::npos, name);
      }
      expect(element.contains("is_decimal_allowed"), "a number input without is_decimal_allowed");
    } else if (type == "static_select") {
      choices(element);
    } else if (type == "conversations_select") {
      expect(!element.contains("options"), "a conversation has no options");
    } else if (expect(type == "datetimepicker", "an input of type " + type) && element.contains("initial_date_time")) {
      const auto when = element.value("initial_date_time", std::int64_t{0});
      expect(when >= 1'000'000'000 && when <= 9'999'999'999, "initial_date_time has not ten digits");
      expect(when % 60 == 0, "initial_date_time is no whole minute");
    }
  }

  void choices(const Json& element) {
    const Json options = element.value("options", Json::array());
    expect(!options.empty() && options.size() <= 100, "1 to 100 options");
    std::size_t initial = 0;
    for (const Json& option : options) {
      text_object(option.value("text", Json()), 75, true, "option");
      limit(option.value("value", ""), 150, "value of an option");
      if (option == element.value("initial_option", Json())) ++initial;
    }
    expect(!element.contains("initial_option") || initial == 1, "initial_option is none of the options");
  }

  void actions(const Json& elements) {
    expect(!elements.empty() && elements.size() <= 25, "actions without elements, or with more than 25");
    std::set<std::string> ids;
    std::size_t primary = 0;
    for (const Json& e : elements) {
      expect(e.value("type", "") == "button", "an action that is no button");
      id(e, "action_id", ids);
      text_object(e.value("text", Json()), 75, true, "button");
      expect(units(e.value("value", "")) <= 2000, "value of a button over 2000");
      if (e.value("style", "") == "primary") ++primary;
    }
    expect(primary <= 1, "several primary buttons");
  }

  void rich_text(const Json& elements) {
    expect(!elements.empty(), "rich text without elements");
    std::size_t length = 0;
    for (const Json& element : elements) {
      const std::string type = element.value("type", "");
      const Json inner = element.value("elements", Json::array());
      expect(!inner.empty(), type + " is empty");
      if (type == "rich_text_list") {
        const std::string style = element.value("style", "");
        expect(style == "bullet" || style == "ordered", "a list of style " + style);
        expect(element.value("indent", 0) >= 0 && element.value("indent", 0) <= 8, "a list's indent");
        for (const Json& entry : inner) {
          expect(entry.value("type", "") == "rich_text_section", "a list of something else than sections");
          expect(!entry.value("elements", Json::array()).empty(), "an empty item");
          length += runs(entry.value("elements", Json::array()));
        }
        continue;
      }
      expect(type == "rich_text_section" || type == "rich_text_quote" || type == "rich_text_preformatted",
             "an element of type " + type);
      length += runs(inner);
    }
    expect(length <= 3000, "rich text of " + std::to_string(length) + " characters");
    shown_ += length;
  }

  /// Only texts, users that are ids, and https links; above all no broadcasts and channels.
  std::size_t runs(const Json& elements) {
    std::size_t length = 0;
    for (const Json& e : elements) {
      const std::string type = e.value("type", "");
      if (type == "user") {
        const std::string user = e.value("user_id", "");
        expect(user.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos && user.size() > 1,
               "a mention of " + user);
      } else if (type == "link") {
        expect(e.value("url", "").starts_with("https://"), "a link to " + e.value("url", ""));
      } else {
        expect(type == "text", "a run of type " + type);
        expect(!e.value("text", "").empty(), "an empty text");
      }
      clean(e.value("text", ""), "rich text");
      length += units(e.value("text", ""));
    }
    return length;
  }

  std::size_t shown_ = 0;  // Characters that people see.
};

inline std::vector<std::string> problems_of_message(std::string_view blocks_json, std::string_view text) {
  Checker checker;
  checker.message(blocks_json);
  checker.fallback(text);
  return checker.problems;
}

inline std::vector<std::string> problems_of_view(std::string_view view_json) {
  Checker checker;
  checker.view(view_json);
  return checker.problems;
}

/// Of blocks that are too many for one message.
inline std::vector<std::string> problems_of_blocks(std::string_view blocks_json) {
  const Json all = parse_json(blocks_json);
  std::vector<std::string> problems;
  if (!all.is_array()) return {"blocks are no JSON array"};
  for (const Json& block : all) {
    Checker checker;
    checker.message(json_text(Json::array({block})));
    problems.insert(problems.end(), checker.problems.begin(), checker.problems.end());
  }
  return problems;
}

}  // namespace fa::slack_limits
