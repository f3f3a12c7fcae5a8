#include "slack/markdown_reader.h"

#include <md4c.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "slack/markdown_table.h"

namespace fa::slack {
namespace {

/// `&amp;`, `&#8212;`, `&#x2014;`; an unknown name stays as it is written.
std::string entity_text(std::string_view entity) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kNamed = {{{"&amp;", "&"},
                                                                                     {"&lt;", "<"},
                                                                                     {"&gt;", ">"},
                                                                                     {"&quot;", "\""},
                                                                                     {"&apos;", "'"},
                                                                                     {"&nbsp;", " "},
                                                                                     {"&ndash;", "–"},
                                                                                     {"&mdash;", "—"},
                                                                                     {"&hellip;", "…"},
                                                                                     {"&rarr;", "→"},
                                                                                     {"&larr;", "←"},
                                                                                     {"&times;", "×"},
                                                                                     {"&micro;", "µ"},
                                                                                     {"&deg;", "°"},
                                                                                     {"&le;", "≤"},
                                                                                     {"&ge;", "≥"}}};
  for (const auto& [name, text] : kNamed) {
    if (entity == name) return std::string(text);
  }
  if (!entity.starts_with("&#") || entity.size() < 4) return std::string(entity);
  const bool hex = entity[2] == 'x' || entity[2] == 'X';
  const char* begin = entity.data() + (hex ? 3 : 2);
  const char* end = entity.data() + entity.size() - 1;
  std::uint32_t code = 0;
  const auto [stop, error] = std::from_chars(begin, end, code, hex ? 16 : 10);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (error != std::errc() || stop != end || code == 0 || code > 0x10FFFF || surrogate) code = 0xFFFD;
  std::string out;
  append_utf8(out, code);
  return visible(out);
}

std::string attribute_text(const MD_ATTRIBUTE& attribute) {
  std::string out;
  if (attribute.text == nullptr) return out;
  const std::string_view all(attribute.text, attribute.size);
  for (std::size_t i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
    const std::string_view piece =
        all.substr(attribute.substr_offsets[i], attribute.substr_offsets[i + 1] - attribute.substr_offsets[i]);
    out += attribute.substr_types[i] == MD_TEXT_ENTITY ? entity_text(piece) : std::string(piece);
  }
  return out;
}

std::string text_of(const std::vector<TextRun>& runs) {
  std::string out;
  for (const TextRun& run : runs) out += run.text;
  return out;
}

std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Builds the pieces from what md4c reports.
class Pieces {
 public:
  explicit Pieces(std::size_t text_size) : steps_left_(16 * text_size + 1000) {}

  /// False: this takes too long.
  bool step() { return steps_left_-- > 0; }

  void enter(MD_BLOCKTYPE type, const void* detail) {
    flush();
    switch (type) {
      case MD_BLOCK_QUOTE:
        ++quotes_;
        break;
      case MD_BLOCK_UL:
        lists_.push_back({});
        break;
      case MD_BLOCK_OL:
        lists_.push_back({true, static_cast<const MD_BLOCK_OL_DETAIL*>(detail)->start, false});
        break;
      case MD_BLOCK_LI:
        enter_item(*static_cast<const MD_BLOCK_LI_DETAIL*>(detail));
        break;
      case MD_BLOCK_HR:
        out_.push_back({MarkdownPiece::Kind::kRule, {}, {}});
        break;
      case MD_BLOCK_TABLE:
        table_ = {};
        break;
      case MD_BLOCK_TR:
        table_.rows.emplace_back();
        break;
      default:
        break;
    }
  }

  void leave(MD_BLOCKTYPE type, const void* detail) {
    switch (type) {
      case MD_BLOCK_QUOTE:
        flush();
        --quotes_;
        break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        flush();
        lists_.pop_back();
        break;
      case MD_BLOCK_LI:
        flush();
        ++lists_.back().number;
        lists_.back().item_waits = false;
        break;
      case MD_BLOCK_H:
        heading(static_cast<const MD_BLOCK_H_DETAIL*>(detail)->level);
        break;
      case MD_BLOCK_CODE:
        code_block();
        break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        cell(type, static_cast<const MD_BLOCK_TD_DETAIL*>(detail)->align);
        break;
      case MD_BLOCK_THEAD:
        table_.heading_rows = table_.rows.size();
        break;
      case MD_BLOCK_TABLE:
        add_block(preformatted(aligned(table_)));
        break;
      default:
        flush();
        break;
    }
  }

  void enter(MD_SPANTYPE type, const void* detail) {
    if (type == MD_SPAN_A)
      addresses_.push_back({runs_.size(), attribute_text(static_cast<const MD_SPAN_A_DETAIL*>(detail)->href)});
    if (type == MD_SPAN_IMG)
      addresses_.push_back({runs_.size(), attribute_text(static_cast<const MD_SPAN_IMG_DETAIL*>(detail)->src)});
    change_style(type, 1);
  }

  void leave(MD_SPANTYPE type) {
    change_style(type, -1);
    if (type == MD_SPAN_A || type == MD_SPAN_IMG) address();
  }

  void text(MD_TEXTTYPE type, std::string_view text) {
    switch (type) {
      case MD_TEXT_NULLCHAR:
        add("\xEF\xBF\xBD");
        break;
      case MD_TEXT_BR:
      case MD_TEXT_SOFTBR:
        // Models write short lines where they mean lines.
        add("\n");
        break;
      case MD_TEXT_ENTITY:
        add(entity_text(text));
        break;
      case MD_TEXT_HTML:
        // Strong text where `**` would open or close nothing, as between Japanese letters and punctuation.
        if (text == "<strong>") {
          tagged_bold_ = true;
        } else if (text == "</strong>") {
          tagged_bold_ = false;
        } else if (!text.starts_with("<a id=") && text != "</a>") {  // Those only mark a place.
          add(std::string(text));
        }
        break;
      default:
        add(std::string(text));
        break;
    }
  }

  std::vector<MarkdownPiece> take() {
    flush();
    return std::move(out_);
  }

 private:
  struct List {
    bool ordered = false;
    std::size_t number = 1;
    bool item_waits = false;  ///< For its first text.
  };
  struct Address {
    std::size_t label_begin = 0;  ///< Index of a run.
    std::string address;
  };

  void add(std::string text) {
    runs_.push_back({std::move(text), bold_ > 0 || tagged_bold_, italic_ > 0, strike_ > 0, code_ > 0});
  }

  void change_style(MD_SPANTYPE type, int by) {
    if (type == MD_SPAN_STRONG) bold_ += by;
    if (type == MD_SPAN_EM) italic_ += by;
    if (type == MD_SPAN_DEL) strike_ += by;
    if (type == MD_SPAN_CODE) code_ += by;
  }

  void address() {
    const Address last = std::move(addresses_.back());
    addresses_.pop_back();
    const std::string label = text_of({runs_.begin() + static_cast<std::ptrdiff_t>(last.label_begin), runs_.end()});
    if (last.address.empty() || label == last.address || "mailto:" + label == last.address) return;
    add(label.empty() ? last.address : " (" + last.address + ")");
  }

  void enter_item(const MD_BLOCK_LI_DETAIL& detail) {
    lists_.back().item_waits = true;
    if (detail.is_task != 0) add(detail.task_mark == ' ' ? "☐ " : "☑ ");
  }

  /// What was read since the last block, as a part of the block it stands in.
  void flush() {
    tagged_bold_ = false;
    if (runs_.empty()) return;
    RichPart part = paragraph(std::exchange(runs_, {}));
    if (!lists_.empty() && lists_.back().item_waits) {
      part.kind = RichPart::Kind::kItem;
      part.indent = lists_.size() - 1;
      part.ordered = lists_.back().ordered;
      part.number = lists_.back().number;
      part.bordered = quotes_ > 0;
      lists_.back().item_waits = false;
    } else if (quotes_ > 0) {
      part.kind = RichPart::Kind::kQuote;
    }
    part.newlines = 2;
    out_.push_back({MarkdownPiece::Kind::kText, std::move(part), {}});
  }

  void heading(unsigned level) {
    std::string title = on_one_line(text_of(runs_));
    if (level <= 2 && lists_.empty() && quotes_ == 0 && !trim(title).empty()) {
      runs_.clear();
      out_.push_back({MarkdownPiece::Kind::kHeading, {}, std::move(title)});
      return;
    }
    for (TextRun& run : runs_) run.bold = true;
    flush();
  }

  void add_block(RichPart part) {
    part.bordered = quotes_ > 0;
    out_.push_back({MarkdownPiece::Kind::kText, std::move(part), {}});
  }

  void code_block() {
    std::string code = text_of(std::exchange(runs_, {}));
    if (code.ends_with('\n')) code.pop_back();
    add_block(preformatted(std::move(code)));
  }

  void cell(MD_BLOCKTYPE type, MD_ALIGN align) {
    table_.rows.back().push_back(on_one_line(text_of(std::exchange(runs_, {}))));
    if (type == MD_BLOCK_TH) table_.right_aligned.push_back(align == MD_ALIGN_RIGHT);
  }

  std::size_t steps_left_;
  std::vector<MarkdownPiece> out_;
  std::vector<TextRun> runs_;
  std::vector<List> lists_;
  std::vector<Address> addresses_;
  MarkdownTable table_;
  int quotes_ = 0;
  int bold_ = 0;
  bool tagged_bold_ = false;
  int italic_ = 0;
  int strike_ = 0;
  int code_ = 0;
};

/// One of md4c's callbacks: nonzero ends the parsing.
template <class Do>
int report(void* user, Do act) {
  auto& pieces = *static_cast<Pieces*>(user);
  if (!pieces.step()) return 1;
  act(pieces);
  return 0;
}

}  // namespace

std::optional<std::vector<MarkdownPiece>> read_markdown(std::string_view visible_text) {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_NOHTMLBLOCKS | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    return report(user, [&](Pieces& pieces) { pieces.enter(type, detail); });
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    return report(user, [&](Pieces& pieces) { pieces.leave(type, detail); });
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    return report(user, [&](Pieces& pieces) { pieces.enter(type, detail); });
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    return report(user, [&](Pieces& pieces) { pieces.leave(type); });
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
    return report(user, [&](Pieces& pieces) { pieces.text(type, {text, size}); });
  };
  Pieces pieces(visible_text.size());
  if (md_parse(visible_text.data(), static_cast<MD_SIZE>(visible_text.size()), &parser, &pieces) != 0) {
    return std::nullopt;
  }
  return pieces.take();
}

}  // namespace fa::slack
