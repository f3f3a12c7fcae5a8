/// What can be read in a message: markup, blocks, attachments.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "slack/inbound_parts.h"

namespace fa::slack {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Readable readable(const char* json) {
  const Json message = parse_json(json);
  EXPECT_FALSE(message.is_discarded()) << json;
  return read_text(message);
}

TEST(SlackText, markup_is_undone) {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"", ""},
      {"plain *bold* _it_ `code`", "plain *bold* _it_ `code`"},
      {"<https://example.com>", "https://example.com"},
      {"<https://example.com/?a=1&amp;b=2|the page>", "the page"},
      {"<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2"},
      {"<mailto:a@example.com|a@example.com>", "a@example.com"},
      {"<@U123>", "@U123"},
      {"<@U123|ann>", "@ann"},
      {"<#C123>", "#C123"},
      {"<#C123|alarms>", "#alarms"},
      {"<!channel>", "@channel"},
      {"<!here|here>", "@here"},
      {"<!here|@here>", "@here"},
      {"<!everyone>", "@everyone"},
      {"<!subteam^S123>", "@S123"},
      {"<!subteam^S123|@oncall>", "@oncall"},
      {"<!date^1392734382^{date_num}|2014-02-18>", "2014-02-18"},
      {"1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"},
      {"&amp;lt;", "&lt;"},
      {"&quot; &am", "&quot; &am"},
      {"a < b", "a < b"},
      {"a <b <https://x.example|c> d>", "a <b c d>"},
      {"<init> of java", "<init> of java"},
      {"<>", "<>"},
      {"<", "<"},
      {"x <https://unclosed", "x <https://unclosed"},
      {"<https://x.example|>", "https://x.example"},
      {"<|>", "<|>"},
      {"<@>", "@"},
      {"<!>", "@"},
  };
  for (const Case& c : cases) EXPECT_EQ(without_markup(c.text), c.expected) << c.text;
}

TEST(SlackText, is_linear_in_a_text_full_of_brackets) {
  const std::string open(200'000, '<');
  EXPECT_EQ(without_markup(open), open);
  const std::string amps(200'000, '&');
  EXPECT_EQ(without_markup(amps), amps);
}

TEST(SlackText, an_alarm_in_an_attachment) {
  const Readable r = readable(R"json({
    "text": "",
    "attachments": [{
      "color": "d62d20", "fallback": "CloudWatch Alarm | checkout-5xx | Tokyo",
      "pretext": "*Alarm* in <https://console.example/account|Account: 123456789012>",
      "title": "CloudWatch Alarm | checkout-5xx | Asia Pacific (Tokyo)",
      "title_link": "https://console.example/cloudwatch?region=ap-northeast-1#alarm:checkout-5xx",
      "text": "Threshold Crossed: 1 datapoint [57.0 (14/03/26 08:25:00)] was &gt; the threshold (10.0).",
      "fields": [{"title": "Metric", "value": "HTTPCode_Target_5XX_Count", "short": true},
                 {"title": "Dimensions", "value": "<https://console.example/lb|app/web/1>"},
                 {"title": "", "value": "lone value"}, {"title": "lone title"}],
      "actions": [{"type": "button", "text": "Show logs", "url": "https://console.example/logs"}],
      "footer": "Amazon Q"
    }]
})json");
  EXPECT_EQ(r.text,
            "*Alarm* in Account: 123456789012\n"
            "CloudWatch Alarm | checkout-5xx | Asia Pacific (Tokyo)\n"
            "Threshold Crossed: 1 datapoint [57.0 (14/03/26 08:25:00)] was > the threshold (10.0).\n"
            "Metric: HTTPCode_Target_5XX_Count\n"
            "Dimensions: app/web/1\n"
            "lone value\n"
            "lone title\n"
            "Amazon Q\n"
            "CloudWatch Alarm | checkout-5xx | Tokyo");
  EXPECT_THAT(r.links, ElementsAre("https://console.example/account",
                                   "https://console.example/cloudwatch?region=ap-northeast-1#alarm:checkout-5xx",
                                   "https://console.example/lb", "https://console.example/logs"));
}

TEST(SlackText, blocks_of_all_kinds) {
  const Readable r = readable(R"json({
    "text": "summary",
    "blocks": [
      {"type": "header", "text": {"type": "plain_text", "text": "Head &amp; <toe>"}},
      {"type": "section", "text": {"type": "mrkdwn", "text": "See <https://a.example|A>"},
       "fields": [{"type": "mrkdwn", "text": "*Region*\nTokyo"}, {"type": "plain_text", "text": "Two"}],
       "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "https://b.example"}},
      {"type": "divider"},
      {"type": "context", "elements": [{"type": "mrkdwn", "text": "small <@U1>"}, {"type": "image", "image_url": "https://i.example/x.png", "alt_text": "a chart"}]},
      {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "url": "https://c.example"}]},
      {"type": "image", "title": {"type": "plain_text", "text": "Graph"}, "alt_text": "5xx over time"},
      {"type": "table", "rows": [[{"type": "raw_text", "text": "host"}, {"type": "raw_text", "text": "errors"}],
                                 [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": "https://d.example", "text": "web-1"}]}]}, {"type": "raw_text", "text": "7"}]]},
      {"type": "invented", "text": "old form"}
    ]})json");
  EXPECT_EQ(r.text,
            "summary\nHead & <toe>\nSee A\n*Region*\nTokyo\nTwo\nsmall @U1\na chart\nGraph\n5xx over time\n"
            "host | errors\nweb-1 | 7\nold form");
  EXPECT_THAT(r.links, ElementsAre("https://a.example", "https://b.example", "https://c.example", "https://d.example"));
}

TEST(SlackText, rich_text_with_everything_in_it) {
  const Readable r = readable(R"json({"blocks": [{"type": "rich_text", "elements": [
      {"type": "rich_text_section", "elements": [
        {"type": "text", "text": "a <b> & ", "style": {"bold": true}}, {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " "}, {"type": "link", "url": "https://a.example", "text": "label"},
        {"type": "text", "text": " "}, {"type": "link", "url": "https://b.example"},
        {"type": "emoji", "name": "fire"}, {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"}, {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": " 1970"}]},
      {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]}]},
      {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "line 1\nline 2"}]},
      {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]}]}]})json");
  EXPECT_EQ(r.text, "a <b> & @U1 label https://b.example:fire:#C1@S1@here 1970\n• one\n• two\nline 1\nline 2\nquoted");
  EXPECT_THAT(r.links, ElementsAre("https://a.example", "https://b.example"));
}

TEST(SlackText, what_comes_twice_is_read_once) {
  const Readable r = readable(R"json({
    "text": "*Down* since <https://a.example>",
    "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
      {"type": "text", "text": "Down", "style": {"bold": true}}, {"type": "text", "text": " since "},
      {"type": "link", "url": "https://a.example"}]}]}],
    "attachments": [{"fallback": "[no preview available]", "blocks": [
      {"type": "section", "text": {"type": "mrkdwn", "text": "Down   since https://a.example"}},
      {"type": "section", "text": {"type": "mrkdwn", "text": "p99 was 1 2"}},
      {"type": "section", "text": {"type": "mrkdwn", "text": "p99 was 12"}}]}]})json");
  EXPECT_EQ(r.text, "*Down* since https://a.example\np99 was 1 2\np99 was 12");
  EXPECT_THAT(r.links, ElementsAre("https://a.example"));
}

TEST(SlackText, members_of_other_types_count_as_absent) {
  for (const char* json :
       {"{}", R"json({"text": 7, "blocks": {}, "attachments": "x"})json",
        R"json({"blocks": [null, 7, "x", [], {"type": 7}, {"type": "section", "text": [], "fields": 7},
                               {"type": "rich_text", "elements": [7, {"elements": 7}, {"elements": [null, []]}]},
                               {"type": "table", "rows": [7, [null]]}, {"type": "context", "elements": [7, null]}]})json",
        R"json({"attachments": [null, 7, {"fields": [7, {"title": 7}], "actions": [7], "blocks": 7}]})json"}) {
    const Readable r = readable(json);
    EXPECT_EQ(r.text, "") << json;
    EXPECT_THAT(r.links, IsEmpty()) << json;
  }
}

TEST(SlackText, only_web_addresses_are_links) {
  const Readable r =
      readable(R"json({"text": "<mailto:a@example.com> <slack://x> <javascript:alert(1)|x> <http://ok.example>",
    "attachments": [{"title_link": "javascript:alert(1)"}]
})json");
  EXPECT_THAT(r.links, ElementsAre("http://ok.example"));
}

}  // namespace
}  // namespace fa::slack
