#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace fa::test {

/// A running `fa2 serve`, started as a user would. Thread-safe for reading; one thread ends it.
class ServeProcess {
 public:
  /// Starts `program serve --config FILE` with this environment and nothing of ours, and waits until it listens or has
  /// ended.
  ServeProcess(const std::string& program, const std::filesystem::path& config,
               const std::map<std::string, std::string>& environment);
  /// Kills it if it still runs.
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  [[nodiscard]] bool listening() const { return port_ != 0; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Its log so far.
  [[nodiscard]] std::string log() const;
  /// Waits until the log holds these words. False when it ended or half a minute passed without them.
  bool wait_for_log(const std::string& words) const;

  /// kill -9, and waits until it is gone.
  void kill_now();
  /// SIGTERM; its exit status, or 128 + the signal that ended it.
  int terminate();
  /// As it ended by itself.
  int wait_for_end();

 private:
  void read_log(int fd);
  int reap();
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string log_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace fa::test
