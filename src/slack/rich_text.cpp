#include "slack/rich_text.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "slack/text_length.h"

namespace fa::slack {
namespace {

using Kind = RichPart::Kind;

// JSON around a run and a part, rounded up.
constexpr std::size_t kRunWeight = 120;
constexpr std::size_t kPartWeight = 160;
constexpr std::size_t kDeepest = 8;

bool is_user_id(std::string_view id) {
  if (id.size() < 2 || id.size() > 32 || (id.front() != 'U' && id.front() != 'W')) return false;
  return std::all_of(id.begin(), id.end(), [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
}

bool is_link(std::string_view address) {
  return address.starts_with("https://") && address.size() <= 2000 &&
         std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Length inside a JSON string.
std::size_t json_length(std::string_view text) {
  const auto escaped =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '"' || c == '\\' || c == '\n' || c == '\t'; });
  return text_length(text) + static_cast<std::size_t>(escaped);
}

Json style_of(const TextRun& run) {
  Json style = Json::object();
  const std::pair<const char*, bool> kStyles[] = {
      {"bold", run.bold}, {"italic", run.italic}, {"strike", run.strike}, {"code", run.code}};
  for (const auto& [name, on] : kStyles) {
    if (on) style[name] = true;
  }
  return style;
}

bool same_style(const TextRun& a, const TextRun& b) {
  return a.bold == b.bold && a.italic == b.italic && a.strike == b.strike && a.code == b.code && a.user.empty() &&
         b.user.empty() && a.link.empty() && b.link.empty();
}

/// Visible texts, no empty runs, neighbours of one style as one.
std::vector<TextRun> tidy(const RichPart& part) {
  std::vector<TextRun> runs;
  for (const TextRun& given : part.runs) {
    TextRun run = given;
    if (part.kind == Kind::kPreformatted) run = plain(run.text);
    run.text = visible(run.text);
    if (!is_user_id(run.user)) run.user.clear();
    if (!is_link(run.link)) run.link.clear();
    if (run.text.empty() && run.user.empty() && run.link.empty()) continue;
    if (!runs.empty() && same_style(runs.back(), run)) {
      runs.back().text += run.text;
    } else {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

/// What is left of a block.
struct Room {
  std::size_t length = kRichTextLength;
  std::size_t weight = kRichTextWeight - 100;

  bool take(std::size_t text, std::size_t json) {
    if (text > length || json > weight) return false;
    length -= text;
    weight -= json;
    return true;
  }
};

std::size_t length_of(const TextRun& run) { return text_length(run.text); }
std::size_t weight_of(const TextRun& run) {
  return json_length(run.text) + run.user.size() + run.link.size() + kRunWeight;
}

/// A part as several, each small enough for a block of its own.
std::vector<RichPart> split_part(const RichPart& part) {
  // Of quotes and line ends alone, the JSON of a text is twice as long as the text.
  constexpr std::size_t kLongestRun = 2000;
  std::vector<RichPart> out;
  RichPart current = part;
  current.runs.clear();
  const Room whole{kRichTextLength - part.newlines, kRichTextWeight - 100 - kPartWeight - 2 * part.newlines};
  Room room = whole;
  const auto finish = [&] {
    if (current.runs.empty()) return;
    out.push_back(current);
    // What goes on is not a second item.
    if (current.kind == Kind::kItem) current.kind = Kind::kParagraph;
    current.runs.clear();
    room = whole;
  };
  for (const TextRun& run : tidy(part)) {
    TextRun piece = run;
    const auto texts = split_text(run.text, kLongestRun);
    for (std::size_t i = 0; i < std::max<std::size_t>(texts.size(), 1); ++i) {
      piece.text = texts.empty() ? std::string() : std::string(texts[i]);
      if (!room.take(length_of(piece), weight_of(piece))) {
        finish();
        (void)room.take(length_of(piece), weight_of(piece));
      }
      current.runs.push_back(piece);
    }
  }
  finish();
  return out;
}

Json elements_of(const std::vector<TextRun>& runs) {
  Json elements = Json::array();
  for (const TextRun& run : runs) {
    Json element;
    if (!run.user.empty()) {
      element = {{"type", "user"}, {"user_id", run.user}};
    } else if (!run.link.empty()) {
      element = {{"type", "link"}, {"url", run.link}};
      if (!run.text.empty()) element["text"] = run.text;
    } else {
      element = {{"type", "text"}, {"text", run.text}};
    }
    Json style = style_of(run);
    if (!style.empty()) element["style"] = std::move(style);
    elements.push_back(std::move(element));
  }
  return elements;
}

/// Whether `next` continues what `part` began.
bool joins(const RichPart& part, const RichPart& next) {
  if (part.kind != next.kind || part.kind == Kind::kPreformatted) return false;
  if (part.kind != Kind::kItem) return true;
  return part.ordered == next.ordered && part.indent == next.indent && part.bordered == next.bordered &&
         (!part.ordered || next.number == part.number + 1);
}

Json list_element(const std::vector<RichPart>& parts, std::size_t begin, std::size_t end) {
  const RichPart& first = parts[begin];
  Json sections = Json::array();
  for (std::size_t i = begin; i < end; ++i) {
    sections.push_back({{"type", "rich_text_section"}, {"elements", elements_of(parts[i].runs)}});
  }
  Json list = {{"type", "rich_text_list"},
               {"style", first.ordered ? "ordered" : "bullet"},
               {"indent", std::min(first.indent, kDeepest)},
               {"elements", std::move(sections)}};
  if (first.ordered && first.number > 1) list["offset"] = first.number - 1;
  if (first.bordered) list["border"] = 1;
  return list;
}

Json text_element(const std::vector<RichPart>& parts, std::size_t begin, std::size_t end) {
  const RichPart& first = parts[begin];
  std::vector<TextRun> runs;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) runs.push_back(plain(std::string(parts[i].newlines, '\n')));
    runs.insert(runs.end(), parts[i].runs.begin(), parts[i].runs.end());
  }
  const char* type = first.kind == Kind::kQuote          ? "rich_text_quote"
                     : first.kind == Kind::kPreformatted ? "rich_text_preformatted"
                                                         : "rich_text_section";
  Json element = {{"type", type}, {"elements", elements_of(tidy({Kind::kParagraph, std::move(runs)}))}};
  if (first.bordered && first.kind == Kind::kPreformatted) element["border"] = 1;
  return element;
}

Block block_of(const std::vector<RichPart>& parts) {
  Json elements = Json::array();
  for (std::size_t begin = 0; begin < parts.size();) {
    std::size_t end = begin + 1;
    while (end < parts.size() && joins(parts[end - 1], parts[end])) ++end;
    elements.push_back(parts[begin].kind == Kind::kItem ? list_element(parts, begin, end)
                                                        : text_element(parts, begin, end));
    begin = end;
  }
  Block block{json_text(Json{{"type", "rich_text"}, {"elements", std::move(elements)}}), 0};
  block.weight = text_length(block.json);
  return block;
}

}  // namespace

TextRun plain(std::string text) { return {std::move(text)}; }
TextRun bold(std::string text) { return {std::move(text), true}; }

RichPart paragraph(std::vector<TextRun> runs) { return {Kind::kParagraph, std::move(runs)}; }
RichPart item(std::vector<TextRun> runs) { return {Kind::kItem, std::move(runs)}; }
RichPart quote(std::string text) { return {Kind::kQuote, {plain(std::move(text))}}; }
RichPart preformatted(std::string text) { return {Kind::kPreformatted, {plain(std::move(text))}}; }

std::vector<Block> rich_text(const std::vector<RichPart>& parts) {
  std::vector<Block> blocks;
  std::vector<RichPart> pending;
  Room room;
  const auto finish = [&] {
    if (!pending.empty()) blocks.push_back(block_of(pending));
    pending.clear();
    room = Room{};
  };
  for (const RichPart& given : parts) {
    for (RichPart& part : split_part(given)) {
      std::size_t length = part.newlines;
      std::size_t weight = kPartWeight + 2 * part.newlines;
      for (const TextRun& run : part.runs) {
        length += length_of(run);
        weight += weight_of(run);
      }
      if (!room.take(length, weight)) {
        finish();
        (void)room.take(length, weight);
      }
      pending.push_back(std::move(part));
    }
  }
  finish();
  return blocks;
}

}  // namespace fa::slack
