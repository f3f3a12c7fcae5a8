#include "support/slack/slack_block_checks.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "support/slack/slack_wire.h"

namespace fa::test {
namespace {

using slack_wire::length_of;
using slack_wire::member_of;
using slack_wire::text_of;

class BlockReview {
 public:
  std::vector<std::string> problems;

  void blocks(const Json& list, SlackSurface surface, std::size_t most) {
    if (!list.is_array()) return add("/blocks", "must be an array");
    if (list.size() > most) add("/blocks", "no more than " + std::to_string(most) + " items allowed");
    std::size_t number = 0;
    for (const Json& b : list) block(b, "/blocks/" + std::to_string(number++), surface);
    // Seen from 13,200 characters on, in rich text from 11,400 (not documented).
    if (surface == SlackSurface::kMessage && shown_ > 13'200) add("/blocks", "msg_blocks_too_long");
  }

  void view(const Json& view) {
    if (!view.is_object()) return add("", "must be an object");
    if (text_of(view, "type") != "modal") add("/type", "must be modal");
    text_object(member_of(view, "title"), "/title", 24, Plain::kOnly);
    for (const char* word : {"submit", "close"}) {
      if (view.contains(word)) text_object(view[word], std::string("/") + word, 24, Plain::kOnly);
    }
    limit(text_of(view, "callback_id"), 255, "/callback_id");
    limit(text_of(view, "private_metadata"), 3000, "/private_metadata");
    blocks(member_of(view, "blocks"), SlackSurface::kModal, 100);
    if (has_input_ && !view.contains("submit")) add("/submit", "missing, and there are inputs");
  }

 private:
  enum class Plain { kOnly, kOrMrkdwn };

  void add(const std::string& where, const std::string& what) {
    problems.push_back("[ERROR] " + what + " [json-pointer:" + where + "]");
  }

  void limit(const std::string& text, std::size_t most, const std::string& where) {
    if (length_of(text) > most) add(where, "must be less than " + std::to_string(most + 1) + " characters");
  }

  void text_object(const Json& object, const std::string& where, std::size_t most, Plain plain) {
    if (!object.is_object()) return add(where, "missing, or no text object");
    const std::string type = text_of(object, "type");
    if (type != "plain_text" && (type != "mrkdwn" || plain == Plain::kOnly))
      add(where + "/type", "unsupported: " + type);
    if (!member_of(object, "text").is_string()) return add(where + "/text", "missing required field");
    const std::string text = text_of(object, "text");
    if (text.empty()) add(where + "/text", "must be more than 0 characters");
    limit(text, most, where + "/text");
    shown_ += length_of(text);
    for (const auto& [name, value] : object.items()) {
      const bool known = name == "type" || name == "text" || (name == "emoji" && type == "plain_text") ||
                         (name == "verbatim" && type == "mrkdwn");
      if (!known) add(where, "no member " + name + " in a text object of type " + type);
    }
  }

  void unique(std::set<std::string>& seen, const Json& object, const char* name, const std::string& where) {
    if (!object.contains(name)) return;
    const std::string id = text_of(object, name);
    if (id.empty()) add(where + "/" + name, "must be more than 0 characters");
    limit(id, 255, where + "/" + name);
    if (!seen.insert(id).second) add(where, "`" + std::string(name) + "` must be unique: " + id);
  }

  void block(const Json& b, const std::string& where, SlackSurface surface) {
    if (!b.is_object()) return add(where, "must be an object");
    unique(block_ids_, b, "block_id", where);
    const std::string type = text_of(b, "type");
    if (type == "section") return section(b, where);
    if (type == "header") return text_object(member_of(b, "text"), where + "/text", 150, Plain::kOnly);
    if (type == "divider") return;
    if (type == "context") return context(member_of(b, "elements"), where + "/elements");
    if (type == "actions") return actions(member_of(b, "elements"), where + "/elements");
    if (type == "input") return input(b, where);
    if (type == "rich_text") return rich_text(member_of(b, "elements"), where + "/elements");
    if (type == "image") return image(b, where);
    if (type == "markdown" && surface == SlackSurface::kMessage) return limit(text_of(b, "text"), 12'000, where);
    add(where + "/type", "unsupported type: " + type);
  }

  void section(const Json& b, const std::string& where) {
    const Json& fields = member_of(b, "fields");
    if (!b.contains("text") && fields.is_null()) add(where, "a section needs text or fields");
    if (b.contains("text")) text_object(b["text"], where + "/text", 3000, Plain::kOrMrkdwn);
    if (b.contains("accessory")) element(b["accessory"], where + "/accessory");
    if (fields.is_null()) return;
    if (!fields.is_array() || fields.empty() || fields.size() > 10) add(where + "/fields", "1 to 10 items allowed");
    for (const Json& field : fields) text_object(field, where + "/fields", 2000, Plain::kOrMrkdwn);
  }

  void context(const Json& elements, const std::string& where) {
    if (!elements.is_array() || elements.empty() || elements.size() > 10) return add(where, "1 to 10 items allowed");
    for (const Json& e : elements) {
      if (text_of(e, "type") == "image") {
        image(e, where);
      } else {
        text_object(e, where, 3000, Plain::kOrMrkdwn);
      }
    }
  }

  void image(const Json& b, const std::string& where) {
    if (text_of(b, "image_url").empty() && !b.contains("slack_file"))
      add(where, "an image needs image_url or slack_file");
    if (text_of(b, "alt_text").empty()) add(where + "/alt_text", "missing required field");
  }

  void actions(const Json& elements, const std::string& where) {
    if (!elements.is_array() || elements.empty() || elements.size() > 25) return add(where, "1 to 25 items allowed");
    std::set<std::string> ids;
    for (const Json& e : elements) {
      unique(ids, e, "action_id", where);
      element(e, where);
    }
  }

  void element(const Json& e, const std::string& where) {
    const std::string type = text_of(e, "type");
    if (type == "button") return button(e, where);
    constexpr std::string_view kOthers[] = {"static_select",        "users_select",    "datepicker", "timepicker",
                                            "checkboxes",           "radio_buttons",   "overflow",   "datetimepicker",
                                            "conversations_select", "channels_select", "image"};
    if (std::find(std::begin(kOthers), std::end(kOthers), type) == std::end(kOthers)) {
      add(where + "/type", "unsupported type: " + type);
    }
  }

  void button(const Json& e, const std::string& where) {
    text_object(member_of(e, "text"), where + "/text", 75, Plain::kOnly);
    limit(text_of(e, "value"), 2000, where + "/value");
    limit(text_of(e, "url"), 3000, where + "/url");
    if (e.contains("action_id") && text_of(e, "action_id").empty()) add(where + "/action_id", "must not be empty");
    const std::string style = text_of(e, "style");
    if (e.contains("style") && style != "primary" && style != "danger") add(where + "/style", "primary or danger");
    if (e.contains("confirm") && !e["confirm"].is_object()) add(where + "/confirm", "must be an object");
  }

  void input(const Json& b, const std::string& where) {
    has_input_ = true;
    text_object(member_of(b, "label"), where + "/label", 2000, Plain::kOnly);
    if (b.contains("hint")) text_object(b["hint"], where + "/hint", 2000, Plain::kOnly);
    const Json& e = member_of(b, "element");
    const std::string at = where + "/element";
    if (!e.is_object()) return add(at, "missing required field");
    limit(text_of(e, "action_id"), 255, at + "/action_id");
    if (e.contains("placeholder")) text_object(e["placeholder"], at + "/placeholder", 150, Plain::kOnly);
    const std::string type = text_of(e, "type");
    if (type == "plain_text_input") {
      const std::size_t most = slack_wire::size_of(e, "max_length", 3000);
      if (most < 1 || most > 3000) add(at + "/max_length", "must be between 1 and 3000");
      limit(text_of(e, "initial_value"), most, at + "/initial_value");
      shown_ += length_of(text_of(e, "initial_value"));
    } else if (type == "datetimepicker") {
      const Json& when = member_of(e, "initial_date_time");
      const bool fine = when.is_number_integer() && when.get<std::int64_t>() >= 1'000'000'000 &&
                        when.get<std::int64_t>() <= 9'999'999'999;
      if (!when.is_null() && !fine) add(at + "/initial_date_time", "must be 10 digits");
    } else if (type == "number_input") {
      for (const char* name : {"min_value", "max_value", "initial_value"}) {
        const std::string number = text_of(e, name);
        if (!number.empty() && number.find_first_not_of("-0123456789.") != std::string::npos)
          add(at + "/" + name, "must be a number in a string");
      }
      if (!member_of(e, "is_decimal_allowed").is_boolean()) add(at + "/is_decimal_allowed", "missing required field");
    } else {
      if (type == "static_select") options(e, at);
      element(e, at);
    }
  }

  void options(const Json& e, const std::string& where) {
    const Json& list = member_of(e, "options");
    if (!list.is_array() || list.empty() || list.size() > 100) return add(where + "/options", "1 to 100 items allowed");
    for (const Json& option : list) {
      text_object(member_of(option, "text"), where + "/options", 75, Plain::kOnly);
      limit(text_of(option, "value"), 150, where + "/options");
    }
    if (!e.contains("initial_option")) return;
    if (std::find(list.begin(), list.end(), e["initial_option"]) == list.end())
      add(where + "/initial_option", "must be one of the options");
  }

  void rich_text(const Json& elements, const std::string& where) {
    if (!elements.is_array()) return add(where, "must be an array");
    for (const Json& e : elements) {
      const std::string type = text_of(e, "type");
      const Json& inner = member_of(e, "elements");
      if (!inner.is_array()) {
        add(where, type + " needs elements");
      } else if (type == "rich_text_list") {
        const std::string style = text_of(e, "style");
        if (style != "bullet" && style != "ordered") add(where, "a list's style is bullet or ordered");
        if (slack_wire::size_of(e, "indent", 0) > 8) add(where, "a list's indent is at most 8");
        for (const Json& item : inner) {
          if (text_of(item, "type") != "rich_text_section") add(where, "lists have sections");
          runs(member_of(item, "elements"), where);
        }
      } else if (type == "rich_text_section" || type == "rich_text_quote" || type == "rich_text_preformatted") {
        runs(inner, where);
      } else {
        add(where, "unsupported type: " + type);
      }
    }
  }

  void runs(const Json& elements, const std::string& where) {
    if (!elements.is_array()) return add(where, "elements must be an array");
    constexpr std::string_view kKnown[] = {"text",  "link",      "user", "usergroup", "channel",
                                           "emoji", "broadcast", "date", "color"};
    for (const Json& e : elements) {
      const std::string type = text_of(e, "type");
      if (std::find(std::begin(kKnown), std::end(kKnown), type) == std::end(kKnown)) {
        add(where, "unsupported type: " + type);
      }
      if (type == "text" && text_of(e, "text").empty()) add(where + "/text", "must be more than 0 characters");
      if (type == "link" && text_of(e, "url").empty()) add(where + "/url", "missing required field");
      if (type == "user" && text_of(e, "user_id").empty()) add(where + "/user_id", "missing required field");
      shown_ += length_of(text_of(e, "text"));
    }
  }

  std::set<std::string> block_ids_;
  bool has_input_ = false;
  std::size_t shown_ = 0;  // Characters that people see.
};

}  // namespace

std::vector<std::string> block_problems(const Json& blocks, SlackSurface surface) {
  BlockReview review;
  review.blocks(blocks, surface, surface == SlackSurface::kMessage ? 50 : 100);
  return review.problems;
}

std::vector<std::string> view_problems(const Json& view) {
  BlockReview review;
  review.view(view);
  return review.problems;
}

}  // namespace fa::test
