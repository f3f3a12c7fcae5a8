/// What the manual's parts make of commands and settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manual/completion.h"
#include "manual/man_page.h"
#include "manual/setting_texts.h"
#include "manual/settings_reference.h"

namespace fa::manual {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CommandOutline program() {
  CommandOutline add{"fa2 knowledge add", "Add documents", {}, {}};
  add.options = {{{"PATH"}, "TEXT", {}, "Files", "", true, true, true}};
  CommandOutline knowledge{"fa2 knowledge", "Documents of the team", {}, {add}};
  CommandOutline report{"fa2 report", "Don't panic", {}, {}};
  report.options = {{{"-h", "--help"}, "", {}, "Say how", "", false, false, false},
                    {{"--lang"}, "TEXT", {"en", "ja"}, "Language [of it]", "", false, false, false},
                    {{"--config"}, "FILE", {}, ".toml file", "Settings", false, true, false}};
  return {"fa2", "Finds out.", {}, {knowledge, report}};
}

TEST(ManPage, has_a_page_for_each_command_with_those_below_on_it) {
  const auto pages = man_pages(program(), "1.2.3");
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_EQ(pages[0].file, "fa2.1");
  EXPECT_EQ(pages[1].file, "fa2-knowledge.1");
  EXPECT_THAT(pages[1].text, AllOf(HasSubstr(".SS \"fa2 knowledge add\"\n"), HasSubstr("\\fIPATH\\fR...\n")));
  EXPECT_EQ(pages[2].file, "fa2-report.1");
  EXPECT_THAT(pages[2].text, AllOf(HasSubstr(".TH FA2\\-REPORT 1 \"\" \"fa2 1.2.3\" \"FA2\"\n"),
                                   HasSubstr("\\fB\\-\\-lang\\fR \\fBen|ja\\fR\n"), HasSubstr(".SS \"Settings\"\n")));
}

TEST(ManPage, no_text_becomes_a_request_or_an_escape) {
  EXPECT_EQ(roff_text(".SH x\n'y \\fB -"), "\\&.SH x\n\\&\\(aqy \\efB \\-");
  EXPECT_THAT(man_pages(program(), "1")[2].text, AllOf(HasSubstr("\n\\&.toml file."), HasSubstr("Don\\(aqt panic")));
}

TEST(Completion, knows_commands_options_and_values) {
  const std::string bash = bash_completion(program());
  EXPECT_THAT(bash, AllOf(HasSubstr("'knowledge'|'knowledge add'|'report')"), HasSubstr("'report:--lang')"),
                          HasSubstr("compgen -W 'en ja'"), HasSubstr("'') words='knowledge report'")));
  EXPECT_THAT(bash, Not(HasSubstr("PATH")));
  EXPECT_THAT(zsh_completion(program()),
              AllOf(HasSubstr("'--lang[Language \\[of it\\]]:TEXT:(en ja)'"), HasSubstr("'report:Don'\\''t panic'")));
  EXPECT_THAT(fish_completion(program()),
              AllOf(HasSubstr("-l lang -x -a 'en ja'"), HasSubstr("-s h -l help"),
                    HasSubstr("__fish_seen_subcommand_from knowledge; and not __fish_seen_subcommand_from add")));
}

TEST(Settings, a_key_without_a_text_and_a_text_without_a_key_are_found) {
  const auto missing = check_setting_texts({{"report.colour", "a text", "\"red\""}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("report.colour"));
  const auto unread = check_setting_texts({});
  ASSERT_FALSE(unread);
  EXPECT_THAT(unread.error().message, HasSubstr("which nothing reads"));
}

const std::vector<Setting> kSettings = {{"report.time_zone", "a text", "\"UTC\""},
                                        {"aws.profile", "a text", ""},
                                        {"aws.targets[].region", "a text", ""},
                                        {"serve.data", "a text", ""}};

TEST(Settings, the_example_sets_presets_and_nothing_else) {
  const std::string example = settings_as_example(kSettings, {{"serve.data", "\"/var/lib/x\""}});
  std::string in_force;
  std::size_t at = 0;
  while (at < example.size()) {
    const std::size_t end = example.find('\n', at);
    const std::string line = example.substr(at, end - at);
    if (!line.empty() && line[0] != '#') in_force += line + "\n";
    at = end + 1;
  }
  EXPECT_EQ(in_force, "[serve]\ndata = \"/var/lib/x\"\n[report]\n") << "[aws] would switch collecting on";
  EXPECT_THAT(example, AllOf(HasSubstr("#[aws]\n"), HasSubstr("#[[aws.targets]]\n"),
                             HasSubstr("#time_zone = \"UTC\"\n"), HasSubstr("# A text; default \"UTC\".\n")));
}

TEST(Settings, tables_name_kind_default_and_meaning) {
  EXPECT_THAT(settings_as_markdown(kSettings), AllOf(HasSubstr("### `[[aws.targets]]`: "),
                                                     HasSubstr("| `report.time_zone` | text | `\"UTC\"` | IANA name")));
  EXPECT_THAT(settings_as_man_page(kSettings, "1"), AllOf(HasSubstr(".TP\n.B time_zone\n"), HasSubstr("Kind: text.")));
}

}  // namespace
}  // namespace fa::manual
