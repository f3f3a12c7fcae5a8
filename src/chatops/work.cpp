#include "chatops/work.h"

#include <fmt/core.h>

#include <exception>

#include "chatops/flow_texts.h"
#include "chatops/progress_message.h"

namespace fa::chatops {
namespace {

slack::Message message_in(const Place& place, const RenderedMessage& rendered) {
  return {place.channel, place.thread_ts, rendered.text, rendered.blocks, ""};
}

bool may_pass(const Error& error) {
  return error.code == ErrorCode::kCancelled || error.code == ErrorCode::kUnavailable ||
         error.code == ErrorCode::kUnreadable;
}

/// Slack's words for a channel that the app cannot write to, but that exists.
bool cannot_post_there(const Error& error) {
  return error.reason == "not_in_channel" || error.reason == "channel_not_found" || error.reason == "is_archived";
}

}  // namespace

JobEnd end_of(const Error& error, bool delivering) {
  JobEnd end;
  end.error = error.message;
  end.delivering = delivering;
  end.kind = may_pass(error) ? JobEnd::Kind::kAgain : JobEnd::Kind::kFailed;
  return end;
}

Result<slack::Posted> Work::post(const JobClaim& claim, const std::string& id, const Place& place,
                                 const RenderedMessage& message, const Context& context) {
  return courier_.post(claim, claim.job + "/" + id, message_in(place, message), context);
}

JobEnd Work::run(const Job& job, const Context& whole) {
  // However long Slack makes us wait: others wait for this thread.
  constexpr Nanoseconds kSaying = std::chrono::minutes(5);
  const Context context = whole.within(job.lane == JobLane::kQuick ? kSaying : parts_.analysis_deadline + kSaying);
  const JobClaim claim{job.id, job.fence};
  try {
    if (job.kind == kOfferFormJob) return offer_form(job, claim, context);
    if (job.kind == kAcknowledgeJob) return acknowledge(job, claim, context);
    if (job.kind == kAnalyseJob) return analyse(job, claim, context);
    if (job.kind == kTellFailureJob) return tell_failure(job, claim, context);
    if (job.kind == kAnswerJob) return answer(job, claim, context);
    if (job.kind == kDecideJob) return decide(job, claim, context);
    if (job.kind == kAcknowledgeInquiryJob) return acknowledge_inquiry(job, claim, context);
    if (job.kind == kInquireJob) return inquire(job, claim, context);
    if (job.kind == kTellInquiryFailureJob) return tell_inquiry_failure(job, claim, context);
    return {JobEnd::Kind::kFailed, "Nobody knows jobs of the kind " + job.kind + ".", {}, false};
  } catch (const std::exception& e) {
    return {JobEnd::Kind::kFailed, std::string("Internal error: ") + e.what(), {}, false};
  }
}

JobEnd Work::interrupted(const Job& job) const {
  JobEnd end{JobEnd::Kind::kFailed, fmt::format("It was interrupted {} times.", job.attempts - 1), {}, false};
  const auto told = [&](auto order, const auto& tell) {
    if (!order) return;
    order->failure = texts::interrupted_too_often(order->reader.language, job.attempts - 1);
    end.next = {tell(*order)};
  };
  if (job.kind == kAnalyseJob) told(analysis_order_from_json(job.payload), tell_failure_job);
  if (job.kind == kInquireJob) told(inquiry_order_from_json(job.payload), tell_inquiry_failure_job);
  return end;
}

Reader Work::reader_of(const Place& place, const std::string& user, const Reader& as_asked, const Context& context) {
  return parts_.directory.find(place.team, user, std::chrono::seconds(5), context).value_or(as_asked);
}

Result<bool> Work::joins_earlier(const Job& job, const JobClaim& claim, const FormOffer& offer, Place& place,
                                 const Context& context) {
  const Language language = offer.reader.language;
  AlarmThread thread;
  if (!offer.alarm_key.empty()) {
    // The time is the job's own: told late is joined all the same.
    const auto joined = parts_.jobs.join_alarm(offer.alarm_key, job.id, parts_.settings.join_window, job.created);
    if (!joined) return tl::unexpected(joined.error());
    thread = *joined;
  }
  const bool joins = !offer.alarm_key.empty() && !thread.is_new;
  if (offer.announce) {
    const auto root = joins ? delivered_to(parts_.jobs, thread.first_job + "/alarm") : std::optional<slack::Posted>();
    if (!root) return tl::unexpected(root.error());
    if (*root) {
      // A flapping alarm must not fill the channel: it goes on in its thread.
      place = {place.team, (*root)->channel, (*root)->ts};
      const auto said =
          post(claim, "joined", place, note_message(texts::fired_again(language, thread.notices)), context);
      return said ? Result<bool>(true) : tl::unexpected(said.error());
    }
    const auto posted =
        post(claim, "alarm", place, note_message(texts::alarm_fired(language, offer.announcement)), context);
    if (!posted) return tl::unexpected(posted.error());
    place.channel = posted->channel;
    place.thread_ts = posted->ts;
  }
  if (!joins) return false;
  std::string link;
  const auto first = delivered_to(parts_.jobs, thread.first_job + "/form");
  if (first && *first) link = parts_.slack.permalink(**first, context).value_or("");
  const auto said = post(claim, "joined", place, note_message(texts::joined(language, thread.notices), link), context);
  return said ? Result<bool>(true) : tl::unexpected(said.error());
}

JobEnd Work::offer_form(const Job& job, const JobClaim& claim, const Context& context) {
  const auto offer = form_offer_from_json(job.payload);
  if (!offer) return end_of(offer.error());
  Place place = offer->place;
  const auto joined = joins_earlier(job, claim, *offer, place, context);
  if (!joined) return end_of(joined.error(), true);
  if (*joined) return {};
  if (offer->start_at_once) {
    AnalysisOrder order;
    order.place = place;
    order.user = offer->user;
    order.input = offer->input;
    order.alarm = offer->alarm;
    order.reader = offer->reader;
    return {JobEnd::Kind::kDone, "", {acknowledge_job("alarm:" + job.id, order)}, false};
  }
  const Reader reader = reader_of(place, offer->user, offer->reader, context);
  const std::string note = !offer->alarm_key.empty() ? texts::form_for_alarm(reader.language, offer->alarm_name)
                                                     : texts::form_for_question(reader.language);
  const auto form =
      post(claim, "form", place, form_message(offer->input, note, to_json(FormState{offer->alarm}), reader), context);
  return form ? JobEnd{} : end_of(form.error(), true);
}

Progress Work::queued() {
  Progress progress;
  if (const auto counts = parts_.jobs.counts(JobLane::kAnalysis)) progress.ahead = counts->queued + counts->running;
  return progress;
}

Result<void> Work::say_understood(const JobClaim& claim, Order& order, const RenderedMessage& message,
                                  const Context& context) {
  auto posted = post(claim, "progress", order.place, message, context);
  if (!posted && cannot_post_there(posted.error()) && !order.user.empty()) {
    // The form was opened where the app is no member: the person gets the answer as a direct message.
    order.place = {order.place.team, order.user, ""};
    const auto note =
        post(claim, "elsewhere", order.place, note_message(texts::not_in_channel(order.reader.language)), context);
    if (!note) return tl::unexpected(note.error());
    order.place.channel = note->channel;
    posted = post(claim, "progress-elsewhere", order.place, message, context);
  }
  if (!posted) return tl::unexpected(posted.error());
  order.progress_channel = posted->channel;
  order.progress_ts = posted->ts;
  if (order.place.thread_ts.empty()) {
    order.place.channel = posted->channel;
    order.place.thread_ts = posted->ts;
  }
  return {};
}

void Work::show_end(const Order& order, const RenderedMessage& message, const Context& context) {
  if (order.progress_ts.empty()) return;
  (void)show_progress(parts_.slack, {order.progress_channel, order.progress_ts}, message, context);
}

JobEnd Work::acknowledge(const Job& job, const JobClaim& claim, const Context& context) {
  auto order = analysis_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  order->reader = reader_of(order->place, order->user, order->reader, context);
  const RenderedMessage message = progress_message(order->input, order->user, queued(), order->reader);
  if (const auto said = say_understood(claim, *order, message, context); !said) return end_of(said.error(), true);
  if (!order->form_ts.empty()) {
    const RenderedMessage sent = note_message(
        texts::analysis_started(order->reader.language, window_text(order->input.window, order->reader.time_zone)));
    (void)show_progress(parts_.slack, {order->place.channel, order->form_ts}, sent, context);
  }
  return {JobEnd::Kind::kDone, "", {analyse_job(*order)}, false};
}

JobEnd Work::tell_failure(const Job& job, const JobClaim& claim, const Context& context) {
  const auto order = analysis_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  Progress failed;
  failed.stage = Progress::Stage::kFailed;
  failed.what_failed = order->failure;
  show_end(*order, progress_message(order->input, order->user, failed, order->reader), context);
  const RenderedMessage form =
      form_message(order->input, texts::analysis_failed(order->reader.language, order->failure),
                   to_json(FormState{order->alarm}), order->reader);
  const auto posted = post(claim, "form", order->place, form, context);
  return posted ? JobEnd{} : end_of(posted.error(), true);
}

JobEnd Work::decide(const Job& job, const JobClaim& claim, const Context& context) {
  const auto order = decision_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  const Language language = reader_of(order->place, order->user, order->reader, context).language;
  const auto kept = parts_.investigator.decide(order->run, order->confirmed, order->cause, order->fix);
  if (!kept && kept.error().code == ErrorCode::kUnavailable) return end_of(kept.error());
  std::string text;
  if (!kept) {
    text = texts::not_decided(language, kept.error());
  } else {
    text = order->confirmed ? texts::confirmed(language, order->cause) : texts::rejected(language, order->cause);
  }
  const auto said = post(claim, "said", order->place, note_message(text), context);
  return said ? JobEnd{} : end_of(said.error(), true);
}

}  // namespace fa::chatops
