#pragma once

#include "aws/credential_chain.h"

namespace fa::aws {

/// Settings that stand above environment and profile.
struct ImdsOverrides {
  std::string endpoint;
  std::string mode;  ///< `IPv4` or `IPv6`, any case.
};

/// Where the instance metadata service of EC2 is: AWS_EC2_METADATA_SERVICE_ENDPOINT, ec2_metadata_service_endpoint, or
/// the address of AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, ec2_metadata_service_endpoint_mode. No trailing '/'.
/// kInvalidInput for a mode or URL that is none.
Result<std::string> imds_endpoint(const Environment& environment, const ProfileFiles& files,
                                  const ImdsOverrides& overrides = {});

/// AWS_EC2_METADATA_DISABLED=true.
bool imds_disabled(const Environment& environment);

/// Credentials of the instance's role by IMDSv2: a session token first, always; without one nothing is asked (version 1
/// answers whoever can make this machine send a GET). Waits a second for a connection, so that a machine that is no EC2
/// instance is not held up. kDenied: refused, or no role; kUnavailable: nobody there, failures.
/// Contract: "Use the Instance Metadata Service to access instance metadata", EC2 User Guide.
std::unique_ptr<CredentialsProvider> make_imds(const ChainWorld& world, std::string endpoint);

}  // namespace fa::aws
