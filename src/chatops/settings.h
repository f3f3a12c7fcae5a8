#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/report.h"

namespace fa::chatops {

/// How the Slack app behaves; docs/ops/slack.md has the keys.
struct Settings {
  // Who may ask. An empty list allows everybody.
  std::set<std::string> teams;
  std::set<std::string> channels;
  std::set<std::string> users;

  Language language = Language::kEnglish;     ///< Where nothing else says.
  std::map<std::string, Language> languages;  ///< By user, or by team.
  bool follow_locale = true;                  ///< A user's own locale wins over the team's language.
  std::string time_zone = "UTC";              ///< Where users.info says none.

  std::string command = "/fa2";
  std::string insight_command = "/insight";             ///< Empty: there is none.
  std::string findings_command = "/findings-report";    ///< Likewise.
  std::vector<std::string> alarm_apps = {"A6L22LZNH"};  ///< Apps whose messages are alarms: Amazon Q Developer.
  std::vector<std::string> alarm_patterns;              ///< RE2; messages of anybody that match are alarms, too.
  bool start_at_once = false;                           ///< Analyse an alarm without waiting for the form.
  Nanoseconds join_window = std::chrono::minutes(30);   ///< An alarm that comes again within it joins the first.

  std::string alarm_channel;                          ///< Where alarms of SNS and webhooks go.
  std::map<std::string, std::string> topic_channels;  ///< By SNS topic, instead of it.
  std::vector<std::string> sns_topics;                ///< Allowed ones.

  int max_attempts = 3;          ///< Of an analysis that fails or is interrupted.
  std::size_t max_queued = 200;  ///< Analyses that wait; more are refused, and told so.
  Nanoseconds longest_window = std::chrono::hours(24 * 7);
};

}  // namespace fa::chatops
