// The analysis itself and the answers about it.
#include <fmt/core.h>

#include "chatops/flow_texts.h"
#include "chatops/progress_message.h"
#include "chatops/work.h"
#include "model/report_json.h"
#include "report/render.h"

namespace fa::chatops {
namespace {

std::string collected_key(const std::string& run) { return "runs/" + run + "/collected"; }
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

}  // namespace

void Work::count(const Report& report) {
  server::Metrics& m = parts_.metrics;
  m.add("fa2_analyses_total", 1, {{"outcome", outcome_of(report)}});
  for (const SourceUsage& s : report.usage.sources) {
    m.add("fa2_source_calls_total", static_cast<double>(s.calls), {{"source", s.source}});
  }
  m.add("fa2_gaps_total", static_cast<double>(report.gaps.size()));
  m.add("fa2_model_tokens_total", static_cast<double>(report.usage.model_input_tokens), {{"direction", "input"}});
  m.add("fa2_model_tokens_total", static_cast<double>(report.usage.model_output_tokens), {{"direction", "output"}});
  m.add("fa2_spent_usd_total", report.usage.cost_usd);
}

Result<Report> Work::find_causes(const Job& job, const JobClaim& claim, const AnalysisOrder& order,
                                 const Context& context) {
  ProgressMessage shown(
      parts_.slack, {order.progress_channel, order.progress_ts},
      [&order](const Progress& p) { return progress_message(order.input, order.user, p, order.reader); },
      parts_.progress_pause, context);
  const AnalysisRequest request = request_of(order);
  if (job.stage.empty()) {
    shown.show({Progress::Stage::kCollecting, 0, 0, 0, ""});
    const auto folder = parts_.blobs.begin_folder(collected_key(order.run));
    if (!folder) return tl::unexpected(folder.error());
    const auto progress = [&](std::size_t done, std::size_t total) {
      shown.show({Progress::Stage::kCollecting, 0, done, total, ""});
    };
    if (auto ok = parts_.investigator.collect(request, *folder, progress, context); !ok)
      return tl::unexpected(ok.error());
    if (auto ok = parts_.blobs.finish_folder(collected_key(order.run)); !ok) return tl::unexpected(ok.error());
    if (auto ok = parts_.jobs.save_stage(claim, std::string(kCollectedStage), "{}"); !ok)
      return tl::unexpected(ok.error());
  }
  const auto folder = parts_.blobs.folder(collected_key(order.run));
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

Result<void> Work::deliver(const JobClaim& claim, const AnalysisOrder& order, const Report& report,
                           const Context& context) {
  const std::vector<RenderedMessage> messages =
      report_messages(report, to_json(ReportState{order.run, report.headline}), order.reader);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto posted = post(claim, fmt::format("report-{}", i), order.place, messages[i], context);
    if (!posted) return tl::unexpected(posted.error());
  }
  struct File {
    std::string name;
    std::string bytes;
  };
  const std::string name = "fa2-" + order.run;
  const File files[] = {{name + ".html", render_html(report)}, {name + ".md", render_markdown(report)}};
  for (const File& file : files) {
    slack::FileUpload upload{order.place.channel, order.place.thread_ts,
                             file.name,           texts::report_file_title(order.reader.language) + " " + file.name,
                             file.bytes,          ""};
    const auto shared = courier_.share(claim, claim.job + "/" + file.name, upload, context);
    if (shared) continue;
    const ErrorCode code = shared.error().code;
    if (code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled || code == ErrorCode::kUnreadable)
      return shared;
    // The answer stands: what is missing is said calmly, once, and nothing fails.
    const std::string text = texts::file_missing(order.reader.language, file.name, shared.error());
    const auto said = post(claim, "missing-" + file.name, order.place, note_message(text), context);
    if (!said) return tl::unexpected(said.error());
  }
  return {};
}

JobEnd Work::analyse(const Job& job, const JobClaim& claim, const Context& context) {
  auto order = analysis_order_from_json(job.payload);
  if (!order) return {JobEnd::Kind::kFailed, order.error().message, {}, false};
  const auto ended = [&](const Error& error, bool delivering) {
    JobEnd end;
    end.error = error.message;
    end.delivering = delivering;
    const bool may_pass = error.code == ErrorCode::kCancelled || error.code == ErrorCode::kUnavailable ||
                          error.code == ErrorCode::kUnreadable;
    end.kind = may_pass ? JobEnd::Kind::kAgain : JobEnd::Kind::kFailed;
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
  if (!order->progress_ts.empty()) {
    (void)show_progress(parts_.slack, {order->progress_channel, order->progress_ts},
                        progress_message(order->input, order->user, done, order->reader), context);
  }
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
        const bool may_pass =
            said.error().code == ErrorCode::kUnavailable || said.error().code == ErrorCode::kCancelled;
        return {may_pass ? JobEnd::Kind::kAgain : JobEnd::Kind::kFailed, said.error().message, {}, true};
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
