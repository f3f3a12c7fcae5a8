// Renderings of the sample reports against files under testdata/. UPDATE_GOLDEN=1 rewrites them; read the diff.
#include <gtest/gtest.h>

#include "report/render.h"
#include "report/sample_report.h"
#include "support/golden_text.h"

namespace fa {
namespace {

struct Golden {
  std::string file;  ///< `{lang}` stands for the language.
  std::string (*render)(Language);
};

class Rendering : public ::testing::TestWithParam<Golden> {};

void compare(const std::string& file, const std::string& rendered) {
  test::expect_text(FA_PROJECT_DIR "/src/report/testdata/" + file, rendered);
}

std::string named(std::string file, std::string_view language) {
  return file.replace(file.find("{lang}"), 6, language);
}

TEST_P(Rendering, is_as_reviewed) {
  compare(named(GetParam().file, "en"), GetParam().render(Language::kEnglish));
  compare(named(GetParam().file, "ja"), GetParam().render(Language::kJapanese));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, Rendering,
    ::testing::Values(
        Golden{"sample.{lang}.golden.txt", [](Language l) { return render_text(sample_report(l)); }},
        Golden{"sample-narrow.{lang}.golden.txt",
               [](Language l) {
                 return render_text(sample_report(l), {false, 60});
               }},
        Golden{"sample.{lang}.golden.md", [](Language l) { return render_markdown(sample_report(l)); }},
        Golden{"sample.{lang}.golden.html", [](Language l) { return render_html(sample_report(l)); }},
        Golden{"sample.{lang}.golden.json", [](Language l) { return render_json(sample_report(l)); }},
        Golden{"no-incident.{lang}.golden.txt", [](Language l) { return render_text(sample_no_incident(l)); }},
        Golden{"cannot-tell.{lang}.golden.txt", [](Language l) { return render_text(sample_cannot_tell(l)); }}));

}  // namespace
}  // namespace fa
