#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/lambda_settings.h"
#include "app/model_setup.h"
#include "lambda/runtime_loop.h"

namespace fa {

/// A Lambda function, set up once and then invoked again and again, one invocation at a time. Between two invocations
/// Lambda freezes the process: what is begun in one must have ended when it returns.
class LambdaFunction {
 public:
  virtual ~LambdaFunction() = default;
  virtual Result<std::string> handle(const lambda::Invocation& invocation, const Context& context) = 0;
};

/// Connections and secrets, but no request to Slack yet. Fails where a setting or secret is not usable. Borrows all;
/// `log` gets whole lines.
[[nodiscard]] Result<std::unique_ptr<LambdaFunction>> open_lambda_function(const LambdaSettings& settings,
                                                                           const Config& config,
                                                                           const ModelOptions& options,
                                                                           std::function<void(std::string_view)> log);

}  // namespace fa
