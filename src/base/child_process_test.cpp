#include "base/child_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <set>
#include <sstream>
#include <thread>

#include "base/file_descriptor.h"

namespace fa {

void PrintTo(ChildEnd end, std::ostream* out) {
  constexpr std::array<const char*, 6> kNames{"kCannotRun", "kExited",  "kKilled",
                                              "kTimedOut",  "kStopped", "kOverLimit"};
  *out << kNames.at(static_cast<std::size_t>(end));
}

namespace {

namespace fs = std::filesystem;
using ::testing::IsSubsetOf;
using ::testing::SizeIs;

constexpr std::size_t kPlenty = std::size_t{1} << 20;

ChildCommand shell(const std::string& script, std::size_t most_output = kPlenty,
                   std::size_t most_error_text = kPlenty) {
  return {"/bin/sh", {"sh", "-c", script}, most_output, most_error_text};
}

/// A program that never ends, and writes nothing.
const std::string kEndless = "exec sleep infinity";

std::set<int> open_descriptors() {
  std::set<int> fds;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) fds.insert(std::stoi(entry.path().filename()));
  return fds;
}

/// Every test ends without children, alive or dead, and without a descriptor more than before.
class ChildProcessTest : public ::testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was not reaped";
    EXPECT_EQ(errno, ECHILD);
    EXPECT_EQ(open_descriptors(), before_);
  }

 private:
  const std::set<int> before_ = open_descriptors();
};

TEST_F(ChildProcessTest, finds_its_input_on_standard_input) {
  const std::string bytes = std::string("a\0b\n", 4) + std::string(300'000, 'x');
  ChildCommand copy = shell("cat");
  copy.input = bytes;
  EXPECT_EQ(run_child(std::move(copy), {}).output, bytes);
  ChildCommand careless = shell("exit 0");
  careless.input = bytes;  // Nobody reads it: that holds nobody up.
  EXPECT_TRUE(run_child(std::move(careless), {}).succeeded());
  EXPECT_EQ(run_child(shell("wc -c"), {}).output, "0\n");
}

TEST_F(ChildProcessTest, tells_how_the_child_ended_and_what_it_wrote) {
  struct Case {
    std::string about;
    ChildCommand command;
    ChildEnd end;
    int code;
    std::string output;
    std::string error_text;
  };
  const std::string no_such = "fa2-no-such-program";
  for (const Case& c : std::vector<Case>{
           {"nothing", shell("true"), ChildEnd::kExited, 0, "", ""},
           {"both outputs", shell("printf out; printf err >&2"), ChildEnd::kExited, 0, "out", "err"},
           {"any byte", shell("printf 'a\\000\\377\\n'"), ChildEnd::kExited, 0, std::string("a\0\xff\n", 4), ""},
           {"its input is empty", shell("printf a; cat; printf b"), ChildEnd::kExited, 0, "ab", ""},
           {"closed outputs", shell("exec >&- 2>&-; exit 5"), ChildEnd::kExited, 5, "", ""},
           {"a status", shell("printf out; printf err >&2; exit 3"), ChildEnd::kExited, 3, "out", "err"},
           {"the largest status", shell("exit 255"), ChildEnd::kExited, 255, "", ""},
           {"a signal", shell("printf out; kill -9 $$"), ChildEnd::kKilled, SIGKILL, "out", ""},
           {"another signal", shell("kill -TERM $$"), ChildEnd::kKilled, SIGTERM, "", ""},
           {"all that is allowed", shell("printf 1234", 4), ChildEnd::kExited, 0, "1234", ""},
           {"one more", shell("printf 12345", 4), ChildEnd::kOverLimit, 0, "1234", ""},
           {"nothing allowed", shell("printf 1", 0), ChildEnd::kOverLimit, 0, "", ""},
           {"no limit", shell("printf 1", SIZE_MAX), ChildEnd::kExited, 0, "1", ""},
           {"errors are cut", shell("printf 12345 >&2; exit 1", kPlenty, 4), ChildEnd::kExited, 1, "", "1234"},
           {"no errors wanted", shell("printf 1 >&2", kPlenty, 0), ChildEnd::kExited, 0, "", ""},
           {"errors beyond the limit hold nobody up",
            shell("head -c 3000000 /dev/zero | tr '\\000' e >&2; printf out", kPlenty, 2), ChildEnd::kExited, 0, "out",
            "ee"},
           {"no shell", ChildCommand{"printf", {"printf", "<%s>", "a  b", "$HOME;*'\""}, kPlenty, kPlenty},
            ChildEnd::kExited, 0, "<a  b><$HOME;*'\">", ""},
           {"by the PATH, by another name", ChildCommand{"sh", {"called", "-c", "printf %s \"$0\""}, kPlenty, kPlenty},
            ChildEnd::kExited, 0, "called", ""},
           {"no such program", ChildCommand{no_such, {no_such}, kPlenty, kPlenty}, ChildEnd::kCannotRun, ENOENT, "",
            ""},
           {"no such path", ChildCommand{"/proc/" + no_such, {"x"}, kPlenty, kPlenty}, ChildEnd::kCannotRun, ENOENT, "",
            ""},
           {"no program", ChildCommand{"/proc", {"x"}, kPlenty, kPlenty}, ChildEnd::kCannotRun, EACCES, "", ""},
       }) {
    SCOPED_TRACE(c.about);
    const ChildOutcome outcome = run_child(c.command, {});
    EXPECT_EQ(outcome.end, c.end);
    EXPECT_EQ(outcome.code, c.code);
    EXPECT_EQ(outcome.output, c.output);
    EXPECT_EQ(outcome.error_text, c.error_text);
    EXPECT_EQ(outcome.succeeded(), c.end == ChildEnd::kExited && c.code == 0);
  }
}

TEST_F(ChildProcessTest, takes_more_than_a_pipe_holds_from_both_outputs_at_once) {
  const std::string fill = "head -c 700000 /dev/zero";
  const ChildOutcome outcome = run_child(shell(fill + " >&2 & " + fill + "; wait"), {});
  EXPECT_TRUE(outcome.succeeded());
  EXPECT_THAT(outcome.output, SizeIs(700000));
  EXPECT_THAT(outcome.error_text, SizeIs(700000));
}

TEST_F(ChildProcessTest, a_child_that_closed_its_outputs_is_waited_for) {
  Context context;
  context.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(run_child(shell("exec >&- 2>&-; " + kEndless), context).end, ChildEnd::kTimedOut);
}

TEST_F(ChildProcessTest, the_end_of_a_context_may_lie_before_the_start) {
  std::stop_source stop;
  stop.request_stop();
  const auto past = std::chrono::steady_clock::now() - std::chrono::hours(1);
  const auto never = std::chrono::steady_clock::time_point::max();
  EXPECT_EQ(run_child(shell(kEndless), {{}, past}).end, ChildEnd::kTimedOut);
  EXPECT_EQ(run_child(shell(kEndless), {stop.get_token(), {}}).end, ChildEnd::kStopped);
  EXPECT_EQ(run_child(shell(kEndless), {stop.get_token(), never}).end, ChildEnd::kStopped);
  EXPECT_EQ(run_child(shell(kEndless), {stop.get_token(), past}).end, ChildEnd::kStopped) << "both: the wish is named";
  EXPECT_EQ(run_child(shell("exit 7"), {{}, never}).end, ChildEnd::kExited);
}

/// A named pipe that a child and its own children hold open, so that its end tells of the death of all of them.
class LifeLine {
 public:
  LifeLine() {
    std::string folder = (fs::temp_directory_path() / "fa2-child-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return;
    folder_ = folder;
    if (::mkfifo(path().c_str(), 0600) == 0) read_.reset(::open(path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  ~LifeLine() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  LifeLine(const LifeLine&) = delete;
  LifeLine& operator=(const LifeLine&) = delete;

  /// A shell and its child, both endless; what comes in between is `script`.
  [[nodiscard]] std::string held_by(const std::string& script) const {
    return fmt::format("exec 3>'{}'; sleep infinity & echo >&3; {}; wait", path().string(), script);
  }
  void wait_until_held() const {
    pollfd event{read_.get(), POLLIN, 0};
    while (::poll(&event, 1, -1) < 0) {
    }
  }
  /// Returns when nobody holds it: for ever, where something of the group lives on.
  void wait_until_let_go() const {
    ASSERT_EQ(::fcntl(read_.get(), F_SETFL, 0), 0);
    std::array<char, 16> some;
    while (::read(read_.get(), some.data(), some.size()) > 0) {
    }
  }
  [[nodiscard]] bool ready() const { return static_cast<bool>(read_); }

 private:
  [[nodiscard]] fs::path path() const { return folder_ / "fifo"; }

  fs::path folder_;
  FileDescriptor read_;
};

TEST_F(ChildProcessTest, a_stop_ends_the_whole_group) {
  const LifeLine line;
  ASSERT_TRUE(line.ready());
  std::stop_source stop;
  ChildOutcome outcome;
  std::thread runner([&] { outcome = run_child(shell(line.held_by("printf out")), {stop.get_token(), {}}); });
  line.wait_until_held();
  stop.request_stop();
  runner.join();
  EXPECT_EQ(outcome.end, ChildEnd::kStopped);
  line.wait_until_let_go();
}

TEST_F(ChildProcessTest, the_deadline_ends_the_whole_group) {
  const LifeLine line;
  ASSERT_TRUE(line.ready());
  // However slow the machine: nothing of it ends by itself.
  const Context context = Context{}.within(std::chrono::milliseconds(100));
  EXPECT_EQ(run_child(shell(line.held_by("printf out")), context).end, ChildEnd::kTimedOut);
  line.wait_until_let_go();
}

TEST_F(ChildProcessTest, output_over_the_limit_ends_the_whole_group) {
  const LifeLine line;
  ASSERT_TRUE(line.ready());
  const ChildOutcome outcome = run_child(shell(line.held_by("cat /dev/zero"), 1000), {});
  EXPECT_EQ(outcome.end, ChildEnd::kOverLimit);
  EXPECT_EQ(outcome.output, std::string(1000, '\0'));
  line.wait_until_let_go();
}

TEST_F(ChildProcessTest, what_is_left_in_the_background_is_neither_waited_for_nor_killed) {
  // It holds both outputs.
  const ChildOutcome outcome = run_child(shell("sleep infinity & echo $!"), {});
  EXPECT_TRUE(outcome.succeeded());
  ASSERT_FALSE(outcome.output.empty());
  EXPECT_EQ(::kill(std::stoi(outcome.output), SIGKILL), 0) << "it lives";
}

TEST_F(ChildProcessTest, inherits_no_descriptor_of_ours_but_its_three) {
  std::set<int> may{0, 1, 2};
  for (const int fd : open_descriptors()) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) may.insert(fd);  // from who started this test
  }
  // The last word keeps the shell from becoming the ls, which has a descriptor more.
  std::istringstream listed(run_child(shell("ls /proc/$$/fd; true"), {}).output);
  std::set<int> has;
  for (int fd = 0; listed >> fd;) has.insert(fd);
  EXPECT_THAT(has, IsSubsetOf(may));
  EXPECT_THAT(has, ::testing::IsSupersetOf({0, 1, 2}));
}

TEST_F(ChildProcessTest, our_own_treatment_of_signals_is_not_the_childs) {
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  sigset_t mask_before;
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &mask_before), 0);
  const auto pipe_before = ::signal(SIGPIPE, SIG_IGN);
  const ChildOutcome piped = run_child(shell("kill -PIPE $$"), {});
  const ChildOutcome ended = run_child(shell("kill -TERM $$"), {});
  ::signal(SIGPIPE, pipe_before);
  ::pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  EXPECT_EQ(piped.end, ChildEnd::kKilled);
  EXPECT_EQ(piped.code, SIGPIPE);
  EXPECT_EQ(ended.end, ChildEnd::kKilled);
  EXPECT_EQ(ended.code, SIGTERM);
}

TEST_F(ChildProcessTest, an_end_that_the_system_keeps_to_itself_is_no_success_and_holds_nobody_up) {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const ChildOutcome outcome = run_child(shell("printf out"), {});
  ::signal(SIGCHLD, before);
  EXPECT_EQ(outcome.end, ChildEnd::kCannotRun);
  EXPECT_EQ(outcome.code, ECHILD);
}

TEST_F(ChildProcessTest, without_descriptors_it_says_so) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{64, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<FileDescriptor> all;
  for (;;) {
    FileDescriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!one) break;
    all.push_back(std::move(one));
  }
  for (int free = 0; free < 5; ++free) {  // it needs five, and a sixth to be told of the end
    const ChildOutcome outcome = run_child(shell("true"), {});
    EXPECT_EQ(outcome.end, ChildEnd::kCannotRun) << free;
    EXPECT_EQ(outcome.code, EMFILE) << free;
    all.pop_back();
  }
  EXPECT_TRUE(run_child(shell("true"), {}).succeeded()) << "the last one can be done without";
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST_F(ChildProcessTest, children_of_several_threads_do_not_know_of_each_other) {
  std::array<ChildOutcome, 8> outcomes;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    threads.emplace_back(
        [&outcome = outcomes.at(i), i] { outcome = run_child(shell(fmt::format("printf {}; exit {}", i, i)), {}); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes.at(i).end, ChildEnd::kExited);
    EXPECT_EQ(outcomes.at(i).code, static_cast<int>(i));
    EXPECT_EQ(outcomes.at(i).output, std::to_string(i));
  }
}

}  // namespace
}  // namespace fa
