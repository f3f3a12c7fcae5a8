#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <optional>
#include <stop_token>
#include <string_view>

#include "base/file_descriptor.h"

extern char** environ;

namespace fa {
namespace {

/// From a child to us.
struct ChildPipe {
  FileDescriptor read;
  FileDescriptor write;

  bool open() {
    std::array<int, 2> fds{-1, -1};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return false;
    read.reset(fds[0]);
    write.reset(fds[1]);
    return ::fcntl(read.get(), F_SETFL, O_NONBLOCK) == 0;
  }

  /// Takes what is there, at most 4 MiB at a time (who writes without end must not hold us here), and keeps up to
  /// `most` bytes in all; closes the pipe at its end. False when there was more, which is thrown away.
  bool drain(std::string& into, std::size_t most) {
    bool all = true;
    std::array<char, 65536> block;
    for (int i = 0; i < 64 && read; ++i) {
      const ssize_t got = ::read(read.get(), block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (got <= 0) {
        read.reset();
        break;
      }
      const std::size_t kept = std::min(static_cast<std::size_t>(got), most - into.size());
      into.append(block.data(), kept);
      all = all && kept == static_cast<std::size_t>(got);
    }
    return all;
  }
};

/// The bytes as a file without a name, to be read from its beginning. A pipe would have to be fed while the child runs,
/// and a child that does not read would hold us.
FileDescriptor file_in_memory(std::string_view bytes) {
  FileDescriptor file(::memfd_create("input", MFD_CLOEXEC));
  while (file && !bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return {};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file && ::lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

/// A child in a process group of its own. Whoever leaves it while it runs kills the whole group; it is always reaped.
class ChildProcess {
 public:
  ChildProcess() = default;
  ~ChildProcess() {
    if (pid_ <= 0 || end_) return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// 0 or an errno.
  int start(ChildCommand& command, const FileDescriptor& input, const ChildPipe& out, const ChildPipe& err) {
    posix_spawn_file_actions_t files;
    if (const int error = ::posix_spawn_file_actions_init(&files); error != 0) return error;
    posix_spawnattr_t attributes;
    int error = ::posix_spawnattr_init(&attributes);
    if (error == 0) {
      error = start(command, files, attributes, input, out, err);
      ::posix_spawnattr_destroy(&attributes);
    }
    ::posix_spawn_file_actions_destroy(&files);
    return error;
  }

  /// Readable once it has ended; none where the system cannot tell.
  [[nodiscard]] const FileDescriptor& ended_event() const { return ended_event_; }

  /// How it ended, and reaps it; nullopt while it runs.
  std::optional<ChildOutcome> ended() {
    if (end_) return end_;
    int status = 0;
    const pid_t reaped = ::waitpid(pid_, &status, WNOHANG);
    if (reaped == pid_) {
      end_ = WIFSIGNALED(status) ? ChildOutcome{ChildEnd::kKilled, WTERMSIG(status), {}, {}}
                                 : ChildOutcome{ChildEnd::kExited, WEXITSTATUS(status), {}, {}};
    } else if (reaped < 0 && errno != EINTR) {
      end_ = ChildOutcome{ChildEnd::kCannotRun, errno, {}, {}};  // ECHILD: our own parent had us ignore SIGCHLD
    }
    return end_;
  }

 private:
  int start(ChildCommand& command, posix_spawn_file_actions_t& files, posix_spawnattr_t& attributes,
            const FileDescriptor& input, const ChildPipe& out, const ChildPipe& err) {
    sigset_t none;
    ::sigemptyset(&none);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);  // ignored by network programs; children expect it
    const std::array<int, 7> errors{
        // Standard input may be the data to analyse: the child must not eat it.
        input ? ::posix_spawn_file_actions_adddup2(&files, input.get(), STDIN_FILENO)
              : ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
        ::posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO),
        ::posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO),
        ::posix_spawnattr_setsigmask(&attributes, &none),
        ::posix_spawnattr_setsigdefault(&attributes, &defaults),
        ::posix_spawnattr_setpgroup(&attributes, 0),
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF),
    };
    for (const int error : errors) {
      if (error != 0) return error;
    }
    std::vector<char*> arguments;
    arguments.reserve(command.arguments.size() + 1);
    for (std::string& argument : command.arguments) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const int error = ::posix_spawnp(&pid_, command.program.c_str(), &files, &attributes, arguments.data(), environ);
    if (error != 0) {
      pid_ = -1;
      return error;
    }
    // Called this way because glibc 2.36 forgot to declare its wrapper for C++. It closes on exec.
    ended_event_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    return 0;
  }

  pid_t pid_ = -1;
  FileDescriptor ended_event_;
  std::optional<ChildOutcome> end_;
};

/// For poll(): how long nothing may happen that a descriptor tells of.
int poll_milliseconds(const Context& context, bool end_is_told) {
  constexpr std::chrono::milliseconds kTick(20);  // how late an end is seen of which nothing tells
  if (!context.deadline) return end_is_told ? -1 : static_cast<int>(kTick.count());
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*context.deadline - std::chrono::steady_clock::now());
  const auto most = end_is_told ? std::chrono::milliseconds(std::numeric_limits<int>::max()) : kTick;
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), most).count());
}

}  // namespace

ChildOutcome run_child(ChildCommand command, const Context& context) {
  const auto cannot = [](int error) { return ChildOutcome{ChildEnd::kCannotRun, error, {}, {}}; };
  // In this order: should our own three be closed, these get their numbers, and what the child gets from us (the fourth
  // and later) must not be where its input goes.
  const FileDescriptor stop_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  ChildPipe out;
  ChildPipe err;
  if (!stop_event || !out.open() || !err.open()) return cannot(errno);
  FileDescriptor input;
  if (!command.input.empty()) {
    input = file_in_memory(command.input);
    if (!input) return cannot(errno);
  }
  const std::stop_callback on_stop(context.stop, [&stop_event] {
    const eventfd_t one = 1;
    ::eventfd_write(stop_event.get(), one);
  });

  ChildProcess child;
  if (const int error = child.start(command, input, out, err); error != 0) return cannot(error);
  out.write.reset();
  err.write.reset();

  ChildOutcome outcome;
  for (;;) {
    if (context.stopped()) {
      outcome.end = context.stop.stop_requested() ? ChildEnd::kStopped : ChildEnd::kTimedOut;
      return outcome;
    }
    // What is left in the background may hold the pipes for ever: the end of the child is the end. Asked before the
    // pipes are read: they hold 64 KiB each, so all that an ended child has written is taken now.
    const auto ended = child.ended();
    const bool within_limit = out.drain(outcome.output, command.most_output);
    static_cast<void>(err.drain(outcome.error_text, command.most_error_text));
    if (!within_limit) {
      outcome.end = ChildEnd::kOverLimit;
      return outcome;
    }
    if (ended) {
      outcome.end = ended->end;
      outcome.code = ended->code;
      return outcome;
    }
    std::array<pollfd, 4> events{pollfd{stop_event.get(), POLLIN, 0}, pollfd{child.ended_event().get(), POLLIN, 0},
                                 pollfd{out.read.get(), POLLIN, 0},
                                 pollfd{err.read.get(), POLLIN, 0}};  // poll passes over closed ones (-1)
    ::poll(events.data(), events.size(), poll_milliseconds(context, static_cast<bool>(child.ended_event())));
  }
}

}  // namespace fa
