#include "aws/services/lambda.h"

#include "aws/uri.h"

namespace fa::aws::lambda {

const Service kService{.name = "lambda",
                       .shown_name = "Lambda",
                       .settings_id = "lambda",
                       .iam_prefix = "lambda",
                       .protocol = Protocol::kRestJson,
                       .target_prefix = "",
                       .api_version = "2015-03-31"};

Result<void> invoke_later(Client& client, const std::string& function, const std::string& payload,
                          const Context& context) {
  Operation operation;
  operation.service = &kService;
  operation.name = "Invoke";
  operation.about = "function " + function;
  operation.iam_action = "lambda:InvokeFunction";
  operation.path = "/2015-03-31/functions/" + uri_encode(function) + "/invocations";
  operation.headers = {{"X-Amz-Invocation-Type", "Event"}};
  operation.body = payload;
  const auto response = client.call(operation, context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

}  // namespace fa::aws::lambda
