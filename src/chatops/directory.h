#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/time.h"
#include "chatops/messages.h"
#include "chatops/settings.h"
#include "slack/web_api.h"

namespace fa::chatops {

/// How people read: from the settings, and from users.info, remembered for an hour (10,000 people at most).
/// Thread-safe.
class Directory {
 public:
  Directory(const Settings& settings, slack::SlackApi& slack, const Clock& clock)
      : settings_(settings), slack_(slack), clock_(clock) {}

  /// Without asking Slack: what is remembered, else what the settings say. Never blocks for long.
  [[nodiscard]] Reader known(const std::string& team, const std::string& user);
  /// The same for whom Slack knows, asked where nothing is remembered, for at most `patience`; nullopt where it does
  /// not answer.
  [[nodiscard]] std::optional<Reader> find(const std::string& team, const std::string& user, Nanoseconds patience,
                                           const Context& context);
  /// As find(), else as known().
  [[nodiscard]] Reader ask(const std::string& team, const std::string& user, Nanoseconds patience,
                           const Context& context);

 private:
  struct Remembered {
    std::string time_zone;
    std::string locale;
    TimePoint when = kNoTime;
  };
  [[nodiscard]] Reader reader_of(const std::string& team, const std::string& user, const Remembered& r) const;

  const Settings& settings_;
  slack::SlackApi& slack_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Remembered> people_;
};

}  // namespace fa::chatops
