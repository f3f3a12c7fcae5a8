#include "aws/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace fa::aws {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SystemEnvironmentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "fa2-environment-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
  SystemEnvironment environment_;
};

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Gone, or dead and waiting for whoever inherited it.
bool is_over(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  if (!in) return true;
  const std::string stat{std::istreambuf_iterator<char>(in), {}};
  const std::size_t close = stat.rfind(')');
  return close == std::string::npos || stat.substr(close + 2, 1) == "Z" || stat.substr(close + 2, 1) == "X";
}

TEST_F(SystemEnvironmentTest, AWrittenFileIsWholeAndForItsOwnerOnly) {
  std::ofstream(path("token.json")) << "old and longer than the new one";
  ASSERT_TRUE(environment_.write_file(path("token.json"), std::string("new\0text", 8)).has_value());
  EXPECT_EQ(environment_.read_file(path("token.json")), std::string("new\0text", 8));
  struct stat status {};
  ASSERT_EQ(::stat(path("token.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(files_in(folder_), 1U) << "nothing temporary stays";
}

TEST_F(SystemEnvironmentTest, AFailedWriteLeavesNothingBehind) {
  fs::create_directories(folder_ / "target" / "inside");
  EXPECT_FALSE(environment_.write_file(path("target"), "x").has_value()) << "a folder with content cannot be replaced";
  EXPECT_EQ(files_in(folder_), 1U);
  const auto missing = environment_.write_file(path("no/such/folder"), "x");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
}

TEST_F(SystemEnvironmentTest, MissingAndUnreadableFilesAreToldApart) {
  const auto missing = environment_.read_file(path("none"));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr(path("none")));
  const auto folder = environment_.read_file(folder_.string());
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().code, ErrorCode::kUnreadable);
  const auto endless = environment_.read_file("/dev/zero");
  ASSERT_FALSE(endless.has_value());
  EXPECT_EQ(endless.error().code, ErrorCode::kLimit);
}

TEST_F(SystemEnvironmentTest, ACommandIsOneForTheShell) {
  EXPECT_EQ(environment_.run_command("printf '%s' a | tr a b; cat", {}), "b") << "and its input is empty";
  EXPECT_EQ(environment_.run_command("true", {}), "");
}

TEST_F(SystemEnvironmentTest, AFailedCommandIsToldWithItsStandardErrorAndItsEnd) {
  const auto failed = environment_.run_command("echo hidden; printf 'no such \\033[31mvault\\n' >&2; exit 3", {});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kDenied);
  EXPECT_EQ(failed.error().message, "the command ended with exit code 3: no such \\x1b[31mvault");
  const auto killed = environment_.run_command("kill -9 $$", {});
  ASSERT_FALSE(killed.has_value());
  EXPECT_EQ(killed.error().message, "the command was ended by signal 9");
}

TEST_F(SystemEnvironmentTest, OutputIsBounded) {
  const auto endless = environment_.run_command("yes", {});
  ASSERT_FALSE(endless.has_value());
  EXPECT_EQ(endless.error().code, ErrorCode::kLimit);
  const auto noisy = environment_.run_command("head -c 5000000 /dev/zero | tr '\\0' x >&2; exit 1", {});
  ASSERT_FALSE(noisy.has_value());
  EXPECT_LT(noisy.error().message.size(), 1100U);
}

TEST_F(SystemEnvironmentTest, AtTheDeadlineTheWholeGroupIsEnded) {
  // The shell's own child would hold the pipe; both write who they are before they hang.
  const std::string command =
      "echo $$ > " + path("shell") + "; (echo $BASHPID; exec sleep 1000) & echo $! > " + path("child") + "; wait";
  const auto cut = environment_.run_command(command, Context{}.within(std::chrono::milliseconds(400)));
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code, ErrorCode::kCancelled);
  for (const std::string name : {"shell", "child"}) {
    std::string pid;
    std::ifstream(path(name)) >> pid;
    if (pid.empty()) continue;  // a very slow machine did not even start it
    // SIGKILL is on its way to the child, which is not ours to wait for.
    for (int i = 0; i < 1000 && !is_over(pid); ++i) std::this_thread::yield();
    EXPECT_TRUE(is_over(pid)) << name;
  }
}

TEST_F(SystemEnvironmentTest, AStopRequestEndsTheCommand) {
  std::stop_source stop;
  Result<std::string> outcome = std::string();
  std::thread runner([&] {
    outcome = environment_.run_command("echo > " + path("started") + "; sleep 1000", {stop.get_token(), std::nullopt});
  });
  while (!fs::exists(path("started"))) std::this_thread::yield();
  stop.request_stop();
  runner.join();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::kCancelled);
}

TEST_F(SystemEnvironmentTest, AHelperLeftInTheBackgroundDoesNotHoldUsUp) {
  EXPECT_EQ(environment_.run_command("sleep 1000 & echo $! > " + path("helper") + "; echo done", {}), "done\n");
  std::string pid;
  std::ifstream(path("helper")) >> pid;
  ASSERT_FALSE(pid.empty());
  EXPECT_FALSE(is_over(pid)) << "it may be an agent that is meant to stay";
  (void)environment_.run_command("kill " + pid, {});
}

}  // namespace
}  // namespace fa::aws
