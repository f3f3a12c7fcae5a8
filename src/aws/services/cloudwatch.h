#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/client.h"

/// CloudWatch metrics and alarms over JSON 1.0 (X-Amz-Target GraniteServiceVersion20100801). Contract: service model
/// cloudwatch 2010-08-01.
namespace fa::aws::cloudwatch {

extern const Service kService;

struct Metric {
  std::string metric_namespace = {};
  std::string name = {};
  std::vector<std::pair<std::string, std::string>> dimensions = {};
  bool operator==(const Metric&) const = default;
};
struct ListMetrics {
  std::string region = {};  ///< Empty: the client's.
  std::string metric_namespace = {};
  std::string name = {};
  std::vector<std::pair<std::string, std::string>> dimensions = {};  ///< An empty value asks for the name alone.
  bool recently_active = false;                                      ///< PT3H
  bool include_linked_accounts = false;
  std::string next_token = {};
};
struct MetricPage {
  std::vector<Metric> metrics;
  std::string next_token;
};
Result<MetricPage> list_metrics(Client& client, const ListMetrics& request, const Context& context);

struct DataQuery {
  std::string id = {};  ///< Lower-case letter first, then letters, digits, '_'.
  Metric metric = {};   ///< Of an expression: what it is about, for people; not sent.
  std::string statistic = {};
  int period_seconds = 60;
  std::string label = {};
  /// Metric math over the ids of other queries of the call, or a SEARCH; instead of metric and statistic.
  std::string expression = {};
  bool returned = true;     ///< False: only expressions use it.
  std::size_t metrics = 1;  ///< What is charged for it: those that a SEARCH matches; 0 for math over other queries.
  std::size_t results = 1;  ///< Series it gives at the most.
};
struct GetMetricData {
  std::string region = {};
  std::vector<DataQuery> queries = {};  ///< At most 500.
  TimeRange range = {};
  std::string next_token = {};
};
struct DataPage {
  std::string raw;
  std::vector<std::string> messages;  ///< What the service says beside the data (partial data, forbidden).
  /// A series by the id of its query and its label: a SEARCH has several.
  using SeriesName = std::pair<std::string, std::string>;
  std::vector<SeriesName> partial;   ///< Those that this page does not end (PartialData).
  std::vector<SeriesName> complete;  ///< Those that it does.
  std::uint64_t points = 0;
  std::string next_token;
};
Result<DataPage> get_metric_data(Client& client, const GetMetricData& request, const Context& context);
/// The MetricDataQueries as JSON, for storing beside the answers (formats/metric_queries.h reads them).
std::string queries_json(const std::vector<DataQuery>& queries);

struct MetricAlarm {
  std::string name;
  std::string arn;
  std::string description;
  Metric metric;          ///< Of the alarm itself, or of its only metric query.
  std::string statistic;  ///< Or extended statistic.
  int period_seconds = 0;
  int evaluation_periods = 0;
  std::string state;  ///< OK, ALARM, INSUFFICIENT_DATA
  std::string state_reason;
  std::string state_reason_data;  ///< JSON text.
  std::optional<TimePoint> state_updated;
  std::vector<Metric> query_metrics;  ///< Metrics of metric math alarms.
  bool composite = false;
  std::string alarm_rule;  ///< Composite only.
};
Result<std::vector<MetricAlarm>> describe_alarms(Client& client, const std::string& region,
                                                 const std::vector<std::string>& names, const Context& context);

struct AlarmHistoryItem {
  TimePoint time = kNoTime;
  std::string summary;
  std::string data;  ///< JSON text with oldState and newState.
};
struct AlarmHistoryPage {
  std::vector<AlarmHistoryItem> items;
  std::string next_token;
};
/// State changes, newest first.
Result<AlarmHistoryPage> describe_alarm_history(Client& client, const std::string& region, const std::string& name,
                                                TimeRange range, const std::string& next_token, const Context& context);

}  // namespace fa::aws::cloudwatch
