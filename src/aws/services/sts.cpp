#include "aws/services/sts.h"

#include <pugixml.hpp>

#include "aws/services/json_answer.h"

namespace fa::aws::sts {

const Service kService{.name = "sts",
                       .shown_name = "STS",
                       .settings_id = "sts",
                       .iam_prefix = "sts",
                       .protocol = Protocol::kQuery,
                       .target_prefix = "",
                       .api_version = "2011-06-15"};

Result<CallerIdentity> get_caller_identity(Client& client, const Context& context) {
  Operation operation;
  operation.service = &kService;
  operation.name = "GetCallerIdentity";
  operation.about = "who am I";
  const auto response = client.call(operation, context);
  if (!response) return tl::unexpected(response.error());

  pugi::xml_document document;
  if (const auto parsed = document.load_buffer(response->body.data(), response->body.size()); !parsed) {
    return tl::unexpected(not_understood(client, operation, parsed.description()));
  }
  const pugi::xml_node result = document.child("GetCallerIdentityResponse").child("GetCallerIdentityResult");
  CallerIdentity identity{result.child_value("Account"), result.child_value("Arn")};
  if (identity.arn.empty()) return tl::unexpected(not_understood(client, operation, "it names no identity"));
  return identity;
}

}  // namespace fa::aws::sts
