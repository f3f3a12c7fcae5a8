#include "store/document.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "base/text.h"
#include "store/test_folder.h"

namespace fa {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class DocumentFiles : public TestFolder {
 protected:
  fs::path write(const std::string& name, std::string_view bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
};

/// One page that says `words`, as small as a PDF can be; readers rebuild the missing table of offsets.
std::string small_pdf(const std::string& words) {
  const std::string content = fmt::format("BT /F1 24 Tf 72 700 Td ({}) Tj ET", words);
  return fmt::format(
      "%PDF-1.4\n"
      "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
      "2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
      "3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
      "/Resources << /Font << /F1 5 0 R >> >> >> endobj\n"
      "4 0 obj << /Length {} >> stream\n{}\nendstream endobj\n"
      "5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj\n"
      "trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n",
      content.size(), content);
}

bool has_pdftotext() { return std::system("pdftotext -v >/dev/null 2>&1") == 0; }  // NOLINT(cert-env33-c)

TEST_F(DocumentFiles, text_is_read_as_it_is) {
  EXPECT_EQ(read_document(write("a.md", "\xEF\xBB\xBF# 手順\r\nx\n"), {}).value(), "# 手順\r\nx\n");
  EXPECT_EQ(read_document(write("b.txt", "a\xFFz"), {}).value(), "a\xEF\xBF\xBDz");
  EXPECT_EQ(read_document(write("empty.txt", ""), {}).value(), "");
}

TEST_F(DocumentFiles, errors_say_what_to_do) {
  const auto missing = read_document(folder_ / "none.md", {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);

  const auto binary = read_document(write("x.bin", std::string("ab\0cd", 5)), {});
  ASSERT_FALSE(binary);
  EXPECT_EQ(binary.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(binary.error().message, HasSubstr("PDF"));

  const auto folder = read_document(folder_, {});
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::kInvalidInput);

  const fs::path large = write("large.txt", "x");
  fs::resize_file(large, (std::uintmax_t{32} << 20U) + 1);
  const auto limit = read_document(large, {});
  ASSERT_FALSE(limit);
  EXPECT_EQ(limit.error().code, ErrorCode::kLimit);
}

TEST_F(DocumentFiles, pdf_is_read_by_pdftotext) {
  if (!has_pdftotext()) GTEST_SKIP() << "pdftotext (poppler-utils) is not installed";
  EXPECT_THAT(read_document(write("a.pdf", small_pdf("restart the connection pool")), {}).value(),
              HasSubstr("restart the connection pool"));
  // Neither the name nor the place makes it an option, and the ending does not matter.
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write("-layout", small_pdf("dashed"));
  const auto dashed = read_document("-layout", {});
  fs::current_path(before);
  EXPECT_THAT(dashed.value(), HasSubstr("dashed"));
}

TEST_F(DocumentFiles, a_broken_or_wordless_pdf_is_refused) {
  if (!has_pdftotext()) GTEST_SKIP() << "pdftotext (poppler-utils) is not installed";
  const auto broken = read_document(write("b.pdf", "%PDF-1.7\nnothing of the kind"), {});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kUnreadable);
  const auto empty = read_document(write("e.pdf", small_pdf("")), {});
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message, HasSubstr("OCR"));
}

TEST_F(DocumentFiles, without_pdftotext_the_error_names_the_package) {
  const std::string path = ::getenv("PATH") != nullptr ? ::getenv("PATH") : "";
  ::setenv("PATH", folder_.c_str(), 1);
  const auto result = read_document(write("a.pdf", small_pdf("x")), {});
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(result.error().message, HasSubstr("poppler-utils"));
}

TEST_F(DocumentFiles, a_child_that_hangs_or_floods_is_ended) {
  const std::string path = ::getenv("PATH") != nullptr ? ::getenv("PATH") : "";
  const auto with_program = [&](std::string_view script, const Context& context) {
    fs::permissions(write("pdftotext", script), fs::perms::owner_all);
    ::setenv("PATH", (folder_.string() + ":" + path).c_str(), 1);
    auto result = read_document(write("a.pdf", small_pdf("x")), context);
    ::setenv("PATH", path.c_str(), 1);
    return result;
  };
  const auto hung = with_program("#!/bin/sh\nsleep 600\n", Context{}.within(std::chrono::milliseconds(100)));
  ASSERT_FALSE(hung);
  EXPECT_EQ(hung.error().code, ErrorCode::kCancelled);
  const auto flood = with_program("#!/bin/sh\nexec cat /dev/zero\n", {});
  ASSERT_FALSE(flood);
  EXPECT_EQ(flood.error().code, ErrorCode::kLimit);
}

struct Cut {
  std::string heading;
  std::string text;
  std::uint64_t line;
  bool operator==(const Cut&) const = default;
};
void PrintTo(const Cut& cut, std::ostream* out) {
  *out << "{" << cut.heading << " | " << cut.text << " | " << cut.line << "}";
}

std::vector<Cut> cuts(std::string_view text) {
  std::vector<Cut> out;
  for (const Passage& passage : cut_document(text, "a.md")) {
    EXPECT_EQ(passage.document, "a.md");
    out.push_back({passage.heading, passage.text, passage.first_line});
  }
  return out;
}

TEST(CutDocument, at_headings) {
  const std::vector<Cut> wanted{{"", "intro", 1}, {"A", "one", 3}, {"A > B", "two\n\nthree", 5}, {"C", "four", 10}};
  EXPECT_EQ(cuts("intro\n# A\none\n## B ##\ntwo\n\nthree\n\nC\n===\nfour\n").size(), 4U);
  const auto got = cuts("intro\n# A\none\n## B ##\ntwo\n\nthree\n\nC\n===\nfour\n");
  EXPECT_EQ(got[0], wanted[0]);
  EXPECT_EQ(got[1], wanted[1]);
  EXPECT_EQ(got[2], wanted[2]);
  EXPECT_EQ(got[3], (Cut{"C", "four", 11}));
}

TEST(CutDocument, knows_what_is_no_heading) {
  EXPECT_EQ(cuts("```sh\n# not a heading\n```\n"), (std::vector<Cut>{{"", "```sh\n# not a heading\n```", 1}}));
  EXPECT_EQ(cuts("#tag\n    # code\n"), (std::vector<Cut>{{"", "#tag\n    # code", 1}}));
  EXPECT_EQ(cuts("| a | b |\n|---|---|\n| 1 | 2 |\n"), (std::vector<Cut>{{"", "| a | b |\n|---|---|\n| 1 | 2 |", 1}}));
  EXPECT_EQ(cuts("a\n\n---\n\nb"), (std::vector<Cut>{{"", "a\n\n---\n\nb", 1}}));
  EXPECT_EQ(cuts("---\ntitle: x\n---\n# A\nb"), (std::vector<Cut>{{"", "title: x", 2}, {"A", "b", 5}}));
  EXPECT_EQ(cuts("```\nnever closed\n# A\n"), (std::vector<Cut>{{"", "```\nnever closed\n# A", 1}}));
}

TEST(CutDocument, keeps_headings_without_text) {
  EXPECT_EQ(cuts("# A\n# B\n"), (std::vector<Cut>{{"A", "A", 1}, {"B", "B", 2}}));
  EXPECT_EQ(cuts("# A\n## B\nx\n"), (std::vector<Cut>{{"A > B", "x", 3}}));
  EXPECT_TRUE(cuts("").empty());
  EXPECT_TRUE(cuts("\n \r\n\t\n").empty());
}

TEST(CutDocument, by_length_never_within_a_character) {
  std::string japanese;
  for (int i = 0; i < 300; ++i) japanese += i % 20 == 19 ? "す。" : "障害";
  std::string together;
  const auto pieces = cut_document(japanese, "j.txt");
  EXPECT_GT(pieces.size(), 1U);
  for (const Passage& piece : pieces) {
    EXPECT_LE(piece.text.size(), 1200U);
    EXPECT_TRUE(is_valid_utf8(piece.text));
    together += piece.text;
  }
  EXPECT_EQ(together, japanese);
  EXPECT_TRUE(pieces[0].text.ends_with("。"));
}

TEST(CutDocument, keeps_fenced_code_whole_where_it_fits) {
  std::string paragraph(900, 'p');
  std::string code = "```\n";
  for (int i = 0; i < 30; ++i) code += "line of code number\n\n";
  code += "```";
  const auto got = cuts(paragraph + "\n\n" + code + "\n");
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[1].text, code);
}

}  // namespace
}  // namespace fa
