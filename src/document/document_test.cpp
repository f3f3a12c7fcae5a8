#include "document/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "document/column_widths.h"
#include "document/line.h"
#include "document/outline.h"
#include "document/sample_document.h"
#include "support/golden_text.h"

namespace fa::document {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Document of(std::vector<Block> blocks) {
  Document d;
  d.blocks = std::move(blocks);
  return d;
}
std::string paragraph_as_markdown(Line line) {
  return std::string(trim(to_markdown(of({Paragraph{std::move(line)}}))));
}
std::string paragraph_as_html(Line line) {
  const std::string html = to_html(of({Paragraph{std::move(line)}}));
  const std::size_t begin = html.find("<p>") + 3;
  return html.substr(begin, html.find("</p>", begin) - begin);
}

TEST(Document, sample_looks_as_reviewed_in_all_renderings) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const Document d = sample_document(language);
    const std::string path =
        FA_PROJECT_DIR "/src/document/testdata/sample." + std::string(language_name(language)) + ".golden";
    test::expect_text(path + ".txt", to_text(d));
    test::expect_text(path + ".md", to_markdown(d));
    test::expect_text(path + ".html", to_html(d));
  }
}

TEST(Line, joins_runs_that_look_the_same_and_drops_links_that_are_not_followed) {
  const Line shown =
      shown_line({{"a", Emphasis::kStrong}, {"b\n", Emphasis::kStrong}, {""}, {"c", Emphasis::kPlain, "ftp://x"}});
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0].text, "ab ");
  EXPECT_EQ(shown[1].link, "");
}

TEST(Line, follows_only_links_to_the_web_and_into_the_document) {
  struct Case {
    std::string link;
    std::string outside;
    std::string inside;
  };
  const Case kCases[] = {
      {"https://a.example/b?c=d&e=%20#f", "https://a.example/b?c=d&e=%20#f", ""},
      {"https://a.example/\"><x y='\\)", "https://a.example/%22%3E%3Cx%20y=%27%5C%29", ""},
      {"https://a.example/障害", "https://a.example/%E9%9A%9C%E5%AE%B3", ""},
      {"https://" + std::string(3000, 'a'), "", ""},
      {"https://", "", ""},
      {"http://a.example", "", ""},
      {"javascript:alert(1)", "", ""},
      {"#abc-1", "", "abc-1"},
      {"#a b", "", ""},
      {"#", "", ""},
      {"", "", ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(outside_address(c.link), c.outside) << c.link;
    EXPECT_EQ(inside_anchor(c.link), c.inside) << c.link;
  }
}

TEST(Line, cuts_long_words_and_nothing_else) {
  EXPECT_EQ(with_words_cut("abc abcdef ab", 4), "abc abcd… ab");
  EXPECT_EQ(with_words_cut("接続できませんでした", 4), "接続できませんでした");
  EXPECT_EQ(with_words_cut("ééééé", 4), "éééé…");
}

TEST(Outline, gives_every_heading_an_anchor_of_its_own) {
  const Outline outline(
      of({Heading{1, {{"a"}}}, Heading{9, {{"b"}}, "section-1"}, Paragraph{{{"p"}}, Tone::kNormal, "p"},
          Heading{-1, {{"c"}}, "p"}, Heading{2, {{"d"}}, "not one!"}}));
  std::vector<std::string> anchors;
  for (const OutlineEntry& e : outline.entries()) anchors.push_back(e.anchor + "/" + std::to_string(e.level));
  EXPECT_THAT(anchors, ElementsAre("section-2/1", "section-1/3", "section-3/1", "section-4/2"));
  EXPECT_EQ(outline.target("#p"), "p");
  EXPECT_EQ(outline.anchor_of(2), "p");
  EXPECT_EQ(outline.target("#nothing"), "");
}

TEST(Outline, lists_level_one_alone_where_there_are_too_many_headings) {
  EXPECT_EQ(Outline(many_findings(Language::kEnglish, 20)).contents().size(), 21U);
  EXPECT_EQ(Outline(many_findings(Language::kEnglish, 200)).contents().size(), 1U);
}

TEST(ColumnWidths, fit_the_room_and_cut_the_widest_first) {
  struct Case {
    std::vector<ColumnNeed> needs;
    double room;
    std::vector<double> widths;
  };
  const Case kCases[] = {
      {{}, 10, {}},
      {{{2, 4}, {3, 6}}, 20, {4, 6}},                   // All get their most.
      {{{2, 4}, {2, 10}}, 9, {3, 6}},                   // Half of what they lack.
      {{{2, 4}, {20, 30}, {20, 40}}, 22, {2, 10, 10}},  // Not even the least: the small one keeps it.
      {{{0, 0}, {0, 0}}, 5, {0, 0}},
  };
  for (const Case& c : kCases) EXPECT_EQ(column_widths(c.needs, c.room), c.widths) << c.room;
}

TEST(Markdown, strong_text_survives_punctuation_at_its_edges) {
  EXPECT_EQ(paragraph_as_markdown({{"a "}, {"b", Emphasis::kStrong}, {" c"}}), "a **b** c");
  EXPECT_EQ(paragraph_as_markdown({{"重要: ", Emphasis::kStrong}, {"本文"}}), "**重要:** 本文");
  EXPECT_EQ(paragraph_as_markdown({{"「重要」", Emphasis::kStrong}, {"です"}}), "<strong>「重要」</strong>です");
  EXPECT_EQ(paragraph_as_markdown({{"重要", Emphasis::kStrong}, {"です"}}), "**重要**です");
  EXPECT_EQ(paragraph_as_markdown({{"a", Emphasis::kStrong}, {"b", Emphasis::kStrong}}), "**ab**");
}

TEST(Markdown, escapes_everything_and_links_only_what_exists) {
  EXPECT_EQ(paragraph_as_markdown({{"*a*", Emphasis::kPlain, "#none"}}), "\\*a\\*");
  EXPECT_EQ(paragraph_as_markdown({{"a|`b", Emphasis::kCode, "https://x.example/)("}}),
            "[``a|`b``](<https://x.example/%29%28>)");
  const std::string table =
      to_markdown(of({Table{{{{{"k|"}}}, {{{"n"}}, Align::kRight}}, {{{{"a|b", Emphasis::kCode}}}}}}));
  EXPECT_EQ(trim(table), "| k\\| | n |\n|---|--:|\n| `a\\|b` |  |");
}

TEST(Html, escapes_everything_and_links_only_what_exists) {
  EXPECT_EQ(paragraph_as_html({{"<b>&", Emphasis::kStrong, "#none"}}), "<strong>&lt;b&gt;&amp;</strong>");
  EXPECT_EQ(paragraph_as_html({{"x", Emphasis::kPlain, "https://x.example/\"'"}}),
            "<a href=\"https://x.example/%22%27\" rel=\"noopener noreferrer\">x</a>");
  EXPECT_EQ(paragraph_as_html({{"x", Emphasis::kPlain, "javascript:alert(1)"}}), "x");
}

TEST(Text, keeps_commands_whole_and_all_else_within_the_width) {
  const std::string command(300, 'c');
  Document d = sample_document(Language::kJapanese);
  d.blocks.push_back(Code{command + "\n" + command});
  for (const std::size_t width : {40U, 60U, 80U, 200U}) {
    const std::string text = to_text(d, {false, width});
    for (const std::string_view line : split(text, '\n')) {
      EXPECT_TRUE(line.starts_with("    ") || display_width(line) <= width) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    EXPECT_THAT(text, HasSubstr("\n    " + command + "\n    " + command + "\n"));
  }
}

TEST(Text, shows_a_table_that_is_too_wide_record_by_record) {
  Table table;
  for (int i = 0; i < 8; ++i) table.columns.push_back({{{"name" + std::to_string(i)}}});
  table.rows.push_back({{{"first"}}, {}, {{"third"}}});
  EXPECT_EQ(trim(to_text(of({table}), {false, 40})), "name0 first\n  name2 third");
}

TEST(Text, colours_are_the_only_difference) {
  const Document d = sample_document(Language::kEnglish);
  std::string coloured = to_text(d, {true, 80});
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  }
  EXPECT_EQ(coloured, to_text(d, {false, 80}));
}

TEST(HostileDocument, acts_in_no_rendering) {
  const Document d = hostile_document();
  for (const std::string& out : {to_text(d), to_markdown(d), to_html(d)}) {
    EXPECT_TRUE(is_valid_utf8(out));
    EXPECT_TRUE(visible(out) == out);
  }
  const std::string html = to_html(d);
  for (const char* raw : {"<script", "<img", "onload='", "<b>", "href=\"javascript", "href=\"http:", "<span fore"}) {
    EXPECT_THAT(html, Not(HasSubstr(raw)));
  }
  EXPECT_EQ(html.find("</style>"), html.rfind("</style>"));
  EXPECT_EQ(html.find("</title></style>"), std::string::npos);
}

TEST(HostileDocument, makes_no_markup_in_markdown) {
  // Outside of code, where everything stands as it is.
  const Line line{{hostile_words(), Emphasis::kPlain, "javascript:alert(1)"}, {hostile_words(), Emphasis::kStrong}};
  Document d = of({Heading{1, line}, Paragraph{line}, Bullets{{line}}, Table{{{line}}, {{line}}},
                   Facts{{{hostile_words(), line}}}, Picture{{0, 0, hostile_words(), {}}, hostile_words(), {}, {}}});
  d.title = d.subtitle = hostile_words();
  d.contents = true;
  const std::string markdown = to_markdown(d);
  std::string acting;  // What no backslash stands before.
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    if (markdown[i] == '\\') {
      ++i;
    } else {
      acting += markdown[i];
    }
  }
  for (const char* own : {"<a id=\"section-1\"></a>", "<strong>", "</strong>", "](#section-1)"}) {
    for (std::size_t at = acting.find(own); at != std::string::npos; at = acting.find(own)) {
      acting.erase(at, std::string_view(own).size());
    }
  }
  for (const char* raw : {"<", "](", "`", "@e", "://", "![", "&lt", "#1"}) EXPECT_THAT(acting, Not(HasSubstr(raw)));
}

TEST(EmptyDocument, is_rendered) {
  EXPECT_EQ(to_text({}), "");
  EXPECT_EQ(to_markdown({}), "");
  EXPECT_THAT(to_html({}), HasSubstr("<main>"));
}

}  // namespace
}  // namespace fa::document
