#include "aws/services/security_hub.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"

namespace fa::aws::security_hub {

const Service kService{.name = "securityhub",
                       .shown_name = "Security Hub",
                       .settings_id = "securityhub",
                       .iam_prefix = "securityhub",
                       .protocol = Protocol::kRestJson,
                       .target_prefix = "",
                       .api_version = "2018-10-26"};

namespace {

void equals_any(JsonBody& filters, std::string_view field, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<JsonBody> alternatives;
  for (const std::string& value : values) {
    alternatives.emplace_back().text("Value", value).text("Comparison", "EQUALS");
  }
  filters.objects(field, alternatives);
}

JsonBody filters_of(const GetFindings& request) {
  JsonBody filters;
  equals_any(filters, "SeverityLabel", request.severity_labels);
  equals_any(filters, "WorkflowStatus", request.workflow_statuses);
  equals_any(filters, "RecordState", request.record_states);
  equals_any(filters, "ComplianceStatus", request.compliance_statuses);
  if (!request.product_name.empty()) equals_any(filters, "ProductName", {request.product_name});
  if (request.updated) {
    JsonBody range;
    range.text("Start", format_rfc3339(request.updated->begin)).text("End", format_rfc3339(request.updated->end));
    filters.objects("UpdatedAt", {range});
  }
  return filters;
}

}  // namespace

Result<FindingPage> get_findings(Client& client, const GetFindings& request, const Context& context) {
  JsonBody body;
  body.object("Filters", filters_of(request)).text_if_any("NextToken", request.next_token);
  body.integer("MaxResults", std::clamp(request.limit, 1, 100));
  std::string about = request.product_name.empty() ? "findings" : "findings of " + request.product_name;
  for (const std::string& label : request.severity_labels) about += " " + label;
  Operation operation = json_operation(kService, "GetFindings", std::move(about), body);
  operation.path = "/findings";

  FindingPage page;
  auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "Findings") {
      page.findings += value.count_items();
      return true;
    }
    if (key != "NextToken") return false;
    value.read(page.next_token);
    return true;
  });
  if (!raw) return tl::unexpected(raw.error());
  page.raw = std::move(*raw);
  return page;
}

}  // namespace fa::aws::security_hub
