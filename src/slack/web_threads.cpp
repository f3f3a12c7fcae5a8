#include <functional>
#include <set>

#include "slack/json_members.h"
#include "slack/web_call.h"
#include "slack/web_parts.h"

namespace fa::slack {
namespace {

constexpr std::size_t kMostPages = 1000;
/// Of a channel's messages, for what stands in no thread.
constexpr std::size_t kNewestMessages = 200;

struct Conversation {
  const std::string& channel;
  const std::string& thread_ts;
};

WebCall page_call(const Conversation& where, const std::string& cursor) {
  FormFields arguments{{"channel", where.channel}, {"limit", "200"}, {"include_all_metadata", "true"}};
  if (!where.thread_ts.empty()) arguments.emplace_back("ts", where.thread_ts);
  if (!cursor.empty()) arguments.emplace_back("cursor", cursor);
  return form_call(where.thread_ts.empty() ? "conversations.history" : "conversations.replies", arguments);
}

Error endless(std::string_view why) {
  return {ErrorCode::kUnavailable, std::string("Slack's pages of a conversation do not end: ").append(why) + ".",
          "BadAnswer"};
}

/// Shows messages to `is_it` until it says yes; false when there are no more. What cannot be read to the end is an
/// error: a message that was not seen may still be there.
Result<bool> any_message(WebCaller& caller, const Conversation& where, const std::function<bool(const Json&)>& is_it,
                         const Context& context) {
  std::set<std::string> cursors;
  std::string cursor;
  std::size_t seen = 0;
  for (std::size_t page = 0; page < kMostPages; ++page) {
    const WebCall call = page_call(where, cursor);
    const auto answer = caller.call(call, context);
    if (!answer) {
      // Without its first message a thread has no other ones.
      if (answer.error().reason == "thread_not_found") return false;
      return tl::unexpected(answer.error());
    }
    const Json* messages = member_at(*answer, {"messages"});
    if (messages == nullptr || !messages->is_array()) return tl::unexpected(caller.incomplete(call));
    for (const Json& message : *messages) {
      if (is_it(message)) return true;
    }
    seen += messages->size();
    cursor = text_at(*answer, {"response_metadata", "next_cursor"});
    if (cursor.empty() || (where.thread_ts.empty() && seen >= kNewestMessages)) return false;
    if (!cursors.insert(cursor).second) return tl::unexpected(endless("one of them leads back to an earlier one"));
  }
  return tl::unexpected(endless("there are more than 1,000"));
}

}  // namespace

Result<std::optional<Posted>> find_delivery_in(WebCaller& caller, const std::string& channel,
                                               const std::string& thread_ts, const std::string& delivery_id,
                                               const Context& context) {
  std::string ts;
  const auto is_it = [&](const Json& message) {
    if (text_at(message, {"metadata", "event_type"}) != kDeliveryEvent) return false;
    if (text_at(message, {"metadata", "event_payload", "id"}) != delivery_id) return false;
    ts = id_at(message, {"ts"});
    return !ts.empty();
  };
  const auto found = any_message(caller, {channel, thread_ts}, is_it, context);
  if (!found) return tl::unexpected(found.error());
  return *found ? std::optional(Posted{channel, ts}) : std::nullopt;
}

Result<bool> find_file_in(WebCaller& caller, const std::string& channel, const std::string& thread_ts,
                          const std::string& file_id, const Context& context) {
  const auto is_it = [&](const Json& message) {
    for (const Json& file : array_at(message, {"files"})) {
      if (text_at(file, {"id"}) == file_id) return true;
    }
    return false;
  };
  return any_message(caller, {channel, thread_ts}, is_it, context);
}

}  // namespace fa::slack
