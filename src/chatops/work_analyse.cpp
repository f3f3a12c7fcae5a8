// The analysis itself and the answers about it.
#include <fmt/core.h>

#include "chatops/flow_texts.h"
#include "chatops/kept_files.h"
#include "chatops/work.h"
#include "model/report_json.h"

namespace fa::chatops {
namespace {

std::string report_key(const std::string& run) { return "runs/" + run + "/report.json"; }

AnalysisRequest request_of(const AnalysisOrder& order) {
  AnalysisRequest request;
  request.id = order.run;
  request.description = order.input.description;
  request.window = order.input.window;
  request.language = order.reader.language;
  if (!order.alarm.entity.empty() || !order.alarm.metric.empty()) {
    request.alarm = Alarm{order.alarm.entity, order.alarm.metric, order.alarm.statistic, std::nullopt};
  }
  request.alarm_arn = order.alarm.arn;
  return request;
}

/// A report that was kept after an earlier attempt found it.
Result<Report> kept_report(BlobStore& blobs, const std::string& run) {
  const auto json = blobs.get(report_key(run));
  if (!json) return tl::unexpected(json.error());
  return report_from_json(*json);
}

std::string outcome_of(const Report& report) {
  switch (report.verdict) {
    case Verdict::kIncident:
      return "incident";
    case Verdict::kNoIncident:
      return "no_incident";
    case Verdict::kCannotTell:
      return "cannot_tell";
  }
  return "cannot_tell";
}

/// The same inquiry with another question, up to when it was asked.
NewJob follow_up_job(const Job& asked, const Question& question, InquiryOrder order) {
  order.inquiry.question = question.text;
  order.asked = std::chrono::floor<std::chrono::minutes>(asked.created);
  order.place = question.place;
  order.user = question.user;
  order.reader = question.reader;
  order.in_thread = true;
  order.progress_ts.clear();
  return acknowledge_inquiry_job("follow-up:" + asked.id, std::move(order));
}

}  // namespace

void Work::count(const Report& report) {
  parts_.metrics.add("fa2_analyses_total", 1, {{"outcome", outcome_of(report)}});
  count(report.usage, report.gaps.size());
}

Result<Report> Work::find_causes(const Job& job, const JobClaim& claim, const AnalysisOrder& order,
                                 const Context& context) {
  ProgressMessage shown(
      parts_.slack, {order.progress_channel, order.progress_ts},
      [&order](const Progress& p) { return progress_message(order.input, order.user, p, order.reader); },
      parts_.progress_pause, context);
  const AnalysisRequest request = request_of(order);
  const auto folder = collected(job, claim, order.run, shown, [&](const auto& into, const auto& progress) {
    return parts_.investigator.collect(request, into, progress, context);
  });
  if (!folder) return tl::unexpected(folder.error());
  shown.show({Progress::Stage::kAnalysing, 0, 0, 0, ""});
  auto report = parts_.investigator.analyse(
      request, *folder,
      [&] {
        shown.show({Progress::Stage::kAskingModel, 0, 0, 0, ""});
      },
      context);
  if (!report) return report;
  // What was cut short by the end of the process is not the answer: it is made again.
  if (context.stop.stop_requested()) return fail(ErrorCode::kCancelled, "The server is stopping.");
  if (auto ok = parts_.blobs.put(report_key(order.run), report_to_json(*report)); !ok)
    return tl::unexpected(ok.error());
  if (auto ok = parts_.jobs.save_stage(claim, std::string(kReportedStage), "{}"); !ok)
    return tl::unexpected(ok.error());
  count(*report);
  return report;
}

Result<std::vector<ResultFile>> Work::report_files(const AnalysisOrder& order, const Report& report,
                                                   const Context& context) {
  auto kept = kept_files(parts_.blobs, order.run);
  if (kept || kept.error().code != ErrorCode::kNotFound) return kept;
  ResultFiles made = parts_.renderer.render(report, order.reader.time_zone, context);
  // What was cut short by the end of the process may lack files that can be made.
  if (context.stop.stop_requested()) return fail(ErrorCode::kCancelled, "The server is stopping.");
  log_missing(order.run, made);
  if (auto ok = keep_files(parts_.blobs, order.run, made.files); !ok) return tl::unexpected(ok.error());
  return std::move(made.files);
}

Result<void> Work::deliver(const JobClaim& claim, const AnalysisOrder& order, const Report& report,
                           const Context& context) {
  const std::vector<RenderedMessage> messages =
      report_messages(report, to_json(ReportState{order.run, report.headline}), order.reader);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto posted = post(claim, fmt::format("report-{}", i), order.place, messages[i], context);
    if (!posted) return tl::unexpected(posted.error());
  }
  const auto files = report_files(order, report, context);
  if (!files) return tl::unexpected(files.error());
  for (const ResultFile& file : *files) {
    if (auto ok = share(claim, order, file, order.place, context); !ok) return ok;
  }
  return {};
}

JobEnd Work::analyse(const Job& job, const JobClaim& claim, const Context& context) {
  auto order = analysis_order_from_json(job.payload);
  if (!order) return {JobEnd::Kind::kFailed, order.error().message, {}, false};
  const auto ended = [&](const Error& error, bool delivering) {
    JobEnd end = end_of(error, delivering);
    order->failure = texts::why(order->reader.language, error);
    // Never an error after an answer: what could not be delivered is logged, not told as a failed analysis.
    if (!delivering) end.next = {tell_failure_job(*order)};
    return end;
  };
  const bool reported = job.stage == kReportedStage;
  const auto report = reported ? kept_report(parts_.blobs, order->run)
                               : find_causes(job, claim, *order, context.within(parts_.analysis_deadline));
  if (!report) return ended(report.error(), false);
  if (const auto ok = deliver(claim, *order, *report, context); !ok) return ended(ok.error(), true);
  Progress done;
  done.stage = Progress::Stage::kDone;
  show_end(*order, progress_message(order->input, order->user, done, order->reader), context);
  return {};
}

JobEnd Work::answer(const Job& job, const JobClaim& claim, const Context& context) {
  auto question = question_from_json(job.payload);
  if (!question) return {JobEnd::Kind::kFailed, question.error().message, {}, false};
  question->reader = reader_of(question->place, question->user, question->reader, context);
  const Language language = question->reader.language;
  const auto say = [&](const std::vector<RenderedMessage>& messages) -> JobEnd {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto said = post(claim, fmt::format("answer-{}", i), question->place, messages[i], context);
      if (!said) {
        const bool passes = said.error().code == ErrorCode::kUnavailable || said.error().code == ErrorCode::kCancelled;
        return {passes ? JobEnd::Kind::kAgain : JobEnd::Kind::kFailed, said.error().message, {}, true};
      }
    }
    return {};
  };
  auto about = parts_.jobs.latest_in_thread(question->place.thread(), std::string(kAnalyseJob));
  if (!question->run.empty()) {
    auto named = parts_.jobs.job(question->run);
    if (named) about = std::optional<Job>(std::move(*named));
  }
  if (!about) return {JobEnd::Kind::kAgain, about.error().message, {}, false};
  if (!*about || (*about)->state != JobState::kDone) {
    if (!question->run.empty() || *about) return say({note_message(texts::nothing_to_ask_about(language))});
    // In the thread of an answer about metrics it is the next such question.
    const auto before = parts_.jobs.latest_in_thread(question->place.thread(), std::string(kInquireJob));
    if (!before) return end_of(before.error());
    auto inquiry = *before ? inquiry_order_from_json((*before)->payload) : Result<InquiryOrder>();
    if (*before && inquiry && inquiry->inquiry.kind == InquiryKind::kInsight) {
      return {JobEnd::Kind::kDone, "", {follow_up_job(job, *question, std::move(*inquiry))}, false};
    }
    // Nothing was analysed here yet, so the question is where an analysis begins.
    FormInput input;
    input.description = question->text;
    const TimePoint now = std::chrono::floor<std::chrono::minutes>(job.created);
    input.window = {now - std::chrono::minutes(30), now};
    return say({form_message(input, texts::form_for_question(language), to_json(FormState{}), question->reader)});
  }
  auto order = analysis_order_from_json((*about)->payload);
  if (!order) return {JobEnd::Kind::kFailed, order.error().message, {}, false};
  order->reader.language = language;
  const auto folder = parts_.blobs.folder(collected_key(order->run));
  if (!folder) return say({note_message(texts::cannot_answer(language, folder.error()))});
  // The answer is kept before it goes out: a second attempt must not say something else in its second half.
  const std::string key = "runs/" + order->run + "/" + job.id + ".json";
  auto report = [&]() -> Result<Report> {
    if (job.stage == kReportedStage) {
      const auto json = parts_.blobs.get(key);
      if (!json) return tl::unexpected(json.error());
      return report_from_json(*json);
    }
    auto made = parts_.investigator.answer(request_of(*order), *folder, question->text,
                                           context.within(parts_.analysis_deadline));
    if (!made) return made;
    if (auto ok = parts_.blobs.put(key, report_to_json(*made)); !ok) return tl::unexpected(ok.error());
    if (auto ok = parts_.jobs.save_stage(claim, std::string(kReportedStage), "{}"); !ok)
      return tl::unexpected(ok.error());
    count(*made);
    return made;
  }();
  if (context.stop.stop_requested()) return {JobEnd::Kind::kAgain, "The server is stopping.", {}, false};
  if (!report && report.error().code == ErrorCode::kUnavailable) {
    return {JobEnd::Kind::kAgain, report.error().message, {}, false};
  }
  if (!report) return say({note_message(texts::cannot_answer(language, report.error()))});
  return say(answer_messages(*report, question->text, question->reader));
}

}  // namespace fa::chatops
