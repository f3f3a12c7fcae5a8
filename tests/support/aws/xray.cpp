/// AWS X-Ray (REST-JSON). Shapes: service model xray 2016-04-12.
#include <algorithm>
#include <chrono>
#include <utility>

#include "base/hash.h"
#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"
#include "support/aws/trace_filter.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

constexpr double kMaxRangeSeconds = 6 * 3600;
constexpr std::size_t kMaxTraceIds = 5;

double seconds_of(TimePoint t) { return static_cast<double>(wire::to_millis(t)) / 1000; }

tl::unexpected<wire::Refusal> invalid(std::string message) {
  return wire::refuse("InvalidRequestException", std::move(message));
}

/// The summary given by the test, or one made of the trace's fields.
Json summary_of(const AwsWorld::Trace& trace) {
  Json summary = parse_json(trace.summary);
  if (!summary.is_object()) summary = Json::object();
  const auto put = [&](const char* name, Json value) {
    if (!summary.contains(name)) summary[name] = std::move(value);
  };
  put("Id", trace.id);
  put("StartTime", seconds_of(trace.start));
  put("Duration", trace.duration);
  put("ResponseTime", trace.duration);
  put("HasFault", trace.fault);
  put("HasError", trace.error);
  put("HasThrottle", trace.throttle);
  put("IsPartial", false);
  return summary;
}

TraceFacts facts_of(const Json& summary) {
  TraceFacts facts;
  facts.fault = flag_member(summary, "HasFault");
  facts.error = flag_member(summary, "HasError");
  facts.throttle = flag_member(summary, "HasThrottle");
  facts.partial = flag_member(summary, "IsPartial");
  facts.response_time = number_member(summary, "ResponseTime").value_or(0);
  facts.duration = number_member(summary, "Duration").value_or(0);
  if (const Json* http = member(summary, "Http")) {
    facts.http_status = number_member(*http, "HttpStatus").value_or(0);
    facts.http_url = text_or_empty(*http, "HttpURL");
    facts.http_method = text_or_empty(*http, "HttpMethod");
  }
  if (const Json* ids = member(summary, "ServiceIds"); ids != nullptr && ids->is_array()) {
    for (const Json& id : *ids) facts.services.push_back(text_or_empty(id, "Name"));
  }
  return facts;
}

/// Whether a trace is among a fixed share of all, the same each time it is asked.
bool sampled(const std::string& id, double share) {
  return static_cast<double>(stable_hash(id) >> 11U) / 9007199254740992.0 < share;  // 2^53
}

class XRay final : public PlayedService {
 public:
  explicit XRay(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    if (call.request->method != "POST") return {};
    if (call.path == "/TraceSummaries") return "GetTraceSummaries";
    if (call.path == "/Traces") return "BatchGetTraces";
    return call.path == "/ServiceGraph" ? "GetServiceGraph" : std::string();
  }

  Outcome answer(const Call& call) override {
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "The body is no JSON object.");
    if (call.operation == "BatchGetTraces") return traces(call, request);
    if (call.operation != "GetTraceSummaries" && call.operation != "GetServiceGraph") {
      return wire::refuse("UnknownOperationException", "", 404);
    }
    const auto start = number_member(request, "StartTime");
    const auto end = number_member(request, "EndTime");
    if (!start || !end || *start >= *end) return invalid("StartTime must be before EndTime");
    if (*end - *start > kMaxRangeSeconds) return invalid("Time range cannot be longer than 6 hours");
    return call.operation == "GetServiceGraph" ? graph(call, request, *start, *end)
                                               : summaries(call, request, *start, *end);
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "GetTraceSummaries") return R"({"TraceSummaries":[],"TracesProcessedCount":0})";
    if (call.operation == "BatchGetTraces") return R"({"Traces":[],"UnprocessedTraceIds":[]})";
    if (call.operation == "GetServiceGraph") return R"({"Services":[],"ContainsOldGroupVersions":false})";
    return std::nullopt;
  }

 private:
  /// Where the page begins; nullopt for a token that is none of ours.
  static std::optional<std::size_t> page_start(const Json& request, std::string& kind) {
    Json same = request;
    same.erase("NextToken");
    kind += dump(same);
    const auto token = text_member(request, "NextToken");
    return token ? wire::read_index_token(kind, *token) : std::optional<std::size_t>(0);
  }

  Outcome summaries(const Call& call, const Json& request, double start, double end) const {
    const auto filter = TraceFilter::parse(text_or_empty(request, "FilterExpression"));
    if (!filter) return invalid(filter.error());
    double share = 1;
    if (const Json* strategy = member(request, "SamplingStrategy");
        strategy != nullptr && flag_member(request, "Sampling") && text_or_empty(*strategy, "Name") == "FixedRate") {
      share = number_member(*strategy, "Value").value_or(1);
      if (share < 0 || share > 1) return invalid("SamplingStrategy.Value must be within 0 and 1");
    }
    std::vector<Json> found;
    std::size_t processed = 0;
    if (call.region == call.world->region) {
      for (const AwsWorld::Trace& trace : call.world->traces) {
        const double at = seconds_of(trace.start);
        if (at < start || at >= end || !sampled(trace.id, share)) continue;
        ++processed;
        Json summary = summary_of(trace);
        if (filter->matches(facts_of(summary))) found.push_back(std::move(summary));
      }
    }
    std::string kind = "summaries|";
    const auto from = page_start(request, kind);
    if (!from) return invalid("Invalid NextToken");
    const std::size_t to = std::min(found.size(), *from + settings_.event_page_size);
    Json list = Json::array();
    for (std::size_t i = *from; i < to; ++i) list.push_back(std::move(found[i]));
    Json body = {{"TraceSummaries", std::move(list)},
                 {"ApproximateTime", seconds_of(call.now())},
                 {"TracesProcessedCount", processed}};
    if (to < found.size()) body["NextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  static Outcome traces(const Call& call, const Json& request) {
    const auto ids = texts_member(request, "TraceIds");
    if (ids.empty()) return invalid("TraceIds must not be empty");
    if (ids.size() > kMaxTraceIds) {
      return invalid("Too many trace ids: " + std::to_string(ids.size()) + ", at most 5 are allowed");
    }
    Json list = Json::array();
    for (const std::string& id : ids) {
      if (!id.starts_with("1-") || id.size() != 35) return invalid("Invalid trace id: " + id);
      const auto found = std::find_if(call.world->traces.begin(), call.world->traces.end(),
                                      [&](const AwsWorld::Trace& t) { return t.id == id; });
      if (found == call.world->traces.end() || call.region != call.world->region) continue;  // not told at all
      Json segments = Json::array();
      for (const std::string& document : found->segments) {
        const Json segment = parse_json(document);
        segments.push_back(Json{{"Id", text_or_empty(segment, "id")}, {"Document", document}});
      }
      list.push_back(
          Json{{"Id", id}, {"Duration", found->duration}, {"LimitExceeded", false}, {"Segments", std::move(segments)}});
    }
    return wire::json_response(call, dump(Json{{"Traces", std::move(list)}, {"UnprocessedTraceIds", Json::array()}}));
  }

  Outcome graph(const Call& call, const Json& request, double start, double end) const {
    Json services = call.world->service_graph.empty() || call.region != call.world->region
                        ? Json::array()
                        : parse_json(call.world->service_graph);
    std::string kind = "graph|";
    const auto from = page_start(request, kind);
    if (!from) return invalid("Invalid NextToken");
    const std::size_t to = std::min(services.size(), *from + settings_.page_size);
    Json list = Json::array();
    for (std::size_t i = *from; i < to; ++i) list.push_back(services[i]);
    Json body = {
        {"StartTime", start}, {"EndTime", end}, {"Services", std::move(list)}, {"ContainsOldGroupVersions", false}};
    if (to < services.size()) body["NextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_xray(const AwsStandIn& settings) { return std::make_unique<XRay>(settings); }

}  // namespace fa::test
