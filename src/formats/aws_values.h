#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

/// Small values as AWS writes them: times, ARNs, names. Pure functions of text; nothing here throws.
namespace fa {

/// Seconds since 1970 in decimal, any number of digits, with or without exponent (`1478293361.271`,
/// `1.478293361271E9`), exact to the nanosecond (further digits are cut). nullopt when it is no number or lies outside
/// the years 1970 to 2261.
std::optional<TimePoint> parse_epoch_seconds(std::string_view text);

/// Milliseconds since 1970; the same range.
std::optional<TimePoint> time_from_millis(std::int64_t millis);

/// A timestamp of an AWS CLI answer, as JSON text: epoch seconds, or an ISO 8601 string with or without its quotes.
std::optional<TimePoint> parse_aws_time(std::string_view json);

/// An X-Ray trace id `1-5759e988-bd862e3fe1be46a994272793` carries its start in whole seconds, in hex.
std::optional<TimePoint> time_of_trace_id(std::string_view trace_id);

/// The parts of `arn:partition:service:region:account:resource`; all empty when the text is no ARN.
struct Arn {
  std::string_view service;
  std::string_view region;
  std::string_view account;
  std::string_view resource;  ///< Behind the fifth colon, colons included: `service/shop/orders`, `function:orders`.
};
Arn parse_arn(std::string_view text);

/// Name of the service that writes to a log group: `/ecs/orders` and `/aws/lambda/orders` are `orders`,
/// `123456789012:/ecs/orders` too; a group without slashes names itself.
std::string_view service_of_log_group(std::string_view group);

}  // namespace fa
