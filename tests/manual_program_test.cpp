/// The manual that the built fa2 writes: complete, readable by the tools it is for, and the same as in docs/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ManualProgram : public testing::Test {
 protected:
  void SetUp() override {
    const auto written = test::run_fa2({"manual", folder_.path().string()}, "/");
    ASSERT_EQ(written.status, 0) << written.err;
  }
  [[nodiscard]] std::string written(const std::string& name) const { return test::file_bytes(folder_.path() / name); }
  test::CommandResult shell(const std::string& command) const {
    return test::run_command({"/bin/sh", "-c", command}, folder_.path());
  }
  test::TempFolder folder_;
};

/// The part of a document between two marks, without them.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end);
  if (from == std::string::npos || to == std::string::npos || to < from) return "(the marks are missing)";
  return text.substr(from + begin.size(), to - from - begin.size());
}

TEST_F(ManualProgram, the_reference_in_docs_is_what_the_program_reads) {
  const fs::path file = FA_PROJECT_DIR "/docs/ops/configuration.md";
  const std::string begin = "<!-- settings:begin -->\n";
  const std::string end = "<!-- settings:end -->\n";
  std::string document = test::file_bytes(file);
  const std::string kept = between(document, begin, end);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    const std::size_t at = document.find(begin);
    ASSERT_NE(at, std::string::npos);
    document.replace(at + begin.size(), kept.size(), written("settings.md"));
    std::ofstream(file, std::ios::binary) << document;
  } else {
    EXPECT_EQ(kept, written("settings.md")) << "UPDATE_GOLDEN=1 writes it";
  }
}

TEST_F(ManualProgram, the_example_is_a_configuration_also_with_everything_in_it_set) {
  const fs::path example = folder_.path() / "fa2.toml";
  const auto doctor = [&](const fs::path& file) {
    return test::run_fa2({"doctor", "--offline", "--config", file.string()}, "/").err;
  };
  EXPECT_EQ(doctor(example), "");
  std::string all;
  std::string line;
  for (std::ifstream in(example); std::getline(in, line);) {
    const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    all += (is_setting ? line.substr(1) : line) + "\n";
  }
  EXPECT_THAT(all, HasSubstr("\n[[aws.targets]]\n"));
  EXPECT_EQ(doctor(folder_.write("all.toml", all)), "");
}

TEST_F(ManualProgram, pages_are_free_of_faults_that_a_formatter_sees) {
  if (shell("command -v groff").status != 0) GTEST_SKIP() << "groff is not installed";
  int pages = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    const std::string kind = entry.path().extension();
    if (kind != ".1" && kind != ".5") continue;
    ++pages;
    const auto shown = shell("groff -man -Tutf8 -ww -z '" + entry.path().string() + "'");
    EXPECT_EQ(shown.status, 0);
    EXPECT_EQ(shown.err, "") << entry.path();
  }
  EXPECT_GT(pages, 8);
  EXPECT_THAT(written("fa2-investigate.1"), AllOf(HasSubstr("\\-\\-from"), HasSubstr("EXIT STATUS")));
  EXPECT_THAT(written("fa2.1"), Not(HasSubstr("manual (1)"))) << "what is hidden stays hidden";
}

TEST_F(ManualProgram, bash_completes_commands_options_and_values) {
  if (shell("command -v bash").status != 0) GTEST_SKIP() << "bash is not installed";
  const auto completed = [&](const std::string& words, int at) {
    return shell("bash -c '. ./completion.bash; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                 "; _fa2; echo \"${COMPREPLY[*]}\"'")
        .out;
  };
  EXPECT_EQ(completed("fa2 inv", 1), "investigate\n");
  EXPECT_EQ(completed("fa2 investigate --lang \"\"", 3), "en ja\n");
  EXPECT_EQ(completed("fa2 investigate --baseline-f", 2), "--baseline-from\n");
  EXPECT_EQ(completed("fa2 knowledge se", 2), "search\n");
  EXPECT_EQ(completed("fa2 knowledge add --mem", 3), "--memory\n");
  EXPECT_EQ(shell("bash -n completion.bash").err, "");
}

TEST(DoctorProgram, a_server_that_is_not_configured_is_told_what_is_missing) {
  const test::TempFolder folder;
  const auto doctor = [&](const std::string& toml, const std::vector<std::string>& environment = {}) {
    std::vector<std::string> command{"/usr/bin/env"};
    command.insert(command.end(), environment.begin(), environment.end());
    const std::string file = folder.write("fa2.toml", toml).string();
    command.insert(command.end(), {FA2_BINARY, "doctor", "--offline", "--config", file});
    return test::run_command(command, folder.path());
  };
  const std::string data = "[serve]\ndata = \"" + folder.path().string() + "\"\n";
  const auto nothing = doctor(data);
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.out, AllOf(HasSubstr("BAD   settings of the server: Set slack.bot_token"), HasSubstr("GB free")));

  const std::string slack = data +
                            "paths = [\"/\"]\n[slack]\nmode = \"socket\"\nbot_token = \"credential:bot\"\n"
                            "app_token = \"credential:app\"\n";
  const auto no_secret = doctor(slack);
  EXPECT_THAT(no_secret.out, HasSubstr("Put the secret into /etc/fa2/credentials/bot and restart the service."));

  (void)folder.write("fa2_bot", "xoxb-1\n");
  (void)folder.write("fa2_app", "xapp-1\n");
  const auto complete = doctor(slack, {"CREDENTIALS_DIRECTORY=" + folder.path().string()});
  EXPECT_EQ(complete.status, 0) << complete.out;
  EXPECT_THAT(complete.out, AllOf(HasSubstr("ok    secret slack.bot_token"), HasSubstr("jobs.db: none yet"),
                                  Not(HasSubstr("credentials of"))));
  EXPECT_THAT(doctor(data + "port = 99999\n").err, HasSubstr("fa2.toml:3: serve.port must be"));
}

}  // namespace
}  // namespace fa
