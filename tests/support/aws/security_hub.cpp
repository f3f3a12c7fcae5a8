/// AWS Security Hub (REST-JSON), GetFindings alone. Shapes: service model securityhub 2018-10-26.
#include <algorithm>

#include "support/aws/json_fields.h"
#include "support/aws/played_service.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

constexpr std::int64_t kMostResults = 100;

std::string field_of(const Json& finding, const std::string& filter) {
  const auto inside = [&](const char* object, const char* name) {
    const Json* held = member(finding, object);
    return held == nullptr ? std::string() : text_or_empty(*held, name);
  };
  if (filter == "SeverityLabel") return inside("Severity", "Label");
  if (filter == "WorkflowStatus") return inside("Workflow", "Status");
  if (filter == "ComplianceStatus") return inside("Compliance", "Status");
  return text_or_empty(finding, filter.c_str());
}

/// Alternatives of one field; dates lie between Start and End.
bool meets(const Json& finding, const std::string& filter, const Json& alternatives) {
  const std::string value = field_of(finding, filter);
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Json& one) {
    if (const auto start = text_member(one, "Start")) {
      const auto at = parse_rfc3339(value);
      return at && at >= parse_rfc3339(*start) && at <= parse_rfc3339(text_or_empty(one, "End"));
    }
    return text_or_empty(one, "Comparison") == "EQUALS" && text_or_empty(one, "Value") == value;
  });
}

class SecurityHub final : public PlayedService {
 public:
  explicit SecurityHub(const AwsStandIn& settings) : settings_(settings) {}

  [[nodiscard]] std::string operation_of(const Call& call) const override {
    return call.request->method == "POST" && call.path == "/findings" ? "GetFindings" : std::string();
  }

  Outcome answer(const Call& call) override {
    if (call.operation != "GetFindings") return wire::refuse("UnknownOperationException", "", 404);
    if (!call.world->security_findings) {
      return wire::refuse("InvalidAccessException",
                          "Account " + call.world->account + " is not subscribed to AWS Security Hub", 401);
    }
    const Json request = parse_json(call.request->body);
    if (!request.is_object()) return wire::refuse("SerializationException", "The body is no JSON object.");
    const std::int64_t asked = integer_member(request, "MaxResults").value_or(kMostResults);
    if (asked < 1 || asked > kMostResults) return wire::refuse("InvalidInputException", "MaxResults must be 1 to 100");
    Json same = request;
    same.erase("NextToken");
    const std::string kind = "findings|" + dump(same);
    const auto token = text_member(request, "NextToken");
    const auto from = token ? wire::read_index_token(kind, *token) : std::optional<std::size_t>(0);
    if (!from) return wire::refuse("InvalidInputException", "Invalid NextToken");

    const Json* filters = member(request, "Filters");
    Json found = Json::array();
    std::size_t matching = 0;
    const std::size_t to = *from + std::min(static_cast<std::size_t>(asked), settings_.page_size);
    for (const std::string& text : *call.world->security_findings) {
      const Json finding = parse_json(text);
      if (text_or_empty(finding, "Region") != call.region || !passes(finding, filters)) continue;
      if (matching >= *from && matching < to) found.push_back(finding);
      ++matching;
    }
    Json body = {{"Findings", std::move(found)}};
    if (to < matching) body["NextToken"] = wire::make_token(kind, std::to_string(to));
    return wire::json_response(call, dump(body));
  }

  [[nodiscard]] std::optional<std::string> empty_answer(const Call&) const override { return R"({"Findings":[]})"; }

 private:
  static bool passes(const Json& finding, const Json* filters) {
    if (filters == nullptr || !filters->is_object()) return true;
    for (const auto& [name, alternatives] : filters->items()) {
      if (!meets(finding, name, alternatives)) return false;
    }
    return true;
  }

  const AwsStandIn& settings_;
};

}  // namespace

std::unique_ptr<PlayedService> play_security_hub(const AwsStandIn& settings) {
  return std::make_unique<SecurityHub>(settings);
}

}  // namespace fa::test
