#pragma once

#include <map>
#include <mutex>
#include <string>

#include "aws/environment.h"

namespace fa::aws {

/// An Environment of a test's own: variables and files from maps, commands really run. For tests only. Thread-safe.
class FakeEnvironment final : public Environment {
 public:
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;

  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const override {
    const auto found = variables.find(std::string(name));
    if (found == variables.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] Result<std::string> read_file(const std::string& path) const override {
    const std::lock_guard lock(mutex_);
    if (const auto found = written_.find(path); found != written_.end()) return found->second;
    const auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::kNotFound, "cannot read " + path + ": there is no such file");
    return found->second;
  }
  Result<void> write_file(const std::string& path, std::string_view content) const override {
    const std::lock_guard lock(mutex_);
    written_[path] = std::string(content);
    return {};
  }
  [[nodiscard]] Result<std::string> run_command(const std::string& command, const Context& context) const override {
    return system_.run_command(command, context);
  }
  [[nodiscard]] std::map<std::string, std::string> written() const {
    const std::lock_guard lock(mutex_);
    return written_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> written_;
  SystemEnvironment system_;
};

}  // namespace fa::aws
