/// GetMetricData: which points a request is given (metric math included), and in which pages.
#include "support/aws/metric_data.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "support/aws/metric_math.h"
#include "support/aws/wire.h"

namespace fa::test {
namespace {

using std::chrono::seconds;
using wire::Call;
using wire::Outcome;

constexpr std::size_t kMaxQueries = 500;
constexpr std::size_t kMaxPoints = 100'800;  ///< Of one answer, as the API reference states it.

struct Series {
  std::string id;
  std::string label;
  bool returned = true;
  std::int64_t period_seconds = 60;
  std::string status = "Complete";
  std::vector<std::pair<std::string, std::string>> messages;
  std::vector<std::pair<TimePoint, double>> points;  ///< In the order asked for.
};

using Dimensions = std::vector<std::pair<std::string, std::string>>;

Dimensions sorted_dimensions(const Json& metric) {
  Dimensions out;
  if (const Json* list = member(metric, "Dimensions"); list != nullptr && list->is_array()) {
    for (const Json& d : *list) out.emplace_back(text_or_empty(d, "Name"), text_or_empty(d, "Value"));
  }
  std::sort(out.begin(), out.end());
  return out;
}

const AwsWorld::Metric* find_metric(const Call& call, const Json& asked, const std::string& account) {
  const std::string space = text_or_empty(asked, "Namespace");
  const std::string name = text_or_empty(asked, "MetricName");
  const Dimensions wanted = sorted_dimensions(asked);
  const auto search = [&](const AwsWorld& world) -> const AwsWorld::Metric* {
    for (const AwsWorld::Metric& metric : world.metrics) {
      if (metric.region != call.region || metric.metric_namespace != space || metric.name != name) continue;
      Dimensions own = metric.dimensions;
      std::sort(own.begin(), own.end());
      if (own == wanted) return &metric;
    }
    return nullptr;
  };
  if (account.empty() || account == call.world->account) return search(*call.world);
  for (const AwsWorld& other : call.world->other_accounts) {
    if (other.linked && other.account == account) return search(other);
  }
  return nullptr;
}

/// Finest period that is still kept for data of that age: 60 s for 15 days, 300 s for 63, 3600 s for 455.
seconds finest_period(Nanoseconds age) {
  using std::chrono::hours;
  if (age <= hours(24 * 15)) return seconds(60);
  if (age <= hours(24 * 63)) return seconds(300);
  return seconds(3600);
}

double combine(const std::string& statistic, const std::vector<double>& values) {
  if (statistic == "Sum" || statistic == "SampleCount") {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum;
  }
  if (statistic == "Minimum") return *std::min_element(values.begin(), values.end());
  if (statistic == "Average") {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
  }
  // Maximum; and percentiles, which cannot be had from those of parts: the greatest is at least an upper bound.
  return *std::max_element(values.begin(), values.end());
}

std::vector<std::pair<TimePoint, double>> aggregate(const AwsWorld::Metric& metric, const std::string& statistic,
                                                    seconds period, TimeRange range, TimePoint now) {
  const auto found = metric.points.find(statistic);
  if (found == metric.points.end() || period < finest_period(now - range.begin)) return {};
  // The start is rounded down to what is kept, the end is exclusive.
  const TimePoint begin = range.begin - range.begin.time_since_epoch() % finest_period(now - range.begin);
  std::map<TimePoint, std::vector<double>> buckets;
  for (const auto& [time, value] : found->second) {
    if (time < begin || time >= range.end) continue;
    buckets[time - time.time_since_epoch() % period].push_back(value);
  }
  std::vector<std::pair<TimePoint, double>> out;
  for (const auto& [time, values] : buckets) out.emplace_back(time, combine(statistic, values));
  return out;
}

bool good_id(const std::string& id) {
  if (id.empty() || id.size() > 255 || id[0] < 'a' || id[0] > 'z') return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool good_period(std::int64_t period) {
  return period == 1 || period == 5 || period == 10 || period == 20 || period == 30 || (period > 0 && period % 60 == 0);
}

bool good_statistic(const std::string& s) {
  if (s == "Sum" || s == "Average" || s == "Minimum" || s == "Maximum" || s == "SampleCount") return true;
  if (s.size() < 2 || s[0] != 'p') return false;
  return s.find_first_not_of("0123456789.", 1) == std::string::npos;
}

tl::expected<Series, wire::Refusal> read_query(const Call& call, const Json& query, TimeRange range) {
  Series series;
  series.id = text_or_empty(query, "Id");
  if (!good_id(series.id)) {
    return validation_error("The value '" + series.id +
                            "' for parameter MetricDataQueries.member.Id is not matching the expected pattern "
                            "^[a-z][a-zA-Z0-9_]*$.");
  }
  series.returned = flag_member(query, "ReturnData", true);
  const Json* stat = member(query, "MetricStat");
  if (stat == nullptr) return validation_error("A query needs either MetricStat or Expression.");
  const Json* asked = member(*stat, "Metric");
  const std::int64_t period = integer_member(*stat, "Period").value_or(0);
  const std::string statistic = text_or_empty(*stat, "Stat");
  if (asked == nullptr || !good_period(period)) {
    return validation_error("Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
  }
  if (!good_statistic(statistic))
    return validation_error("The value " + statistic + " for parameter Stat is not supported.");
  series.period_seconds = period;
  series.label = text_member(query, "Label").value_or(text_or_empty(*asked, "MetricName"));
  const AwsWorld::Metric* metric = find_metric(call, *asked, text_or_empty(query, "AccountId"));
  if (metric == nullptr) return series;
  if (metric->status_code != "Complete") {
    series.status = metric->status_code;
    series.messages = {{metric->status_code, "The data of " + metric->name + " could not be retrieved."}};
    return series;
  }
  series.points = aggregate(*metric, statistic, seconds(period), range, call.now());
  return series;
}

/// `${PROP('Dim.FunctionName')}` -> the value; other dynamic labels stay as they are.
std::string dynamic_label(std::string label, const AwsWorld::Metric& metric) {
  for (const auto& [name, value] : metric.dimensions) {
    const std::string property = "${PROP('Dim." + name + "')}";
    for (std::size_t at = label.find(property); at != std::string::npos; at = label.find(property, at + value.size())) {
      label.replace(at, property.size(), value);
    }
  }
  return label;
}

std::vector<MathSeries> found_by_search(const Call& call, const MathSearch& wanted, const std::string& label,
                                        TimeRange range) {
  constexpr std::chrono::hours kReach{24 * 14};  // What was silent for longer is not found.
  std::vector<MathSeries> found;
  for (const AwsWorld::Metric& metric : call.world->metrics) {
    std::vector<std::string> names;
    for (const auto& [name, value] : metric.dimensions) names.push_back(name);
    std::sort(names.begin(), names.end());
    if (metric.region != call.region || metric.metric_namespace != wanted.metric_namespace ||
        metric.name != wanted.name || names != wanted.dimensions) {
      continue;
    }
    const bool reported = std::any_of(metric.points.begin(), metric.points.end(), [&](const auto& statistic) {
      return !statistic.second.empty() && statistic.second.back().first >= call.now() - kReach;
    });
    if (!reported) continue;
    found.push_back({dynamic_label(label, metric),
                     aggregate(metric, wanted.statistic, seconds(wanted.period_seconds), range, call.now())});
  }
  return found;
}

/// The series of an expression: one of metric math, all that a search found.
tl::expected<std::vector<Series>, wire::Refusal> read_expression(const Call& call, const Json& query, TimeRange range,
                                                                 const std::vector<Series>& metrics) {
  const std::string id = text_or_empty(query, "Id");
  const std::string expression = text_or_empty(query, "Expression");
  if (!good_id(id)) return validation_error("The value '" + id + "' for parameter Id is not matching its pattern.");
  if (member(query, "MetricStat") != nullptr)
    return validation_error("A query has MetricStat or Expression, not both.");
  if (expression.size() > 2048) return validation_error("Expression must have at most 2048 characters.");
  MathScope scope;
  scope.range = range;
  const std::string label = text_or_empty(query, "Label");
  for (const Series& one : metrics) {
    scope.by_id[one.id] = {one.label, one.points};
    scope.period = seconds(one.period_seconds);
  }
  scope.search = [&](const MathSearch& wanted) { return found_by_search(call, wanted, label, range); };
  const auto values = evaluate_metric_math(expression, scope);
  if (!values) return validation_error("Error in expression '" + id + "': " + values.error());
  std::vector<Series> out;
  for (const MathSeries& one : *values) {
    Series& series = out.emplace_back();
    series.id = id;
    series.label = !one.label.empty() ? one.label : label.empty() ? id : label;
    series.points = one.points;
    series.returned = flag_member(query, "ReturnData", true);
  }
  return out;
}

/// All series of a request that are returned, those of metrics first.
tl::expected<std::vector<Series>, wire::Refusal> read_queries(const Call& call, const Json& queries, TimeRange range) {
  std::vector<Series> metrics;
  std::set<std::string> ids;
  for (const Json& query : queries) {
    if (!ids.insert(text_or_empty(query, "Id")).second) {
      return validation_error("The values for parameter Id in MetricDataQueries are not unique.");
    }
    if (member(query, "Expression") != nullptr) continue;
    auto series = read_query(call, query, range);
    if (!series) return tl::unexpected(series.error());
    metrics.push_back(std::move(*series));
  }
  std::vector<Series> all = metrics;
  for (const Json& query : queries) {
    if (member(query, "Expression") == nullptr) continue;
    auto series = read_expression(call, query, range, metrics);
    if (!series) return tl::unexpected(series.error());
    std::move(series->begin(), series->end(), std::back_inserter(all));
  }
  std::erase_if(all, [](const Series& series) { return !series.returned; });
  return all;
}

Json messages_json(const std::vector<std::pair<std::string, std::string>>& messages) {
  Json out = Json::array();
  for (const auto& [code, value] : messages) out.push_back(Json{{"Code", code}, {"Value", value}});
  return out;
}

Json result_json(const Series& series, std::size_t from, std::size_t to) {
  Json times = Json::array();
  Json values = Json::array();
  for (std::size_t i = from; i < to; ++i) {
    times.push_back(static_cast<double>(wire::to_millis(series.points[i].first)) / 1000);
    values.push_back(series.points[i].second);
  }
  Json result = {{"Id", series.id},
                 {"Label", series.label},
                 {"Timestamps", std::move(times)},
                 {"Values", std::move(values)},
                 {"StatusCode", to < series.points.size() ? "PartialData" : series.status}};
  if (!series.messages.empty()) result["Messages"] = messages_json(series.messages);
  return result;
}

}  // namespace

Json dimensions_json(const std::vector<std::pair<std::string, std::string>>& dimensions) {
  Json out = Json::array();
  for (const auto& [name, value] : dimensions) out.push_back(Json{{"Name", name}, {"Value", value}});
  return out;
}

tl::unexpected<wire::Refusal> validation_error(std::string message) {
  return tl::unexpected<wire::Refusal>(
      wire::Refusal{"ValidationException", std::move(message), 400, {}, {}, "ValidationError"});
}

Outcome get_metric_data(const AwsStandIn& settings, const Call& call, const Json& request) {
  const Json* queries = member(request, "MetricDataQueries");
  const auto start = number_member(request, "StartTime");
  const auto end = number_member(request, "EndTime");
  if (queries == nullptr || !queries->is_array() || !start || !end) {
    return validation_error("MetricDataQueries, StartTime and EndTime are required.");
  }
  if (queries->size() > kMaxQueries) {
    return validation_error("The collection MetricDataQueries must not have a size greater than 500.");
  }
  if (*start >= *end) return validation_error("The parameter StartTime must be less than the parameter EndTime.");
  const TimeRange range{wire::from_seconds(*start), wire::from_seconds(*end)};
  const bool ascending = text_or_empty(request, "ScanBy") == "TimestampAscending";
  const std::int64_t asked_points = integer_member(request, "MaxDatapoints").value_or(std::int64_t{kMaxPoints});
  if (asked_points < 1 || asked_points > static_cast<std::int64_t>(kMaxPoints)) {
    return validation_error("MaxDatapoints must be within 1 and 100800.");
  }

  auto all = read_queries(call, *queries, range);
  if (!all) return tl::unexpected(all.error());
  if (!ascending) {
    for (Series& series : *all) std::reverse(series.points.begin(), series.points.end());
  }

  Json same = request;
  same.erase("NextToken");
  const std::string kind = "metric-data|" + dump(same);
  std::size_t skip = 0;  // Points on earlier pages. A series without points counts as one, so that it has its page.
  if (const auto token = text_member(request, "NextToken")) {
    const auto at = wire::read_index_token(kind, *token);
    if (!at) return wire::refuse("InvalidNextToken", "The next token specified is invalid.");
    skip = *at;
  }
  const std::size_t most = std::min(static_cast<std::size_t>(asked_points), settings.metric_page_points);
  Json results = Json::array();
  std::size_t seen = 0;
  std::size_t given = 0;
  bool more = false;
  for (const Series& series : *all) {
    const std::size_t weight = std::max<std::size_t>(series.points.size(), 1);
    const std::size_t from = skip > seen ? std::min(skip - seen, weight) : 0;
    seen += weight;
    if (from == weight) continue;
    if (given == most) {
      more = true;
      break;
    }
    const std::size_t take = std::min(weight - from, most - given);
    results.push_back(
        result_json(series, std::min(from, series.points.size()), std::min(from + take, series.points.size())));
    given += take;
    if (from + take < weight) {
      more = true;
      break;
    }
  }
  Json body = {{"MetricDataResults", std::move(results)}, {"Messages", messages_json(call.world->metric_messages)}};
  if (more) body["NextToken"] = wire::make_token(kind, std::to_string(skip + given));
  return wire::json_response(call, dump(body));
}

}  // namespace fa::test
