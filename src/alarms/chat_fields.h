#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alarms/alarm.h"

/// Texts of alarms as people see them, taken apart by what their sender always writes the same.
namespace fa::alarms {

/// Lines without what only forms them (`*`, `_`, list marks at their beginning), empty ones left out.
[[nodiscard]] std::vector<std::string> bare_lines(std::string_view text);

/// What Amazon Q Developer (AWS Chatbot) has as a title: `CloudWatch Alarm | orders-5xx | ap-northeast-1 | Account:
/// 123456789012`. Parts that are not there are empty.
struct ChatTitle {
  std::string name;
  std::string region;
  std::string account;
};
[[nodiscard]] std::optional<ChatTitle> chatbot_title(std::string_view line);

/// What CloudWatch has as a mail's subject (`ALARM: "orders-5xx" in Asia Pacific (Tokyo)`) and as its first sentence
/// (`... your Amazon CloudWatch Alarm "orders-5xx" in the Asia Pacific (Tokyo) region has entered the ALARM state`).
struct MailHead {
  std::string name;
  std::string region;
  AlarmState state = AlarmState::kUnknown;
};
[[nodiscard]] std::optional<MailHead> mail_subject(std::string_view line);
[[nodiscard]] std::optional<MailHead> mail_sentence(std::string_view collapsed_text);

/// `State: ALARM` and the like, as mails, Chatbot and scripts that forward alarms write them; by one name each: name,
/// description, state, change, reason, time, account, region, arn, namespace, metric, statistic, period, dimensions,
/// periods. The first of each counts.
[[nodiscard]] std::map<std::string, std::string, std::less<>> chat_fields(const std::vector<std::string>& lines);

/// `[LoadBalancer = app/orders/1] [TargetGroup = x]` or `service:orders,env:prod`, by the sign between name and value.
[[nodiscard]] std::map<std::string, std::string> named_values(std::string_view text, char between);

/// What other systems have before a title: `[FIRING:1]`, `[Triggered on {service:orders}]`, `[OK]`, `Recovered:`.
struct TitleMark {
  AlarmState state = AlarmState::kUnknown;
  std::string title;                        ///< What follows the marks.
  std::map<std::string, std::string> tags;  ///< In braces.
};
[[nodiscard]] std::optional<TitleMark> title_mark(std::string_view line);

}  // namespace fa::alarms
