// SystemEnvironment::run_command: a child process with a deadline.
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stop_token>
#include <system_error>

#include "aws/descriptor.h"
#include "aws/environment.h"
#include "base/text.h"

extern char** environ;

namespace fa::aws {
namespace {

constexpr std::size_t kMaxOutput = std::size_t{1} << 20;  ///< A credentials document has some hundred bytes.
constexpr std::size_t kMaxErrorText = 1000;

struct Pipe {
  Descriptor read;
  Descriptor write;

  bool open() {
    std::array<int, 2> fds{-1, -1};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return false;
    read.reset(fds[0]);
    write.reset(fds[1]);
    return ::fcntl(read.get(), F_SETFL, O_NONBLOCK) == 0;
  }
};

/// A child in a process group of its own. Whoever leaves it while it runs kills the whole group; it is always reaped.
class Child {
 public:
  Child() = default;
  ~Child() {
    if (pid_ <= 0 || done_) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// 0 or an errno.
  int start(const std::string& command, const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_t files;
    if (const int error = ::posix_spawn_file_actions_init(&files); error != 0) return error;
    // Standard input may be the data to analyse: the command must not eat it.
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO);

    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);  // ignored by network programs; children expect it
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::string shell = "sh";
    std::string option = "-c";
    std::string text = command;
    const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    const int error = ::posix_spawn(&pid_, "/bin/sh", &files, &attributes, arguments.data(), environ);
    if (error != 0) pid_ = -1;
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return error;
  }

  /// Whether it has ended; reaps it then.
  bool ended() {
    if (!done_) done_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return done_;
  }
  [[nodiscard]] int status() const { return status_; }

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool done_ = false;
};

/// Takes what is there, at most 1 MiB at a time (who writes without end must not hold us here), and keeps up to `limit`
/// bytes in all; closes the pipe at its end.
void drain(Descriptor& from, std::string& into, std::size_t limit) {
  std::array<char, 16384> block;
  for (int i = 0; i < 64 && from.get() >= 0; ++i) {
    const ssize_t got = ::read(from.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) {
      from.reset();
      return;
    }
    into.append(block.data(), std::min(static_cast<std::size_t>(got), limit - std::min(limit, into.size())));
  }
}

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                             : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

int milliseconds_left(const Context& context) {
  constexpr std::chrono::milliseconds kTick(20);  // how late an end is seen of which no pipe tells
  if (!context.deadline) return static_cast<int>(kTick.count());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*context.deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kTick).count());
}

}  // namespace

Result<std::string> SystemEnvironment::run_command(const std::string& command, const Context& context) const {
  const auto cannot = [](int error) {
    return fail(ErrorCode::kInternal, fmt::format("cannot run a command: {}", std::generic_category().message(error)));
  };
  Pipe out;
  Pipe err;
  const Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (wake.get() < 0 || !out.open() || !err.open()) return cannot(errno);
  const std::stop_callback on_stop(context.stop, [&wake] {
    const eventfd_t one = 1;
    ::eventfd_write(wake.get(), one);
  });

  Child child;
  if (const int error = child.start(command, out, err); error != 0) return cannot(error);
  out.write.reset();
  err.write.reset();

  std::string output;
  std::string error_text;
  for (;;) {
    if (context.stopped())
      return fail(ErrorCode::kCancelled, "the command was ended: its time was up, or it was stopped");
    // A helper left running in the background may hold the pipes for ever: the end of the shell is the end.
    const bool ended = child.ended();
    drain(out.read, output, kMaxOutput + 1);
    drain(err.read, error_text, kMaxErrorText);
    if (output.size() > kMaxOutput) return fail(ErrorCode::kLimit, "the command wrote more than 1 MiB");
    if (ended) break;
    std::array<pollfd, 3> events{pollfd{wake.get(), POLLIN, 0}, pollfd{out.read.get(), POLLIN, 0},
                                 pollfd{err.read.get(), POLLIN, 0}};  // poll passes over closed ones (-1)
    ::poll(events.data(), events.size(), milliseconds_left(context));
  }
  if (WIFEXITED(child.status()) && WEXITSTATUS(child.status()) == 0) return output;
  const std::string said(trim(visible(utf8_prefix(error_text, kMaxErrorText))));
  return fail(ErrorCode::kDenied,
              fmt::format("the command {}{}{}", how_it_ended(child.status()), said.empty() ? "" : ": ", said));
}

}  // namespace fa::aws
