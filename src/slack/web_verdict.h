#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "slack/json_members.h"

/// What came of one exchange with Slack, before anything is done about it.
namespace fa::slack {

struct Verdict {
  enum class Kind {
    kDone,       ///< It worked.
    kRefused,    ///< Slack said no; asking again will not help, and nothing was done.
    kThrottled,  ///< Asked too fast; nothing was done.
    kFailed,     ///< No usable answer.
  };
  Kind kind = Kind::kFailed;
  bool may_have_worked = false;  ///< kFailed: the request may have been carried out all the same.
  bool worth_repeating = true;   ///< kFailed
  Nanoseconds pause{0};          ///< kThrottled
  Json answer = {};              ///< kDone
  Error error = {};              ///< Otherwise; `message` begins with a verb: "was refused: ...".
};

/// How the other side answers.
enum class AnswerForm {
  kApi,    ///< Methods of the Web API: a JSON object with `ok`.
  kPlain,  ///< Upload addresses and response_urls: by status; a JSON object with `ok: false` is a refusal too.
};

/// `now`: for a Retry-After that is a date. Messages hold nothing of a request, and of an answer only Slack's own
/// words.
Verdict judge(AnswerForm form, const Result<HttpResponse>& outcome, TimePoint now);

}  // namespace fa::slack
