#include <algorithm>
#include <iterator>

#include "support/slack/slack_block_checks.h"
#include "support/slack/slack_pings.h"
#include "support/slack/slack_state.h"

namespace fa::test {
namespace {

using slack_wire::member_of;
using slack_wire::text_of;

constexpr std::size_t kLargestView = 250'000;

SlackOutcome auth_test(SlackState& state, const Json&) {
  return Json{{"url", "https://example.slack.com/"}, {"team", "Example"},
              {"team_id", state.world.team},         {"user", state.world.app_name},
              {"user_id", state.world.app_user},     {"bot_id", state.world.app_bot}};
}

SlackOutcome users_info(SlackState& state, const Json& arguments) {
  const SlackUser* user = state.user(text_of(arguments, "user"));
  if (user == nullptr) return refuse("user_not_found");
  Json out{{"id", user->id},
           {"team_id", state.world.team},
           {"name", user->name},
           {"tz", user->time_zone},
           {"is_bot", user->is_bot}};
  if (slack_wire::is_true(arguments, "include_locale")) out["locale"] = user->locale;
  return Json{{"user", std::move(out)}};
}

/// The view of the arguments; forms have it as a text.
SlackOutcome view_of(const Json& arguments) {
  const Json& given = member_of(arguments, "view");
  Json view = given.is_string() ? parse_json(given.get<std::string>()) : given;
  if (auto problems = view_problems(view); !problems.empty()) return refuse("invalid_arguments", std::move(problems));
  if (json_text(view).size() > kLargestView) return refuse("view_too_large");
  return view;
}

constexpr SlackMethod kMethods[] = {
    {"auth.test", true, false, auth_test},
    {"users.info", false, false, users_info},
    {"chat.postMessage", true, false, slack_post_message},
    {"chat.update", true, false, slack_update_message},
    {"chat.postEphemeral", true, false, slack_post_ephemeral},
    {"chat.getPermalink", false, false, slack_permalink},
    {"conversations.replies", false, false, slack_replies},
    {"conversations.history", false, false, slack_history},
    {"views.open", true, false, slack_open_view},
    {"views.update", true, false, slack_update_view},
    {"files.getUploadURLExternal", false, false, slack_upload_url},
    {"files.completeUploadExternal", true, false, slack_complete_upload},
};

}  // namespace

const SlackMethod* find_slack_method(const std::string& name) {
  const auto* it =
      std::find_if(std::begin(kMethods), std::end(kMethods), [&](const auto& m) { return name == m.name; });
  return it == std::end(kMethods) ? nullptr : it;
}

SlackOutcome slack_open_view(SlackState& state, const Json& arguments) {
  const std::string trigger_id = text_of(arguments, "trigger_id");
  const auto trigger = state.triggers.find(trigger_id);
  if (trigger == state.triggers.end()) return refuse("invalid_trigger_id");
  if (trigger->second.used) return refuse("exchanged_trigger_id");
  const Nanoseconds life = state.world.trigger_life;
  if (life > Nanoseconds{0} && state.now() - trigger->second.made > life) return refuse("expired_trigger_id");
  auto view = view_of(arguments);
  if (!view) return view;
  trigger->second.used = true;
  const std::string id = state.new_id("V");
  state.views.push_back({id, trigger_id, json_text(*view), 0});
  state.note_pings("views.open", "", *view);
  (*view)["id"] = id;
  return Json{{"view", std::move(*view)}};
}

SlackOutcome slack_update_view(SlackState& state, const Json& arguments) {
  const std::string id = text_of(arguments, "view_id");
  const auto it = std::find_if(state.views.begin(), state.views.end(), [&](const auto& v) { return v.id == id; });
  if (it == state.views.end()) return refuse("not_found");
  auto view = view_of(arguments);
  if (!view) return view;
  it->view = json_text(*view);
  ++it->updates;
  state.note_pings("views.update", "", *view);
  (*view)["id"] = id;
  return Json{{"view", std::move(*view)}};
}

SlackOutcome slack_upload_url(SlackState& state, const Json& arguments) {
  const std::size_t length = slack_wire::size_of(arguments, "length", 0);
  if (text_of(arguments, "filename").empty() || length == 0) {
    return refuse("invalid_arguments", {"[ERROR] missing required field: filename or length"});
  }
  SlackFile file;
  file.id = state.new_id("F");
  file.name = text_of(arguments, "filename");
  file.alt_text = text_of(arguments, "alt_txt");
  state.announced_bytes[file.id] = length;
  state.files.push_back(file);
  return Json{{"upload_url", state.url + "/upload/" + file.id}, {"file_id", file.id}};
}

SlackOutcome slack_take_bytes(SlackState& state, const std::string& file_id, const std::string& bytes) {
  SlackFile* file = state.file(file_id);
  if (file == nullptr) return refuse("file_not_found");
  if (bytes.size() != state.announced_bytes[file_id]) return refuse("size_mismatch");
  file->bytes = bytes;
  file->uploaded = true;
  return Json::object();
}

SlackOutcome slack_complete_upload(SlackState& state, const Json& arguments) {
  const Json& given = member_of(arguments, "files");
  const Json list = given.is_string() ? parse_json(given.get<std::string>()) : given;
  if (!list.is_array() || list.empty()) return refuse("invalid_arguments", {"[ERROR] missing required field: files"});
  const std::string channel = text_of(arguments, "channel_id");
  const std::string thread_ts = text_of(arguments, "thread_ts");
  const SlackChannel* where = state.channel(channel);
  if (where == nullptr) return refuse("channel_not_found");
  if (!where->app_is_member) return refuse("not_in_channel");
  if (!state.has_thread(channel, thread_ts)) return refuse("thread_not_found");
  for (const Json& item : list) {
    const SlackFile* file = state.file(text_of(item, "id"));
    if (file == nullptr || !file->uploaded) return refuse("file_not_found");
  }

  SlackMessage message;
  message.channel = channel;
  message.thread_ts = thread_ts;
  message.text = text_of(arguments, "initial_comment");
  message.user = state.world.app_user;
  message.bot_id = state.world.app_bot;
  message.app_id = state.world.app_id;
  message.username = state.world.app_name;
  message.ts = state.new_ts();
  Json shown = Json::array();
  for (const Json& item : list) {
    SlackFile& file = *state.file(text_of(item, "id"));
    file.title = text_of(item, "title").empty() ? file.name : text_of(item, "title");
    file.shares.push_back({channel, thread_ts, message.ts});
    if (!state.shared_titles.insert({channel, thread_ts, file.title}).second) {
      state.doubled.push_back("file " + file.title + " in " + channel + ", thread " + thread_ts);
    }
    message.files.push_back(file.id);
    shown.push_back(Json{{"id", file.id}, {"title", file.title}});
  }
  state.note_pings("files.completeUploadExternal", channel, Json{{"text", message.text}});
  state.add(std::move(message));
  return Json{{"files", std::move(shown)}};
}

}  // namespace fa::test
