/// Amazon GuardDuty (REST-JSON): detectors and findings. Shapes: service model guardduty 2017-11-28.
#include <algorithm>

#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

constexpr std::string_view kDetectorPath = "/detector/";

/// The part of `/detector/{id}/rest` between the slashes.
std::string detector_id(std::string_view path) {
  path.remove_prefix(kDetectorPath.size());
  return wire::percent_decode(path.substr(0, path.find('/')), false);
}

bool meets_condition(const Json& finding, const std::string& field, const Json& condition) {
  const Json* service = member(finding, "service");
  if (const auto least = integer_member(condition, "greaterThanOrEqual")) {
    if (field == "severity") return number_member(finding, "severity").value_or(0) >= static_cast<double>(*least);
    if (field == "updatedAt") {
      const auto at = parse_rfc3339(text_or_empty(finding, "updatedAt"));
      return at && wire::to_millis(*at) >= *least;
    }
  }
  if (field == "service.archived") {
    const bool archived = service != nullptr && flag_member(*service, "archived");
    const auto wanted = texts_member(condition, "equals");
    return std::find(wanted.begin(), wanted.end(), archived ? "true" : "false") != wanted.end();
  }
  return false;
}

class GuardDuty final : public PlayedService {
 public:
  explicit GuardDuty(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    const bool post = call.request->method == "POST";
    if (!post) return call.path == "/detector" ? "ListDetectors" : std::string();
    if (!call.path.starts_with(kDetectorPath)) return {};
    if (call.path.ends_with("/findings/get")) return "GetFindings";
    return call.path.ends_with("/findings") ? "ListFindings" : std::string();
  }

  Outcome answer(const Call& call) override {
    if (call.operation == "ListDetectors") return detectors(call);
    if (call.operation.empty()) return wire::refuse("BadRequestException", "", 404);
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return bad("The request is rejected because the body is no JSON object.");
    for (const AwsWorld::Detector& detector : call.world->detectors) {
      if (detector.id != detector_id(call.path) || detector.region != call.region) continue;
      return call.operation == "ListFindings" ? list(call, request, detector) : get(call, request, detector);
    }
    return bad("The request is rejected because the input detectorId is not owned by the current account.");
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call& call) const override {
    if (call.operation == "ListDetectors") return R"({"detectorIds":[],"nextToken":""})";
    return call.operation == "ListFindings" ? R"({"findingIds":[],"nextToken":""})" : R"({"findings":[]})";
  }

 private:
  static Outcome bad(std::string words) { return wire::refuse("BadRequestException", std::move(words)); }

  /// A page of ids, with the empty token that GuardDuty gives at the end.
  Outcome page(const Call& call, const char* name, const std::vector<std::string>& ids, const std::string& kind,
               const std::optional<std::string>& token) const {
    const auto from = token && !token->empty() ? wire::read_index_token(kind, *token) : std::optional<std::size_t>(0);
    if (!from) return bad("The request is rejected because the nextToken is invalid.");
    const std::size_t to = std::min(ids.size(), *from + settings_.page_size);
    Json list = Json::array();
    for (std::size_t i = *from; i < to; ++i) list.push_back(ids[i]);
    Json body = Json::object();
    body[name] = std::move(list);
    body["nextToken"] = to < ids.size() ? wire::make_token(kind, std::to_string(to)) : std::string();
    return wire::json_response(call, dump(body));
  }

  Outcome detectors(const Call& call) const {
    std::vector<std::string> ids;
    for (const AwsWorld::Detector& detector : call.world->detectors) {
      if (detector.region == call.region) ids.push_back(detector.id);
    }
    return page(call, "detectorIds", ids, "detectors", call.parameter("nextToken"));
  }

  Outcome list(const Call& call, const Json& request, const AwsWorld::Detector& detector) const {
    const Json* criteria = member(request, "findingCriteria");
    const Json* criterion = criteria == nullptr ? nullptr : member(*criteria, "criterion");
    std::vector<std::string> ids;
    for (const std::string& text : detector.findings) {
      const Json finding = parse_json(text);
      bool meets = true;
      if (criterion != nullptr && criterion->is_object()) {
        for (const auto& [field, condition] : criterion->items()) {
          meets = meets && meets_condition(finding, field, condition);
        }
      }
      if (meets) ids.push_back(text_or_empty(finding, "id"));
    }
    return page(call, "findingIds", ids, "ids|" + detector.id, text_member(request, "nextToken"));
  }

  static Outcome get(const Call& call, const Json& request, const AwsWorld::Detector& detector) {
    const auto ids = texts_member(request, "findingIds");
    if (ids.empty() || ids.size() > 50) return bad("The request is rejected because findingIds must hold 1 to 50 ids.");
    Json found = Json::array();
    for (const std::string& text : detector.findings) {
      Json finding = parse_json(text);
      if (std::find(ids.begin(), ids.end(), text_or_empty(finding, "id")) != ids.end()) {
        found.push_back(std::move(finding));
      }
    }
    return wire::json_response(call, dump(Json{{"findings", std::move(found)}}));
  }

  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_guardduty(const AwsStandIn& settings) {
  return std::make_unique<GuardDuty>(settings);
}

}  // namespace fa::test
