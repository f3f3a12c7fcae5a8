#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "base/wait.h"
#include "net/http.h"
#include "net/retry.h"

namespace fa::slack {

/// A message of ours. JSON members are texts that hold JSON.
struct Message {
  std::string channel;
  std::string thread_ts;  ///< Empty: not in a thread.
  std::string text;       ///< Shown in notifications and by screen readers; mrkdwn, escaped.
  std::string blocks;     ///< JSON array; empty: none.
  /// Goes into `metadata` (event_type `fa2_delivery`, payload {id}), so that find_delivery() finds it again.
  std::string delivery_id;
};

/// Where a message is.
struct Posted {
  std::string channel;
  std::string ts;
};

struct UserInfo {
  std::string id;
  std::string time_zone;  ///< IANA; empty where Slack does not say.
  std::string locale;     ///< `ja-JP`; empty where Slack does not say.
  bool is_bot = false;
};

struct FileUpload {
  std::string channel;
  std::string thread_ts;
  std::string name;  ///< With its ending.
  std::string title;
  std::string bytes;
  std::string comment;        ///< Message that goes with it; may be empty.
  std::string alt_text = {};  ///< What a picture shows, for screen readers; empty for other files.
};

/// What was counted of one method, for metrics.
struct MethodCounts {
  std::uint64_t calls = 0;      ///< Exchanges, retries included.
  std::uint64_t throttled = 0;  ///< 429 answers.
  std::uint64_t failed = 0;     ///< Calls that ended in an error.
};

/// How a call that may have arrived ended: only where `sent` may be true must one look before sending again.
/// Every Error of a posting method whose fate is unknown (connection lost after the request went out, timeout, 5xx) has
/// the reason "MaybeSent".
inline constexpr std::string_view kMaybeSent = "MaybeSent";
/// Slack's word where a file is to be shared of which it has no bytes.
inline constexpr std::string_view kNoSuchFile = "file_not_found";

/// Slack's Web API (https://api.slack.com/web) as far as we use it. Thread-safe; blocks until the context's deadline at
/// the latest. 429 waits for Retry-After, per method, for all callers of that method; methods that may be repeated
/// without harm (reads, views.*, chat.update, uploads of bytes) are retried on 5xx and lost connections,
/// chat.postMessage and files.completeUploadExternal only where they cannot have arrived (no connection, 429). Errors:
/// kDenied (invalid_auth, missing_scope, not_in_channel, channel_not_found, ...: the message says what to do, `reason`
/// is Slack's word), kInvalidInput (invalid_blocks, ...: a bug of ours or text it does not take), kNotFound
/// (message_not_found, expired_trigger_id), kUnavailable, kCancelled. Never the token, never a message's text.
class SlackApi {
 public:
  virtual ~SlackApi() = default;
  virtual Result<Posted> post_message(const Message& message, const Context& context) = 0;
  virtual Result<void> update_message(const Posted& where, const Message& message, const Context& context) = 0;
  virtual Result<void> post_ephemeral(const Message& message, const std::string& user, const Context& context) = 0;
  /// Looks through a thread (or, without `thread_ts`, the channel's newest 200 messages) for our message with that
  /// delivery id; pages to the end. nullopt: it is not there.
  virtual Result<std::optional<Posted>> find_delivery(const std::string& channel, const std::string& thread_ts,
                                                      const std::string& delivery_id, const Context& context) = 0;
  /// Whether a message with that file stands in the thread.
  virtual Result<bool> find_file(const std::string& channel, const std::string& thread_ts, const std::string& file_id,
                                 const Context& context) = 0;
  /// `view`: JSON object. Returns the id of the view.
  virtual Result<std::string> open_view(const std::string& trigger_id, const std::string& view,
                                        const Context& context) = 0;
  virtual Result<void> update_view(const std::string& view_id, const std::string& view, const Context& context) = 0;
  virtual Result<UserInfo> user_info(const std::string& user, const Context& context) = 0;
  virtual Result<std::string> permalink(const Posted& where, const Context& context) = 0;
  /// First half of an upload: files.getUploadURLExternal, then the bytes to that URL. Returns the file's id; nobody
  /// sees the file yet, so this may be repeated.
  virtual Result<std::string> upload_bytes(const FileUpload& file, const Context& context) = 0;
  /// Second half: shares it (files.completeUploadExternal).
  virtual Result<void> share_file(const std::string& file_id, const FileUpload& file, const Context& context) = 0;
  /// Answers by a request's response_url (only https to hooks.slack.com, or the origin of the configured API address,
  /// for tests; anything else is kDenied and not called), without a token: an ephemeral message, or a replacement of
  /// the message that was clicked.
  virtual Result<void> respond(const std::string& response_url, const std::string& text, const std::string& blocks,
                               bool replace_original, const Context& context) = 0;
  /// Who we are: auth.test. `user_id` is what people mention.
  struct Identity {
    std::string team;
    std::string user_id;
    std::string bot_id;
  };
  virtual Result<Identity> identify(const Context& context) = 0;
  /// A WebSocket address for Socket Mode (apps.connections.open, with the app token).
  virtual Result<std::string> open_connection(const Context& context) = 0;
  virtual std::map<std::string, MethodCounts> counts() const = 0;
};

struct WebApiOptions {
  std::string base_url = "https://slack.com/api";
  std::function<Secret()> bot_token;               ///< Asked for each call: tokens are replaced while we run.
  std::function<Secret()> app_token;               ///< For Socket Mode; may be empty.
  Nanoseconds timeout = std::chrono::seconds(30);  ///< Of one exchange.
};

/// Borrows everything it is given.
[[nodiscard]] std::unique_ptr<SlackApi> make_web_api(WebApiOptions options, HttpClient& http, const Clock& clock,
                                                     Sleeper& sleeper, Random& random);

}  // namespace fa::slack
