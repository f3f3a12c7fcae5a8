// What people do with commands, shortcuts, buttons and forms.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "chatops/access.h"
#include "chatops/edge_request.h"
#include "chatops/flow_texts.h"
#include "chatops/messages_inquiry.h"

namespace fa::chatops {
namespace {

constexpr Nanoseconds kAskUserPatience = std::chrono::milliseconds(800);

}  // namespace

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

EdgeReply Edge::Request::operator()(const slack::SlashCommand& c) {
  const Reader reader = parts_.directory.known(c.team, c.user);
  const AuditEntry who{kNoTime, c.team, c.channel, c.user, "form", ""};
  if (!may_ask(parts_.settings, c.team, c.channel, c.user)) {
    intake_.refused(who);
    return ephemeral(texts::not_allowed(reader.language));
  }
  const Settings& settings = parts_.settings;
  const bool help = iequals(trim(c.text), "help");
  if (!help && !c.command.empty()) {
    if (c.command == settings.insight_command) return inquiry_form(c, InquiryKind::kInsight);
    if (c.command == settings.findings_command) return inquiry_form(c, InquiryKind::kFindings);
  }
  if (c.command != settings.command || help) {
    return ephemeral(
        texts::help(reader.language, settings.command, settings.insight_command, settings.findings_command));
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
                    a.action_id == kAskAction || a.action_id == kWiderAction || a.action_id == kRetryAction;
  if (!ours) return (*this)(slack::Ignored{});
  const Reader reader = parts_.directory.known(a.team, a.user);
  if (!may_ask(parts_.settings, a.team, a.channel, a.user)) {
    intake_.refused({kNoTime, a.team, a.channel, a.user, "button", ""});
    tell(a.response_url, texts::not_allowed(reader.language));
    return {};
  }
  if (a.action_id == kAnalyseAction) return form_button(a);
  if (a.action_id == kWiderAction) return wider(a);
  if (a.action_id == kRetryAction) return inquiry_again(a);
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

EdgeReply Edge::Request::answered(Intake::Outcome outcome, std::string_view block, Language language) const {
  // A view sent twice is the same view: the first one counts, and this one is closed.
  if (outcome == Intake::Outcome::kStored || outcome == Intake::Outcome::kSeenBefore) return {};
  return {200, view_errors({{std::string(block), intake_.complaint(outcome, language)}})};
}

EdgeReply Edge::Request::operator()(const slack::ViewSubmission& v) {
  const ModalState state = modal_state_from_json(v.private_metadata);
  const Reader& reader = state.reader;
  if (!may_ask(parts_.settings, v.team, state.place.channel, v.user)) {
    intake_.refused({kNoTime, v.team, state.place.channel, v.user, "submit", ""});
    return {};
  }
  const std::string key = "view:" + v.view_id;
  if (v.callback_id == kFormView) {
    const FormReading reading = read_form(v.values, parts_.clock.now(), reader, parts_.settings.longest_window);
    if (!reading.problems.empty()) return {200, view_errors(reading.problems)};
    AnalysisOrder order;
    order.place = state.place;
    order.user = v.user;
    order.input = reading.input;
    order.alarm = state.alarm;
    order.reader = reader;
    return answered(start(key, order, "investigate"), kDescriptionBlock, reader.language);
  }
  if (v.callback_id == kInsightView) return inquiry_submitted(v, state, InquiryKind::kInsight);
  if (v.callback_id == kFindingsView) return inquiry_submitted(v, state, InquiryKind::kFindings);
  const AuditEntry who{kNoTime, v.team, state.place.channel, v.user, "", state.run};
  if (v.callback_id == kQuestionView) {
    const NewJob job = answer_job(key, {state.place, v.user, state.run, read_question(v.values), reader});
    AuditEntry entry = who;
    entry.action = "ask";
    return answered(intake_.store(keys(key), {job}, entry, true), kQuestionBlock, reader.language);
  }
  if (v.callback_id == kConfirmView || v.callback_id == kWrongView) {
    const Decision decision = read_decision(v.values);
    const bool confirmed = v.callback_id == kConfirmView;
    const NewJob job =
        decide_job(key, {state.place, v.user, state.run, confirmed, decision.cause, decision.fix, reader});
    AuditEntry entry = who;
    entry.action = confirmed ? "confirm" : "reject";
    return answered(intake_.store(keys(key), {job}, entry, false), kCauseBlock, reader.language);
  }
  return (*this)(slack::Ignored{});
}

}  // namespace fa::chatops
