#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace fa::aws {

/// What the credential chain and the configuration read of the machine. Injected, so that tests have a world of their
/// own. Thread-safe.
class Environment {
 public:
  virtual ~Environment() = default;
  /// nullopt when unset; an empty variable is "".
  [[nodiscard]] virtual std::optional<std::string> variable(std::string_view name) const = 0;
  /// Without blanks around it; empty when unset or blank.
  [[nodiscard]] std::string trimmed_variable(std::string_view name) const;
  /// kNotFound when there is no such file.
  [[nodiscard]] virtual Result<std::string> read_file(const std::string& path) const = 0;
  /// Replaces a file whole (temporary file and rename, mode 0600); for refreshed SSO tokens.
  virtual Result<void> write_file(const std::string& path, std::string_view content) const = 0;
  /// Standard output of a command given to `sh -c`, ended at the context's deadline. kDenied with its standard error
  /// when it exits non-zero.
  [[nodiscard]] virtual Result<std::string> run_command(const std::string& command, const Context& context) const = 0;
};

/// The process's own.
class SystemEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> variable(std::string_view name) const override;
  [[nodiscard]] Result<std::string> read_file(const std::string& path) const override;
  Result<void> write_file(const std::string& path, std::string_view content) const override;
  [[nodiscard]] Result<std::string> run_command(const std::string& command, const Context& context) const override;
};

}  // namespace fa::aws
