/// CloudWatch Logs (JSON 1.1). Shapes: service model logs 2014-03-28; error texts as recorded from the service.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/log_filter.h"
#include "support/aws/log_groups.h"
#include "support/aws/log_queries.h"
#include "support/aws/played_service.h"

namespace fa::test {

using wire::Call;
using wire::Outcome;
using wire::refuse;

std::vector<VisibleGroup> visible_groups(const Call& call, bool linked_accounts) {
  std::vector<VisibleGroup> groups;
  const auto add = [&](const AwsWorld& world) {
    if (world.region != call.region) return;
    for (const auto& [name, group] : world.log_groups) groups.push_back({&world, name, &group});
  };
  add(*call.world);
  if (linked_accounts) {
    for (const AwsWorld& other : call.world->other_accounts) {
      if (other.linked) add(other);
    }
  }
  return groups;
}

tl::expected<VisibleGroup, wire::Refusal> find_group(const Call& call, std::string_view identifier) {
  std::string account = call.world->account;
  std::string name(identifier);
  if (name.ends_with(":*")) name.resize(name.size() - 2);
  if (constexpr std::string_view kKind = ":log-group:"; name.starts_with("arn:")) {
    const std::size_t kind = name.find(kKind);
    if (kind != std::string::npos && kind >= 12) {
      account = name.substr(kind - 12, 12);
      name = name.substr(kind + kKind.size());
    }
  } else if (name.size() > 13 && name[12] == ':') {
    account = name.substr(0, 12);
    name = name.substr(13);
  }
  for (const VisibleGroup& group : visible_groups(call, true)) {
    if (group.world->account == account && group.name == name) return group;
  }
  return refuse("ResourceNotFoundException", "The specified log group does not exist.");
}

namespace {

constexpr std::size_t kMaxPageBytes = 1'000'000;  ///< FilterLogEvents gives up to 1 MB or 10,000 events.

Outcome limit_refused(std::int64_t limit, const char* most) {
  return refuse("InvalidParameterException",
                "1 validation error detected: Value '" + std::to_string(limit) +
                    "' at 'limit' failed to satisfy constraint: Member must have value less than or equal to " + most);
}

std::uint64_t stored_bytes(const AwsWorld::LogGroup& group) {
  if (group.stored_bytes != 0) return group.stored_bytes;
  std::uint64_t sum = 0;
  for (const auto& event : group.events) sum += event.message.size() + 26;  // as ingestion is counted
  return sum;
}

class Logs final : public PlayedService {
 public:
  explicit Logs(const AwsStandIn& settings) : settings_(settings), queries_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "Logs_20140328");
  }

  Outcome answer(const Call& call) override {
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return refuse("SerializationException", "The body is no JSON object.");
    if (call.operation == "DescribeLogGroups") return describe_groups(call, request);
    if (call.operation == "ListTagsForResource") return tags(call, request);
    if (call.operation == "FilterLogEvents") return filter(call, request);
    if (call.operation == "StartQuery") return queries_.start(call, request);
    if (call.operation == "GetQueryResults") return queries_.results(call, request);
    if (call.operation == "StopQuery") return queries_.stop(call, request);
    if (call.operation == "GetLogRecord") return LogQueries::record(call, request);
    return refuse("UnknownOperationException", "");
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "DescribeLogGroups") return R"({"logGroups":[]})";
    if (call.operation == "ListTagsForResource") return R"({"tags":{}})";
    if (call.operation == "FilterLogEvents") return R"({"events":[],"searchedLogStreams":[]})";
    if (call.operation == "GetLogRecord") return R"({"logRecord":{}})";
    if (call.operation == "GetQueryResults") {
      return R"({"queryLanguage":"CWLI","results":[],"statistics":{"recordsMatched":0.0,"recordsScanned":0.0,)"
             R"("bytesScanned":0.0},"status":"Complete"})";
    }
    return std::nullopt;
  }

 private:
  Outcome describe_groups(const Call& call, const Json& request) const {
    const std::string prefix = text_or_empty(request, "logGroupNamePrefix");
    const std::string pattern = text_or_empty(request, "logGroupNamePattern");
    if (!prefix.empty() && !pattern.empty()) {
      return refuse("InvalidParameterException",
                    "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    const std::int64_t limit = integer_member(request, "limit").value_or(50);
    if (limit < 1 || limit > 50) return limit_refused(limit, "50");
    const auto accounts = texts_member(request, "accountIdentifiers");
    const std::string log_class = text_or_empty(request, "logGroupClass");
    std::vector<VisibleGroup> groups = visible_groups(call, flag_member(request, "includeLinkedAccounts"));
    std::erase_if(groups, [&](const VisibleGroup& g) {
      return !g.name.starts_with(prefix) || g.name.find(pattern) == std::string::npos ||
             (!log_class.empty() && g.group->log_class != log_class) ||
             (!accounts.empty() && std::find(accounts.begin(), accounts.end(), g.world->account) == accounts.end());
    });
    std::size_t from = 0;
    const std::string kind = "log-groups|" + prefix + "|" + pattern;
    if (const auto token = text_member(request, "nextToken")) {
      const auto index = wire::read_index_token(kind, *token);
      if (!index) return refuse("InvalidParameterException", "The specified nextToken is invalid.");
      from = *index;
    }
    const std::size_t to =
        std::min(groups.size(), from + std::min(static_cast<std::size_t>(limit), settings_.page_size));
    Json list = Json::array();
    for (std::size_t i = from; i < to; ++i) {
      const VisibleGroup& g = groups[i];
      list.push_back(Json{{"logGroupName", g.name},
                          {"creationTime", 1'767'225'600'000},
                          {"metricFilterCount", 0},
                          {"arn", g.arn() + ":*"},
                          {"storedBytes", stored_bytes(*g.group)},
                          {"logGroupClass", g.group->log_class},
                          {"logGroupArn", g.arn()}});
    }
    Json body = {{"logGroups", std::move(list)}};
    if (to < groups.size()) body["nextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  static Outcome tags(const Call& call, const Json& request) {
    const std::string arn = text_or_empty(request, "resourceArn");
    if (arn.find('*') != std::string::npos || !arn.starts_with("arn:")) {
      return refuse("InvalidParameterException",
                    "1 validation error detected: Value '" + arn +
                        "' at 'resourceArn' failed to satisfy constraint: Member must satisfy regular expression "
                        "pattern: [\\w+=/:,.@-]*");
    }
    const auto found = find_group(call, arn);
    if (!found) return refuse("ResourceNotFoundException", "The specified resource does not exist.");
    Json list = Json::object();
    for (const auto& [key, value] : found->group->tags) list[key] = value;
    return wire::json_response(call, dump(Json{{"tags", std::move(list)}}));
  }

  Outcome filter(const Call& call, const Json& request) const {
    const auto name = text_member(request, "logGroupName");
    const auto identifier = text_member(request, "logGroupIdentifier");
    if (name.has_value() == identifier.has_value()) {
      return refuse("InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier must be given.");
    }
    const std::int64_t limit = integer_member(request, "limit").value_or(10'000);
    if (limit < 1 || limit > 10'000) return limit_refused(limit, "10000");
    const auto found = find_group(call, name ? *name : *identifier);
    if (!found) return tl::unexpected(found.error());
    if (found->group->log_class != "STANDARD") {
      return refuse("InvalidParameterException",
                    "The operation is not supported for log class " + found->group->log_class + ".");
    }
    const std::string pattern = text_or_empty(request, "filterPattern");
    const auto terms = LogFilter::parse(pattern);
    if (!terms) return refuse("InvalidParameterException", terms.error());
    const std::string stream_prefix = text_or_empty(request, "logStreamNamePrefix");
    const auto streams = texts_member(request, "logStreamNames");
    const std::int64_t from = integer_member(request, "startTime").value_or(0);
    // Both ends are inclusive milliseconds.
    const std::int64_t to = integer_member(request, "endTime").value_or(std::int64_t{1} << 52);

    const auto& events = found->group->events;
    const auto earlier = [](const AwsWorld::LogEvent& e, std::int64_t t) { return wire::to_millis(e.time) < t; };
    auto at = static_cast<std::size_t>(std::lower_bound(events.begin(), events.end(), from, earlier) - events.begin());
    const std::string kind =
        "events|" + found->arn() + "|" + pattern + "|" + std::to_string(from) + "|" + std::to_string(to);
    if (const auto token = text_member(request, "nextToken")) {
      const auto index = wire::read_index_token(kind, *token);
      if (!index) return refuse("InvalidParameterException", "The specified nextToken is invalid.");
      at = *index;
    }
    const std::size_t most = std::min(static_cast<std::size_t>(limit), settings_.event_page_size);
    const bool everything = terms->matches_everything() && streams.empty() && stream_prefix.empty();
    // With a pattern a page covers so many events, whatever matched: empty pages with a token are usual.
    const std::size_t scan_end = everything ? events.size() : at + settings_.filter_scan_size;
    std::string list;
    std::size_t count = 0;
    for (; at < events.size() && at < scan_end && count < most && list.size() < kMaxPageBytes; ++at) {
      const AwsWorld::LogEvent& event = events[at];
      if (wire::to_millis(event.time) > to) break;
      if (!event.stream.starts_with(stream_prefix) || !terms->matches(event.message)) continue;
      if (!streams.empty() && std::find(streams.begin(), streams.end(), event.stream) == streams.end()) continue;
      if (count++ > 0) list += ',';
      append_event(list, event, at);
    }
    const bool more = at < events.size() && wire::to_millis(events[at].time) <= to;
    std::string body = "{\"events\":[" + list + "],\"searchedLogStreams\":[]";
    if (more) body += ",\"nextToken\":\"" + wire::make_token(kind, std::to_string(at)) + "\"";
    return wire::json_response(call, body + "}");
  }

  static void append_event(std::string& out, const AwsWorld::LogEvent& event, std::size_t index) {
    const std::string millis = std::to_string(wire::to_millis(event.time));
    std::string id = std::to_string(index);
    id.insert(0, 43 - std::min<std::size_t>(id.size(), 43), '0');
    out += "{\"logStreamName\":";
    wire::append_json_string(out, event.stream);
    out += ",\"timestamp\":" + millis + ",\"message\":";
    wire::append_json_string(out, event.message);
    out += ",\"ingestionTime\":" + millis + ",\"eventId\":\"" + millis + id + "\"}";
  }

  const AwsStandIn& settings_;
  LogQueries queries_;
};

}  // namespace

std::unique_ptr<PlayedService> play_logs(const AwsStandIn& settings) { return std::make_unique<Logs>(settings); }

}  // namespace fa::test
