#include "aws/services/guardduty.h"

#include <fmt/core.h>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "aws/services/request_times.h"
#include "aws/uri.h"

namespace fa::aws::guardduty {

const Service kService{.name = "guardduty",
                       .shown_name = "GuardDuty",
                       .settings_id = "guardduty",
                       .iam_prefix = "guardduty",
                       .protocol = Protocol::kRestJson,
                       .target_prefix = "",
                       .api_version = "2017-11-28"};

namespace {

constexpr int kPageSize = 50;  // the API's most

std::string detector_path(const std::string& detector, std::string_view rest) {
  return "/detector/" + uri_encode(detector) + std::string(rest);
}

JsonBody criteria_of(const ListFindings& request) {
  JsonBody criterion;
  if (request.least_severity > 0) {
    criterion.object("severity", JsonBody().integer("greaterThanOrEqual", request.least_severity));
  }
  if (request.archived) {
    criterion.object("service.archived", JsonBody().texts("equals", {*request.archived ? "true" : "false"}));
  }
  if (request.updated_from) {
    criterion.object("updatedAt", JsonBody().integer("greaterThanOrEqual", milliseconds_from(*request.updated_from)));
  }
  return criterion;
}

/// A page of ids, which its answer has under `ids`.
template <class Page>
Result<Page> id_page(Client& client, const Operation& operation, std::string_view ids, const Context& context) {
  Page page;
  const auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == ids) {
      value.each_item([&](JsonValue& item) { item.read(page.ids.emplace_back()); });
      return true;
    }
    if (key != "nextToken") return false;
    value.read(page.next_token);
    return true;
  });
  if (!raw) return tl::unexpected(raw.error());
  return page;
}

}  // namespace

Result<DetectorPage> list_detectors(Client& client, const std::string& next_token, const Context& context) {
  Operation operation;
  operation.service = &kService;
  operation.name = "ListDetectors";
  operation.method = "GET";
  operation.path = "/detector";
  operation.query = {{"maxResults", std::to_string(kPageSize)}};
  if (!next_token.empty()) operation.query.emplace_back("nextToken", next_token);

  return id_page<DetectorPage>(client, operation, "detectorIds", context);
}

Result<FindingIdPage> list_findings(Client& client, const ListFindings& request, const Context& context) {
  JsonBody body;
  body.object("findingCriteria", JsonBody().object("criterion", criteria_of(request)));
  body.object("sortCriteria", JsonBody().text("attributeName", "updatedAt").text("orderBy", "DESC"));
  body.integer("maxResults", kPageSize).text_if_any("nextToken", request.next_token);
  Operation operation = json_operation(kService, "ListFindings", "detector " + request.detector, body);
  operation.path = detector_path(request.detector, "/findings");

  return id_page<FindingIdPage>(client, operation, "findingIds", context);
}

Result<FindingPage> get_findings(Client& client, const std::string& detector, const std::vector<std::string>& ids,
                                 const Context& context) {
  if (ids.empty() || ids.size() > kMostFindings) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("GuardDuty gives 1 to {} findings a call, not {}", kMostFindings, ids.size()));
  }
  JsonBody body;
  body.texts("findingIds", ids);
  Operation operation =
      json_operation(kService, "GetFindings", fmt::format("{} findings of detector {}", ids.size(), detector), body);
  operation.path = detector_path(detector, "/findings/get");

  FindingPage page;
  auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "findings") page.findings += value.count_items();
    return key == "findings";
  });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

}  // namespace fa::aws::guardduty
