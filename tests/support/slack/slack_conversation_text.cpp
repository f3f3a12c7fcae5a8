#include "support/slack/slack_conversation_text.h"

#include <ctime>

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// mrkdwn as it is read: `<https://x|label>` is label, entities are characters.
std::string readable(const std::string& markup) {
  std::string out;
  for (std::size_t i = 0; i < markup.size();) {
    const std::size_t close = markup[i] == '<' ? markup.find('>', i) : std::string::npos;
    if (close == std::string::npos) {
      out += markup[i++];
      continue;
    }
    const std::string inner = markup.substr(i + 1, close - i - 1);
    const std::size_t bar = inner.find('|');
    out += bar == std::string::npos ? inner : inner.substr(bar + 1);
    i = close + 1;
  }
  return replaced(replaced(replaced(std::move(out), "&lt;", "<"), "&gt;", ">"), "&amp;", "&");
}

std::string text_object(const Json& object) {
  const std::string text = text_of(object, "text");
  return text_of(object, "type") == "mrkdwn" ? readable(text) : text;
}

std::string utc_time(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char out[32];
  const std::size_t length = std::strftime(out, sizeof out, "%Y-%m-%d %H:%M UTC", &parts);
  return {out, length};
}

std::string size_text(std::size_t bytes) {
  return bytes < 10'240 ? std::to_string(bytes) + " bytes" : std::to_string(bytes / 1024) + " KiB";
}

class ConversationPrinter {
 public:
  explicit ConversationPrinter(SlackState& state) : state_(state) {}

  std::string print(const std::string& channel) {
    const auto& messages = state_.conversations[channel];
    const SlackChannel* named = state_.channel(channel);
    out_ = "#" + (named == nullptr ? channel : named->name) + "\n";
    for (const SlackMessage& first : messages) {
      if (!first.thread_ts.empty() && first.thread_ts != first.ts) continue;
      out_ += '\n';
      message(first, "");
      for (const SlackMessage& reply : messages) {
        if (reply.thread_ts == first.ts && reply.ts != first.ts) message(reply, "    ");
      }
    }
    for (const SlackEphemeral& e : state_.ephemerals) {
      if (e.channel != channel) continue;
      out_ += '\n';
      line("", "(only for " + user_name(e.user) + ")");
      content("", e.text, e.blocks, "");
    }
    return std::move(out_);
  }

 private:
  void line(const std::string& indent, const std::string& text) {
    std::size_t begin = 0;
    for (;;) {
      const std::size_t end = text.find('\n', begin);
      out_ += indent + text.substr(begin, end - begin) + '\n';
      if (end == std::string::npos) return;
      begin = end + 1;
    }
  }

  std::string user_name(const std::string& id) const {
    if (id == state_.world.app_user) return state_.world.app_name;
    const SlackUser* user = state_.user(id);
    return user == nullptr ? id : user->name;
  }

  void message(const SlackMessage& m, const std::string& indent) {
    const std::string author = m.username.empty() ? user_name(m.user) : m.username;
    line(indent, author + (m.edits > 0 ? " (edited)" : "") + ":");
    content(indent + "  ", m.text, m.blocks, m.attachments);
    for (const std::string& id : m.files) {
      const SlackFile* file = state_.file(id);
      if (file != nullptr)
        line(indent + "  ", "(file) " + file->title + " - " + file->name + ", " + size_text(file->bytes.size()));
    }
  }

  void content(const std::string& indent, const std::string& text, const std::string& blocks,
               const std::string& attachments) {
    const Json list = blocks.empty() ? Json::array() : parse_json(blocks);
    if (list.empty() && !text.empty()) line(indent, readable(text));
    for (const Json& b : list) block(indent, b);
    if (attachments.empty()) return;
    for (const Json& a : parse_json(attachments)) attachment(indent + "| ", a);
  }

  void attachment(const std::string& indent, const Json& a) {
    for (const char* member : {"pretext", "title", "text"}) {
      if (const std::string text = text_of(a, member); !text.empty()) line(indent, readable(text));
    }
    for (const Json& field : member_of(a, "fields")) {
      line(indent, readable(text_of(field, "title") + ": " + text_of(field, "value")));
    }
    for (const Json& b : member_of(a, "blocks")) block(indent, b);
  }

  void block(const std::string& indent, const Json& b) {
    const std::string type = text_of(b, "type");
    if (type == "header") {
      line(indent, "== " + text_object(member_of(b, "text")) + " ==");
    } else if (type == "section") {
      if (b.contains("text")) line(indent, text_object(b["text"]));
      for (const Json& field : member_of(b, "fields")) line(indent, text_object(field));
    } else if (type == "context") {
      for (const Json& e : member_of(b, "elements")) line(indent + "  ", text_object(e));
    } else if (type == "divider") {
      line(indent, "----");
    } else if (type == "actions") {
      actions(indent, member_of(b, "elements"));
    } else if (type == "input") {
      input(indent, b);
    } else if (type == "rich_text") {
      for (const Json& e : member_of(b, "elements")) rich_text(indent, e);
    } else {
      line(indent, "(" + type + ")");
    }
  }

  void actions(const std::string& indent, const Json& elements) {
    std::string row;
    for (const Json& e : elements) row += (row.empty() ? "[" : " [") + text_object(member_of(e, "text")) + "]";
    line(indent, row);
  }

  void input(const std::string& indent, const Json& b) {
    const Json& e = member_of(b, "element");
    std::string value = text_of(e, "initial_value");
    const Json& when = member_of(e, "initial_date_time");
    if (when.is_number_integer()) value = utc_time(when.get<std::int64_t>());
    line(indent, text_object(member_of(b, "label")) + ":");
    line(indent + "  ", value.empty() ? "____" : value);
  }

  void rich_text(const std::string& indent, const Json& e) {
    const std::string type = text_of(e, "type");
    const Json& inner = member_of(e, "elements");
    if (type != "rich_text_list") {
      const bool set_off = type == "rich_text_preformatted" || type == "rich_text_quote";
      return line(set_off ? indent + "> " : indent, runs(inner));
    }
    std::size_t number = slack_wire::size_of(e, "offset", 0);
    const std::string deeper(2 * slack_wire::size_of(e, "indent", 0), ' ');
    for (const Json& item : inner) {
      const std::string mark = text_of(e, "style") == "ordered" ? std::to_string(++number) + ". " : "- ";
      line(indent + deeper, mark + runs(member_of(item, "elements")));
    }
  }

  std::string runs(const Json& elements) const {
    std::string out;
    for (const Json& e : elements) {
      const std::string type = text_of(e, "type");
      if (type == "user") {
        out += "@" + user_name(text_of(e, "user_id"));
      } else if (type == "broadcast") {
        out += "@" + text_of(e, "range");
      } else {
        out += text_of(e, "text").empty() ? text_of(e, "url") : text_of(e, "text");
      }
    }
    while (out.ends_with('\n')) out.pop_back();
    return out;
  }

  SlackState& state_;
  std::string out_;
};

}  // namespace

std::string slack_conversation_text(SlackState& state, const std::string& channel) {
  return ConversationPrinter(state).print(channel);
}

}  // namespace fa::test
