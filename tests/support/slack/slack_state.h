#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "support/slack/slack_stand_in.h"
#include "support/slack/slack_wire.h"

namespace fa::test {

/// What the stand-in knows. Not thread-safe: the stand-in holds its lock around every use.
struct SlackState {
  struct Trigger {
    TimePoint made = kNoTime;
    bool used = false;
  };
  struct ResponseUrl {
    std::string channel;
    std::string user;
    std::string message_ts;
    int uses = 0;
  };

  SlackWorld world;
  std::string url;  ///< Of the server.
  std::map<std::string, std::vector<SlackMessage>> conversations;
  std::vector<SlackFile> files;
  std::map<std::string, std::size_t> announced_bytes;  ///< By file id.
  std::vector<SlackEphemeral> ephemerals;
  std::vector<SlackView> views;
  std::vector<SlackResponse> responses;
  std::vector<SlackPing> pings;
  std::vector<std::string> doubled;
  std::map<std::string, Trigger> triggers;
  std::map<std::string, ResponseUrl> response_urls;  ///< By what stands behind `/response/`.
  std::set<std::string> delivery_ids;
  std::set<std::tuple<std::string, std::string, std::string>> shared_titles;  ///< Channel, thread, title.
  std::uint64_t next_id = 1;
  std::int64_t last_second = 0;
  std::uint64_t next_fraction = 100;

  [[nodiscard]] TimePoint now() const;
  std::string new_ts();
  std::string new_id(const std::string& prefix) { return prefix + std::to_string(1000 + next_id++); }

  [[nodiscard]] const SlackChannel* channel(const std::string& id) const;
  [[nodiscard]] const SlackUser* user(const std::string& id) const;
  [[nodiscard]] SlackMessage* message(const std::string& channel, const std::string& ts);
  /// Whether messages may stand in that thread; an empty ts is no thread, which is fine.
  [[nodiscard]] bool has_thread(const std::string& channel, const std::string& ts);
  [[nodiscard]] SlackFile* file(const std::string& id);
  /// Adds it, with a ts where it has none, and counts what is doubled. Returns its ts.
  std::string add(SlackMessage message);
  void note_pings(const std::string& method, const std::string& channel, const Json& arguments);
};

/// What a method gives: members beside `ok`, or Slack's word for why not.
using SlackOutcome = tl::expected<Json, slack_wire::Refusal>;
[[nodiscard]] inline tl::unexpected<slack_wire::Refusal> refuse(std::string word,
                                                                std::vector<std::string> details = {}) {
  return tl::unexpected(slack_wire::Refusal{std::move(word), std::move(details)});
}

struct SlackMethod {
  const char* name;
  bool takes_json;  ///< Else forms only, as Slack's methods that read.
  bool app_token;
  SlackOutcome (*run)(SlackState& state, const Json& arguments);
};
/// The method of that name that needs no more than the state; nullptr: none.
[[nodiscard]] const SlackMethod* find_slack_method(const std::string& name);

// By subject.
SlackOutcome slack_post_message(SlackState& state, const Json& arguments);
SlackOutcome slack_update_message(SlackState& state, const Json& arguments);
SlackOutcome slack_post_ephemeral(SlackState& state, const Json& arguments);
SlackOutcome slack_permalink(SlackState& state, const Json& arguments);
SlackOutcome slack_replies(SlackState& state, const Json& arguments);
SlackOutcome slack_history(SlackState& state, const Json& arguments);
SlackOutcome slack_open_view(SlackState& state, const Json& arguments);
SlackOutcome slack_update_view(SlackState& state, const Json& arguments);
SlackOutcome slack_upload_url(SlackState& state, const Json& arguments);
SlackOutcome slack_complete_upload(SlackState& state, const Json& arguments);
/// The bytes, at the address of the file.
SlackOutcome slack_take_bytes(SlackState& state, const std::string& file_id, const std::string& bytes);
/// A POST to a response_url.
SlackOutcome slack_respond(SlackState& state, const std::string& key, const Json& arguments);
/// Text and blocks of whatever shows something; nullopt where Slack takes them.
[[nodiscard]] std::optional<slack_wire::Refusal> content_refusal(const Json& arguments);

}  // namespace fa::test
