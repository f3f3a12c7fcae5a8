#pragma once

#include <optional>

#include "aws/endpoint.h"
#include "aws/uri.h"

namespace fa::aws {

/// A request for an endpoint that there is none for.
inline tl::unexpected<Error> refuse_endpoint(std::string message) {
  return fail(ErrorCode::kInvalidInput, std::move(message));
}

/// The override of a request, taken apart; nullopt when there is none. An error when it is not a URL that something
/// can be appended to.
Result<std::optional<Url>> parse_override(const EndpointRequest& request);

/// S3's own rules: the bucket goes into the host where it may, else into the path; access points and Object Lambda
/// access points by ARN.
Result<Endpoint> resolve_s3_endpoint(const EndpointRequest& request);

}  // namespace fa::aws
