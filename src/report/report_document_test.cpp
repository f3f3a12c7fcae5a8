// The report as a document and as PDF.
#include "report/report_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "document/outline.h"
#include "report/render_pdf.h"
#include "report/sample_report.h"
#include "support/pdf_tools.h"

namespace fa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string pdf_of(const Report& report, const std::string& time_zone = "UTC") {
  const auto pdf = render_pdf(report, {}, {time_zone});
  EXPECT_TRUE(pdf) << pdf.error().message;
  return pdf.value_or("");
}

TEST(ReportPdf, pages_look_as_reviewed) {
  const std::string path = FA_PROJECT_DIR "/src/report/testdata/";
  test::expect_pages(path + "sample.en.pdf", pdf_of(sample_report(Language::kEnglish)), {1, 2});
  test::expect_pages(path + "sample.ja.pdf", pdf_of(sample_report(Language::kJapanese), "Asia/Tokyo"), {1, 4});
}

TEST(ReportPdf, holds_all_parts_in_words_that_can_be_searched) {
  const std::string pdf = pdf_of(sample_report(Language::kJapanese));
  const std::string text = test::pdf_text(pdf);
  for (const char* words :
       {"最有力の原因", "目次", "原因の候補（可能性の高い順）", "経過（時刻は UTC）", "推奨する対応", "再発防止策",
        "証拠", "確認できなかったこと", "判断のために必要な確認", "読み取ったデータ", "データの収集方法",
        "手作業での確認方法", "照合結果", "checkout から orders-db に接続できません",
        "java.net.SocketTimeoutException: connect timed out", "zcat logs/checkout.log.gz | sed -n '10423,10428p'",
        "異常の開始"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  EXPECT_THAT(test::pdf_info(pdf), HasSubstr("Sat Mar 14 08:45:00 2026"));  // The end of the window.
}

TEST(ReportDocument, every_citation_leads_to_its_evidence_and_from_there_to_its_check) {
  const Report report = sample_report(Language::kEnglish);
  const std::string html = document::to_html(report_document(report));
  for (const char* part : {"<a href=\"#e1\"><strong>L1</strong></a>", "<h4 id=\"e1\">L1 · log · checkout</h4>",
                           "<a href=\"#check-1\">How to check by hand</a>", "<h4 id=\"check-1\"><a href=\"#e1\">L1</a>",
                           "<h4 id=\"e5\">M2 · metric · orders-db</h4>"}) {
    EXPECT_THAT(html, HasSubstr(part));
  }
}

TEST(ReportDocument, shows_a_diagram_in_place_of_the_list_of_calls) {
  const Report report = sample_report(Language::kEnglish);
  RenderOptions options;
  options.diagram_note = "Graphviz is not there";
  const std::string listed = document::to_text(report_document(report, options));
  EXPECT_THAT(listed, HasSubstr("Graphviz is not there"));
  EXPECT_THAT(listed, HasSubstr("edge-proxy → checkout"));
  options.diagram = draw::Drawing{100, 100, "Architecture in a picture", {}};
  const document::Document drawn = report_document(report, options);
  EXPECT_THAT(document::to_html(drawn), HasSubstr("Architecture in a picture"));
  EXPECT_THAT(document::to_markdown(drawn), HasSubstr("```mermaid\n"));
  EXPECT_THAT(document::to_text(drawn), Not(HasSubstr("edge-proxy → checkout")));
}

TEST(ReportDocument, says_what_kind_of_answer_it_is) {
  EXPECT_THAT(document::to_text(report_document(sample_no_incident(Language::kEnglish))),
              HasSubstr("✓ No incident visible"));
  const std::string open = document::to_text(report_document(sample_cannot_tell(Language::kJapanese)));
  EXPECT_THAT(open, HasSubstr("! データからは判断できません"));
  // What would settle it comes first where nothing is settled.
  EXPECT_LT(open.find("判断のために必要な確認"), open.find("確認できなかったこと"));
}

TEST(HostileReportDocument, acts_nowhere) {
  const document::Document d = report_document(hostile_report(Language::kEnglish));
  const std::string html = document::to_html(d);
  EXPECT_TRUE(visible(html) == html);
  for (const char* raw : {"<script", "<img", "onload='", "href=\"h", "href=\"j"})
    EXPECT_THAT(html, Not(HasSubstr(raw)));
  const std::string pdf = pdf_of(hostile_report(Language::kEnglish));
  EXPECT_THAT(test::pdf_text(pdf), HasSubstr("\\x1b[2J\\x1b]0;owned\\x07</script>"));
}

}  // namespace
}  // namespace fa
