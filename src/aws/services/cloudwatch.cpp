#include "aws/services/cloudwatch.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/services/alarm_answer.h"
#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "aws/services/pages.h"
#include "aws/services/request_times.h"

namespace fa::aws::cloudwatch {

const Service kService{.name = "cloudwatch",
                       .shown_name = "CloudWatch",
                       .settings_id = "cloudwatch",
                       .iam_prefix = "cloudwatch",
                       .protocol = Protocol::kJson10,
                       .target_prefix = "GraniteServiceVersion20100801",
                       .api_version = "2010-08-01"};

namespace {

Operation operation(std::string name, std::string about, std::string region, const JsonBody& body) {
  Operation made = json_operation(kService, std::move(name), std::move(about), body);
  made.region = std::move(region);
  return made;
}

std::vector<JsonBody> dimension_bodies(const std::vector<std::pair<std::string, std::string>>& dimensions) {
  std::vector<JsonBody> bodies;
  for (const auto& [name, value] : dimensions) {
    bodies.emplace_back().text("Name", name).text_if_any("Value", value);
  }
  return bodies;
}

std::vector<JsonBody> query_bodies(const std::vector<DataQuery>& queries) {
  std::vector<JsonBody> bodies;
  for (const DataQuery& query : queries) {
    if (!query.expression.empty()) {
      bodies.emplace_back()
          .text("Id", query.id)
          .text("Expression", query.expression)
          .text_if_any("Label", query.label)
          .integer("Period", query.period_seconds)
          .boolean("ReturnData", query.returned);
      continue;
    }
    JsonBody metric;
    metric.text("Namespace", query.metric.metric_namespace).text("MetricName", query.metric.name);
    if (!query.metric.dimensions.empty()) metric.objects("Dimensions", dimension_bodies(query.metric.dimensions));
    JsonBody stat;
    stat.object("Metric", metric).integer("Period", query.period_seconds).text("Stat", query.statistic);
    bodies.emplace_back()
        .text("Id", query.id)
        .object("MetricStat", stat)
        .text_if_any("Label", query.label)
        .boolean("ReturnData", query.returned);
  }
  return bodies;
}

/// `Forbidden: not authorized to ...` of {"Code": ..., "Value": ...}.
void read_messages(JsonValue& value, std::vector<std::string>& out) {
  value.each_item([&](JsonValue& item) {
    std::string code;
    std::string text;
    item.each_field([&](std::string_view key, JsonValue& field) {
      if (key == "Code") field.read(code);
      if (key == "Value") field.read(text);
    });
    out.push_back(text.empty() ? code : fmt::format("{}: {}", code, text));
  });
}

void read_result(JsonValue& result, DataPage& page) {
  std::string id;
  std::string label;
  std::string status;
  std::vector<std::string> messages;
  result.each_field([&](std::string_view key, JsonValue& value) {
    if (key == "Values") page.points += value.count_items();
    if (key == "Id") value.read(id);
    if (key == "Label") value.read(label);
    if (key == "StatusCode") value.read(status);
    if (key == "Messages") read_messages(value, messages);
  });
  if (status == "PartialData") page.partial.emplace_back(id, label);
  if (status == "Complete") page.complete.emplace_back(id, label);
  for (const std::string& message : messages) page.messages.push_back(fmt::format("{}: {}", id, message));
  // PartialData is what every page but a metric's last says; the next page mends it.
  if (messages.empty() && (status == "Forbidden" || status == "InternalError")) {
    page.messages.push_back(fmt::format("{}: {}", id, status));
  }
}

Result<std::string> describe_page(Client& client, const std::string& region, const std::vector<std::string>& names,
                                  const std::string& token, std::vector<MetricAlarm>& alarms, const Context& context) {
  JsonBody body;
  if (!names.empty()) body.texts("AlarmNames", names);
  // Without the types the service leaves composite alarms out.
  body.texts("AlarmTypes", {"MetricAlarm", "CompositeAlarm"})
      .integer("MaxRecords", 100)
      .text_if_any("NextToken", token);
  std::string about = "all alarms";
  if (!names.empty()) about = names.size() == 1 ? "alarm " + names.front() : fmt::format("{} alarms", names.size());
  std::string next;
  const auto raw = call_json(
      client, operation("DescribeAlarms", about, region, body), context, [&](std::string_view key, JsonValue& value) {
        if (key == "MetricAlarms" || key == "CompositeAlarms") {
          const bool composite = key == "CompositeAlarms";
          value.each_item([&](JsonValue& item) { alarms.push_back(read_alarm(item, composite)); });
          return true;
        }
        if (key == "NextToken") value.read(next);
        return key == "NextToken" || key == "LogAlarms";
      });
  if (!raw) return tl::unexpected(raw.error());
  return next;
}

}  // namespace

Result<MetricPage> list_metrics(Client& client, const ListMetrics& request, const Context& context) {
  JsonBody body;
  body.text_if_any("Namespace", request.metric_namespace).text_if_any("MetricName", request.name);
  if (!request.dimensions.empty()) body.objects("Dimensions", dimension_bodies(request.dimensions));
  if (request.recently_active) body.text("RecentlyActive", "PT3H");
  if (request.include_linked_accounts) body.boolean("IncludeLinkedAccounts", true);
  body.text_if_any("NextToken", request.next_token);
  std::string about = request.metric_namespace.empty() ? "all namespaces" : "namespace " + request.metric_namespace;

  MetricPage page;
  const auto raw = call_json(client, operation("ListMetrics", about, request.region, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key == "Metrics") {
                                 value.each_item([&](JsonValue& item) { page.metrics.push_back(read_metric(item)); });
                                 return true;
                               }
                               if (key == "NextToken") value.read(page.next_token);
                               return key == "NextToken" || key == "OwningAccounts";
                             });
  if (!raw) return tl::unexpected(raw.error());
  return page;
}

Result<DataPage> get_metric_data(Client& client, const GetMetricData& request, const Context& context) {
  constexpr std::size_t kMostQueries = 500;  // the API's limit
  if (request.queries.size() > kMostQueries) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("GetMetricData takes at most {} queries a call, not {}: split them", kMostQueries,
                            request.queries.size()));
  }
  JsonBody body;
  body.objects("MetricDataQueries", query_bodies(request.queries));
  body.integer("StartTime", whole_seconds_before(request.range.begin));
  body.integer("EndTime", whole_seconds_after(request.range.end));
  body.text("ScanBy", "TimestampAscending").text_if_any("NextToken", request.next_token);

  DataPage page;
  auto raw = call_json(
      client, operation("GetMetricData", fmt::format("{} metrics", request.queries.size()), request.region, body),
      context, [&](std::string_view key, JsonValue& value) {
        if (key == "MetricDataResults") {
          value.each_item([&](JsonValue& item) { read_result(item, page); });
        } else if (key == "NextToken") {
          value.read(page.next_token);
        } else if (key == "Messages") {
          read_messages(value, page.messages);
        } else {
          return false;
        }
        return true;
      });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

std::string queries_json(const std::vector<DataQuery>& queries) { return json_array(query_bodies(queries)); }

Result<std::vector<MetricAlarm>> describe_alarms(Client& client, const std::string& region,
                                                 const std::vector<std::string>& names, const Context& context) {
  constexpr std::size_t kMostNames = 100;  // the API's limit
  constexpr std::size_t kMostPages = 100;
  std::vector<MetricAlarm> alarms;
  std::size_t begin = 0;
  do {
    const std::size_t end = std::min(names.size(), begin + kMostNames);
    const std::vector<std::string> some(names.begin() + static_cast<std::ptrdiff_t>(begin),
                                        names.begin() + static_cast<std::ptrdiff_t>(end));
    PageGuard guard(kMostPages);
    std::string token;
    while (true) {
      auto next = describe_page(client, region, some, token, alarms, context);
      if (!next) return tl::unexpected(next.error());
      if (next->empty()) break;
      if (const auto why = guard.refuse(*next)) {
        return fail(ErrorCode::kLimit, fmt::format("CloudWatch DescribeAlarms in {}: {}",
                                                   region.empty() ? client.region() : region, *why));
      }
      token = std::move(*next);
    }
    begin = end;
  } while (begin < names.size());
  return alarms;
}

Result<AlarmHistoryPage> describe_alarm_history(Client& client, const std::string& region, const std::string& name,
                                                TimeRange range, const std::string& next_token,
                                                const Context& context) {
  JsonBody body;
  body.text("AlarmName", name).texts("AlarmTypes", {"MetricAlarm", "CompositeAlarm"});
  body.text("HistoryItemType", "StateUpdate");
  body.integer("StartDate", whole_seconds_before(range.begin)).integer("EndDate", whole_seconds_after(range.end));
  body.integer("MaxRecords", 100).text("ScanBy", "TimestampDescending").text_if_any("NextToken", next_token);

  AlarmHistoryPage page;
  const auto raw =
      call_json(client, operation("DescribeAlarmHistory", name.empty() ? "all alarms" : "alarm " + name, region, body),
                context, [&](std::string_view key, JsonValue& value) {
                  if (key == "AlarmHistoryItems") {
                    value.each_item([&](JsonValue& item) { page.items.push_back(read_history_item(item)); });
                    return true;
                  }
                  if (key != "NextToken") return false;
                  value.read(page.next_token);
                  return true;
                });
  if (!raw) return tl::unexpected(raw.error());
  return page;
}

}  // namespace fa::aws::cloudwatch
