#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "support/slack/slack_stand_in.h"

/// The people and apps in the workspace, and the platform that tells the app what they do.
namespace fa::test {

/// Something that Slack tells the app, whichever way: as an HTTP request or in a Socket Mode envelope.
struct SlackPayload {
  std::string type;  ///< As envelopes have it: events_api, interactive, slash_commands
  std::string json;
};

/// A message that somebody wrote, with the event that tells of it. Delivering the payload again is Slack's retry: the
/// same event_id.
struct SlackSaid {
  SlackPayload payload;
  std::string event_id;
  std::string ts;
};

/// An alarm as Amazon Q Developer in chat applications (AWS Chatbot) posts it.
struct SlackAlarm {
  std::string name = "orders-5xx";
  std::string state = "ALARM";
  std::string region = "ap-northeast-1";
  std::string account = "123456789012";
  std::string reason =
      "Threshold Crossed: 1 out of the last 1 datapoints [37.0 (14/03/26 08:31:00)] was greater than the threshold "
      "(5.0) (minimum 1 datapoint for OK -> ALARM transition).";
  std::string description = "Orders answers with errors";
  std::string changed_at = "2026-03-14T08:33:12.480+0000";
  std::string app_id = "A6L22LZNH";
};
SlackSaid post_alarm(SlackStandIn& slack, const std::string& channel, const SlackAlarm& alarm = {});
/// A message of some app with a plain text.
SlackSaid post_app_message(SlackStandIn& slack, const std::string& channel, const std::string& app_id,
                           const std::string& text);

/// Values that somebody types into a form, by `block_id/action_id`; Unix seconds for datetimepickers. Inputs that are
/// not named keep their initial values; an empty value empties the input.
using SlackTyped = std::map<std::string, std::string>;

/// A person of the workspace. What they do is added to the conversation where others see it.
class SlackPerson {
 public:
  SlackPerson(SlackStandIn& slack, std::string user) : slack_(slack), user_(std::move(user)) {}

  SlackSaid says(const std::string& channel, const std::string& text, const std::string& thread_ts = {});
  /// `<@app> text`: the app_mention event. (Slack sends the message event as well; see `says`.)
  SlackSaid mentions_app(const std::string& channel, const std::string& text, const std::string& thread_ts = {});
  SlackPayload runs_command(const std::string& channel, const std::string& command, const std::string& text = {});
  SlackPayload uses_shortcut(const std::string& callback_id, const std::string& channel, const std::string& ts);
  /// Uses a button of a message; all of the message's inputs come with it. Throws std::runtime_error where the message
  /// has no button with that action_id.
  SlackPayload clicks(const std::string& channel, const std::string& ts, const std::string& action_id,
                      const SlackTyped& typed = {});
  /// The same where the button may be gone by now, since the app changed the message; nullopt then.
  std::optional<SlackPayload> clicks_if_there(const std::string& channel, const std::string& ts,
                                              const std::string& action_id, const SlackTyped& typed = {});
  /// The same in an opened modal.
  SlackPayload clicks_in_view(const std::string& view_id, const std::string& action_id, const SlackTyped& typed = {});
  SlackPayload submits(const std::string& view_id, const SlackTyped& typed = {});

 private:
  SlackStandIn& slack_;
  std::string user_;
};

/// An HTTP request of Slack's before it is signed.
struct SlackRequest {
  std::string content_type;
  std::string body;
};
[[nodiscard]] SlackRequest http_request_of(const SlackPayload& payload);
[[nodiscard]] SlackRequest url_verification_request(const std::string& challenge);
[[nodiscard]] SlackRequest ssl_check_request();

struct SlackSendOptions {
  int retry_number = 0;  ///< Above 0: a retry, which says so.
  std::string retry_reason = "http_timeout";
  std::string secret = {};            ///< Instead of the workspace's.
  std::chrono::seconds clock_off{0};  ///< Added to the time that is signed.
  std::chrono::milliseconds patience = std::chrono::seconds(30);
};
/// Signed headers, Content-Type included. `now`: Unix seconds.
[[nodiscard]] HttpHeaders slack_headers(const SlackRequest& request, std::string_view secret, std::int64_t now,
                                        const SlackSendOptions& options = {});

struct SlackReply {
  int status = 0;  ///< 0: no answer; `problem` says why.
  std::string body;
  std::string problem;
  std::chrono::nanoseconds took{0};
};
/// Signs by the workspace's secret and clock and POSTs to `url` (http to a numeric address). Thread-safe.
SlackReply send_to_app(const SlackStandIn& slack, const std::string& url, const SlackRequest& request,
                       const SlackSendOptions& options = {});
SlackReply send_to_app(const SlackStandIn& slack, const std::string& url, const SlackPayload& payload,
                       const SlackSendOptions& options = {});

}  // namespace fa::test
