#pragma once

#include "base/result.h"
#include "slack/json_members.h"

namespace fa::slack {

/// What to make of an error word of Slack's.
enum class RefusalKind {
  kFinal,      ///< Refused, and nothing was done.
  kThrottled,  ///< Too fast.
  kUnsure,     ///< Trouble on Slack's side amid the work.
  kNotNow,     ///< Trouble on Slack's side or on the way before any work.
};
struct Refusal {
  RefusalKind kind = RefusalKind::kFinal;
  Error error;  ///< `message` begins with a verb: "was refused: not_in_channel. Invite ...".
};

/// Of an answer with `ok: false`.
Refusal read_refusal(const Json& answer);

}  // namespace fa::slack
