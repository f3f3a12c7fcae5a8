/// How fa2 answers wrong usage, files it cannot write, and interruption.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kIncident = FA_PROJECT_DIR "/examples/storefront/incident";

TEST(CommandLine, wrong_usage_ends_with_2_and_says_what_to_do) {
  struct Case {
    std::vector<std::string> arguments;
    const char* told;
  };
  const Case kCases[] = {
      {{}, "subcommand"},
      {{"investigate"}, "PATH"},
      {{"investigat", kIncident}, "subcommand"},
      {{"investigate", kIncident, "--frm", "now"}, "--frm"},
      {{"investigate", kIncident, "--format", "docx"}, "--format"},
      {{"investigate", kIncident, "--lang", "fr"}, "--lang"},
      {{"investigate", kIncident, "--time-zone", "Mars/Olympus"}, "give an IANA name such as Asia/Tokyo"},
      {{"investigate", kIncident, "--threads", "0"}, "--threads"},
      {{"investigate", kIncident, "--from", "2026-11-23T20:28:44Z"}, "--from and --to go together"},
      {{"investigate", kIncident, "--baseline-to", "now"}, "--baseline-from and --baseline-to go together"},
      {{"investigate", kIncident, "--from", "yesterday", "--to", "now"}, "yesterday"},
      {{"investigate", kIncident, "--from", "2026-03-14 17:30 Asia/Tokio", "--to", "now"}, "Asia/Tokio"},
      {{"investigate", kIncident, "--from", "now", "--to", "now-1h"}, "must end after it begins"},
      {{"investigate", kIncident, "--config", "/nonexistent.toml"}, "/nonexistent.toml"},
      {{"patterns"}, "PATH"},
      {{"patterns", "/nonexistent"}, "/nonexistent"},
      {{"eval"}, "DIR"},
      {{"eval", "/nonexistent"}, "/nonexistent"},
      {{"eval", kIncident}, "holds no incident with a known cause"},
  };
  for (const Case& c : kCases) {
    const test::CommandResult result = test::run_fa2(c.arguments, "/");
    const std::string shown = testing::PrintToString(c.arguments);
    EXPECT_EQ(result.status, 2) << shown;
    EXPECT_THAT(result.err, HasSubstr(c.told)) << shown;
    EXPECT_EQ(result.out, "") << shown;
  }
}

TEST(CommandLine, help_and_version_end_with_0) {
  for (const std::string word : {"--help", "--version"}) EXPECT_EQ(test::run_fa2({word}, "/").status, 0) << word;
  const test::CommandResult help = test::run_fa2({"investigate", "--help"}, "/");
  EXPECT_EQ(help.status, 0);
  for (const char* option : {"--from", "--baseline-from", "--lang", "--format", "--output", "--config", "--quiet"}) {
    EXPECT_THAT(help.out, HasSubstr(option));
  }
}

TEST(CommandLine, configuration_errors_name_file_and_line) {
  const test::TempFolder folder;
  struct Case {
    const char* text;
    const char* told;
  };
  const Case kCases[] = {
      {"[report]\nlanguage = \"ja\"\ncolour = true\n", "fa2.toml:3: unknown key \"report.colour\""},
      {"[reprot]\nlanguage = \"ja\"\n", "fa2.toml:1: unknown key \"reprot\""},
      {"top = 1\n", "fa2.toml:1: unknown key \"top\""},
      {"\n[report]\nlanguage = \"fr\"\n", "fa2.toml:3: report.language must be one of \"en\", \"ja\""},
      {"[investigate]\nthreads = -1\n", "fa2.toml:2: investigate.threads must be a whole number"},
      {"[report\n", "fa2.toml:1:"},
  };
  for (const Case& c : kCases) {
    const std::string file = folder.write("fa2.toml", c.text);
    const test::CommandResult result = test::run_fa2({"investigate", kIncident, "--config", file}, "/");
    EXPECT_EQ(result.status, 2) << c.text;
    EXPECT_THAT(result.err, HasSubstr(c.told));
    EXPECT_EQ(result.out, "");
  }
}

TEST(CommandLine, configuration_gives_defaults_that_options_override) {
  const test::TempFolder folder;
  const std::string file = folder.write("fa2.toml", "[report]\nlanguage = \"ja\"\nformat = \"json\"\n");
  EXPECT_THAT(test::run_fa2({"investigate", kIncident, "--config", file}, "/").out, HasSubstr("\"language\": \"ja\""));
  EXPECT_THAT(test::run_fa2({"investigate", kIncident, "--config", file, "--lang", "en"}, "/").out,
              HasSubstr("\"language\": \"en\""));
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

TEST(CommandLine, a_pdf_is_the_same_bytes_into_a_file_and_into_a_pipe) {
  const test::TempFolder folder;
  const std::string there = folder.path() / "report.PDF";
  const test::CommandResult written = test::run_fa2({"investigate", kIncident, "--output", there}, "/");
  EXPECT_EQ(written.status, 0) << written.err;
  const std::string pdf = test::file_bytes(there);
  EXPECT_TRUE(pdf.starts_with("%PDF-")) << pdf.substr(0, 20);
  EXPECT_TRUE(test::run_fa2({"investigate", kIncident, "--format", "pdf"}, "/").out == pdf);
}

TEST(CommandLine, output_appears_whole_or_not_at_all) {
  const test::TempFolder folder;
  const std::string there = folder.path() / "report.html";
  const test::CommandResult good = test::run_fa2({"investigate", kIncident, "--output", there}, "/");
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_EQ(good.out, "");
  EXPECT_THAT(test::file_bytes(there), testing::EndsWith("</html>\n"));
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("report.html")) << "no temporary file may stay behind";

  const test::CommandResult nowhere =
      test::run_fa2({"investigate", kIncident, "--output", "no/such/folder/r.txt"}, folder.path());
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("no/such/folder/r.txt"));

  const test::CommandResult full = test::run_fa2({"investigate", kIncident, "--output", "/dev/full"}, "/");
  EXPECT_EQ(full.status, 1);
  EXPECT_THAT(full.err, HasSubstr("/dev/full"));

  // A run that cannot investigate leaves the earlier report alone.
  const std::string before = test::file_bytes(there);
  EXPECT_EQ(test::run_fa2({"investigate", "/nonexistent", "--output", there}, "/").status, 2);
  EXPECT_EQ(test::file_bytes(there), before);
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("report.html"));
}

TEST(CommandLine, a_file_without_permission_is_a_gap) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const test::TempFolder folder;
  fs::permissions(folder.write("secret.log", "2026-03-14T08:00:00Z ERROR closed\n"), fs::perms::none);
  static_cast<void>(folder.write("open.log", "2026-03-14T08:00:00Z INFO open\n"));
  const test::CommandResult result = test::run_fa2({"investigate", "."}, folder.path());
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("secret.log"));
}

TEST(CommandLine, interrupted_runs_end_with_130_and_write_nothing) {
  const test::TempFolder folder;
  const std::string out = folder.path() / "out";
  const std::string report = folder.path() / "report.txt";
  int pipe_ends[2];
  ASSERT_EQ(pipe2(pipe_ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[0], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words{FA2_BINARY, "investigate", "-", "--output", report};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t child = 0;
  ASSERT_EQ(posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environment), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[0]);
  // More than a pipe holds: once it is written, fa2 is reading, thus ready for signals, and waits for an end of input
  // that does not come.
  const std::string line = "2026-03-14T08:00:00Z INFO waiting for more\n";
  for (int i = 0; i < 40'000; ++i) {
    ASSERT_EQ(write(pipe_ends[1], line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  close(pipe_ends[1]);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(test::file_bytes(out), "");
  EXPECT_FALSE(fs::exists(report));
}

TEST(CommandLine, patterns_tell_the_template_of_every_line) {
  const test::TempFolder folder;
  static_cast<void>(folder.write("a.log",
                                 "2026-03-14T08:00:00Z INFO order 17 stored in 5 ms\n"
                                 "2026-03-14T08:00:01Z INFO order 18 stored in 7 ms\n"
                                 "2026-03-14T08:00:02Z INFO cache warm\n"));
  const test::CommandResult result =
      test::run_fa2({"patterns", "a.log", "--format", "csv", "--assignments", "lines.csv"}, folder.path());
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, testing::StartsWith("template_id,count,template\n"));
  EXPECT_THAT(result.out, HasSubstr(",2,order <*> stored in <*> ms\n"));
  const std::string lines = test::file_bytes(folder.path() / "lines.csv");
  EXPECT_THAT(lines, testing::StartsWith("file,line,template_id,template\na.log,1,"));
  EXPECT_THAT(lines, HasSubstr("a.log,3,"));
}

}  // namespace
}  // namespace fa
