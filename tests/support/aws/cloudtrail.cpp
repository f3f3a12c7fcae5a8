/// CloudTrail event history (JSON 1.1). Shapes: service model cloudtrail 2013-11-01.
#include <algorithm>
#include <chrono>
#include <utility>

#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

struct Event {
  TimePoint time = kNoTime;
  Json said;           ///< The answer's form of it.
  std::string region;  ///< awsRegion
};

std::string user_of(const Json& event) {
  const Json* identity = member(event, "userIdentity");
  if (identity == nullptr) return {};
  if (const auto name = text_member(*identity, "userName")) return *name;
  const std::string arn = text_or_empty(*identity, "arn");
  return arn.substr(arn.rfind('/') + 1);
}

Event read_event(const std::string& text) {
  const Json json = parse_json(text);
  Event event;
  event.time = parse_rfc3339(text_or_empty(json, "eventTime")).value_or(kNoTime);
  event.region = text_or_empty(json, "awsRegion");
  event.said = {{"EventId", text_or_empty(json, "eventID")},
                {"EventName", text_or_empty(json, "eventName")},
                {"ReadOnly", flag_member(json, "readOnly") ? "true" : "false"},
                {"EventTime", static_cast<double>(wire::to_millis(event.time)) / 1000},
                {"EventSource", text_or_empty(json, "eventSource")},
                {"Username", user_of(json)},
                {"Resources", Json::array()},
                {"CloudTrailEvent", text}};
  if (const Json* identity = member(json, "userIdentity")) {
    if (const auto key = text_member(*identity, "accessKeyId")) event.said["AccessKeyId"] = *key;
  }
  if (const Json* resources = member(json, "resources"); resources != nullptr && resources->is_array()) {
    for (const Json& r : *resources) {
      event.said["Resources"].push_back(
          Json{{"ResourceType", text_or_empty(r, "type")}, {"ResourceName", text_or_empty(r, "ARN")}});
    }
  }
  return event;
}

bool fits(const Json& said, const std::string& key, const std::string& value) {
  if (key == "ResourceName" || key == "ResourceType") {
    const Json& resources = said["Resources"];
    return std::any_of(resources.begin(), resources.end(),
                       [&](const Json& r) { return text_or_empty(r, key.c_str()) == value; });
  }
  return text_or_empty(said, key.c_str()) == value;
}

class CloudTrail final : public PlayedService {
 public:
  explicit CloudTrail(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return target_operation(call, "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101");
  }

  Outcome answer(const Call& call) override {
    if (call.operation != "LookupEvents") return wire::refuse("UnknownOperationException", "");
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "The body is no JSON object.");
    const auto start = number_member(request, "StartTime");
    const auto end = number_member(request, "EndTime");
    if (start && end && *start > *end) {
      return wire::refuse("InvalidTimeRangeException", "The start time must be before the end time.");
    }
    const std::int64_t most = integer_member(request, "MaxResults").value_or(50);
    if (most < 1 || most > 50) {
      return wire::refuse("InvalidMaxResultsException", "MaxResults must be within 1 and 50.");
    }
    std::string key;
    std::string value;
    if (const Json* attributes = member(request, "LookupAttributes"); attributes != nullptr && !attributes->empty()) {
      if (attributes->size() > 1) {
        return wire::refuse("InvalidLookupAttributesException", "Only one lookup attribute can be specified.");
      }
      key = text_or_empty(attributes->front(), "AttributeKey");
      value = text_or_empty(attributes->front(), "AttributeValue");
      constexpr std::string_view kKeys[] = {"EventId",      "EventName",    "ReadOnly",    "Username",
                                            "ResourceType", "ResourceName", "EventSource", "AccessKeyId"};
      if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
        return wire::refuse("InvalidLookupAttributesException", "Unknown lookup attribute " + key + ".");
      }
    }

    std::vector<Event> events;
    for (const std::string& text : call.world->management_events) {
      Event event = read_event(text);
      const double at = static_cast<double>(wire::to_millis(event.time)) / 1000;
      if (event.region != call.region || (start && at < *start) || (end && at > *end)) continue;
      if (!key.empty() && !fits(event.said, key, value)) continue;
      events.push_back(std::move(event));
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time > b.time; });

    Json same = request;
    same.erase("NextToken");
    const std::string kind = "events|" + dump(same);
    std::size_t from = 0;
    if (const auto token = text_member(request, "NextToken")) {
      const auto index = wire::read_index_token(kind, *token);
      if (!index) return wire::refuse("InvalidNextTokenException", "The next token is invalid.");
      from = *index;
    }
    const std::size_t to =
        std::min(events.size(), from + std::min(static_cast<std::size_t>(most), settings_.lookup_page_size));
    Json list = Json::array();
    for (std::size_t i = from; i < to; ++i) list.push_back(std::move(events[i].said));
    Json body = {{"Events", std::move(list)}};
    if (to < events.size()) body["NextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    return call.operation == "LookupEvents" ? std::optional<std::string>(R"({"Events":[]})") : std::nullopt;
  }

 private:
  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_cloudtrail(const AwsStandIn& settings) {
  return std::make_unique<CloudTrail>(settings);
}

}  // namespace fa::test
