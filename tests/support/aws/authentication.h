#pragma once

#include <optional>

#include "support/aws/issued_credentials.h"
#include "support/aws/wire.h"

namespace fa::test {

/// What a service signs as: `monitoring` for cloudwatch.
std::string_view signing_name(std::string_view service);

/// Checks the signature of a call as the service would: known key, right token, not expired, clock within 5 minutes,
/// scope of this service and of the host's region, same signature when computed anew. Fills in whose account it is.
std::optional<wire::Refusal> authenticate(wire::Call& call, const AwsWorld& home, const IssuedCredentials& issued);

}  // namespace fa::test
