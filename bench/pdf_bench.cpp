// How long a long document takes as PDF: fa_pdf_bench [FINDINGS] (200), in Japanese. Best of five, after one that loads
// the fonts.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "document/pdf.h"
#include "document/sample_document.h"

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  const std::size_t findings = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200;
  const fa::document::Document document = fa::document::many_findings(fa::Language::kJapanese, findings);
  double first = 0;
  double best = 1e9;
  std::size_t bytes = 0;
  for (int i = 0; i < 6; ++i) {
    const Clock::time_point begin = Clock::now();
    const auto pdf = fa::document::to_pdf(document, {});
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (!pdf) {
      fmt::print(stderr, "{}\n", pdf.error().message);
      return 1;
    }
    (i == 0 ? first : best) = i == 0 ? seconds : std::min(best, seconds);
    bytes = pdf->size();
  }
  fmt::print("{} findings: first {:.2f} s, then {:.2f} s, {:.1f} MB\n", findings, first, best,
             static_cast<double>(bytes) / 1e6);
  return 0;
}
