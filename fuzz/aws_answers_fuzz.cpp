// Any bytes as the answer of any typed operation: what can be read of them, or an error a person can read. The first
// byte chooses the operation, the rest is the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/aws/client_world.h"
#include "support/aws/every_operation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<fa::test::OperationCall> kOperations = fa::test::every_operation();
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  fa::test::ClientWorld world(
      [&](const fa::HttpRequest&) -> fa::Result<fa::HttpResponse> { return fa::test::answer(200, body); });
  const auto outcome = kOperations[data[0] % kOperations.size()].call(world.client);
  if (outcome) return 0;
  // Alarms that page for ever are the one limit; all else is an answer nobody understands.
  const bool known =
      outcome.error().code == fa::ErrorCode::kUnavailable || outcome.error().code == fa::ErrorCode::kLimit;
  if (!known || outcome.error().message.empty() || outcome.error().message.size() > 4000) std::abort();
  if (!fa::is_valid_utf8(outcome.error().message)) std::abort();
  return 0;
}
