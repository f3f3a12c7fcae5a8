#pragma once

#include <optional>

#include "aws/credential_chain.h"

namespace fa::aws {

/// The credentials endpoint of ECS and EKS: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (on the ECS agent) or, without it,
/// AWS_CONTAINER_CREDENTIALS_FULL_URI. nullopt when neither is set. kInvalidInput for what is no URL, and for plain
/// http to a host that is neither this machine nor one of the agents of ECS and EKS: the authorization token must not
/// travel elsewhere.
Result<std::optional<std::string>> container_endpoint(const Environment& environment);

/// Credentials of the task or pod. AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, read at every get(), or
/// AWS_CONTAINER_AUTHORIZATION_TOKEN is sent along.
std::unique_ptr<CredentialsProvider> make_container(const ChainWorld& world, std::string url);

}  // namespace fa::aws
