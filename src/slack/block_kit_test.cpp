#include "slack/block_kit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "slack/markdown_blocks.h"
#include "slack/rich_text.h"
#include "slack/text_length.h"
#include "support/slack_block_limits.h"

namespace fa::slack {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// What people read in it, parts run together.
std::string read_aloud(const Json& json) {
  std::string out;
  if (json.is_object() && json.contains("text") && json["text"].is_string()) return json["text"].get<std::string>();
  if (json.is_structured()) {
    for (const auto& [key, value] : json.items()) out += read_aloud(value);
  }
  return out;
}
std::string read_aloud(const std::vector<Block>& blocks) { return read_aloud(parse_json(blocks_json(blocks))); }

TEST(TextLength, counts_utf16_code_units) {
  EXPECT_EQ(text_length(""), 0U);
  EXPECT_EQ(text_length("abc"), 3U);
  EXPECT_EQ(text_length("障害"), 2U);
  EXPECT_EQ(text_length("🔥"), 2U);
  EXPECT_EQ(text_length("\xff\xfe"), 2U);
}

TEST(TextLength, cuts_where_words_and_characters_end) {
  struct Case {
    std::string text;
    std::size_t most;
    std::string cut;
  };
  const Case kCases[] = {
      {"short", 5, "short"},
      {"one two three", 9, "one two…"},
      {"one two three", 8, "one two…"},
      {"abcdefghij", 5, "abcd…"},
      {"データベース", 4, "データ…"},
      {"🔥🔥🔥", 5, "🔥🔥…"},
      {"🔥🔥🔥", 4, "🔥…"},
      {"abc", 0, ""},
      {"abc", 1, "…"},
      {"xxxe\xcc\x81yyyy", 6, "xxxe\xcc\x81…"},
      {"xxxe\xcc\x81yyyy", 5, "xxx…"},
      {"ab👩\u200d🔧cd", 6, "ab…"},
      {"", 3, ""},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(cut_text(c.text, c.most), c.cut) << c.text << ' ' << c.most;
    EXPECT_LE(text_length(cut_text(c.text, c.most)), c.most);
  }
}

TEST(TextLength, splits_without_losing_anything) {
  EXPECT_THAT(split_text("", 10), IsEmpty());
  EXPECT_THAT(split_text("one\ntwo three", 9), ElementsAre("one\ntwo ", "three"));
  EXPECT_THAT(split_text("line one\nline two", 10), ElementsAre("line one\n", "line two"));
  const std::string texts[] = {repeated("ログ🔥 ", 4000), repeated("x", 9001), repeated("e\xcc\x81", 3000),
                               repeated("\xcc\x81", 5000), repeated("\n", 100)};
  for (const std::string& text : texts) {
    for (const std::size_t most : {0U, 2U, 7U, 3000U}) {
      std::string together;
      for (const std::string_view piece : split_text(text, most)) {
        EXPECT_FALSE(piece.empty());
        EXPECT_TRUE(is_valid_utf8(piece));
        EXPECT_LE(text_length(piece), std::max<std::size_t>(most, 2));
        together += piece;
      }
      EXPECT_TRUE(together == text);
    }
  }
}

TEST(Mrkdwn, leaves_nothing_that_acts) {
  struct Case {
    std::string text;
    std::string escaped;  // `|` stands for the word joiner.
  };
  const Case kCases[] = {
      {"plain words, 12:30", "plain words, 12:30"},
      {"<!channel> & <@U123>", "&lt;!channel&gt; &amp; &lt;@|U123&gt;"},
      {"<!date^1^{date}^https://x.example|now>", "&lt;!date^1^{date}^https:|//x.|example|now&gt;"},
      {"*bold* _em_ ~s~ `code`", "*|bold*| _|em_| ~|s~| `|code`|"},
      {"@everyone #general # 5", "@|everyone #|general # 5"},
      {"www.evil.example mailto:a@b.example", "www.|evil.|example mailto:|a@|b.|example"},
      {"end. Next", "end. Next"},
      {"> quoted\n  > too", "|&gt; quoted\n  |&gt; too"},
      {"&lt;", "&amp;lt;"},
      {":fire: std::vector", ":|fire: std::|vector"},
      {std::string("\x1b[2J\0", 5), "\\x1b[2J\\x00"},
      {"\xe2\x80\xaegnp", "\\u202egnp"},
      {"\xff", "\xEF\xBF\xBD"},
  };
  for (const Case& c : kCases) {
    std::string escaped = mrkdwn_escape(c.text);
    for (std::size_t at = 0; (at = escaped.find("\u2060", at)) != std::string::npos;) escaped.replace(at, 3, "|");
    // The one case that holds a bar of its own.
    EXPECT_EQ(escaped, c.escaped) << c.text;
  }
}

TEST(BlockKit, keeps_every_limit_whatever_the_texts) {
  const std::string kTexts[] = {"",
                                " ",
                                "text",
                                repeated("word ", 4'000),
                                repeated("🔥", 5000),
                                repeated("\"\\", 5000),
                                std::string(4000, '\0'),
                                repeated("\xff", 4000),
                                "<!channel> <@U1> \xe2\x80\xae"};
  for (const std::string& text : kTexts) {
    const std::vector<Block> blocks = {header(text),
                                       section(text),
                                       context({text, text}),
                                       divider(),
                                       text_input({"a", "b", text, text, text, true}),
                                       time_input({"c", "d", text, text, from_unix_nanos(1'773'477'000'000'000'000)}),
                                       buttons({{"e", text, text, true}, {"f", text, text, false}})};
    for (const Block& block : blocks) {
      EXPECT_THAT(slack_limits::problems_of_blocks(blocks_json({block})), IsEmpty());
      EXPECT_LE(block.weight, kMessageWeight);
    }
    EXPECT_THAT(slack_limits::problems_of_view(modal_json({"view", text, text, text, text}, blocks)), IsEmpty());
  }
  const std::vector<std::string> many(30, repeated("remark ", 1000));
  EXPECT_THAT(slack_limits::problems_of_blocks(blocks_json({context(many)})), IsEmpty());
}

TEST(BlockKit, leaves_out_times_that_slack_cannot_show) {
  for (const TimePoint t : {kNoTime, TimePoint::max(), from_unix_nanos(0)}) {
    const Json input = parse_json(time_input({"b", "a", "label", "", t}).json);
    EXPECT_EQ(input["element"].contains("initial_date_time"), t == TimePoint::max()) << to_unix_nanos(t);
  }
}

TEST(BlockKit, gives_values_back_as_they_went_out) {
  const std::string state = R"({"run":"r-1","text":"ü \u202e"})";
  const Json row = parse_json(buttons({{"a", "Go", state, false}}).json);
  EXPECT_EQ(row["elements"][0]["value"], state);
  const Json view = parse_json(modal_json({"v", "t", "s", "c", state}, {divider()}));
  EXPECT_EQ(view["private_metadata"], state);
}

TEST(RichText, interprets_nothing_and_loses_nothing) {
  const std::string text = repeated("<!channel> <@U1> *b* https://x.example :fire: \"quoted\" ", 200);
  const std::vector<RichPart> kParts[] = {{paragraph({plain(text)})},
                                          {quote(text)},
                                          {preformatted(text)},
                                          {item({bold(text), plain(text)})},
                                          {paragraph({plain("a")}), item({plain(text)}), preformatted("b")}};
  for (const auto& parts : kParts) {
    const auto blocks = rich_text(parts);
    EXPECT_THAT(slack_limits::problems_of_blocks(blocks_json(blocks)), IsEmpty());
    EXPECT_THAT(read_aloud(blocks), HasSubstr(text));
    for (const Block& block : blocks) EXPECT_LE(block.weight, kRichTextWeight);
  }
}

TEST(RichText, stays_light_when_many_small_runs_weigh_more_than_their_text) {
  RichPart part = paragraph({});
  for (int i = 0; i < 800; ++i) part.runs.push_back(i % 2 == 0 ? bold("a") : TextRun{"b", false, true, true, true});
  const std::vector<RichPart> items(800, item({plain("x")}));
  for (const auto& parts : {std::vector<RichPart>{part}, items}) {
    for (const Block& block : rich_text(parts)) EXPECT_LE(block.weight, kRichTextWeight);
  }
}

TEST(RichText, puts_together_what_belongs_together) {
  RichPart second = item({plain("two")});
  RichPart first = item({plain("one")});
  first.ordered = second.ordered = true;
  first.number = 4;
  second.number = 5;
  const auto blocks = rich_text({paragraph({plain("a")}), paragraph({bold("b")}), paragraph({}), first, second,
                                 preformatted("p"), preformatted("q"), quote("r"), quote("s")});
  ASSERT_THAT(blocks, SizeIs(1));
  const Json elements = parse_json(blocks[0].json)["elements"];
  ASSERT_EQ(elements.size(), 5U);
  EXPECT_EQ(read_aloud(elements[0]), "a\nb");
  EXPECT_EQ(elements[1]["elements"].size(), 2U);
  EXPECT_EQ(elements[1]["offset"], 3);
  EXPECT_EQ(elements[2]["type"], "rich_text_preformatted");
  EXPECT_EQ(read_aloud(elements[4]), "r\ns");
  EXPECT_THAT(rich_text({}), IsEmpty());
  EXPECT_THAT(rich_text({paragraph({plain("")})}), IsEmpty());
}

TEST(RichText, mentions_users_and_links_only_where_they_are_such) {
  struct Case {
    TextRun run;
    std::string type;
  };
  const Case kCases[] = {
      {{"x", false, false, false, false, "U123ABC"}, "user"},
      {{"x", false, false, false, false, "W9"}, "user"},
      {{"x", false, false, false, false, "U1> <!channel"}, "text"},
      {{"x", false, false, false, false, "channel"}, "text"},
      {{"x", false, false, false, false, "", "https://a.slack.com/archives/C1/p2"}, "link"},
      {{"x", false, false, false, false, "", "javascript:alert(1)"}, "text"},
      {{"x", false, false, false, false, "", "https://a\n"}, "text"},
  };
  for (const Case& c : kCases) {
    const auto blocks = rich_text({paragraph({c.run})});
    ASSERT_THAT(blocks, SizeIs(1));
    EXPECT_EQ(parse_json(blocks[0].json)["elements"][0]["elements"][0]["type"], c.type) << c.run.user << c.run.link;
  }
}

TEST(MessagePages, keep_groups_whole_where_they_can) {
  const Block small = section(std::string(1000, 'a'));
  const std::vector<Block> three(3, small);
  EXPECT_THAT(message_pages({}), IsEmpty());
  EXPECT_THAT(message_pages({{}, {}}), IsEmpty());
  // Ten sections of a thousand fit beside each other, twelve do not.
  const auto pages = message_pages({three, three, three, three});
  ASSERT_THAT(pages, SizeIs(2));
  EXPECT_THAT(pages[0], SizeIs(9));
  EXPECT_THAT(pages[1], SizeIs(3));
  // A group that is larger than a message is torn; so are 120 blocks.
  EXPECT_THAT(message_pages({std::vector<Block>(30, small)}), SizeIs(3));
  const auto many = message_pages({std::vector<Block>(120, divider())});
  ASSERT_THAT(many, SizeIs(3));
  for (const auto& page : many) EXPECT_TRUE(fits_message(page));
}

}  // namespace
}  // namespace fa::slack
