#include "findings/by_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/shell_quote.h"

namespace fa::findings {
namespace {

Json equals(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const std::string& value : values) list.push_back(Json{{"Value", value}, {"Comparison", "EQUALS"}});
  return list;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

Json security_hub_filters(const Filter& filter) {
  std::vector<std::string> labels;
  for (std::size_t s = kSeverityCount; s-- > static_cast<std::size_t>(filter.least);) {
    labels.push_back(upper(severity_name(static_cast<Severity>(s))));
  }
  Json filters = {{"SeverityLabel", equals(labels)}};
  if (!filter.workflows.empty()) filters["WorkflowStatus"] = equals(filter.workflows);
  if (!filter.archived) filters["RecordState"] = equals({"ACTIVE"});
  if (filter.days) filters["UpdatedAt"] = Json::array({{{"DateRange", {{"Value", *filter.days}, {"Unit", "DAYS"}}}}});
  return filters;
}

Json guardduty_criteria(const Filter& filter, TimePoint now) {
  constexpr int kLeast[kSeverityCount] = {0, 1, 4, 7, 9};
  const auto from = now - std::chrono::hours(24) * filter.days.value_or(kGuardDutyDays);
  Json criterion = {{"severity", {{"GreaterThanOrEqual", kLeast[static_cast<std::size_t>(filter.least)]}}}};
  if (!filter.archived) criterion["service.archived"] = {{"Equals", {"false"}}};
  criterion["updatedAt"] = {
      {"GreaterThanOrEqual", std::chrono::duration_cast<std::chrono::milliseconds>(from.time_since_epoch()).count()}};
  return {{"Criterion", criterion}};
}

}  // namespace

std::string commands_by_hand(const FindingsReport& report) {
  std::string out;
  if (!report.live) {
    for (const std::string& file : report.files) {
      out += fmt::format("jq -c '.. | objects | select((.Id // .Arn // .arn) and (.Title // .title))' {}\n",
                         shell_word(file));
    }
    return out;
  }
  for (const std::string& region : report.asked_regions) {
    const std::string where = shell_word(region);
    out += fmt::format("aws securityhub get-findings --region {} --filters {}\n", where,
                       shell_quoted(json_text(security_hub_filters(report.filter))));
    out += fmt::format("DETECTOR=$(aws guardduty list-detectors --region {} --query 'DetectorIds[0]' --output text)\n",
                       where);
    out += fmt::format(
        "aws guardduty list-findings --region {} --detector-id \"$DETECTOR\" --finding-criteria {} "
        "--query FindingIds --output text | xargs -n 50 aws guardduty get-findings --region {} --detector-id "
        "\"$DETECTOR\" --finding-ids\n",
        where, shell_quoted(json_text(guardduty_criteria(report.filter, report.now))), where);
  }
  return out;
}

}  // namespace fa::findings
