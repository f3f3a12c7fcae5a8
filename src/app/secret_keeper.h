#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace fa {

/// Secrets that may be replaced while the server runs: read again in the background, and what was replaced stays valid
/// for ten minutes, so that requests signed on either side of the change are taken. Thread-safe.
class SecretKeeper {
 public:
  using Read = std::function<Result<Secret>(const std::string& reference, std::string_view setting)>;
  using OnFailure = std::function<void(const std::string& setting, const Error& error)>;
  /// Borrows the clock. Reads again every `every`.
  SecretKeeper(Read read, OnFailure on_failure, const Clock& clock, Nanoseconds every);
  ~SecretKeeper() = default;

  /// Reads it for the first time; an empty reference is an empty secret. Before anything else is called.
  Result<void> add(const std::string& setting, const std::string& reference);
  [[nodiscard]] Secret current(const std::string& setting) const;
  /// The current one and what it replaced a short while ago; empty ones left out.
  [[nodiscard]] std::vector<Secret> valid(const std::string& setting) const;
  /// Reads all again soon. One that cannot be read stays as it was.
  void look_again();
  void read_all();

 private:
  struct Kept {
    std::string reference;
    Secret current;
    Secret previous;
    TimePoint replaced = kNoTime;
  };
  void serve(const std::stop_token& stop);
  Read read_;
  OnFailure on_failure_;
  const Clock& clock_;
  Nanoseconds every_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool look_ = false;
  std::map<std::string, Kept> secrets_;
  std::jthread thread_;
};

}  // namespace fa
