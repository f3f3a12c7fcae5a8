#pragma once

#include <map>
#include <string>
#include <string_view>

#include "formats/reader.h"

/// What expressions of MetricDataQueries are about. Syntax: CloudWatch User Guide, "Using math expressions with
/// CloudWatch metrics" and "Search expression syntax". Private to metric_queries.cpp.
namespace fa {

/// Fills in what `expression` says of the query: of metric math by the other queries it names (those in `all`), of a
/// SEARCH by its search term. What it does not understand is left as it is. Pure, linear in the expression.
void read_metric_expression(std::string_view expression, const std::map<std::string, MetricQuery>& all,
                            MetricQuery& query);

}  // namespace fa
