#pragma once

#include <functional>
#include <string>

#include "base/wait.h"
#include "lambda/runtime_api.h"
#include "server/log.h"

namespace fa::lambda {

/// Does one invocation: a JSON document as its answer. The context's deadline is a moment before Lambda's, so that
/// there is time left to say that it passed. May throw.
using Handler = std::function<Result<std::string>(const Invocation& invocation, const Context& context)>;

/// Takes invocations one after the other until the context is stopped. Whatever becomes of one, the next one is taken:
/// an exception, an error and an answer that is too large are told to whoever invoked. Fails only where the Runtime API
/// cannot be reached (three times in a row): the process must end then, and Lambda starts another one.
Result<void> serve_invocations(RuntimeApi& api, const Handler& handler, server::Log& log, const Clock& clock,
                               Sleeper& sleeper, const Context& context);

}  // namespace fa::lambda
