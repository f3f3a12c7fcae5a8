#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"

/// A second process for tests of what only processes can show: locks, rights, limits, sudden death. Private to tests
/// here.
namespace fa {

/// Says something to the parent; each call arrives whole, also when the child is killed right after it.
using Say = std::function<void(std::string_view)>;

/// A child that runs `work` and exits. Fork while no other thread runs.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<void(const Say&)>& work) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    pid_ = ::fork();
    EXPECT_GE(pid_, 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      work([&](std::string_view text) {
        [[maybe_unused]] const ssize_t written = ::write(ends[1], text.data(), text.size());
      });
      ::_exit(0);
    }
    ::close(ends[1]);
    said_.reset(ends[0]);
  }
  ~ChildProcess() { kill(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// What comes next, up to `end`; shorter where the child says nothing more.
  std::string hear(char end) {
    std::string text;
    for (char c = 0; ::read(said_.get(), &c, 1) == 1;) {
      text += c;
      if (c == end) break;
    }
    return text;
  }
  /// All that it says until its end.
  std::string hear_all() { return hear('\0'); }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  FileDescriptor said_;
};

}  // namespace fa
