#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alarms/alarm.h"
#include "base/time.h"
#include "chatops/directory.h"
#include "chatops/errands.h"
#include "chatops/job_payloads.h"
#include "chatops/settings.h"
#include "server/log.h"
#include "server/metrics.h"
#include "slack/inbound.h"
#include "slack/web_api.h"
#include "store/job_store.h"

namespace re2 {
class RE2;
}

namespace fa::chatops {

/// What goes back to whoever sent a request.
struct EdgeReply {
  int status = 200;
  std::string body;  ///< JSON object, or empty.
};

/// The quick half of the Slack app: decides what a request asks for, stores it, and answers. Never waits for Slack or
/// an analysis; what must be called at once (a form for a trigger_id) is an errand. Requests must have been verified
/// before. Borrows everything; thread-safe.
class Edge {
 public:
  struct Parts {
    const Settings& settings;
    JobStore& jobs;
    slack::SlackApi& slack;
    Directory& directory;
    Errands& errands;
    const Clock& clock;
    server::Log& log;
    server::Metrics& metrics;
    std::function<void()> on_new_jobs;  ///< Wakes the workers.
  };
  /// Throws nothing; alarm patterns must have been checked (valid RE2).
  explicit Edge(Parts parts);
  ~Edge();

  /// `signature`: of the request, so that it counts once even after a restart; empty over Socket Mode.
  [[nodiscard]] EdgeReply handle(const slack::Inbound& inbound, const std::string& signature);
  /// Alarms that came another way than through Slack. `key` is the same in all retries of the request.
  [[nodiscard]] EdgeReply alarms(const std::vector<alarms::AlarmNotice>& notices, const std::string& key,
                                 const std::string& channel);
  /// Who we are in Slack, once known: our own messages are never alarms.
  void set_identity(const slack::SlackApi::Identity& identity);

 private:
  class Request;
  Parts parts_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
  std::mutex mutex_;
  slack::SlackApi::Identity identity_;
};

}  // namespace fa::chatops
