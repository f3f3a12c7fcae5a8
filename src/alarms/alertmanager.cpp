#include <fmt/core.h>

#include <string>

#include "alarms/alarm.h"
#include "alarms/alarm_entity.h"
#include "alarms/aws_names.h"
#include "alarms/notice_json.h"
#include "alarms/promql_metric.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::string_view kGroup = "The Alertmanager notification";
constexpr std::size_t kMostAlerts = 1000;
constexpr std::size_t kMostLabels = 64;

/// Label sets are objects of strings; a number counts as what it reads.
std::map<std::string, std::string> label_set(const Json& from, JsonPath path) {
  std::map<std::string, std::string> labels;
  for (const auto& [name, value] : object_at(from, path).items()) {
    if (labels.size() >= kMostLabels) break;
    if (!value.is_string() && !value.is_number()) continue;
    std::string text = line_of(value.is_string() ? value.get<std::string>() : json_text(value));
    std::string key = line_of(name);
    if (!key.empty() && !text.empty()) labels.emplace(std::move(key), std::move(text));
  }
  return labels;
}

std::string label_of(const std::map<std::string, std::string>& labels, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto found = labels.find(name); found != labels.end()) return found->second;
  }
  return {};
}

AlarmState state_of_status(std::string_view status) {
  if (status == "firing") return AlarmState::kAlarm;
  if (status == "resolved") return AlarmState::kOk;
  return AlarmState::kUnknown;
}

/// What people wrote about the alert, the short text first.
std::string described(const Json& alert) {
  const auto annotation = [&](const char* first, const char* second) {
    const std::string text = paragraph_at(alert, {"annotations", first});
    return text.empty() ? paragraph_at(alert, {"annotations", second}) : text;
  };
  const std::string summary = annotation("summary", "title");
  const std::string description = annotation("description", "message");
  if (summary.empty() || description.empty() || summary == description) {
    return summary.empty() ? description : summary;
  }
  return paragraph_of(summary + "\n" + description);
}

/// An alert that is not over has the year 1 (or a time to come) as its end.
std::optional<TimePoint> changed_time(const Json& alert, AlarmState state) {
  const auto starts = parse_rfc3339(text_at(alert, {"startsAt"}));
  const auto ends = parse_rfc3339(text_at(alert, {"endsAt"}));
  return state == AlarmState::kOk && ends ? ends : starts;
}

/// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
AlarmNotice read_alert(const Json& group, const Json& alert) {
  AlarmNotice notice;
  notice.source = "alertmanager";
  notice.dimensions = label_set(alert, {"labels"});
  // Labels that all alerts have stand in the group, too.
  notice.dimensions.merge(label_set(group, {"commonLabels"}));
  notice.name = label_of(notice.dimensions, {"alertname"});
  notice.state = state_of_status(text_at(alert, {"status"}));
  if (notice.state == AlarmState::kUnknown) notice.state = state_of_status(text_at(group, {"status"}));
  notice.description = described(alert);
  notice.entity = entity_of_labels(notice.dimensions);
  notice.region = region_of(label_of(notice.dimensions, {"region", "aws_region"}));
  if (std::string account = label_of(notice.dimensions, {"account_id", "aws_account_id"}); is_account(account)) {
    notice.account = account;
  }
  notice.changed_at = changed_time(alert, notice.state);
  notice.link = line_at(alert, {"generatorURL"}, kLongestDescription);
  notice.metric = line_of(only_metric_of(expression_of_graph(notice.link)));
  return notice;
}

bool says_something(const AlarmNotice& notice) {
  return !notice.name.empty() || !notice.entity.empty() || !notice.description.empty();
}

}  // namespace

Result<std::vector<AlarmNotice>> parse_alertmanager(std::string_view json) {
  const auto group = read_notice(json, kGroup);
  if (!group) return tl::unexpected(group.error());
  const std::string version = text_at(*group, {"version"});
  if (!version.empty() && version != "4" && version != "1") {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is of version {}; known are 4 (Alertmanager) and 1 (Grafana).", kGroup,
                            visible(utf8_prefix(version, 20))));
  }
  const Json& alerts = array_at(*group, {"alerts"});
  if (&alerts != member_at(*group, {"alerts"})) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} has no list of alerts.", kGroup));
  }
  if (alerts.size() > kMostAlerts) {
    return fail(ErrorCode::kLimit, fmt::format("{} has more than {} alerts; set max_alerts.", kGroup, kMostAlerts));
  }
  std::vector<AlarmNotice> notices;
  for (const Json& alert : alerts) {
    AlarmNotice notice = read_alert(*group, alert);
    if (alert.is_object() && says_something(notice)) notices.push_back(std::move(notice));
  }
  if (notices.empty() && !alerts.empty()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}: none of its alerts has labels or annotations.", kGroup));
  }
  return notices;
}

}  // namespace fa::alarms
