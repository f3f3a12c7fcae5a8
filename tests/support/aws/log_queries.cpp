#include "support/aws/log_queries.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "support/aws/log_groups.h"
#include "support/aws/log_pointer.h"

namespace fa::test {
namespace {

using wire::refuse;

constexpr std::size_t kMaxGroups = 50;

Json statistics(const InsightsAnswer& answer, std::size_t groups, bool complete) {
  const double share = complete ? 1 : 0.5;
  return {{"recordsMatched", static_cast<double>(answer.matched) * share},
          {"recordsScanned", static_cast<double>(answer.scanned) * share},
          {"estimatedRecordsSkipped", 0.0},
          {"bytesScanned", static_cast<double>(answer.bytes) * share},
          {"estimatedBytesSkipped", 0.0},
          {"logGroupsScanned", static_cast<double>(groups)}};
}

}  // namespace

wire::Outcome LogQueries::start(const wire::Call& call, const Json& request) {
  std::vector<std::string> names = texts_member(request, "logGroupNames");
  const std::vector<std::string> identifiers = texts_member(request, "logGroupIdentifiers");
  const auto single = text_member(request, "logGroupName");
  if ((single ? 1 : 0) + (names.empty() ? 0 : 1) + (identifiers.empty() ? 0 : 1) != 1) {
    return refuse("InvalidParameterException",
                  "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be given.");
  }
  if (single) names = {*single};
  names.insert(names.end(), identifiers.begin(), identifiers.end());
  if (names.size() > kMaxGroups) {
    return refuse("InvalidParameterException",
                  "A query may name at most 50 log groups, not " + std::to_string(names.size()) + ".");
  }
  const auto begin = integer_member(request, "startTime");
  const auto end = integer_member(request, "endTime");
  const auto text = text_member(request, "queryString");
  if (!begin || !end || !text) {
    return refuse("InvalidParameterException", "startTime, endTime and queryString are required.");
  }
  // Seconds; milliseconds taken for seconds lie in the year 50000, which the service refuses likewise.
  constexpr std::int64_t kLatest = 9'000'000'000;
  if (*begin > *end || *begin < 0 || *end > kLatest) {
    return refuse("MalformedQueryException",
                  "The end date and time is before the start, or out of range (seconds since 1970 are expected).");
  }
  const std::int64_t limit = integer_member(request, "limit").value_or(1000);
  if (limit < 1 || limit > 100'000) return refuse("InvalidParameterException", "limit must be within 1 and 100000.");

  std::vector<std::pair<std::string, const AwsWorld::LogGroup*>> groups;
  for (const std::string& name : names) {
    const auto found = find_group(call, name);
    if (!found) {
      return refuse("ResourceNotFoundException",
                    "Log group '" + name + "' does not exist for account ID '" + call.world->account + "'");
    }
    groups.emplace_back(found->log_field(), found->group);
  }
  const TimeRange range{TimePoint{std::chrono::seconds(*begin)}, TimePoint{std::chrono::seconds(*end + 1)}};
  Query query;
  query.groups = groups.size();
  const std::size_t rows = std::min(static_cast<std::size_t>(limit), settings_.insights_row_limit);
  query.answer =
      settings_.insights ? settings_.insights(*text, range, rows) : evaluate_insights(*text, groups, range, rows);
  if (!query.answer.error.empty()) return refuse("MalformedQueryException", query.answer.error);
  if (settings_.insights_end) query.end = settings_.insights_end(*text);
  if (query.end.empty()) query.end = "Complete";

  const std::lock_guard lock(mutex_);
  if (running_ >= settings_.concurrent_queries) {
    return refuse("LimitExceededException", "Account maximum query concurrency limit of [" +
                                                std::to_string(settings_.concurrent_queries) + "] reached.");
  }
  // Ids follow the request, not the order of arrival, so that runs with several threads look alike.
  std::string id = wire::uuid_of(call.request->body);
  for (int copy = 2; queries_.contains(id); ++copy) id = wire::uuid_of(call.request->body + std::to_string(copy));
  ++running_;
  queries_.emplace(id, std::move(query));
  return wire::json_response(call, dump(Json{{"queryId", id}}));
}

wire::Outcome LogQueries::results(const wire::Call& call, const Json& request) {
  const std::lock_guard lock(mutex_);
  const auto found = queries_.find(text_or_empty(request, "queryId"));
  if (found == queries_.end()) return refuse("ResourceNotFoundException", "The specified query does not exist.");
  Query& query = found->second;
  ++query.polls;
  const bool done = query.over || (query.polls > settings_.polls_until_done && query.end != "Running");
  if (done && !query.over) {
    query.over = true;
    --running_;
  }
  const std::string status = done ? query.end : query.polls == 1 ? "Scheduled" : "Running";
  std::size_t rows = query.answer.rows.size();
  // A running query shows what it has so far; one that failed may have nothing.
  if (status == "Running" || status == "Timeout" || status == "Cancelled") rows /= 2;
  if (status == "Scheduled" || status == "Failed") rows = 0;
  Json results = Json::array();
  for (std::size_t i = 0; i < rows; ++i) {
    Json row = Json::array();
    for (const auto& [field, value] : query.answer.rows[i]) row.push_back(Json{{"field", field}, {"value", value}});
    results.push_back(std::move(row));
  }
  return wire::json_response(call, dump(Json{{"queryLanguage", "CWLI"},
                                             {"results", std::move(results)},
                                             {"statistics", statistics(query.answer, query.groups, done)},
                                             {"status", status}}));
}

wire::Outcome LogQueries::stop(const wire::Call& call, const Json& request) {
  const std::lock_guard lock(mutex_);
  const auto found = queries_.find(text_or_empty(request, "queryId"));
  if (found == queries_.end()) return refuse("ResourceNotFoundException", "The specified query does not exist.");
  if (found->second.over) {
    return refuse("InvalidParameterException", "Query ID has ended with status: " + found->second.end);
  }
  found->second.over = true;
  found->second.end = "Cancelled";
  --running_;
  return wire::json_response(call, R"({"success":true})");
}

wire::Outcome LogQueries::record(const wire::Call& call, const Json& request) {
  const auto pointer = read_log_pointer(text_or_empty(request, "logRecordPointer"));
  if (!pointer) return refuse("InvalidParameterException", "The log record pointer is invalid.");
  const auto found = find_group(call, pointer->first);
  if (!found || pointer->second >= found->group->events.size()) {
    return refuse("ResourceNotFoundException", "The specified log record does not exist.");
  }
  const AwsWorld::LogEvent& event = found->group->events[pointer->second];
  const std::string millis = std::to_string(wire::to_millis(event.time));
  Json record = {{"@ingestionTime", millis},
                 {"@log", found->log_field()},
                 {"@logStream", event.stream},
                 {"@message", event.message},
                 {"@timestamp", millis}};
  if (const Json fields = parse_json(event.message); fields.is_object()) {
    for (const auto& [name, value] : fields.items()) {
      record[name] = value.is_string() ? value.get<std::string>() : dump(value);
    }
  }
  return wire::json_response(call, dump(Json{{"logRecord", std::move(record)}}));
}

}  // namespace fa::test
