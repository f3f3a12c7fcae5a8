#include "support/slack/slack_state.h"

#include <algorithm>
#include <cstdio>

#include "support/slack/slack_pings.h"

namespace fa::test {

TimePoint SlackState::now() const { return world.clock != nullptr ? world.clock->now() : SystemClock().now(); }

std::string SlackState::new_ts() {
  const auto second = std::chrono::floor<std::chrono::seconds>(now().time_since_epoch()).count();
  last_second = std::max<std::int64_t>(last_second, second);
  if (next_fraction > 999'999) {
    next_fraction = 100;
    ++last_second;
  }
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%06u", static_cast<unsigned>(next_fraction++));
  return std::to_string(last_second) + fraction;
}

const SlackChannel* SlackState::channel(const std::string& id) const {
  const auto it = std::find_if(world.channels.begin(), world.channels.end(), [&](const auto& c) { return c.id == id; });
  return it == world.channels.end() ? nullptr : &*it;
}

const SlackUser* SlackState::user(const std::string& id) const {
  const auto it = std::find_if(world.users.begin(), world.users.end(), [&](const auto& u) { return u.id == id; });
  return it == world.users.end() ? nullptr : &*it;
}

SlackMessage* SlackState::message(const std::string& channel, const std::string& ts) {
  const auto found = conversations.find(channel);
  if (found == conversations.end()) return nullptr;
  // Newest first: that is where they are looked for.
  const auto it = std::find_if(found->second.rbegin(), found->second.rend(), [&](const auto& m) { return m.ts == ts; });
  return it == found->second.rend() ? nullptr : &*it;
}

bool SlackState::has_thread(const std::string& channel, const std::string& ts) {
  return ts.empty() || !world.knows_all_messages || message(channel, ts) != nullptr;
}

SlackFile* SlackState::file(const std::string& id) {
  const auto it = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.id == id; });
  return it == files.end() ? nullptr : &*it;
}

std::string SlackState::add(SlackMessage message) {
  if (message.ts.empty()) message.ts = new_ts();
  if (!message.delivery_id.empty() && !delivery_ids.insert(message.delivery_id).second) {
    doubled.push_back("message " + message.delivery_id + " in " + message.channel + " at " + message.ts);
  }
  std::string ts = message.ts;
  conversations[message.channel].push_back(std::move(message));
  return ts;
}

void SlackState::note_pings(const std::string& method, const std::string& channel_id, const Json& arguments) {
  for (SlackMention& mention : mentions_in(arguments)) {
    pings.push_back({method, channel_id, std::move(mention.whom), mention.by_element});
  }
}

}  // namespace fa::test
