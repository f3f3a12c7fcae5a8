#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/services/cloudwatch.h"

namespace fa {

/// What to ask of a metric, and how soon.
struct MetricRule {
  std::vector<std::string> statistics;
  /// 0: says by itself whether its owner works (failures, latency, saturation); 1: helps to explain; 2: detail.
  int tier = 2;
  int place = 0;  ///< Among the metrics of its namespace: the most telling first.
};

/// Which statistics tell the truth about a metric: sums of what is counted, percentiles and the maximum of latencies,
/// the lowest of what must not run out, mean and peak of what is used. A table says it for AWS's own namespaces, the
/// words of the name for all others. Pure.
MetricRule rule_for_metric(std::string_view metric_namespace, std::string_view name);

/// The words a name is made of, in lower case: `HTTPCode_ELB_5XX` -> http code elb 5xx; runs of other scripts stay
/// whole.
std::vector<std::string> metric_name_words(std::string_view name);

/// Place of a namespace when metrics must be chosen: lower comes first. Those in front of requests before those behind
/// them, managed services before machines.
int namespace_rank(std::string_view metric_namespace);

/// Metrics that say nothing about an incident: money, quotas in use, advice; combinations CloudWatch adds by itself
/// (all instances of a type or image).
bool is_pointless(const aws::cloudwatch::Metric& metric);

/// The namespace a user means: itself, or with `AWS/` in front where that is one of AWS's and the user left it out.
std::string full_namespace(std::string_view metric_namespace);

/// Namespaces of the table, by rank.
std::vector<std::string> known_namespaces();

}  // namespace fa
