#pragma once

#include "aws/credential_chain.h"
#include "aws/credential_plan.h"

namespace fa::aws {

/// Runs the profile's `credential_process` at every get(), for at most a minute. Neither the command (it may hold
/// secrets) nor what it wrote to standard output is ever shown; its standard error is, when it fails.
std::unique_ptr<CredentialsProvider> make_process(const ChainWorld& world, ProcessSource source, std::string profile);

}  // namespace fa::aws
