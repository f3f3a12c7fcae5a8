#pragma once

#include <string>

#include "aws/client.h"

/// AWS Lambda, calling functions. Contract: service model lambda 2015-03-31.
namespace fa::aws::lambda {

extern const Service kService;

/// Asks for one more run of a function, which is done later and on its own (InvocationType Event). `function` is a name
/// or an ARN, `payload` a JSON document of at most 256 KiB.
Result<void> invoke_later(Client& client, const std::string& function, const std::string& payload,
                          const Context& context);

}  // namespace fa::aws::lambda
