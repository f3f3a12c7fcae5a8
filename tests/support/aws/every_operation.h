#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/client.h"

namespace fa::test {

/// One way to call one typed operation of src/aws/services.
struct OperationCall {
  std::string service = {};    ///< Name of its model: logs, s3, ...
  std::string operation = {};  ///< FilterLogEvents
  std::string about = {};      ///< What is special about this call.
  std::function<Result<void>(aws::Client&)> call = {};
  bool needs_content = false;  ///< An answer with nothing in it is an error (an id, a secret is missing).
  bool modelled = true;        ///< Part of the published models of ../shared.
};

/// All operations, each with its parameters set and, where that changes the request, without.
std::vector<OperationCall> every_operation();

}  // namespace fa::test
