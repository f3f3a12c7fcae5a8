#include "insight/query_math.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "formats/reader.h"
#include "sources/aws/metrics_request.h"
#include "sources/aws/metrics_rules.h"

namespace fa::insight {
namespace {

using aws::cloudwatch::DataQuery;

/// From the services' user guides ("Metrics"): what is counted among what, and what is used of which limit.
struct ShareRule {
  std::string_view metric_namespace;
  std::string_view part;
  std::string_view whole;
  std::string_view statistic = "Sum";
  bool whole_is_rate = false;
};
constexpr std::array kShareRules = {
    ShareRule{"AWS/Lambda", "Errors", "Invocations"},
    ShareRule{"AWS/Lambda", "Throttles", "Invocations"},
    ShareRule{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "RequestCount"},
    ShareRule{"AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", "RequestCount"},
    ShareRule{"AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "RequestCount"},
    ShareRule{"AWS/ApiGateway", "5XXError", "Count"},
    ShareRule{"AWS/ApiGateway", "4XXError", "Count"},
    ShareRule{"AWS/ApiGateway", "5xx", "Count"},
    ShareRule{"AWS/ApiGateway", "4xx", "Count"},
    ShareRule{"AWS/S3", "5xxErrors", "AllRequests"},
    ShareRule{"AWS/S3", "4xxErrors", "AllRequests"},
    ShareRule{"AWS/States", "ExecutionsFailed", "ExecutionsStarted"},
    ShareRule{"AWS/DynamoDB", "ConsumedReadCapacityUnits", "ProvisionedReadCapacityUnits", "Sum", true},
    ShareRule{"AWS/DynamoDB", "ConsumedWriteCapacityUnits", "ProvisionedWriteCapacityUnits", "Sum", true},
    ShareRule{"ECS/ContainerInsights", "CpuUtilized", "CpuReserved", "Average"},
    ShareRule{"ECS/ContainerInsights", "MemoryUtilized", "MemoryReserved", "Average"},
    ShareRule{"AWS/AutoScaling", "GroupInServiceInstances", "GroupMaxSize", "Average"},
};

aws::cloudwatch::Metric metric_of(const CatalogueMetric& metric) {
  return {metric.metric_namespace, metric.name, metric.dimensions};
}

/// Of the same form as the ids of metrics, which gaps are told apart by.
std::string expression_id(const std::string& region, const aws::cloudwatch::Metric& metric,
                          const std::string& expression) {
  std::string text = region + '\0' + expression;
  for (const auto& [name, value] : metric.dimensions) text += '\0' + name + '\0' + value;
  return fmt::format("m{:016x}", stable_hash(text));
}

/// The id of the query for that statistic, which is added where nobody asked for it.
std::string id_of(const CatalogueMetric& metric, const std::string& statistic, std::vector<DataQuery>& queries) {
  const ChosenSeries wanted{metric.region, metric_of(metric), statistic};
  const std::string id = query_id(wanted);
  const auto found =
      std::find_if(queries.begin(), queries.end(), [&](const DataQuery& query) { return query.id == id; });
  if (found == queries.end()) {
    queries.push_back({.id = id, .metric = wanted.metric, .statistic = statistic, .returned = false});
  }
  return id;
}

/// Within the quotes of a search term; the expression itself is in single ones, and commas part the schema.
bool can_be_quoted(std::string_view text) { return text.find_first_of("\"'\\{},") == std::string_view::npos; }

/// Names of other characters than letters, digits and slashes stand in quotes.
std::string schema_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/';
  });
  return plain ? name : '"' + name + '"';
}

}  // namespace

std::optional<MetricShare> share_of(const Catalogue& catalogue, std::size_t metric) {
  const CatalogueMetric& part = catalogue.metrics()[metric];
  for (const ShareRule& rule : kShareRules) {
    if (rule.part != part.name || rule.metric_namespace != part.metric_namespace) continue;
    CatalogueMetric whole = part;
    whole.name = rule.whole;
    if (const auto index = catalogue.find(whole))
      return MetricShare{*index, std::string(rule.statistic), rule.whole_is_rate};
  }
  return std::nullopt;
}

void add_share(const Catalogue& catalogue, std::size_t part, const MetricShare& share,
               std::vector<DataQuery>& queries) {
  const CatalogueMetric& counted = catalogue.metrics()[part];
  const CatalogueMetric& whole = catalogue.metrics()[share.whole];
  const std::string p = id_of(counted, share.statistic, queries);
  const std::string w = id_of(whole, share.whole_is_rate ? "Average" : share.statistic, queries);
  DataQuery query;
  query.metric = metric_of(counted);
  query.expression = share.whole_is_rate ? fmt::format("100 * FILL({}, 0) / PERIOD({}) / {}", p, p, w)
                                         : fmt::format("100 * FILL({}, 0) / {}", p, w);
  query.label = fmt::format("{} / {} (%)", counted.name, whole.name);
  query.id = expression_id(counted.region, query.metric, query.expression);
  query.metrics = 0;
  queries.push_back(std::move(query));
}

std::optional<DataQuery> search_query(const Catalogue& catalogue, const MetricSearch& search, int period_seconds) {
  const CatalogueMetric& like = catalogue.metrics()[search.like];
  std::string schema = schema_name(like.metric_namespace);
  std::string label;
  bool quotable = can_be_quoted(like.metric_namespace + like.name);
  for (const auto& [name, value] : like.dimensions) {
    quotable = quotable && can_be_quoted(name);
    schema += "," + schema_name(name);
    label += (label.empty() ? "" : std::string(kSearchLabelSeparator)) + "${PROP('Dim." + name + "')}";
  }
  if (!quotable) return std::nullopt;
  const std::vector<std::string> usual = rule_for_metric(like.metric_namespace, like.name).statistics;
  const auto says = [&](std::string_view statistic) {
    return std::find(usual.begin(), usual.end(), statistic) != usual.end();
  };
  const bool lowest = says("Minimum");
  const std::string statistic = lowest ? "Minimum" : says("Sum") ? "Sum" : "Average";
  const std::string_view order = lowest ? "MIN, ASC" : says("Sum") ? "SUM, DESC" : "MAX, DESC";
  DataQuery query;
  query.metric = {like.metric_namespace, like.name, {}};
  query.statistic = statistic;
  query.expression = fmt::format("SLICE(SORT(SEARCH('{{{}}} MetricName=\"{}\"', '{}', {}), {}), 0, {})", schema,
                                 like.name, statistic, period_seconds, order, kMostOfSearch);
  query.label = std::move(label);
  query.id = expression_id(like.region, query.metric, query.expression);
  query.metrics = search.metrics;
  query.results = kMostOfSearch;
  return query;
}

}  // namespace fa::insight
