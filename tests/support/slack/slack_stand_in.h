#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace fa::test {

struct SlackUser {
  std::string id;
  std::string name;
  std::string time_zone = "Etc/UTC";
  std::string locale = "en-US";
  bool is_bot = false;
};

struct SlackChannel {
  std::string id;
  std::string name;
  bool app_is_member = true;
};

/// Who and what there is in the workspace that is played.
struct SlackWorld {
  std::string team = "T0TEAM";
  std::string app_user = "U0FA2";  ///< What people mention.
  std::string app_bot = "B0FA2";
  std::string app_id = "A0FA2";
  std::string app_name = "FA2";
  std::string bot_token = "xoxb-stand-in";
  std::string app_token = "xapp-stand-in";
  std::string signing_secret = "signing-secret-of-the-stand-in";
  std::vector<SlackChannel> channels = {{"C0ALARMS", "alarms"},
                                        {"C0OTHER", "other"},
                                        {"C0CLOSED", "closed", false},
                                        {"D0ALICE", "directmessage"}};  ///< Last: alice's with the app.
  std::vector<SlackUser> users = {{"U0ALICE", "alice", "America/New_York", "en-US"},
                                  {"U0KENJI", "kenji", "Asia/Tokyo", "ja-JP"}};
  std::size_t page_size = 100;   ///< Messages a page of a conversation has at most, whatever is asked for.
  const Clock* clock = nullptr;  ///< For the times of messages; borrowed. None: the machine's.
  Nanoseconds trigger_life{0};   ///< By that clock; 0: trigger ids do not grow old.
  int uses_of_response_url = 5;  ///< As Slack allows.
  /// False: a thread may also begin with a message that the stand-in was never told of, as a load generator makes them.
  bool knows_all_messages = true;
};

/// A message of a conversation as it stands now. JSON members are texts that hold JSON.
struct SlackMessage {
  std::string channel;
  std::string ts;         ///< Given by the stand-in where it is empty.
  std::string thread_ts;  ///< Empty for messages that stand in no thread and for those that begin one.
  std::string user;
  std::string bot_id;
  std::string app_id;
  std::string username;
  std::string text;
  std::string blocks;       ///< Array; empty: none.
  std::string attachments;  ///< Array; empty: none.
  std::string metadata;     ///< Object; empty: none.
  std::string delivery_id;  ///< `event_payload.id` of the metadata.
  std::vector<std::string> files;
  int edits = 0;
};

struct SlackShare {
  std::string channel;
  std::string thread_ts;
  std::string ts;  ///< Of the message that shows it.
};

struct SlackFile {
  std::string id;
  std::string name;
  std::string title;
  std::string alt_text;
  std::string bytes;
  bool uploaded = false;
  std::vector<SlackShare> shares;
};

struct SlackEphemeral {
  std::string channel;
  std::string thread_ts;
  std::string user;
  std::string text;
  std::string blocks;
};

struct SlackView {
  std::string id;
  std::string trigger_id;
  std::string view;  ///< JSON object as it stands now.
  int updates = 0;
};

struct SlackResponse {
  std::string url;
  std::string channel;
  std::string user;        ///< Whose click or command it answers.
  std::string message_ts;  ///< Of the message that was clicked; may be empty.
  std::string text;
  std::string blocks;
  bool replace_original = false;
};

/// Something that notifies people or a whole channel.
struct SlackPing {
  std::string method;
  std::string channel;
  std::string whom;         ///< `U0ALICE`, `!channel`, `!here`, `!everyone`, `!subteam^S1`
  bool by_element = false;  ///< By a rich_text element and not by markup in a text.
};

/// A request to the API, an upload address (`upload`) or a response_url (`response_url`).
struct SlackCall {
  std::string method;
  int status = 0;       ///< 0: the connection was cut, or never answered.
  std::string error;    ///< Slack's word; empty: ok.
  bool faulty = false;  ///< It met a fault.
};

struct SlackFault {
  enum class Kind {
    kRateLimited,  ///< 429 with Retry-After.
    kServerError,  ///< 503 with a page.
    kRefused,      ///< 200 with `error`.
    kCut,          ///< The connection ends amid the answer.
    kGarbage,      ///< 200 with something that is no JSON.
    kDelay,        ///< The right answer after `delay`.
    kNever,        ///< No answer.
  };
  std::string method;  ///< As in SlackCall; empty: any.
  Kind kind = Kind::kServerError;
  bool after_effect = false;    ///< What was asked is done all the same. (kDelay always does it.)
  std::uint64_t from_call = 0;  ///< First call of the method (from 1) that it concerns; 0: the next one.
  int times = 1;                ///< -1: for ever.
  int retry_after = 1;          ///< Seconds.
  std::string error = "internal_error";
  std::chrono::milliseconds delay{50};
};

/// Faults by chance: which calls they hit depends on seed, method and number of the call alone.
struct SlackChaos {
  std::uint64_t seed = 1;
  double rate = 0;  ///< Of calls that meet one of the choices.
  std::vector<SlackFault> choices;
};

/// Slack's Web API behind a socket on loopback: checks what Slack checks, keeps what it is told, and counts what must
/// not happen. One app is installed in one workspace. Thread-safe. What it knows outlives the app that is tried on it.
class SlackStandIn {
 public:
  explicit SlackStandIn(SlackWorld world = {});
  ~SlackStandIn();
  SlackStandIn(const SlackStandIn&) = delete;
  SlackStandIn& operator=(const SlackStandIn&) = delete;

  [[nodiscard]] const SlackWorld& world() const;
  [[nodiscard]] std::string url() const;      ///< `http://127.0.0.1:port`
  [[nodiscard]] std::string api_url() const;  ///< What the app takes for `https://slack.com/api`.

  void add_fault(SlackFault fault);
  void set_chaos(SlackChaos chaos);
  void clear_faults();  ///< Chaos too.
  /// Where apps.connections.open gets its addresses from; without one Socket Mode is off.
  void set_connection_urls(std::function<std::string()> source);

  // What happened.
  [[nodiscard]] std::vector<SlackMessage> messages(const std::string& channel) const;  ///< Oldest first.
  /// A thread's first message and its replies.
  [[nodiscard]] std::vector<SlackMessage> thread(const std::string& channel, const std::string& ts) const;
  [[nodiscard]] std::optional<SlackMessage> message(const std::string& channel, const std::string& ts) const;
  /// Of the app itself, in all channels.
  [[nodiscard]] std::vector<SlackMessage> messages_of_app() const;
  [[nodiscard]] std::vector<SlackFile> files() const;
  /// Those that were shared and whose names end like that (`.pdf`).
  [[nodiscard]] std::vector<SlackFile> shared_files(std::string_view ending) const;
  [[nodiscard]] std::vector<SlackEphemeral> ephemerals() const;
  [[nodiscard]] std::vector<SlackView> views() const;
  [[nodiscard]] std::vector<SlackResponse> responses() const;
  [[nodiscard]] std::vector<SlackPing> pings() const;
  [[nodiscard]] std::vector<SlackCall> calls() const;
  [[nodiscard]] std::uint64_t count(const std::string& method) const;  ///< Calls so far.
  /// Messages with a delivery id that was there before, and files with a title that their thread had before.
  [[nodiscard]] std::vector<std::string> doubled() const;
  /// What was refused for what it was (blocks over a limit, missing arguments, unknown ids): method, word, details.
  /// Faults are not among them.
  [[nodiscard]] std::vector<std::string> refusals() const;

  /// Looks at `holds` now and after every change, and every few milliseconds for what changes elsewhere, until it is
  /// true. False when `patience` ended before. `holds` may call all members.
  bool wait_until(const std::function<bool()>& holds,
                  std::chrono::milliseconds patience = std::chrono::seconds(30)) const;
  /// Tells those who wait to look again: something changed elsewhere.
  void notify() const;

  /// The conversation as people read it: authors, texts of blocks, buttons as `[Label]`, files with their sizes,
  /// threads indented below what began them.
  [[nodiscard]] std::string conversation_text(const std::string& channel) const;

  // For those who play people and other apps.
  /// Adds somebody's message; returns its ts.
  std::string add_message(SlackMessage message);
  [[nodiscard]] std::string new_trigger();
  [[nodiscard]] std::string new_response_url(const std::string& channel, const std::string& user,
                                             const std::string& message_ts);
  /// `prefix` and a number that is used once.
  [[nodiscard]] std::string new_id(const std::string& prefix);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa::test
