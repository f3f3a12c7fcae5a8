#include "chatops/edge.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "chatops/access.h"
#include "chatops/edge_intake.h"
#include "chatops/flow_texts.h"
#include "slack/markdown_blocks.h"

namespace fa::chatops {
namespace {

constexpr Nanoseconds kAskUserPatience = std::chrono::milliseconds(800);
/// What an analysis looks at where nobody says: the last half hour.
constexpr Nanoseconds kDefaultWindow = std::chrono::minutes(30);

EdgeReply ephemeral(const std::string& text) {
  return {200, json_text(Json{{"response_type", "ephemeral"}, {"text", slack::mrkdwn_escape(text)}})};
}

/// Slack repeats what is answered like that, for about an hour.
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

/// `<@U123> why?` without whom it speaks to.
std::string without_mentions(std::string_view text) {
  std::string out(text);
  static const re2::RE2 kMention("<@[A-Z0-9]+(\\|[^>]*)?>");
  re2::RE2::GlobalReplace(&out, kMention, " ");
  return std::string(trim(slack::without_markup(out)));
}

}  // namespace

/// One request on its way through: what the handlers of its kinds share.
class Edge::Request {
 public:
  Request(Edge& edge, std::string signature)
      : edge_(edge), parts_(edge.parts_), intake_(parts_), signature_(std::move(signature)) {}

  EdgeReply operator()(const slack::UrlVerification& v) { return {200, json_text(Json{{"challenge", v.challenge}})}; }
  EdgeReply operator()(const slack::SslCheck&) { return {}; }
  EdgeReply operator()(const slack::Ignored&) {
    parts_.metrics.add("fa2_requests_total", 1, {{"action", "none"}, {"outcome", "ignored"}});
    return {};
  }
  EdgeReply operator()(const slack::MessageEvent& m);
  EdgeReply operator()(const slack::SlashCommand& c);
  EdgeReply operator()(const slack::MessageShortcut& s);
  EdgeReply operator()(const slack::BlockAction& a);
  EdgeReply operator()(const slack::ViewSubmission& v);
  EdgeReply alarms(const std::vector<alarms::AlarmNotice>& notices, const std::string& key, const std::string& channel);

 private:
  [[nodiscard]] std::vector<std::string> keys(const std::string& key, const std::string& other = {}) const;
  /// Calls Slack right after the answer; what it needs is copied.
  EdgeReply open_view(const std::string& trigger_id, const std::string& response_url, ModalState state,
                      const std::string& user, std::function<std::string(const ModalState&)> view);
  void tell(const std::string& response_url, const std::string& text);
  [[nodiscard]] bool is_alarm(const slack::MessageEvent& m) const;
  [[nodiscard]] FormInput input_for(std::string description, std::optional<TimeRange> window = std::nullopt) const;
  [[nodiscard]] FormOffer alarm_offer(const alarms::AlarmNotice& notice, const Place& place, bool from_chat) const;
  EdgeReply mention(const slack::MessageEvent& m);
  EdgeReply form_button(const slack::BlockAction& a);
  EdgeReply wider(const slack::BlockAction& a);
  Intake::Outcome start(const std::string& key, const AnalysisOrder& order, const char* action);

  Edge& edge_;
  const Edge::Parts& parts_;
  Intake intake_;
  std::string signature_;
};

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

EdgeReply Edge::Request::open_view(const std::string& trigger_id, const std::string& response_url, ModalState state,
                                   const std::string& user, std::function<std::string(const ModalState&)> view) {
  const bool taken = parts_.errands.run([p = parts_, trigger_id, response_url, state = std::move(state), user,
                                         view = std::move(view)](const Context& context) mutable {
    state.reader = p.directory.ask(state.place.team, user, kAskUserPatience, context);
    const auto opened = p.slack.open_view(trigger_id, view(state), context);
    p.metrics.add("fa2_forms_opened_total", 1, {{"outcome", opened ? "ok" : "failed"}});
    if (opened) return;
    p.log.warning("form_not_opened", {{"error", opened.error().message}});
    const RenderedMessage note = note_message(texts::cannot_open_form(state.reader.language, opened.error()));
    if (!response_url.empty()) (void)p.slack.respond(response_url, note.text, note.blocks, false, context);
  });
  if (taken) return {};
  return ephemeral(texts::too_busy(state.reader.language));
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
  if (m.thread_ts.empty()) {
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
  const auto outcome = intake_.store(keys(key, "event:" + m.event_id), {job}, entry, false);
  return outcome == Intake::Outcome::kTooMany || outcome == Intake::Outcome::kBroken ? try_again() : EdgeReply{};
}

EdgeReply Edge::Request::operator()(const slack::SlashCommand& c) {
  const Reader reader = parts_.directory.known(c.team, c.user);
  const AuditEntry who{kNoTime, c.team, c.channel, c.user, "form", ""};
  if (!may_ask(parts_.settings, c.team, c.channel, c.user)) {
    intake_.refused(who);
    return ephemeral(texts::not_allowed(reader.language));
  }
  if (c.command != parts_.settings.command || iequals(trim(c.text), "help")) {
    return ephemeral(texts::help(reader.language, parts_.settings.command));
  }
  const FormInput input = input_for(std::string(trim(c.text)));
  ModalState state{{c.team, c.channel, ""}, {}, "", reader};
  return open_view(c.trigger_id, c.response_url, std::move(state), c.user,
                   [input](const ModalState& s) { return form_view(input, to_json(s), s.reader); });
}

EdgeReply Edge::Request::operator()(const slack::MessageShortcut& s) {
  const Reader reader = parts_.directory.known(s.team, s.user);
  if (s.callback_id != kMessageShortcut) return (*this)(slack::Ignored{});
  if (!may_ask(parts_.settings, s.team, s.channel, s.user)) {
    intake_.refused({kNoTime, s.team, s.channel, s.user, "form", ""});
    tell(s.response_url, texts::not_allowed(reader.language));
    return {};
  }
  const auto posted = time_of_ts(s.message.ts);
  const alarms::AlarmNotice notice = alarms::read_chat_alarm(s.message.plain_text, s.message.links, posted);
  const FormInput input = input_for(notice.summary(), alarms::suggested_window(notice, parts_.clock.now()));
  const std::string thread = s.message.thread_ts.empty() ? s.message.ts : s.message.thread_ts;
  ModalState state{{s.team, s.channel, thread}, hint_of(notice), "", reader};
  return open_view(s.trigger_id, s.response_url, std::move(state), s.user,
                   [input](const ModalState& m) { return form_view(input, to_json(m), m.reader); });
}

Intake::Outcome Edge::Request::start(const std::string& key, const AnalysisOrder& order, const char* action) {
  const NewJob job = acknowledge_job(key, order);
  return intake_.store(keys(key), {job},
                       {kNoTime, order.place.team, order.place.channel, order.user, action, job.id.substr(4)}, true);
}

EdgeReply Edge::Request::operator()(const slack::BlockAction& a) {
  const bool ours = a.action_id == kAnalyseAction || a.action_id == kConfirmAction || a.action_id == kWrongAction ||
                    a.action_id == kAskAction || a.action_id == kWiderAction;
  if (!ours) return (*this)(slack::Ignored{});
  const Reader reader = parts_.directory.known(a.team, a.user);
  if (!may_ask(parts_.settings, a.team, a.channel, a.user)) {
    intake_.refused({kNoTime, a.team, a.channel, a.user, "button", ""});
    tell(a.response_url, texts::not_allowed(reader.language));
    return {};
  }
  if (a.action_id == kAnalyseAction) return form_button(a);
  if (a.action_id == kWiderAction) return wider(a);
  const ReportState report = report_state_from_json(a.value);
  ModalState state{{a.team, a.channel, a.thread_ts.empty() ? a.message_ts : a.thread_ts}, {}, report.run, reader};
  if (a.action_id == kAskAction) {
    return open_view(a.trigger_id, a.response_url, std::move(state), a.user,
                     [](const ModalState& s) { return question_view(to_json(s), s.reader); });
  }
  const bool confirms = a.action_id == kConfirmAction;
  return open_view(a.trigger_id, a.response_url, std::move(state), a.user, [confirms, report](const ModalState& s) {
    return confirms ? confirm_view(report.headline, to_json(s), s.reader) : wrong_view(to_json(s), s.reader);
  });
}

EdgeReply Edge::Request::form_button(const slack::BlockAction& a) {
  AnalysisOrder order;
  order.reader = parts_.directory.known(a.team, a.user);
  const FormReading reading = read_form(a.values, parts_.clock.now(), order.reader, parts_.settings.longest_window);
  if (!reading.problems.empty()) {
    std::string text;
    for (const FormProblem& p : reading.problems) text += (text.empty() ? "" : "\n") + p.text;
    tell(a.response_url, text);
    return {};
  }
  order.place = {a.team, a.channel, a.thread_ts.empty() ? a.message_ts : a.thread_ts};
  order.user = a.user;
  order.input = reading.input;
  order.alarm = form_state_from_json(a.value).alarm;
  order.form_ts = a.message_ts;
  // Twice the same values in the same form are a double click.
  const std::string key =
      fmt::format("form:{}:{}:{}:{}:{}", a.channel, a.message_ts, format_rfc3339(order.input.window.begin),
                  format_rfc3339(order.input.window.end), order.input.description);
  const auto outcome = start(key, order, "investigate");
  if (const std::string text = intake_.complaint(outcome, order.reader.language); !text.empty()) {
    tell(a.response_url, text);
  }
  return {};
}

EdgeReply Edge::Request::wider(const slack::BlockAction& a) {
  const std::string run = report_state_from_json(a.value).run;
  const auto job = parts_.jobs.job(run);
  const auto before = job ? analysis_order_from_json(job->payload) : Result<AnalysisOrder>(tl::unexpected(job.error()));
  const Reader reader = parts_.directory.known(a.team, a.user);
  if (!before) {
    tell(a.response_url, texts::nothing_to_ask_about(reader.language));
    return {};
  }
  AnalysisOrder order = *before;
  const TimeRange old = order.input.window;
  const TimePoint now = whole_minute(parts_.clock.now());
  order.input.window = {old.begin - old.length(), std::max(old.end, std::min(old.end + old.length(), now))};
  if (order.input.window.length() > parts_.settings.longest_window) {
    order.input.window.begin = order.input.window.end - parts_.settings.longest_window;
  }
  order.user = a.user;
  order.reader = reader;
  order.form_ts.clear();
  order.progress_ts.clear();
  order.place = {a.team, a.channel, a.thread_ts.empty() ? a.message_ts : a.thread_ts};
  const auto outcome = start("wider:" + run, order, "widen");
  if (const std::string text = intake_.complaint(outcome, reader.language); !text.empty()) tell(a.response_url, text);
  return {};
}

EdgeReply Edge::Request::operator()(const slack::ViewSubmission& v) {
  const ModalState state = modal_state_from_json(v.private_metadata);
  const Reader& reader = state.reader;
  if (!may_ask(parts_.settings, v.team, state.place.channel, v.user)) {
    intake_.refused({kNoTime, v.team, state.place.channel, v.user, "submit", ""});
    return {};
  }
  const std::string key = "view:" + v.view_id;
  const auto answered = [&](Intake::Outcome outcome, const std::string& block) -> EdgeReply {
    // A view sent twice is the same view: the first one counts, and this one is closed.
    if (outcome == Intake::Outcome::kStored || outcome == Intake::Outcome::kSeenBefore) return {};
    return {200, view_errors({{block, intake_.complaint(outcome, reader.language)}})};
  };
  if (v.callback_id == kFormView) {
    const FormReading reading = read_form(v.values, parts_.clock.now(), reader, parts_.settings.longest_window);
    if (!reading.problems.empty()) return {200, view_errors(reading.problems)};
    AnalysisOrder order;
    order.place = state.place;
    order.user = v.user;
    order.input = reading.input;
    order.alarm = state.alarm;
    order.reader = reader;
    return answered(start(key, order, "investigate"), std::string(kDescriptionBlock));
  }
  const AuditEntry who{kNoTime, v.team, state.place.channel, v.user, "", state.run};
  if (v.callback_id == kQuestionView) {
    const NewJob job = answer_job(key, {state.place, v.user, state.run, read_question(v.values), reader});
    AuditEntry entry = who;
    entry.action = "ask";
    return answered(intake_.store(keys(key), {job}, entry, true), std::string(kQuestionBlock));
  }
  if (v.callback_id == kConfirmView || v.callback_id == kWrongView) {
    const Decision decision = read_decision(v.values);
    const bool confirmed = v.callback_id == kConfirmView;
    const NewJob job =
        decide_job(key, {state.place, v.user, state.run, confirmed, decision.cause, decision.fix, reader});
    AuditEntry entry = who;
    entry.action = confirmed ? "confirm" : "reject";
    return answered(intake_.store(keys(key), {job}, entry, false), std::string(kCauseBlock));
  }
  return (*this)(slack::Ignored{});
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
