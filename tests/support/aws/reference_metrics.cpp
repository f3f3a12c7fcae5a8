/// The metrics and alarms of the reference incident. Those of the load balancer are counted from the requests.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/reference_parts.h"

namespace fa::test::reference {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

using Dimensions = std::vector<std::pair<std::string, std::string>>;
using Points = std::vector<std::pair<TimePoint, double>>;

double percentile(const std::vector<double>& sorted, double p) {
  const auto rank = static_cast<std::size_t>(p / 100 * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[rank];
}

AwsWorld::Metric& add(AwsWorld& world, const std::string& space, const std::string& name, Dimensions dimensions) {
  AwsWorld::Metric metric;
  metric.metric_namespace = space;
  metric.name = name;
  metric.dimensions = std::move(dimensions);
  world.metrics.push_back(std::move(metric));
  return world.metrics.back();
}

/// All statistics of a distribution minute by minute; minutes without values have no points.
void add_distribution(AwsWorld& world, const std::string& space, const std::string& name, const Dimensions& dimensions,
                      const std::map<TimePoint, std::vector<double>>& values) {
  AwsWorld::Metric& metric = add(world, space, name, dimensions);
  for (auto [minute, list] : values) {
    std::sort(list.begin(), list.end());
    double sum = 0;
    for (const double v : list) sum += v;
    metric.points["SampleCount"].emplace_back(minute, static_cast<double>(list.size()));
    metric.points["Sum"].emplace_back(minute, sum);
    metric.points["Average"].emplace_back(minute, sum / static_cast<double>(list.size()));
    metric.points["Minimum"].emplace_back(minute, list.front());
    metric.points["Maximum"].emplace_back(minute, list.back());
    metric.points["p50"].emplace_back(minute, percentile(list, 50));
    metric.points["p90"].emplace_back(minute, percentile(list, 90));
    metric.points["p99"].emplace_back(minute, percentile(list, 99));
  }
}

void add_count(AwsWorld& world, const std::string& space, const std::string& name, const Dimensions& dimensions,
               const std::map<TimePoint, double>& counts) {
  AwsWorld::Metric& metric = add(world, space, name, dimensions);
  for (const auto& [minute, count] : counts) {
    metric.points["Sum"].emplace_back(minute, count);
    metric.points["SampleCount"].emplace_back(minute, count);
  }
}

/// A gauge measured once a minute.
void add_gauge(AwsWorld& world, const std::string& space, const std::string& name, const Dimensions& dimensions,
               const std::function<double(TimePoint)>& value) {
  AwsWorld::Metric& metric = add(world, space, name, dimensions);
  for (TimePoint minute = first_time(); minute < last_time(); minute += minutes(1)) {
    const double v = value(minute);
    for (const char* statistic : {"Average", "Minimum", "Maximum", "Sum"})
      metric.points[statistic].emplace_back(minute, v);
    metric.points["SampleCount"].emplace_back(minute, 1);
  }
}

struct Counted {
  std::map<TimePoint, std::vector<double>> response_times;
  std::map<TimePoint, double> requests;
  std::map<std::string, std::map<TimePoint, double>> codes;  ///< metric name -> minute -> count
};

void count(const Request& r, Counted& counted) {
  const auto minute_of = [](TimePoint t) { return t - t.time_since_epoch() % minutes(1); };
  const TimePoint minute = minute_of(r.end());
  if (minute >= last_time()) return;
  counted.requests[minute_of(r.start)] += 1;
  // A target that never answered has no response time and no code.
  if (r.answered) {
    counted.response_times[minute].push_back(r.seconds - 0.001);
    counted.codes[fmt::format("HTTPCode_Target_{}XX_Count", r.status / 100)][minute] += 1;
  } else {
    counted.codes["HTTPCode_ELB_5XX_Count"][minute] += 1;
    counted.codes["HTTPCode_ELB_504_Count"][minute] += 1;
  }
}

void add_counted(AwsWorld& world, const Dimensions& dimensions, const Counted& counted) {
  const std::string space = "AWS/ApplicationELB";
  add_distribution(world, space, "TargetResponseTime", dimensions, counted.response_times);
  add_count(world, space, "RequestCount", dimensions, counted.requests);
  for (const auto& [name, counts] : counted.codes) add_count(world, space, name, dimensions, counts);
}

void add_load_balancer(AwsWorld& world, const std::vector<Request>& requests) {
  Counted all;
  std::map<Service, Counted> groups;
  for (const Request& r : requests) {
    count(r, all);
    count(r, groups[r.service]);
  }
  const std::pair<std::string, std::string> balancer = {"LoadBalancer", std::string(kLoadBalancer)};
  add_counted(world, {balancer}, all);
  for (const auto& [service, counted] : groups) {
    const Dimensions dimensions = {{"TargetGroup", target_group_of(service)}, balancer};
    add_counted(world, dimensions, counted);
    add_gauge(world, "AWS/ApplicationELB", "HealthyHostCount", dimensions, [](TimePoint) { return 2.0; });
    add_gauge(world, "AWS/ApplicationELB", "UnHealthyHostCount", dimensions, [](TimePoint) { return 0.0; });
  }
}

void add_services(AwsWorld& world, Dice& dice) {
  const TimePoint onset = reference_facts().window.begin;
  const TimePoint cut = reference_facts().change;
  struct Used {
    const char* name;
    double cpu;
    double memory;
  };
  for (const Used& used : {Used{"catalog-api", 18, 47}, Used{"mailer", 4, 22}, Used{"orders-api", 24, 52}}) {
    const Dimensions dimensions = {{"ClusterName", "shop"}, {"ServiceName", used.name}};
    const std::string name = used.name;
    add_gauge(world, "AWS/ECS", "CPUUtilization", dimensions, [&](TimePoint t) {
      double cpu = used.cpu + dice.between(-2, 2);
      if (name == "mailer" && t >= onset + minutes(1) && t < onset + minutes(3)) cpu += 55;  // busy, and nobody minds
      if (name == "catalog-api" && t >= onset - minutes(19) && t < onset - minutes(17)) cpu += 30;  // starting up
      if (name == "orders-api" && t >= cut) cpu -= 9;                                               // it only waits
      return cpu;
    });
    add_gauge(world, "AWS/ECS", "MemoryUtilization", dimensions,
              [&](TimePoint) { return used.memory + dice.between(-0.6, 0.6); });
  }
  const Dimensions database = {{"DBInstanceIdentifier", "catalog-db"}};
  add_gauge(world, "AWS/RDS", "CPUUtilization", database, [&](TimePoint) { return 12 + dice.between(-2, 2); });
  add_gauge(world, "AWS/RDS", "DatabaseConnections", database,
            [&](TimePoint) { return 20.0 + std::floor(dice.between(0, 4)); });
  const Dimensions queue = {{"QueueName", "mail-outbox"}};
  add_gauge(world, "AWS/SQS", "ApproximateNumberOfMessagesVisible", queue,
            [&](TimePoint) { return std::floor(dice.between(0, 6)); });
}

/// The table answers as fast as ever, as long as somebody asks it: then there are no points any more.
void add_table(AwsWorld& world, const std::vector<Request>& requests, Dice& dice) {
  std::map<std::string, std::map<TimePoint, std::vector<double>>> latency;
  std::map<TimePoint, double> units;
  for (const Request& r : requests) {
    if (r.service != Service::kOrders || r.failed_store || r.start >= reference_facts().change) continue;
    const TimePoint minute = r.start - r.start.time_since_epoch() % minutes(1);
    latency[r.method == "POST" ? "PutItem" : "GetItem"][minute].push_back(dice.between(2.1, 5.5));
    units[minute] += 1;
  }
  const std::string table(kTable);
  for (const auto& [operation, values] : latency) {
    add_distribution(world, "AWS/DynamoDB", "SuccessfulRequestLatency",
                     {{"TableName", table}, {"Operation", operation}}, values);
  }
  add_count(world, "AWS/DynamoDB", "ConsumedReadCapacityUnits", {{"TableName", table}}, units);
}

/// What the edge sees; global metrics are kept in us-east-1.
void add_distribution_edge(AwsWorld& world, const std::vector<Request>& requests) {
  std::map<TimePoint, std::pair<double, double>> counts;
  for (const Request& r : requests) {
    auto& [all, failed] = counts[r.start - r.start.time_since_epoch() % minutes(1)];
    all += 1;
    if (r.status >= 500) failed += 1;
  }
  const Dimensions dimensions = {{"DistributionId", "E2EXAMPLE7SHOP"}, {"Region", "Global"}};
  AwsWorld::Metric rate;
  rate.region = "us-east-1";
  rate.metric_namespace = "AWS/CloudFront";
  rate.dimensions = dimensions;
  AwsWorld::Metric number = rate;
  rate.name = "5xxErrorRate";
  number.name = "Requests";
  for (const auto& [minute, count] : counts) {
    rate.points["Average"].emplace_back(minute, 100 * count.second / count.first);
    number.points["Sum"].emplace_back(minute, count.first);
  }
  world.metrics.push_back(std::move(rate));
  world.metrics.push_back(std::move(number));
}

std::string reason_time(TimePoint t) {
  std::string text = format_rfc3339(std::chrono::floor<seconds>(t));
  text.pop_back();
  return text + ".000+0000";
}

}  // namespace

void add_metrics(AwsWorld& world, const std::vector<Request>& requests) {
  Dice dice(4);
  add_load_balancer(world, requests);
  add_services(world, dice);
  add_table(world, requests, dice);
  add_distribution_edge(world, requests);
}

void add_alarms(AwsWorld& world) {
  const ReferenceFacts facts = reference_facts();
  AwsWorld::Alarm alarm;
  alarm.name = facts.alarm_name;
  alarm.description = "Requests through the edge take longer than two seconds on average";
  alarm.metric_namespace = "AWS/ApplicationELB";
  alarm.metric_name = "TargetResponseTime";
  alarm.dimensions = {{"LoadBalancer", std::string(kLoadBalancer)}};
  alarm.evaluation_periods = 3;
  alarm.threshold = 2;
  const auto metric = std::find_if(world.metrics.begin(), world.metrics.end(), [&](const AwsWorld::Metric& m) {
    return m.name == alarm.metric_name && m.dimensions == alarm.dimensions;
  });
  const Points& points = metric->points["Average"];
  std::size_t at = 2;
  while (at < points.size() && !(points[at].second > alarm.threshold && points[at - 1].second > alarm.threshold &&
                                 points[at - 2].second > alarm.threshold)) {
    ++at;
  }
  const TimePoint raised = points[at].first + seconds(75);
  Json recent = Json::array();
  Json evaluated = Json::array();
  for (std::size_t i = at - 2; i <= at; ++i) recent.push_back(points[i].second);
  for (std::size_t i = at + 1; i-- > at - 2;) {  // newest first
    evaluated.push_back(Json{{"timestamp", reason_time(points[i].first)},
                             {"sampleCount", metric->points["SampleCount"][i].second},
                             {"value", points[i].second}});
  }
  alarm.state_reason_data = dump(Json{{"version", "1.0"},
                                      {"queryDate", reason_time(raised)},
                                      {"startDate", reason_time(points[at - 2].first)},
                                      {"statistic", "Average"},
                                      {"period", 60},
                                      {"recentDatapoints", std::move(recent)},
                                      {"threshold", 2.0},
                                      {"evaluatedDatapoints", std::move(evaluated)}});
  std::string minute = format_rfc3339(points[at].first);
  alarm.state_reason = fmt::format(
      "Threshold Crossed: 3 datapoints [{:.4f}, {:.4f}, {:.4f}] were greater than the threshold (2.0). The last one is "
      "of "
      "{}.",
      points[at].second, points[at - 1].second, points[at - 2].second, minute);
  alarm.state_updated = raised;
  alarm.history = {
      {raised - std::chrono::hours(52), "OK", "ALARM", R"({"version":"1.0","recentDatapoints":[2.4,2.2,2.9]})"},
      {raised - std::chrono::hours(51), "ALARM", "OK", R"({"version":"1.0","recentDatapoints":[0.03]})"},
      {raised, "OK", "ALARM", alarm.state_reason_data}};
  world.alarms.push_back(alarm);

  AwsWorld::Alarm quiet;
  quiet.name = "catalog-db-cpu";
  quiet.metric_namespace = "AWS/RDS";
  quiet.metric_name = "CPUUtilization";
  quiet.dimensions = {{"DBInstanceIdentifier", "catalog-db"}};
  quiet.threshold = 80;
  quiet.state = "OK";
  quiet.state_reason = "Threshold Crossed: 1 datapoint was not greater than the threshold (80.0).";
  quiet.state_updated = first_time() - std::chrono::hours(300);
  world.alarms.push_back(quiet);
}

}  // namespace fa::test::reference
