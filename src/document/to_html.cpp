#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "document/fixed_words.h"
#include "document/html_style.h"
#include "document/line.h"
#include "document/outline.h"

namespace fa::document {
namespace {

std::string_view tone_class(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "tone good";
    case Tone::kWarn:
      return "tone warn";
    case Tone::kBad:
      return "tone bad";
    case Tone::kNormal:
      break;
  }
  return "";
}

class HtmlDocument {
 public:
  explicit HtmlDocument(const Document& document) : document_(document), outline_(document) {}

  std::string render() {
    head();
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) {
      if (document_.contents && i == outline_.contents_before()) contents();
      block_ = i;
      std::visit([this](const auto& b) { add(b); }, document_.blocks[i]);
    }
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void write(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  void head() {
    write("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", language_name(document_.language));
    // Nothing may be loaded, sent or run, even if an escape were ever missed; only the style sheet below applies.
    out_ +=
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
    write("<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n<main>\n",
          html_escape(clip(one_line(document_.title), 200)), draw::ink_style_sheet(), html_style());
    write("<h1>{}</h1>\n", html_escape(one_line(document_.title)));
    if (!document_.subtitle.empty()) write("<p class=\"subtitle\">{}</p>\n", html_escape(one_line(document_.subtitle)));
  }

  [[nodiscard]] std::string inline_html(const Line& line) const {
    std::string out;
    for (const Run& run : shown_line(line)) {
      const std::string text = html_escape(run.text);
      std::string styled = text;
      if (run.emphasis == Emphasis::kStrong) styled = "<strong>" + text + "</strong>";
      if (run.emphasis == Emphasis::kCode) styled = "<code>" + text + "</code>";
      if (run.emphasis == Emphasis::kMuted) styled = "<span class=\"muted\">" + text + "</span>";
      const std::string_view target = outline_.target(run.link);
      const bool outside = inside_anchor(run.link).empty() && !run.link.empty();
      if (outside) {
        styled = fmt::format("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", html_escape(run.link), styled);
      } else if (!target.empty()) {
        styled = fmt::format("<a href=\"#{}\">{}</a>", target, styled);
      }
      out += styled;
    }
    return out;
  }

  [[nodiscard]] std::string id() const {
    const std::string_view name = outline_.anchor_of(block_);
    return name.empty() ? std::string() : fmt::format(" id=\"{}\"", name);
  }

  void contents() {
    const auto listed = outline_.contents();
    if (listed.empty()) return;
    write("<nav>\n<p>{}</p>\n<ul>\n", html_escape(contents_title(document_.language)));
    for (const OutlineEntry* entry : listed) {
      write("<li{}><a href=\"#{}\">{}</a></li>\n", entry->level > 1 ? " class=\"deep\"" : "", entry->anchor,
            html_escape(entry->text));
    }
    out_ += "</ul>\n</nav>\n";
  }

  void add(const Heading& heading) {
    const int level = std::clamp(heading.level, 1, 3) + 1;  // The title alone is h1.
    write("<h{0}{1}>{2}</h{0}>\n", level, id(), inline_html(heading.text));
  }

  void add(const Paragraph& paragraph) {
    const std::string_view tone = tone_class(paragraph.tone);
    const std::string shape = tone.empty() ? std::string() : fmt::format(" class=\"{}\"", tone);
    write("<p{}{}>{}</p>\n", id(), shape, inline_html(paragraph.text));
  }

  void add(const Bullets& bullets) {
    const std::string_view list = bullets.numbered ? "ol" : "ul";
    write("<{}>\n", list);
    for (const Line& item : bullets.items) write("<li>{}</li>\n", inline_html(item));
    write("</{}>\n", list);
  }

  void add(const Code& code) { write("<pre>{}</pre>\n", html_escape(code.text)); }

  void add(const Table& table) {
    if (table.columns.empty()) return;
    const auto cell = [&](std::string_view element, std::size_t column, const std::string& text) {
      const bool number = table.columns[column].align == Align::kRight;
      write("<{0}{1}>{2}</{0}>", element, number ? " class=\"number\"" : "", text);
    };
    out_ += "<div class=\"scroll\"><table>\n<thead><tr>";
    for (std::size_t i = 0; i < table.columns.size(); ++i) cell("th", i, inline_html(table.columns[i].title));
    out_ += "</tr></thead>\n<tbody>\n";
    for (const auto& cells : table.rows) {
      out_ += "<tr>";
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        cell("td", i, i < cells.size() ? inline_html(cells[i]) : std::string());
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody>\n</table></div>\n";
  }

  void add(const Facts& facts) {
    out_ += "<dl>\n";
    for (const auto& [label, value] : facts.rows) {
      write("<dt>{}</dt><dd>{}</dd>\n", html_escape(one_line(label)), inline_html(value));
    }
    out_ += "</dl>\n";
  }

  void add(const Picture& picture) {
    ++pictures_;
    write("<figure>\n{}\n", draw::to_svg(picture.drawing, {.id = fmt::format("drawing-{}", pictures_)}));
    if (!picture.caption.empty()) write("<figcaption>{}</figcaption>\n", html_escape(one_line(picture.caption)));
    out_ += "</figure>\n";
  }

  void add(const PageBreak&) { out_ += "<div class=\"page-break\"></div>\n"; }

  const Document& document_;
  Outline outline_;
  std::size_t block_ = 0;
  std::size_t pictures_ = 0;
  std::string out_;
};

}  // namespace

std::string to_html(const Document& document) { return HtmlDocument(document).render(); }

}  // namespace fa::document
