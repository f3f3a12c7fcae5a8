#include "store/pdf_text.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.h"

extern char** environ;

namespace fa {
namespace {

constexpr int kTickMilliseconds = 20;  ///< How late a stop is seen.
constexpr std::size_t kMostErrorBytes = 1000;

/// Reading and writing end of a pipe; closes what is left open.
class ChildPipe {
 public:
  ChildPipe() = default;
  ~ChildPipe() {
    close(0);
    close(1);
  }
  ChildPipe(const ChildPipe&) = delete;
  ChildPipe& operator=(const ChildPipe&) = delete;
  bool open() { return ::pipe2(ends_.data(), O_CLOEXEC) == 0 && ::fcntl(ends_[0], F_SETFL, O_NONBLOCK) == 0; }
  void close(std::size_t end) {
    if (ends_.at(end) >= 0) ::close(ends_.at(end));
    ends_.at(end) = -1;
  }
  [[nodiscard]] int fd(std::size_t end) const { return ends_.at(end); }

  /// Takes what is there, up to `most` bytes in all in `into`; what comes beyond is thrown away.
  void drain(std::string& into, std::size_t most) {
    std::array<char, 65536> block;
    for (int i = 0; i < 64 && ends_[0] >= 0; ++i) {
      const ssize_t got = ::read(ends_[0], block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (got <= 0) return close(0);
      into.append(block.data(), std::min(static_cast<std::size_t>(got), most - std::min(most, into.size())));
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

/// A child in a process group of its own; killed and reaped where it was left running.
class PdfChild {
 public:
  PdfChild() = default;
  ~PdfChild() {
    if (pid_ <= 0 || ended_) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
  }
  PdfChild(const PdfChild&) = delete;
  PdfChild& operator=(const PdfChild&) = delete;

  /// 0 or an errno.
  int start(std::string file, const ChildPipe& out, const ChildPipe& err) {
    posix_spawn_file_actions_t files;
    if (const int error = ::posix_spawn_file_actions_init(&files); error != 0) return error;
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out.fd(1), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, err.fd(1), STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::array<std::string, 5> words{"pdftotext", "-layout", "-enc", "UTF-8", std::move(file)};
    std::string to_stdout = "-";
    const std::array<char*, 7> arguments{words[0].data(), words[1].data(),  words[2].data(), words[3].data(),
                                         words[4].data(), to_stdout.data(), nullptr};
    const int error = ::posix_spawnp(&pid_, "pdftotext", &files, &attributes, arguments.data(), environ);
    if (error != 0) pid_ = -1;
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return error;
  }
  bool ended() {
    if (!ended_) ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }
  [[nodiscard]] bool succeeded() const { return WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::string> pdf_text(const std::filesystem::path& path, std::size_t most_bytes, const Context& context) {
  const std::string shown = path.string();
  const auto cannot = [&shown](int error) {
    if (error == ENOENT) {
      return fail(
          ErrorCode::kUnreadable,
          fmt::format("cannot read {}: pdftotext is not installed; install poppler-utils, or add the text itself",
                      shown));
    }
    return fail(ErrorCode::kUnreadable, fmt::format("cannot read {}: pdftotext does not start: {}", shown,
                                                    std::generic_category().message(error)));
  };
  std::error_code error;
  // An absolute path never begins with a dash, so it is no option.
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return cannot(error.value());
  ChildPipe out;
  ChildPipe err;
  if (!out.open() || !err.open()) return cannot(errno);
  PdfChild child;
  if (const int failed = child.start(absolute.string(), out, err); failed != 0) return cannot(failed);
  out.close(1);
  err.close(1);

  std::string text;
  std::string said;
  for (;;) {
    if (context.stopped()) {
      return fail(ErrorCode::kCancelled, fmt::format("reading {} was stopped, or its time was up", shown));
    }
    const bool ended = child.ended();
    out.drain(text, most_bytes + 1);
    err.drain(said, kMostErrorBytes);
    if (text.size() > most_bytes) {
      return fail(ErrorCode::kLimit,
                  fmt::format("{} has more than {} of text; split it", shown, format_bytes(most_bytes)));
    }
    // Pipes hold 64 KiB each, so what an ended child has written was drained just now.
    if (ended) break;
    std::array<pollfd, 2> events{pollfd{out.fd(0), POLLIN, 0}, pollfd{err.fd(0), POLLIN, 0}};
    ::poll(events.data(), events.size(), kTickMilliseconds);
  }
  if (!child.succeeded()) {
    const std::string why(trim(visible(said)));
    return fail(ErrorCode::kUnreadable,
                fmt::format("cannot read {}: pdftotext says: {}; save it again as PDF, or add its text", shown,
                            why.empty() ? "nothing" : why));
  }
  return text;
}

}  // namespace fa
