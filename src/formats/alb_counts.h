#pragma once

#include <array>
#include <string_view>

namespace fa {

/// Columns of a table of counted requests (`alb-counts`): access logs of load balancers that were aggregated where they
/// lie, instead of being fetched. One row stands for all requests of a minute that share balancer, target group, both
/// status codes and (failing ones) target and path, and whose times are alike; docs/formats/inputs.md describes them.
inline constexpr std::array<std::string_view, 16> kAlbCountColumns{
    "first_time",     ///< Creation of the first of these requests, ISO 8601.
    "last_time",      ///< Of the last one.
    "load_balancer",  ///< `app/NAME/ID`
    "target",         ///< `10.0.1.7:8080`; empty where several were counted together, or none was reached.
    "target_group",   ///< ARN or name.
    "status",        "target_status",       "path",           "requests",   "mean_seconds",
    "max_seconds",   "mean_target_seconds", "received_bytes", "sent_bytes",
    "client",  ///< Of the first request, as is the trace.
    "trace_id"};

}  // namespace fa
