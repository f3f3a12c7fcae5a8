#include "base/escape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(OneLine, folds_white_space_and_shows_control_characters) {
  EXPECT_EQ(one_line("  a\n\tb  c \n"), "a b c");
  EXPECT_EQ(one_line("a\x1b[0m\r"), "a\\x1b[0m\\x0d");
}

TEST(Clip, ends_cut_text_within_the_columns) {
  EXPECT_EQ(clip("abcdef", 6), "abcdef");
  EXPECT_EQ(clip("abcdefg", 6), "abcde…");
  EXPECT_EQ(clip("障害分析", 8), "障害分析");
  EXPECT_EQ(clip("障害分析です", 8), "障害分…");
}

TEST(HtmlEscape, leaves_nothing_that_markup_is_made_of) {
  EXPECT_EQ(html_escape("<a href=\"x\" b='y'>&amp;"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(html_escape("a\nb\x1b"), "a\nb\\x1b");
}

TEST(MarkdownText, escapes_markup_and_line_markers) {
  EXPECT_EQ(markdown_text("*a* _b_ `c` [d](e) <f> |g| ~h~ &amp; $x$"),
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\|g\\| \\~h\\~ \\&amp; \\$x\\$");
  EXPECT_EQ(markdown_text("- item"), "\\- item");
  EXPECT_EQ(markdown_text("12. item"), "12\\. item");
  EXPECT_EQ(markdown_text("# heading"), "\\# heading");
  EXPECT_EQ(markdown_text("2026-03-14 a-b 1.5"), "2026-03-14 a-b 1.5");
}

TEST(MarkdownText, breaks_links_mentions_and_references) {
  constexpr const char* kJoiner = "\xe2\x81\xa0";
  EXPECT_EQ(markdown_text("@team"), std::string("@") + kJoiner + "team");
  EXPECT_EQ(markdown_text("http://x"), std::string("http:") + kJoiner + "//x");
  EXPECT_EQ(markdown_text("WWW.x"), std::string("WWW") + kJoiner + ".x");
  EXPECT_EQ(markdown_text("#12"), std::string("\\#") + kJoiner + "12");
  EXPECT_EQ(markdown_text("GH-12"), std::string("GH-") + kJoiner + "12");
}

TEST(MarkdownCode, fences_are_longer_than_any_run_inside) {
  EXPECT_EQ(markdown_code("a|b"), "`a|b`");
  EXPECT_EQ(markdown_code("a``b"), "```a``b```");
  EXPECT_EQ(markdown_code("`x`"), "`` `x` ``");
  EXPECT_EQ(markdown_code(""), "");
  EXPECT_EQ(markdown_cell_code("a|b"), "`a\\|b`");
  EXPECT_EQ(markdown_block("a\n````\nb"), "`````text\na\n````\nb\n`````\n");
  EXPECT_EQ(markdown_block("a", "sql"), "```sql\na\n```\n");
  EXPECT_EQ(markdown_block("a", "sql\n```\n<b>"), "```text\na\n```\n");
}

}  // namespace
}  // namespace fa
