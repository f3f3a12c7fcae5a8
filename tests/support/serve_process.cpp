#include "support/serve_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <vector>

namespace fa::test {
namespace {

constexpr std::chrono::seconds kPatience{60};

/// The port in `{"time":...,"event":"listening",...,"port":40123,...}`; 0: it does not listen yet.
std::uint16_t port_in(const std::string& log) {
  const std::size_t line = log.find("\"listening\"");
  const std::size_t key = line == std::string::npos ? line : log.find("\"port\":", line);
  if (key == std::string::npos || log.find('\n', key) == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::atoi(log.c_str() + key + 7));
}

}  // namespace

ServeProcess::ServeProcess(const std::string& program, const std::filesystem::path& config,
                           const std::map<std::string, std::string>& environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& v : variables) envp.push_back(v.data());
  envp.push_back(nullptr);
  std::vector<std::string> arguments{program, "serve", "--config", config.string()};
  std::vector<char*> argv;
  for (std::string& a : arguments) argv.push_back(a.data());
  argv.push_back(nullptr);

  int pipe_fds[2];
  if (::pipe2(pipe_fds, O_CLOEXEC) != 0) std::abort();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(pipe_fds[1], STDERR_FILENO);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(pipe_fds[1]);
  reader_ = std::thread([this, fd = pipe_fds[0]] { read_log(fd); });
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return ended_ || port_in(log_) != 0; });
  port_ = port_in(log_);
}

ServeProcess::~ServeProcess() { kill_now(); }

void ServeProcess::read_log(int fd) {
  char buffer[4096];
  for (;;) {
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    const std::lock_guard lock(mutex_);
    if (size <= 0) {
      ended_ = true;
      changed_.notify_all();
      break;
    }
    log_.append(buffer, static_cast<std::size_t>(size));
    changed_.notify_all();
  }
  ::close(fd);
}

std::string ServeProcess::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

bool ServeProcess::wait_for_log(const std::string& words) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return ended_ || log_.find(words) != std::string::npos; });
  return log_.find(words) != std::string::npos;
}

int ServeProcess::reap() {
  int status = 0;
  if (pid_ > 0) ::waitpid(pid_, &status, 0);
  pid_ = -1;
  if (reader_.joinable()) reader_.join();
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void ServeProcess::kill_now() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
  reap();
}

int ServeProcess::terminate() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  return reap();
}

int ServeProcess::wait_for_end() { return reap(); }

}  // namespace fa::test
