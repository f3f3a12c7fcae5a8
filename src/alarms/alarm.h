#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

/// Notices of alarms, as monitoring systems send them, made into one form.
namespace fa::alarms {

enum class AlarmState { kAlarm, kOk, kInsufficientData, kUnknown };

/// What a notice says. Empty where it does not.
struct AlarmNotice {
  std::string source;  ///< cloudwatch, alertmanager, webhook, chat
  std::string name;
  std::string arn;
  std::string account;
  std::string region;  ///< `us-east-1`, also where the notice spells it `US East (N. Virginia)`.
  AlarmState state = AlarmState::kUnknown;
  std::string reason;       ///< In the system's words.
  std::string description;  ///< As whoever made the alarm wrote it.
  std::string entity;       ///< Service or resource, where a dimension or label names it.
  std::string metric_namespace;
  std::string metric;
  std::string statistic;
  std::map<std::string, std::string> dimensions;
  std::optional<TimePoint> changed_at;  ///< When the state changed.
  std::vector<TimePoint> datapoints;    ///< Of the points that decided, oldest first.
  std::optional<Nanoseconds> period;    ///< Of the metric.
  std::optional<int> evaluation_periods;
  std::optional<TimeRange> window;  ///< To look at, where whoever sent it asks for one.
  std::string link;                 ///< To the system's own page about it.

  /// What makes two notices the same alarm: its ARN, or where it has none source, account, region, name and entity.
  /// Notices that name neither are the same where they say the same.
  [[nodiscard]] std::string key() const;
  /// One line for people: what the form's description begins with. In the notice's own words; empty where it has none.
  [[nodiscard]] std::string summary() const;
};

/// The time to look at: from well before the first point that decided (its period times the evaluation periods, at
/// least `lead`) until `now` or, for an old notice, a while after the change; or what the notice itself asks for. Never
/// empty, never ends after `now`, whole minutes. Points more than a day before the change are not looked at.
[[nodiscard]] TimeRange suggested_window(const AlarmNotice& notice, TimePoint now,
                                         Nanoseconds lead = std::chrono::minutes(15));

// Parsers. kInvalidInput for what is no such notice, kLimit for what is too large, too deep or too wide for one. A
// member that is missing or of the wrong type counts as absent: it costs what it would have said, never the notice.
// All texts come out as valid UTF-8 without control characters (but newlines in descriptions), cut to sane lengths.

/// A CloudWatch alarm's state change, of metric, metric math and composite alarms: the `Message` of its SNS
/// notification, the EventBridge event, or what a Lambda action is given.
[[nodiscard]] Result<AlarmNotice> parse_cloudwatch_alarm(std::string_view json);
/// Prometheus Alertmanager's webhook (version 4; Grafana's is the same as version 1): one notice per alert, in order.
/// Alerts that say nothing are left out. The metric is given where the alert's expression has only one.
[[nodiscard]] Result<std::vector<AlarmNotice>> parse_alertmanager(std::string_view json);
/// Our own generic webhook (docs/formats/webhook.md).
[[nodiscard]] Result<AlarmNotice> parse_webhook(std::string_view json);
/// A message in a channel: Amazon Q Developer in chat applications (formerly AWS Chatbot) as it words CloudWatch
/// alarms, an alarm mail of CloudWatch, or any other text, of which only what is certain is taken: it counts as kOk
/// only when it says so in a way that leaves no other reading, and its first line is its name where it gives no other.
/// `links` may name region and alarm.
[[nodiscard]] AlarmNotice read_chat_alarm(std::string_view plain_text, const std::vector<std::string>& links,
                                          std::optional<TimePoint> posted_at);

}  // namespace fa::alarms
