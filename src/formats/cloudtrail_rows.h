#pragma once

#include <array>
#include <string_view>

namespace fa {

/// Columns of a table of CloudTrail events (`cloudtrail-rows`), named as in the tables AWS documents for Athena; those
/// of `useridentity` come as `user_...`.
inline constexpr std::array<std::string_view, 16> kCloudTrailRowColumns{
    "eventtime",    "eventsource", "eventname",       "awsregion",        "sourceipaddress", "user_type",
    "user_arn",     "user_name",   "user_invoked_by", "user_account",     "user_principal",  "errorcode",
    "errormessage", "readonly",    "eventid",         "requestparameters"};  ///< JSON.

}  // namespace fa
