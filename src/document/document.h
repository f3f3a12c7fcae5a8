#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "draw/drawing.h"
#include "model/report.h"

/// A text with headings, tables and pictures, before anybody decides how it is shown. What several renderings have in
/// common (an insight's answer, a findings report, an investigation as PDF) is built once as a Document and becomes
/// text, Markdown, HTML or PDF here. Texts may be hostile (names and lines from logs): every rendering escapes them.
namespace fa::document {

enum class Emphasis { kPlain, kStrong, kCode, kMuted };

/// A piece of a line that looks the same.
struct Run {
  std::string text;
  Emphasis emphasis = Emphasis::kPlain;
  /// `https://...`, or `#anchor` of a heading or an item in this document; empty: no link. Others are not followed.
  std::string link = {};
};
using Line = std::vector<Run>;

enum class Tone { kNormal, kGood, kWarn, kBad };

struct Heading {
  int level = 1;  ///< 1 to 3.
  Line text;
  std::string anchor = {};  ///< Of letters, digits and `-`; what links point at. Empty: nothing does.
};

struct Paragraph {
  Line text;
  Tone tone = Tone::kNormal;
  std::string anchor = {};
};

struct Bullets {
  std::vector<Line> items;
  bool numbered = false;
};

/// Shown verbatim in a fixed-width font: commands, queries, lines of logs.
struct Code {
  std::string text;
  std::string language = {};  ///< `json`, `sh`, `sql`: for those who colour it.
};

enum class Align { kLeft, kRight };
struct Column {
  Line title;
  Align align = Align::kLeft;
};
/// A row may have fewer cells than there are columns.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Line>> rows;
};

/// Label and value, one below the other.
struct Facts {
  std::vector<std::pair<std::string, Line>> rows;
};

struct Picture {
  draw::Drawing drawing;
  std::string caption = {};
  /// For renderings that show no pictures: a sparkline, Mermaid text. Empty: the drawing's title.
  std::string instead = {};
  std::string instead_language = {};  ///< `mermaid`: Markdown shows it as a fenced block of that language.
};

struct PageBreak {};

using Block = std::variant<Heading, Paragraph, Bullets, Code, Table, Facts, Picture, PageBreak>;

struct Document {
  Language language = Language::kEnglish;
  std::string title;
  std::string subtitle;              ///< What it is about, one line: system, time.
  std::optional<TimePoint> created;  ///< Becomes the PDF's date; without one it says 1970, never the clock.
  /// A table of contents from the headings of level 1 and 2 (of level 1 alone, where those are more than 80). It stands
  /// before the first heading, so that what is said before that is read first. Texts for a terminal have none.
  bool contents = false;
  std::vector<Block> blocks;
};

/// For a terminal; commands are never broken over lines, so that they can be copied.
struct TextOptions {
  bool color = false;
  std::size_t width = 80;
};
[[nodiscard]] std::string to_text(const Document& document, const TextOptions& options = {});
/// GitHub-flavoured Markdown.
[[nodiscard]] std::string to_markdown(const Document& document);
/// One self-contained page: no script, nothing loaded from anywhere, light and dark.
[[nodiscard]] std::string to_html(const Document& document);

}  // namespace fa::document
