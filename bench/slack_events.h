#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fa::bench {

/// What an event asks of the server: nothing; a form (a notice of a monitoring app); an analysis or an answer.
enum class EventKind { kIrrelevant, kAlarm, kMention };

struct Workspace {
  std::string team = "T0LOAD";
  std::string channel = "C0LOAD";
  std::string app_id = "A6L22LZNH";  ///< Of the monitoring app; this one is Amazon Q Developer.
};

/// The kind of event number `index` of a run: `mix` has 17 irrelevant ones, 2 alarms and 1 mention in every 20.
[[nodiscard]] EventKind kind_of(std::string_view kinds, std::uint64_t index);

/// The body of an `event_callback`. `run` and `index` make its event_id, which must be unique.
[[nodiscard]] std::string event_body(EventKind kind, const Workspace& workspace, std::string_view run,
                                     std::uint64_t index, std::int64_t unix_seconds);

/// `v0=...` as Slack signs (https://api.slack.com/authentication/verifying-requests-from-slack).
[[nodiscard]] std::string slack_signature(std::string_view secret, std::string_view timestamp, std::string_view body);

}  // namespace fa::bench
