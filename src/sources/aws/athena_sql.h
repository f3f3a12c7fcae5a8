#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/aws/aws_request.h"

namespace fa {

/// A statement for Athena. Names of the user's stand in it, checked and quoted; all values are `?`.
struct AthenaSql {
  std::string table;  ///< `database.table`, for people.
  std::string text;
  std::vector<std::string> parameters;        ///< Literals, one for each `?`.
  std::span<const std::string_view> columns;  ///< Of the result, in order.
  std::size_t days = 0;                       ///< Daily partitions it reads; 0: the whole table.
};

/// Requests of load balancers, counted: one row for those of a minute that are alike, as `alb-counts` has them
/// (formats/alb_counts.h). Tables as AWS documents them for ALB logs. Times are grouped by half powers of two instead
/// of asking for percentiles: percentiles of groups cannot be put together to one of the whole, while a mean inside a
/// narrow group stands for each of its requests, so that the spread of the times, medians and ranks stay right to
/// a fifth. Requests that went well are counted by target group alone and without their paths, since only failing ones
/// are told apart further; parts of paths with numbers become `*`, or each customer's order would be a row of its own.
Result<AthenaSql> alb_counts_sql(const AthenaSettings& settings, const AthenaTable& table,
                                 const std::vector<TimeRange>& ranges);

/// Events that write or that were refused, of every caller, newest first (formats/cloudtrail_rows.h). Tables as AWS
/// documents them for CloudTrail logs.
Result<AthenaSql> cloudtrail_rows_sql(const AthenaSettings& settings, const AthenaTable& table,
                                      const std::vector<TimeRange>& ranges);

/// The statement with its values in place of the `?`, for people.
std::string inlined(const AthenaSql& sql);

}  // namespace fa
