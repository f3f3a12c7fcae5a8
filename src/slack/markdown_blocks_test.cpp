#include "slack/markdown_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "base/text.h"
#include "support/slack_block_limits.h"

namespace fa::slack {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// The blocks of all groups as one JSON array.
std::string markdown_blocks(std::string_view markdown) {
  std::vector<Block> all;
  for (const std::vector<Block>& group : markdown_groups(markdown)) all.insert(all.end(), group.begin(), group.end());
  return blocks_json(all);
}

/// One JSON array per message.
std::vector<std::string> markdown_messages(std::string_view markdown) {
  std::vector<std::string> messages;
  for (const std::vector<Block>& page : message_pages(markdown_groups(markdown))) messages.push_back(blocks_json(page));
  return messages;
}

/// One block as a short text: `section[text *bold* ...]`, so that tables of cases can be read.
std::string sketch(const Json& json) {
  if (json.is_array()) {
    std::string out;
    for (const Json& element : json) out += (out.empty() ? "" : " ") + sketch(element);
    return out;
  }
  const std::string type = json.value("type", "");
  if (type == "text") {
    std::string text = json.value("text", "");
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text.replace(at, 1, "/");
    const Json style = json.value("style", Json::object());
    if (style.contains("code")) text = "`" + text + "`";
    if (style.contains("italic")) text = "_" + text + "_";
    if (style.contains("bold")) text = "*" + text + "*";
    if (style.contains("strike")) text = "~" + text + "~";
    return text;
  }
  if (type == "header") return "header[" + json["text"].value("text", "") + "]";
  if (type == "divider") return "divider";
  std::string name = type.starts_with("rich_text_") ? type.substr(10) : type;
  if (name == "rich_text") return sketch(json["elements"]);
  if (name == "list") {
    name = json.value("style", "");
    if (json.contains("offset")) name += "+" + std::to_string(json.value("offset", 0));
    if (json.value("indent", 0) > 0) name += ">" + std::to_string(json.value("indent", 0));
  }
  if (json.contains("border")) name += "|";
  std::string inner;
  for (const Json& element : json["elements"]) {
    const bool entry = element.value("type", "") == "rich_text_section";
    inner += entry ? "(" + sketch(element["elements"]) + ")" : sketch(element);
  }
  return name + "[" + inner + "]";
}

TEST(MarkdownBlocks, show_each_construct_as_slack_has_it) {
  struct Case {
    std::string markdown;
    std::string sketch;
  };
  const Case kCases[] = {
      {"", ""},
      {"plain", "section[plain]"},
      {"one\n\ntwo", "section[one//two]"},
      {"a **bold** _it_ ***both*** ~~gone~~ `code`", "section[a *bold* _it_ *_both_* ~gone~ `code`]"},
      {"**`bold code`**", "section[*`bold code`*]"},
      {"line\nbreak  \nhard", "section[line/break/hard]"},
      {"# One\n\ntext\n\n## Two ##", "header[One] section[text] header[Two]"},
      {"### Three\n\nbelow", "section[*Three*//below]"},
      {"Title\n=====\n\n***", "header[Title] divider"},
      {"- a\n- b\n- c", "bullet[(a)(b)(c)]"},
      {"3. a\n4. b", "ordered+2[(a)(b)]"},
      {"- a\n  - b\n    1. c\n- d", "bullet[(a)] bullet>1[(b)] ordered>2[(c)] bullet[(d)]"},
      {"1. a\n\n   ```\n   code\n   ```\n2. b", "ordered[(a)] preformatted[code] ordered+1[(b)]"},
      {"- a\n\n  more", "bullet[(a)] section[more]"},
      {"- [ ] open\n- [x] done", "bullet[(☐ open)(☑ done)]"},
      {"-\n- b", "bullet[(b)]"},
      {"> quoted\n> on\n\nafter", "quote[quoted/on] section[after]"},
      {"> > deep\n>\n> - x\n>\n> ```\n> c\n> ```", "quote[deep] bullet|[(x)] preformatted|[c]"},
      {"```sql\nSELECT 1;\n  FROM t\n```", "preformatted[SELECT 1;/  FROM t]"},
      {"    indented\n    code", "preformatted[indented/code]"},
      {"[label](https://x.example/a?b=1&amp;c)", "section[label (https://x.example/a?b=1&c)]"},
      {"<https://x.example> <a@b.example>", "section[https://x.example a@b.example]"},
      {"[https://x.example](https://x.example)", "section[https://x.example]"},
      {"![alt](http://x.example/i.png \"t\")", "section[alt (http://x.example/i.png)]"},
      {"[![i](u)](v)", "section[i (u) (v)]"},
      {"[r]\n\n[r]: https://r.example", "section[r (https://r.example)]"},
      {"<b>raw</b> <!channel> <@U1> @here", "section[<b>raw</b> <!channel> <@U1> @here]"},
      {"<div>\nblock\n</div>", "section[<div>/block/</div>]"},
      {"&amp; &lt; &#8212; &#x1F525; &unknown; &#0; &#x202e;", "section[& < — 🔥 &unknown; \uFFFD \\u202e]"},
      {"\\*not\\* a_b_c 2*3*4", "section[*not* a_b_c 2_3_4]"},
      {"| a | b |\n|---|--:|\n| long cell | 1 |\n| 日本 | 1234 |\n| x |",
       "preformatted[a             b/─────────  ────/long cell     1/日本       1234/x/]"},
      {"a\r\n\r\nb\rc", "section[a//b/c]"},
      {"bell \x07 nul", "section[bell \\x07 nul]"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(sketch(parse_json(markdown_blocks(c.markdown))), c.sketch) << c.markdown;
  }
}

TEST(MarkdownBlocks, keep_limits_and_text_when_markdown_is_hostile) {
  const auto repeated = [](std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
  };
  const std::string kTexts[] = {
      repeated(">", 750),
      repeated("> ", 750),
      repeated("- ", 750),
      repeated("* a **a ", 500),
      repeated("[", 1250),
      repeated("![](", 500),
      repeated("[a](b", 500),
      repeated("`a``", 500),
      repeated("<a ", 750),
      repeated("&#x", 750),
      repeated("\\", 1500),
      repeated("# a\n", 500),
      repeated("---\n\n", 500),
      repeated("1. a\n", 500),
      repeated("~~a", 500),
      repeated("_a __a ", 500),
      repeated("[a]: b\n", 250),
      "|" + repeated("a|", 300) + "\n|" + repeated("-|", 300) + "\n" + repeated("|b\n", 800),
      "```\n" + repeated("\"quoted\" \\ ", 500),
      repeated("- a\n  > b\n  > ```\n", 400),
      repeated("<!channel> \xe2\x80\xae\x1b[2J \xff ", 400),
      std::string(10000, '\0'),
      repeated("日本語の文章です。", 500),
      repeated("x", 300 << 10),
  };
  for (const std::string& text : kTexts) {
    EXPECT_THAT(slack_limits::problems_of_blocks(markdown_blocks(text)), IsEmpty()) << text.substr(0, 20);
    for (const std::string& message : markdown_messages(text)) {
      slack_limits::Checker checker;
      checker.message(message);
      EXPECT_THAT(checker.problems, IsEmpty()) << text.substr(0, 20);
    }
  }
}

TEST(MarkdownBlocks, lose_no_word_of_a_long_answer) {
  std::string answer = "# Summary\n\n";
  for (int i = 0; i < 3000; ++i) answer += "word" + std::to_string(i) + (i % 50 == 49 ? "\n\n" : " ");
  const std::vector<std::string> messages = markdown_messages(answer);
  EXPECT_GT(messages.size(), 1U);
  std::string together;
  for (const std::string& message : messages) together += message;
  std::size_t at = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string word = "word" + std::to_string(i);
    at = together.find(word, at);
    ASSERT_NE(at, std::string::npos) << word;
  }
  EXPECT_THAT(markdown_messages(""), IsEmpty());
}

TEST(MarkdownRuns, are_one_line_with_styles_or_the_text_as_it_is) {
  const auto shown = [](std::string_view sentence) {
    std::string out;
    for (const TextRun& run : markdown_runs(sentence)) {
      const std::string_view mark = run.code ? "`" : run.bold ? "*" : run.italic ? "_" : "";
      out.append(mark).append(run.text).append(mark);
    }
    return out;
  };
  EXPECT_EQ(shown("`orders-db` was **cut off** [C1]."), "`orders-db` was *cut off* [C1].");
  EXPECT_EQ(shown("max_heap_size and <!channel> stay"), "max_heap_size and <!channel> stay");
  EXPECT_EQ(shown("値は<strong>「41 %」</strong>です <b>x</b> <!-- y -->"), "値は*「41 %」*です <b>x</b> <!-- y -->");
  EXPECT_EQ(shown("<a id=\"section-1\"></a>Summary <a href=\"https://x\">"), "Summary <a href=\"https://x\">");
  EXPECT_EQ(shown("`<strong>` &lt;strong&gt;x"), "`<strong>` <strong>x");
  EXPECT_EQ(shown("# not a heading"), "# not a heading");
  EXPECT_EQ(shown("- not a list"), "- not a list");
  EXPECT_EQ(shown(""), "");
}

TEST(MarkdownBlocks, show_a_heading_that_is_too_long_for_a_header_in_full) {
  const std::string title = "Why " + std::string(200, 'x') + " end";
  const std::string blocks = markdown_blocks("# " + title);
  EXPECT_THAT(blocks, HasSubstr("…"));
  EXPECT_THAT(blocks, HasSubstr(title));
}

TEST(MarkdownBlocks, of_a_whole_answer_are_as_reviewed) {
  std::ifstream in(FA_PROJECT_DIR "/fuzz/seeds/markdown_blocks_fuzz/answer.md", std::ios::binary);
  const std::string answer((std::istreambuf_iterator<char>(in)), {});
  ASSERT_FALSE(answer.empty());
  const std::string rendered = json_text(parse_json(markdown_blocks(answer)), 2) + "\n";
  const std::string path = FA_PROJECT_DIR "/src/slack/testdata/markdown.json";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(path, std::ios::binary) << rendered;
    return;
  }
  std::ifstream golden(path, std::ios::binary);
  ASSERT_TRUE(golden) << path << " is missing; UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(rendered, std::string((std::istreambuf_iterator<char>(golden)), {})) << "UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace
}  // namespace fa::slack
