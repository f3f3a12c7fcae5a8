#include "llm/token_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace fa::llm {
namespace {

std::uint64_t bound_of(std::string_view text) { return token_bound(text); }

struct Measured {
  std::string text;
  std::uint64_t o200k;   ///< OpenAI, GPT-4o and later.
  std::uint64_t cl100k;  ///< OpenAI, GPT-4.
  std::uint64_t claude;  ///< Anthropic's published one, of Claude 2.

  [[nodiscard]] std::uint64_t most() const { return std::max({o200k, cl100k, claude}); }
};

// As the tokenizers themselves count them (docs/model.md).
const Measured kSamples[] = {
    {"The orders service could not reach its database.", 9, 9, 9},
    {"2026-11-23T20:22:43.781Z ERROR [catalog-1] [catalog.http] request failed after 3000 ms", 32, 32, 31},
    {R"x(java.lang.NullPointerException: Cannot invoke "String.length()" because "name" is null)x", 18, 17, 21},
    {"    at com.example.orders.OrderRepository.findById(OrderRepository.java:142)", 16, 14, 21},
    {R"x({"level":"error","ts":1674987092.395,"msg":"connection refused","attempt":3})x", 23, 23, 24},
    {"b6a787e7e012bccec69372d757581aef", 17, 17, 19},
    {"7f1c2a90-5d3e-4b8f-9a61-0c2d4e6f8a1b", 34, 34, 34},
    {"aGVsbG8gd29ybGQsIHRoaXMgaXMgYmFzZTY0", 23, 25, 22},
    {"HTTPCode_Target_5XX_Count (Sum) AWS/ApplicationELB app/storefront/50dc6c495c0c9188", 28, 28, 32},
    {R"x(GET /api/v1/products/35?sort=price&limit=20 HTTP/1.1" 502 - "-" "Mozilla/5.0 (X11; Linux x86_64)")x", 42, 42,
     43},
    {"ERROR ERROR FATAL: remaining connection slots are reserved", 10, 10, 10},
    {"10.0.12.7:43512 -> 10.0.44.19:5432 SYN_SENT", 24, 24, 23},
    {std::string(64, '='), 1, 1, 1},
    {"\n\n\n\t\t    indented\r\n", 5, 5, 4},
    {"ts-verification-code-service-7b6dc75c45-2z9p2", 19, 19, 21},
    {R"x(%E9%9A%9C%E5%AE%B3 \u969c\u5bb3)x", 22, 22, 26},
    {"1674987092395824771 1674987092395699015", 15, 15, 16},
    {"データベースへの接続がタイムアウトしました。", 13, 22, 21},
    {"「orders」から「postgresql/orders」への呼び出し 639 件中 639 件が失敗しています。", 26, 33, 34},
    {"影響の開始: 2026-11-23 20:29:44 UTC（5 分 30 秒、指定）", 28, 33, 28},
    {"障害対応手順書：まずロードバランサーのターゲットグループを確認してください。", 24, 40, 42},
    {"原因の候補（可能性の高い順）", 12, 16, 15},
    {"エラー率が基準期間の 0.1% から 23.95% に上昇しました", 25, 30, 28},
    {"ﾀｲﾑｱｳﾄ発生 ＥＲＲＯＲ １２３", 22, 29, 10},
    {"café naïve → ✓ ● 😀", 8, 8, 15},
    {"ciod: In packet from node <*> (<*>), message code <*> is not <*> or <*> (softheader=<*> <*> <*> <*>)", 29, 30,
     43},
    {"Marking notification as seen <*>|<*>|<*>|<*>|<*>", 18, 18, 20},
};

TEST(TokenBound, no_tokenizer_makes_more) {
  for (const Measured& sample : kSamples) EXPECT_GE(bound_of(sample.text), sample.most()) << sample.text;
}

TEST(TokenBound, is_not_far_above) {
  for (const Measured& sample : kSamples) {
    if (sample.text.front() == '=') continue;  // one token for all of it, which no rule foresees
    EXPECT_LE(bound_of(sample.text), sample.most() * 19 / 10 + 2) << sample.text;
  }
}

TEST(TokenBound, holds_on_logs_with_a_margin) {
  struct Document {
    const char* file;
    std::uint64_t o200k;
    std::uint64_t cl100k;
    std::uint64_t claude;
  };
  const Document documents[] = {
      {"catalog.log", 23518, 23475, 23346},
      {"orders.log", 22651, 22634, 22520},
      {"storefront.log", 23282, 23288, 23204},
      {"postgresql.log", 940, 930, 935},
  };
  for (const Document& document : documents) {
    std::ifstream in(std::string(FA_PROJECT_DIR "/examples/storefront/incident/") + document.file, std::ios::binary);
    ASSERT_TRUE(in) << document.file;
    const std::string text = std::string(std::istreambuf_iterator<char>(in), {}).substr(0, 50'000);
    const auto real = static_cast<double>(std::max({document.o200k, document.cl100k, document.claude}));
    const double ratio = real / static_cast<double>(bound_of(text));
    EXPECT_LE(ratio, 0.9) << document.file;
    EXPECT_GE(ratio, 0.7) << document.file;
  }
}

TEST(TokenBound, is_zero_only_for_nothing) {
  EXPECT_EQ(bound_of(""), 0U);
  EXPECT_EQ(bound_of(" "), 1U);
  EXPECT_GE(bound_of("a"), 1U);
}

TEST(TokenBound, a_prefix_never_has_more) {
  std::string all;
  for (const Measured& sample : kSamples) all += sample.text + "\n";
  all += "\xff\xfe \xe3\x81 \xf0\x9f\x98 \xc3";
  all += std::string(3, '\0') + "HTTPServerURLs aB3dE5 XMLHttpRequest2";
  std::uint64_t before = 0;
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const std::uint64_t bound = bound_of(std::string_view(all).substr(0, size));
    EXPECT_GE(bound, before) << "at " << size;
    before = bound;
  }
}

TEST(TokenBound, parts_never_have_fewer_than_the_whole_needs) {
  // So that texts which are put together from parts may be bounded by parts: each part begins anew.
  for (const Measured& sample : kSamples) {
    for (std::size_t cut = 0; cut <= sample.text.size(); ++cut) {
      const std::string_view text = sample.text;
      const std::uint64_t parts = bound_of(text.substr(0, cut)) + bound_of(text.substr(cut));
      EXPECT_GE(parts + 3, bound_of(text)) << sample.text << " cut at " << cut;
    }
  }
}

TEST(TokenBound, bytes_that_are_no_text_cost_something) {
  const std::string garbage(1000, '\xff');
  EXPECT_GE(bound_of(garbage), 1000U);
  EXPECT_GE(bound_of(std::string(1000, '\0')), 1000U);
}

TEST(TokenBound, everything_in_a_request_counts) {
  ChatRequest request;
  const std::uint64_t nothing = token_bound(request);
  EXPECT_GT(nothing, 0U);
  const std::string text = "The orders service could not reach its database.";
  const std::uint64_t of_text = bound_of(text);
  const auto grows = [&](ChatRequest changed, std::uint64_t at_least, const char* what) {
    EXPECT_GE(token_bound(changed), nothing + at_least) << what;
  };
  {
    ChatRequest changed;
    changed.system = text;
    grows(changed, of_text, "system");
  }
  {
    ChatRequest changed;
    changed.messages = {{Role::kUser, {Text{text}}}};
    grows(changed, of_text + 4, "text");
    changed.messages[0].blocks.emplace_back(Text{text});
    grows(changed, 2 * of_text + 4, "two texts");
  }
  {
    ChatRequest changed;
    changed.messages = {{Role::kAssistant, {ToolCall{text, text, text}}}};
    grows(changed, 3 * of_text + 10, "call");
  }
  {
    ChatRequest changed;
    changed.messages = {{Role::kUser, {ToolResult{text, text, false}}}};
    grows(changed, 2 * of_text + 10, "result");
  }
  {
    ChatRequest changed;
    changed.tools = {{text, text, text}};
    grows(changed, 3 * of_text + 346, "tool");
  }
}

}  // namespace
}  // namespace fa::llm
