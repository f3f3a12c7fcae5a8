/// The traces of the reference incident: segments as X-Ray's SDK sends them, summaries and the service graph as the
/// service makes them of these. Segments: X-Ray developer guide, "Segment documents"; the rest: the service model.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/reference_parts.h"

namespace fa::test::reference {
namespace {

constexpr std::string_view kContainer = "AWS::ECS::Container";
constexpr std::string_view kException = "software.amazon.awssdk.core.exception.SdkClientException";

double seconds_of(TimePoint t) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count()) /
         1000;
}

Json service_id(const std::string& name, std::string_view type) {
  return {{"Name", name}, {"Names", Json::array({name})}, {"AccountId", kAccount}, {"Type", type}};
}

std::string url_of(const Request& r) { return "https://shop.example.com" + r.path; }

/// What the request waited for below the service.
struct Below {
  bool there = false;
  std::string name;
  std::string type;
  double seconds = 0;
};
Below below(const Request& r, Dice& dice) {
  if (r.service == Service::kCatalog) return {true, "catalog-db", "Database::SQL", r.seconds * dice.between(0.3, 0.7)};
  if (r.failed_store) return {true, "DynamoDB", "AWS::DynamoDB::Table", std::min(r.seconds, 75.0) - 0.004};
  return {r.seconds > 0.02, "DynamoDB", "AWS::DynamoDB::Table", r.seconds * dice.between(0.3, 0.6)};
}

Json fault_cause(Dice& dice, bool remote) {
  const Json frame = {{"path", "OrderStore.java"}, {"line", 84}, {"label", "com.example.orders.store.OrderStore.find"}};
  return {{"working_directory", "/app"},
          {"exceptions", Json::array({Json{{"id", dice.hex(16)},
                                           {"message", kNoConnection},
                                           {"type", kException},
                                           {"remote", remote},
                                           {"stack", Json::array({frame})}}})}};
}

/// Documents of one trace: the service's segment, and what X-Ray infers of the called one.
std::vector<std::string> segments_of(const Request& r, const Below& call, Dice& dice) {
  const std::string name(name_of(r.service));
  const std::string id = dice.hex(16);
  const double start = seconds_of(r.start);
  Json segment = {
      {"id", id},
      {"name", name},
      {"trace_id", r.trace_id},
      {"start_time", start},
      {"end_time", start + r.seconds},
      {"origin", kContainer},
      {"http",
       {{"request", {{"url", url_of(r)}, {"method", r.method}, {"user_agent", "okhttp/4.12.0"}}},
        {"response", {{"status", r.answered ? r.status : 500}}}}},
      {"aws", {{"account_id", kAccount}, {"ecs", {{"container", fmt::format("ip-10-0-{}-34", r.task + 1)}}}}}};
  if (r.failed_store) segment["fault"] = true;
  if (r.status == 404) segment["error"] = true;
  std::vector<std::string> documents;
  if (call.there) {
    const std::string sub_id = dice.hex(16);
    Json sub = {
        {"id", sub_id}, {"name", call.name}, {"start_time", start + 0.002}, {"end_time", start + 0.002 + call.seconds}};
    Json inferred = {{"id", dice.hex(16)},
                     {"parent_id", sub_id},
                     {"trace_id", r.trace_id},
                     {"name", call.name == "DynamoDB" ? std::string(kTable) : call.name},
                     {"start_time", start + 0.002},
                     {"end_time", start + 0.002 + call.seconds},
                     {"inferred", true},
                     {"origin", call.type}};
    if (call.name == "DynamoDB") {
      sub["namespace"] = "aws";
      sub["aws"] =
          Json{{"operation", r.method == "POST" ? "PutItem" : "GetItem"}, {"table_name", kTable}, {"region", kRegion}};
      if (r.failed_store) {
        sub["aws"]["retries"] = 3;
      } else {
        sub["http"] = Json{{"response", {{"status", 200}, {"content_length", 300 + dice.below(200)}}}};
      }
    } else {
      sub["namespace"] = "remote";
      sub["sql"] = Json{{"database_type", "PostgreSQL"}, {"sanitized_query", "SELECT * FROM items WHERE id = ?"}};
    }
    if (r.failed_store) {
      sub["fault"] = true;
      sub["cause"] = fault_cause(dice, true);
      inferred["fault"] = true;
      segment["cause"] = sub["cause"]["exceptions"][0]["id"];
    }
    segment["subsegments"] = Json::array({std::move(sub)});
    documents.push_back(dump(segment));
    documents.push_back(dump(inferred));
    return documents;
  }
  documents.push_back(dump(segment));
  return documents;
}

Json summary_of(const Request& r, const Below& call) {
  const std::string name(name_of(r.service));
  Json summary = {{"Id", r.trace_id},
                  {"StartTime", seconds_of(r.start)},
                  {"Duration", r.seconds},
                  {"ResponseTime", r.seconds},
                  {"HasFault", r.failed_store},
                  {"HasError", r.status == 404},
                  {"HasThrottle", false},
                  {"IsPartial", false},
                  {"Http",
                   {{"HttpURL", url_of(r)},
                    {"HttpStatus", r.answered ? r.status : 500},
                    {"HttpMethod", r.method},
                    {"UserAgent", "okhttp/4.12.0"},
                    {"ClientIp", "192.0.2.10"}}},
                  {"Annotations", Json::object()},
                  {"Users", Json::array()},
                  {"ServiceIds", Json::array({service_id(name, kContainer)})},
                  {"EntryPoint", service_id(name, kContainer)},
                  {"FaultRootCauses", Json::array()},
                  {"ErrorRootCauses", Json::array()},
                  {"ResponseTimeRootCauses", Json::array()},
                  {"Revision", 1}};
  if (call.there) {
    summary["ServiceIds"].push_back(service_id(call.name == "DynamoDB" ? std::string(kTable) : call.name, call.type));
  }
  const auto cause = [&](Json path) {
    Json service = service_id(name, kContainer);
    service["EntityPath"] = std::move(path);
    service["Inferred"] = false;
    Json one = Json::object();
    one["Services"] = Json::array({std::move(service)});
    one["ClientImpacting"] = true;
    return one;
  };
  if (r.failed_store) {
    const Json exception = {{"Name", kException}, {"Message", kNoConnection}};
    summary["FaultRootCauses"].push_back(
        cause(Json::array({Json{{"Name", name}, {"Exceptions", Json::array()}, {"Remote", false}},
                           Json{{"Name", call.name}, {"Exceptions", Json::array({exception})}, {"Remote", true}}})));
  }
  if (call.there && r.seconds > 1) {
    summary["ResponseTimeRootCauses"].push_back(
        cause(Json::array({Json{{"Name", name}, {"Coverage", 1.0}, {"Remote", false}},
                           Json{{"Name", call.name}, {"Coverage", call.seconds / r.seconds}, {"Remote", true}}})));
  }
  return summary;
}

struct Totals {
  int ok = 0;
  int error = 0;
  int fault = 0;
  double seconds = 0;
  std::map<double, int> histogram;  ///< Rounded response time -> count.

  void add(const Request& r, double took) {
    ++(r.failed_store ? fault : r.status == 404 ? error : ok);
    seconds += took;
    const double step = took < 0.1 ? 0.01 : took < 1 ? 0.1 : 1;
    ++histogram[std::max(step, std::floor(took / step) * step)];
  }
  [[nodiscard]] Json statistics() const {
    return {{"OkCount", ok},
            {"ErrorStatistics", {{"ThrottleCount", 0}, {"OtherCount", error}, {"TotalCount", error}}},
            {"FaultStatistics", {{"OtherCount", fault}, {"TotalCount", fault}}},
            {"TotalCount", ok + error + fault},
            {"TotalResponseTime", seconds}};
  }
  [[nodiscard]] Json times() const {
    Json out = Json::array();
    for (const auto& [value, count] : histogram) out.push_back(Json{{"Value", value}, {"Count", count}});
    return out;
  }
};

Json node(int id, const std::string& name, std::string_view type, bool root, const Totals& totals, Json edges) {
  const TimeRange window = reference_facts().window;
  return {{"ReferenceId", id},
          {"Name", name},
          {"Names", Json::array({name})},
          {"Root", root},
          {"AccountId", kAccount},
          {"Type", type},
          {"State", "active"},
          {"StartTime", seconds_of(window.begin)},
          {"EndTime", seconds_of(window.end)},
          {"Edges", std::move(edges)},
          {"SummaryStatistics", totals.statistics()},
          {"DurationHistogram", totals.times()},
          {"ResponseTimeHistogram", totals.times()}};
}

Json edge(int to, const Totals& totals) {
  const TimeRange window = reference_facts().window;
  return {{"ReferenceId", to},
          {"StartTime", seconds_of(window.begin)},
          {"EndTime", seconds_of(window.end)},
          {"SummaryStatistics", totals.statistics()},
          {"ResponseTimeHistogram", totals.times()},
          {"Aliases", Json::array()}};
}

}  // namespace

void add_traces(AwsWorld& world, const std::vector<Request>& requests) {
  Dice dice(5);
  const TimeRange window = reference_facts().window;
  std::map<Service, Totals> served;
  std::map<Service, Totals> called;
  for (const Request& r : requests) {
    if (!r.sampled || r.end() >= last_time()) continue;
    const Below call = below(r, dice);
    AwsWorld::Trace trace;
    trace.id = r.trace_id;
    trace.start = r.start;
    trace.duration = r.seconds;
    trace.fault = r.failed_store;
    trace.error = r.status == 404;
    trace.summary = dump(summary_of(r, call));
    trace.segments = segments_of(r, call, dice);
    world.traces.push_back(std::move(trace));
    if (!window.contains(r.start)) continue;
    served[r.service].add(r, r.seconds);
    if (call.there) called[r.service].add(r, call.seconds);
  }
  const Totals& orders = served[Service::kOrders];
  const Totals& catalog = served[Service::kCatalog];
  const Totals& table = called[Service::kOrders];
  const Totals& database = called[Service::kCatalog];
  Json graph = Json::array();
  graph.push_back(node(0, "client", "client", true, orders, Json::array({edge(1, orders)})));
  graph.push_back(node(1, "orders-api", kContainer, true, orders, Json::array({edge(3, table)})));
  graph.push_back(node(2, "catalog-api", kContainer, true, catalog, Json::array({edge(4, database)})));
  graph.push_back(node(3, std::string(kTable), "AWS::DynamoDB::Table", false, table, Json::array()));
  graph.push_back(node(4, "catalog-db", "Database::SQL", false, database, Json::array()));
  world.service_graph = dump(graph);
}

}  // namespace fa::test::reference
