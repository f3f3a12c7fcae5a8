#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "app/config.h"
#include "app/model_setup.h"
#include "base/context.h"
#include "base/result.h"

namespace fa {

/// `fa2 serve`: everything wired together. One per process and data folder.
class Service {
 public:
  /// Reads the secrets, opens the stores and starts to listen. Fails when a setting, a secret, the data folder or the
  /// port is not usable; whether Slack answers is found out later and is no reason not to start. Borrows all. `log`
  /// gets whole lines.
  static Result<std::unique_ptr<Service>> start(const Config& config, const ModelOptions& options,
                                                std::function<void(std::string_view)> log);
  virtual ~Service() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Blocks until the context is stopped, then drains: takes nothing new, lets what runs finish for a while, puts back
  /// the rest.
  virtual void run(const Context& context) = 0;
};

}  // namespace fa
