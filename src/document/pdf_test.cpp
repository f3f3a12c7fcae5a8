#include "document/pdf.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/text.h"
#include "document/pdf_blocks.h"
#include "document/sample_document.h"
#include "support/pdf_tools.h"

namespace fa::document {
namespace {

using test::pdf_fonts;
using test::pdf_info;
using test::pdf_text;
using test::pdf_xml;
using ::testing::HasSubstr;
using ::testing::Not;

std::string pdf_of(const Document& document) {
  const auto pdf = to_pdf(document, {});
  EXPECT_TRUE(pdf) << pdf.error().message;
  return pdf.value_or("");
}

int pages_of(const std::string& pdf) {
  const std::string info = pdf_info(pdf);
  const std::size_t at = info.find("Pages:");
  return at == std::string::npos ? 0 : std::atoi(info.c_str() + at + 6);
}

TEST(Pdf, pages_look_as_reviewed) {
  test::expect_pages(FA_PROJECT_DIR "/src/document/testdata/sample.en", pdf_of(sample_document(Language::kEnglish)),
                     {1, 2});
  test::expect_pages(FA_PROJECT_DIR "/src/document/testdata/sample.ja", pdf_of(sample_document(Language::kJapanese)),
                     {1, 2});
}

TEST(Pdf, words_are_found_exactly_and_fonts_are_embedded) {
  const std::string pdf = pdf_of(sample_document(Language::kJapanese));
  const std::string text = pdf_text(pdf);
  for (const char* words :
       {"セキュリティ検出レポート（週次）", "緊急の検出が 1 件", "ポート 22 を全世界に公開しているセキュリティグループ",
        "GuardDuty が有効になっていません。", "aws iam update-access-key --user-name deploy-bot", "ルール変更", "1/2",
        "2/2"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  const std::string fonts = pdf_fonts(pdf);
  EXPECT_THAT(fonts, HasSubstr("+NotoSansCJKjp-Bold "));
  EXPECT_THAT(fonts, HasSubstr("+NotoSansMonoCJKjp-Regular "));
  EXPECT_THAT(fonts, Not(HasSubstr(" no ")));  // Embedded, subset, with Unicode.
}

TEST(Pdf, has_title_date_outline_and_links_that_lead_somewhere) {
  const std::string pdf = pdf_of(sample_document(Language::kEnglish));
  const std::string info = pdf_info(pdf);
  EXPECT_THAT(info, HasSubstr("Security findings of the week\n"));
  EXPECT_THAT(info, HasSubstr("Sat Mar 14 00:05:00 2026"));
  EXPECT_THAT(info, HasSubstr("595.28 x 841.89 pts (A4)"));
  EXPECT_THAT(pdf_info(pdf, "-url"), HasSubstr("https://docs.aws.amazon.com/guardduty/latest/ug/"));
  const std::string destinations = pdf_info(pdf, "-dests");
  for (const char* name : {"\"summary\"", "\"f1\"", "\"f2\""}) EXPECT_THAT(destinations, HasSubstr(name));
  const std::string xml = pdf_xml(pdf);
  EXPECT_THAT(xml, HasSubstr("<outline>\n"
                             "<item page=\"1\">Summary</item>\n"
                             "<item page=\"1\">Findings</item>\n"
                             "<outline>\n"
                             "<item page=\"1\">Access key used from Tor</item>\n"
                             "<outline>\n"
                             "<item page=\"2\">What to do</item>\n"
                             "</outline>\n"
                             "<item page=\"2\">Security groups open to everybody on port 22</item>\n"
                             "</outline>\n"
                             "<item page=\"2\">What could not be seen</item>\n"
                             "</outline>"));
  // From the contents on page 1 to the finding on page 2.
  EXPECT_THAT(pdf, HasSubstr("/Dest (f2)"));
  EXPECT_THAT(xml, HasSubstr("#2\">Security groups open to everybody on port 22</a>"));
}

TEST(Pdf, is_the_same_bytes_again_and_from_any_thread) {
  const Document d = sample_document(Language::kJapanese);
  std::string others[2];
  std::thread a([&] { others[0] = pdf_of(d); });
  std::thread b([&] { others[1] = pdf_of(d); });
  a.join();
  b.join();
  EXPECT_TRUE(others[0] == pdf_of(d));
  EXPECT_TRUE(others[0] == others[1]);
  // Not the clock's time, either.
  EXPECT_THAT(pdf_info(pdf_of({})), HasSubstr("Thu Jan  1 00:00:00 1970"));
}

TEST(Pdf, tables_repeat_their_titles_on_every_page) {
  Document d;
  Table table{{{{{"Fruit"}}}, {{{"Number"}}, Align::kRight}}, {}};
  for (int i = 0; i < 120; ++i) table.rows.push_back({{{fmt::format("apple {}", i)}}, {{fmt::format("{}", i)}}});
  d.blocks.push_back(std::move(table));
  const std::string pdf = pdf_of(d);
  const std::string text = pdf_text(pdf);
  const auto pages = split(std::string_view(text).substr(0, text.rfind('\f')), '\f');
  ASSERT_GE(pages.size(), 3U);
  for (const std::string_view page : pages) {
    EXPECT_THAT(std::string(page.substr(0, page.find("apple"))), HasSubstr("Fruit"));
  }
  EXPECT_THAT(text, HasSubstr("apple 119"));
}

TEST(PdfPages, headings_stay_with_what_follows_them) {
  // Whatever the height of what stands before: no page ends with a heading.
  for (int lines = 30; lines < 90; ++lines) {
    Document d;
    for (int i = 0; i < lines; ++i) d.blocks.push_back(Bullets{{{{"filler"}}}});
    d.blocks.push_back(Heading{1, {{"chapter"}}, "chapter"});
    d.blocks.push_back(Heading{2, {{"section"}}, "section"});
    d.blocks.push_back(Paragraph{{{"text"}}, Tone::kNormal, "text"});
    d.blocks.push_back(Code{"code"});
    const Outline outline(d);
    const auto pages = pdf::set_pages(d, outline, pdf::Typesetter(Language::kEnglish, outline), {});
    ASSERT_TRUE(pages);
    for (const pdf::Page& page : *pages) {
      EXPECT_TRUE(page.marks.empty() || page.marks.size() == 3) << lines;
      // The rule below the chapter's title, and what lies behind the code.
      EXPECT_TRUE(page.marks.empty() || page.fills.size() >= 2) << lines;
    }
  }
}

TEST(Pdf, is_cut_where_it_would_be_endless_and_says_so) {
  std::string code;
  for (int i = 0; i < 100'000; ++i) code += "line\n";
  Document d;
  d.blocks.push_back(Code{code});
  const std::string pdf = pdf_of(d);
  EXPECT_LE(pages_of(pdf), 10);
  EXPECT_THAT(pdf_text(pdf), HasSubstr("(99,600 more lines are not shown)"));

  Document endless;
  endless.language = Language::kJapanese;
  endless.contents = true;
  for (int i = 0; i < 305; ++i) {
    endless.blocks.push_back(Heading{1, {{"p", Emphasis::kPlain, "#last"}}});
    endless.blocks.push_back(PageBreak{});
  }
  endless.blocks.push_back(Heading{1, {{"last"}}, "last"});
  const std::string cut = pdf_of(endless);
  EXPECT_EQ(pages_of(cut), 301);
  EXPECT_THAT(pdf_text(cut), HasSubstr("300 ページを超えたため、以降を省略しました。"));
}

TEST(Pdf, hostile_documents_are_whole_pdfs_that_show_what_they_hold) {
  const std::string pdf = pdf_of(hostile_document());
  const std::string text = pdf_text(pdf);
  EXPECT_THAT(text, HasSubstr("\\x1b[2J\\x1b]0;owned\\x07</script></svg>"));
  EXPECT_EQ(visible(text).find("\\u202e"), text.find("\\u202e"));
  EXPECT_LT(pages_of(pdf), 25);
  EXPECT_THAT(pdf_info(pdf, "-url"), Not(HasSubstr("Annotation    javascript")));
  EXPECT_EQ(pages_of(pdf_of({})), 1);
}

TEST(Pdf, ends_where_its_context_does) {
  std::stop_source stop;
  stop.request_stop();
  const auto pdf = to_pdf(sample_document(Language::kEnglish), {stop.get_token(), std::nullopt});
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace fa::document
