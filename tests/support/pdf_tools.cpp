#include "support/pdf_tools.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "base/child_process.h"
#include "support/golden_image.h"

namespace fa::test {
namespace {

using std::chrono_literals::operator""s;

/// What `program` writes about the PDF, whose file stands in the arguments as `{}`. Fails the test where it complains.
std::string ask(const std::string& pdf, std::string program, std::vector<std::string> arguments) {
  static int number = 0;
  const std::string file = testing::TempDir() + "fa2-" + testing::UnitTest::GetInstance()->current_test_info()->name() +
                           "-" + std::to_string(++number) + ".pdf";
  std::ofstream(file, std::ios::binary) << pdf;
  arguments.insert(arguments.begin(), program);
  for (std::string& argument : arguments) {
    if (argument == "{}") argument = file;
  }
  ChildOutcome done = run_child({program, arguments, 50'000'000, 10'000}, Context().within(60s));
  EXPECT_TRUE(done.succeeded()) << program << ": " << done.error_text;
  EXPECT_EQ(done.error_text, "") << program << " on " << file;
  (void)std::remove(file.c_str());
  return std::move(done.output);
}

}  // namespace

std::string pdf_text(const std::string& pdf) { return ask(pdf, "pdftotext", {"-layout", "{}", "-"}); }

std::string pdf_info(const std::string& pdf, const std::string& option) {
  return option.empty() ? ask(pdf, "pdfinfo", {"{}"}) : ask(pdf, "pdfinfo", {option, "{}"});
}

std::string pdf_fonts(const std::string& pdf) { return ask(pdf, "pdffonts", {"{}"}); }

std::string pdf_xml(const std::string& pdf) { return ask(pdf, "pdftohtml", {"-xml", "-stdout", "-i", "{}"}); }

std::string pdf_page(const std::string& pdf, int number) {
  const std::string page = std::to_string(number);
  return ask(pdf, "pdftoppm", {"-r", "50", "-png", "-f", page, "-l", page, "{}"});
}

void expect_pages(const std::string& path, const std::string& pdf, const std::vector<int>& numbers) {
  for (const int number : numbers) {
    expect_image(path + "-" + std::to_string(number) + ".golden.png", pdf_page(pdf, number));
  }
}

}  // namespace fa::test
