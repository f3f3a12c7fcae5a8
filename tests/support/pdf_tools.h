#pragma once

#include <string>
#include <vector>

/// A PDF as poppler's programs see it, which share no code with what wrote it.
namespace fa::test {

/// All words, page by page (`pdftotext`); a form feed ends each page.
[[nodiscard]] std::string pdf_text(const std::string& pdf);
/// Title, dates, number of pages (`pdfinfo`); with `-dests` or `-url` the destinations or the addresses of links.
[[nodiscard]] std::string pdf_info(const std::string& pdf, const std::string& option = {});
/// Fonts and whether they are embedded (`pdffonts`).
[[nodiscard]] std::string pdf_fonts(const std::string& pdf);
/// Texts with their positions, links and the outline (`pdftohtml -xml`).
[[nodiscard]] std::string pdf_xml(const std::string& pdf);
/// Page `number` (from 1) as PNG with 50 pixels to the inch (`pdftoppm`).
[[nodiscard]] std::string pdf_page(const std::string& pdf, int number);

/// Expects every page that is named to look like `<path>-<number>.golden.png`.
void expect_pages(const std::string& path, const std::string& pdf, const std::vector<int>& numbers);

}  // namespace fa::test
