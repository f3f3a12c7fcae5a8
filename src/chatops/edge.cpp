#include "chatops/edge.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "chatops/access.h"
#include "chatops/edge_request.h"
#include "chatops/flow_texts.h"
#include "slack/markdown_blocks.h"

namespace fa::chatops {
namespace {

/// What an analysis looks at where nobody says: the last half hour.
constexpr Nanoseconds kDefaultWindow = std::chrono::minutes(30);

/// `<@U123> why?` without whom it speaks to.
std::string without_mentions(std::string_view text) {
  std::string out(text);
  static const re2::RE2 kMention("<@[A-Z0-9]+(\\|[^>]*)?>");
  re2::RE2::GlobalReplace(&out, kMention, " ");
  return std::string(trim(slack::without_markup(out)));
}

}  // namespace

EdgeReply ephemeral(const std::string& text) {
  return {200, json_text(Json{{"response_type", "ephemeral"}, {"text", slack::mrkdwn_escape(text)}})};
}

EdgeReply try_again() { return {503, {}}; }

TimePoint whole_minute(TimePoint t) { return std::chrono::floor<std::chrono::minutes>(t); }

AlarmHint hint_of(const alarms::AlarmNotice& n) { return {n.arn, n.entity, n.metric, n.statistic}; }

std::optional<TimePoint> time_of_ts(const std::string& ts) {
  double seconds = 0;
  try {
    seconds = std::stod(ts);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  if (!(seconds > 0 && seconds < 4e9)) return std::nullopt;
  return TimePoint(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

EdgeReply Edge::Request::operator()(const slack::UrlVerification& v) {
  return {200, json_text(Json{{"challenge", v.challenge}})};
}

std::vector<std::string> Edge::Request::keys(const std::string& key, const std::string& other) const {
  std::vector<std::string> all{key};
  if (!other.empty()) all.push_back(other);
  if (!signature_.empty()) all.push_back("signature:" + signature_);
  return all;
}

void Edge::Request::tell(const std::string& response_url, const std::string& text) {
  const bool taken =
      parts_.errands.run([&slack = parts_.slack, &log = parts_.log, response_url, text](const Context& c) {
        const RenderedMessage note = note_message(text);
        if (auto told = slack.respond(response_url, note.text, note.blocks, false, c); !told) {
          log.warning("reply_failed", {{"error", told.error().message}});
        }
      });
  if (!taken) parts_.log.warning("reply_failed", {{"error", std::string("too many replies are waiting")}});
}

FormInput Edge::Request::input_for(std::string description, std::optional<TimeRange> window) const {
  const TimePoint now = whole_minute(parts_.clock.now());
  return {std::string(utf8_prefix(description, 3000)), window.value_or(TimeRange{now - kDefaultWindow, now})};
}

bool Edge::Request::is_alarm(const slack::MessageEvent& m) const {
  const auto& apps = parts_.settings.alarm_apps;
  if (!m.app_id.empty() && std::find(apps.begin(), apps.end(), m.app_id) != apps.end()) return true;
  if (edge_.patterns_.empty()) return false;
  {
    // As long as we do not know who we are, a bot's message may be our own.
    const std::scoped_lock lock(edge_.mutex_);
    const auto& us = edge_.identity_;
    if (us.user_id.empty() && !m.bot_id.empty()) return false;
    if ((!m.bot_id.empty() && m.bot_id == us.bot_id) || (!m.user.empty() && m.user == us.user_id)) return false;
  }
  return std::any_of(edge_.patterns_.begin(), edge_.patterns_.end(),
                     [&](const auto& pattern) { return re2::RE2::PartialMatch(m.plain_text, *pattern); });
}

FormOffer Edge::Request::alarm_offer(const alarms::AlarmNotice& notice, const Place& place, bool from_chat) const {
  FormOffer offer;
  offer.place = place;
  offer.alarm_key = place.team + "|" + place.channel + "|" + notice.key();
  offer.alarm_name = notice.name;
  offer.announce = !from_chat;
  if (offer.announce) offer.announcement = notice.summary();
  offer.input = input_for(notice.summary(), alarms::suggested_window(notice, parts_.clock.now()));
  offer.alarm = hint_of(notice);
  offer.start_at_once = parts_.settings.start_at_once;
  offer.reader = parts_.directory.known(place.team, "");
  return offer;
}

EdgeReply Edge::Request::operator()(const slack::MessageEvent& m) {
  if (m.mention) return mention(m);
  // Replies in threads are people talking about an alarm, not alarms.
  if (!m.thread_ts.empty() || !is_alarm(m)) return (*this)(slack::Ignored{});
  if (!may_ask(parts_.settings, m.team, m.channel, "")) return (*this)(slack::Ignored{});
  const alarms::AlarmNotice notice = alarms::read_chat_alarm(m.plain_text, m.links, time_of_ts(m.ts));
  if (notice.state == alarms::AlarmState::kOk) return (*this)(slack::Ignored{});
  const FormOffer offer = alarm_offer(notice, {m.team, m.channel, m.ts}, true);
  const std::string key = "message:" + m.channel + ":" + m.ts;
  const NewJob job = offer_form_job(key, offer);
  const auto outcome = intake_.store(keys(key, "event:" + m.event_id), {job},
                                     {kNoTime, m.team, m.channel, m.user, "alarm", job.id}, false);
  return outcome == Intake::Outcome::kTooMany || outcome == Intake::Outcome::kBroken ? try_again() : EdgeReply{};
}

EdgeReply Edge::Request::mention(const slack::MessageEvent& m) {
  const AuditEntry who{kNoTime, m.team, m.channel, m.user, "ask", ""};
  const Reader reader = parts_.directory.known(m.team, m.user);
  if (!may_ask(parts_.settings, m.team, m.channel, m.user)) {
    intake_.refused(who);
    parts_.errands.run([&slack = parts_.slack, m, reader](const Context& context) {
      const RenderedMessage note = note_message(texts::not_allowed(reader.language));
      (void)slack.post_ephemeral({m.channel, m.thread_ts, note.text, note.blocks, ""}, m.user, context);
    });
    return {};
  }
  const std::string key = "message:" + m.channel + ":" + m.ts;
  const std::string text = without_mentions(m.text);
  NewJob job;
  bool is_analysis = false;
  if (auto inquiry = inquiry_in(text, !m.thread_ts.empty())) {
    const Place place{m.team, m.channel, m.thread_ts.empty() ? m.ts : m.thread_ts};
    job = acknowledge_inquiry_job(key, inquiry_order(place, m.user, std::move(*inquiry), reader));
    is_analysis = true;
  } else if (m.thread_ts.empty()) {
    FormOffer offer;
    offer.place = {m.team, m.channel, m.ts};
    offer.user = m.user;
    offer.input = input_for(text);
    offer.reader = reader;
    job = offer_form_job(key, offer);
  } else {
    job = answer_job(key, {{m.team, m.channel, m.thread_ts}, m.user, "", text, reader});
  }
  AuditEntry entry = who;
  entry.subject = job.id;
  const auto outcome = intake_.store(keys(key, "event:" + m.event_id), {job}, entry, is_analysis);
  return outcome == Intake::Outcome::kTooMany || outcome == Intake::Outcome::kBroken ? try_again() : EdgeReply{};
}

EdgeReply Edge::Request::alarms(const std::vector<alarms::AlarmNotice>& notices, const std::string& key,
                                const std::string& channel) {
  bool all_stored = true;
  for (std::size_t i = 0; i < notices.size(); ++i) {
    if (notices[i].state == alarms::AlarmState::kOk) continue;
    const FormOffer offer = alarm_offer(notices[i], {"", channel, ""}, false);
    const std::string own_key = fmt::format("{}:{}", key, i);
    const NewJob job = offer_form_job(own_key, offer);
    const auto outcome = intake_.store(keys(own_key), {job}, {kNoTime, "", channel, "", "alarm", job.id}, false);
    if (outcome == Intake::Outcome::kTooMany || outcome == Intake::Outcome::kBroken) all_stored = false;
  }
  // Whoever sent it repeats all of them; those that are stored are known then.
  return all_stored ? EdgeReply{} : try_again();
}

Edge::Edge(Parts parts) : parts_(std::move(parts)) {
  re2::RE2::Options quiet;
  quiet.set_log_errors(false);
  for (const std::string& pattern : parts_.settings.alarm_patterns) {
    patterns_.push_back(std::make_unique<re2::RE2>(pattern, quiet));
  }
}

Edge::~Edge() = default;

EdgeReply Edge::handle(const slack::Inbound& inbound, const std::string& signature) {
  Request request(*this, signature);
  return std::visit([&](const auto& kind) { return request(kind); }, inbound);
}

EdgeReply Edge::alarms(const std::vector<alarms::AlarmNotice>& notices, const std::string& key,
                       const std::string& channel) {
  return Request(*this, "").alarms(notices, key, channel);
}

void Edge::set_identity(const slack::SlackApi::Identity& identity) {
  const std::scoped_lock lock(mutex_);
  identity_ = identity;
}

}  // namespace fa::chatops
