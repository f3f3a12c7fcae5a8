#include "aws/services/logs.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "aws/services/request_times.h"

namespace fa::aws::logs {

const Service kService{.name = "logs",
                       .shown_name = "CloudWatch Logs",
                       .settings_id = "cloudwatch_logs",
                       .iam_prefix = "logs",
                       .protocol = Protocol::kJson11,
                       .target_prefix = "Logs_20140328",
                       .api_version = "2014-03-28"};

namespace {

Operation operation(std::string name, std::string about, const JsonBody& body) {
  return json_operation(kService, std::move(name), std::move(about), body);
}

bool is_arn(const std::string& group) { return group.starts_with("arn:"); }

/// Answers and the console write ARNs with `:*` behind, which requests must not have.
std::string plain_arn(std::string arn) {
  if (arn.ends_with(":*")) arn.resize(arn.size() - 2);
  return arn;
}

QueryStatus status_of(const std::string& name) {
  if (name == "Scheduled") return QueryStatus::kScheduled;
  if (name == "Running") return QueryStatus::kRunning;
  if (name == "Complete") return QueryStatus::kComplete;
  if (name == "Failed") return QueryStatus::kFailed;
  if (name == "Cancelled") return QueryStatus::kCancelled;
  if (name == "Timeout") return QueryStatus::kTimeout;
  return QueryStatus::kUnknown;
}

LogGroup read_group(JsonValue& value) {
  LogGroup group;
  std::string plain;
  value.each_field([&](std::string_view key, JsonValue& field) {
    if (key == "logGroupName") {
      field.read(group.name);
    } else if (key == "arn") {
      field.read(group.arn);
    } else if (key == "logGroupArn") {
      field.read(plain);
    } else if (key == "storedBytes") {
      field.read(group.stored_bytes);
    } else if (key == "creationTime") {
      field.read_milliseconds(group.created);
    } else if (key == "retentionInDays") {
      field.read(group.retention_days);
    } else if (key == "logGroupClass") {
      field.read(group.log_class);
    }
  });
  group.arn = plain.empty() ? plain_arn(std::move(group.arn)) : std::move(plain);
  return group;
}

}  // namespace

Result<LogGroupPage> describe_log_groups(Client& client, const DescribeLogGroups& request, const Context& context) {
  JsonBody body;
  body.text_if_any("logGroupNamePrefix", request.name_prefix).text_if_any("logGroupNamePattern", request.name_pattern);
  if (request.include_linked_accounts) body.boolean("includeLinkedAccounts", true);
  if (!request.account_ids.empty()) body.texts("accountIdentifiers", request.account_ids);
  body.text_if_any("nextToken", request.next_token).integer("limit", std::clamp(request.limit, 1, 50));
  std::string about = "all log groups";
  if (!request.name_prefix.empty()) about = fmt::format("log groups {}*", request.name_prefix);
  if (!request.name_pattern.empty()) about = fmt::format("log groups *{}*", request.name_pattern);

  LogGroupPage page;
  const auto raw = call_json(client, operation("DescribeLogGroups", about, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key == "logGroups") {
                                 value.each_item([&](JsonValue& item) { page.groups.push_back(read_group(item)); });
                                 return true;
                               }
                               if (key != "nextToken") return false;
                               value.read(page.next_token);
                               return true;
                             });
  if (!raw) return tl::unexpected(raw.error());
  return page;
}

Result<std::map<std::string, std::string>> list_tags(Client& client, const std::string& arn, const Context& context) {
  JsonBody body;
  body.text("resourceArn", plain_arn(arn));
  std::map<std::string, std::string> tags;
  const auto raw = call_json(client, operation("ListTagsForResource", arn, body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key != "tags") return false;
                               value.read(tags);
                               return true;
                             });
  if (!raw) return tl::unexpected(raw.error());
  return tags;
}

Result<EventPage> filter_log_events(Client& client, const FilterLogEvents& request, const Context& context) {
  JsonBody body;
  if (is_arn(request.group)) {
    body.text("logGroupIdentifier", plain_arn(request.group));
  } else {
    body.text("logGroupName", request.group);
  }
  body.integer("startTime", milliseconds_from(request.range.begin));
  body.integer("endTime", std::max<std::int64_t>(0, milliseconds_from(request.range.end) - 1));
  body.text_if_any("filterPattern", request.pattern).text_if_any("nextToken", request.next_token);
  body.integer("limit", std::clamp(request.limit, 1, 10'000));

  EventPage page;
  auto raw = call_json(client, operation("FilterLogEvents", "log group " + request.group, body), context,
                       [&](std::string_view key, JsonValue& value) {
                         if (key == "events") {
                           value.each_item([&](JsonValue& event) {
                             ++page.events;
                             std::optional<TimePoint> time;
                             event.each_field([&](std::string_view name, JsonValue& field) {
                               if (name == "timestamp") field.read_milliseconds(time);
                             });
                             if (!time) return;
                             page.first = page.first ? std::min(*page.first, *time) : *time;
                             page.last = page.last ? std::max(*page.last, *time) : *time;
                           });
                           return true;
                         }
                         if (key == "nextToken") value.read(page.next_token);
                         return key == "nextToken" || key == "searchedLogStreams";
                       });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

Result<std::string> start_query(Client& client, const StartQuery& request, const Context& context) {
  constexpr std::size_t kMostGroups = 50;  // the API's limit of a query
  if (request.groups.size() > kMostGroups) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("A Logs Insights query takes at most {} log groups, not {}: split it", kMostGroups,
                            request.groups.size()));
  }
  JsonBody body;
  if (std::any_of(request.groups.begin(), request.groups.end(), is_arn)) {
    // Identifiers may be names too, so that both kinds go into one query.
    std::vector<std::string> identifiers;
    for (const std::string& group : request.groups) identifiers.push_back(plain_arn(group));
    body.texts("logGroupIdentifiers", identifiers);
  } else if (!request.groups.empty()) {
    body.texts("logGroupNames", request.groups);
  }
  const std::int64_t begin = whole_seconds_before(request.range.begin);
  body.integer("startTime", begin);
  body.integer("endTime", std::max(begin, whole_seconds_after(request.range.end) - 1));
  body.text("queryString", request.query).integer("limit", request.limit);
  std::string about = request.groups.empty() ? "a query" : "log group " + request.groups.front();
  if (request.groups.size() > 1) about += fmt::format(" and {} more", request.groups.size() - 1);

  const Operation asked = operation("StartQuery", about, body);
  std::string id;
  const auto raw = call_json(client, asked, context, [&](std::string_view key, JsonValue& value) {
    if (key != "queryId") return false;
    value.read(id);
    return true;
  });
  if (!raw) return tl::unexpected(raw.error());
  if (id.empty()) return tl::unexpected(not_understood(client, asked, "it names no query"));
  return id;
}

Result<QueryResults> get_query_results(Client& client, const std::string& query_id, const Context& context,
                                       const std::string& next_token) {
  JsonBody body;
  body.text("queryId", query_id).text_if_any("nextToken", next_token);
  const Operation asked = operation("GetQueryResults", "query " + query_id, body);

  QueryResults results;
  std::string status;
  const auto read_statistics = [&](std::string_view key, JsonValue& value) {
    if (key == "recordsMatched") value.read(results.records_matched);
    if (key == "recordsScanned") value.read(results.records_scanned);
    if (key == "bytesScanned") value.read(results.bytes_scanned);
  };
  const auto read_row = [&](JsonValue& row) {
    auto& fields = results.rows.emplace_back();
    row.each_item([&](JsonValue& item) {
      auto& field = fields.emplace_back();  // no structured binding: clang 14 does not let lambdas capture one
      item.each_field([&](std::string_view key, JsonValue& value) {
        if (key == "field") value.read(field.first);
        if (key == "value") value.read(field.second);
      });
    });
  };
  auto raw = call_json(client, asked, context, [&](std::string_view key, JsonValue& value) {
    if (key == "status") {
      value.read(status);
    } else if (key == "results") {
      value.each_item(read_row);
    } else if (key == "statistics") {
      value.each_field(read_statistics);
    } else if (key == "nextToken") {
      value.read(results.next_token);
    } else {
      return false;
    }
    return true;
  });
  if (!raw) return tl::unexpected(raw.error());
  if (status.empty()) return tl::unexpected(not_understood(client, asked, "it gives no status"));
  results.status = status_of(status);
  results.raw = std::move(*raw);
  return results;
}

Result<void> stop_query(Client& client, const std::string& query_id, const Context& context) {
  JsonBody body;
  body.text("queryId", query_id);
  const auto response = client.call(operation("StopQuery", "query " + query_id, body), context);
  if (!response) return tl::unexpected(response.error());
  return {};
}

Result<std::map<std::string, std::string>> get_log_record(Client& client, const std::string& pointer,
                                                          const Context& context) {
  JsonBody body;
  body.text("logRecordPointer", pointer);
  std::map<std::string, std::string> record;
  const auto raw = call_json(client, operation("GetLogRecord", "a record of a query's result", body), context,
                             [&](std::string_view key, JsonValue& value) {
                               if (key != "logRecord") return false;
                               value.read(record);
                               return true;
                             });
  if (!raw) return tl::unexpected(raw.error());
  return record;
}

}  // namespace fa::aws::logs
