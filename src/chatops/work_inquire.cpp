// Questions about metrics and reports on security findings.
#include <fmt/core.h>

#include "base/json.h"
#include "chatops/flow_texts.h"
#include "chatops/kept_files.h"
#include "chatops/messages_inquiry.h"
#include "chatops/work.h"

namespace fa::chatops {
namespace {

std::string answer_key(const std::string& run) { return "runs/" + run + "/answer.json"; }
/// The messages of an answer, kept as they are: a second attempt at delivering must not say something else.
std::string messages_json(const std::vector<RenderedMessage>& messages) {
  Json json = Json::array();
  for (const RenderedMessage& m : messages) json.push_back({{"text", m.text}, {"blocks", m.blocks}});
  return json_text(json);
}

Result<std::vector<RenderedMessage>> messages_from_json(const std::string& text) {
  std::vector<RenderedMessage> messages;
  try {
    for (const Json& m : parse_json(text)) {
      messages.push_back({m.at("text").get<std::string>(), m.at("blocks").get<std::string>()});
    }
  } catch (const Json::exception&) {
    return fail(ErrorCode::kInvalidInput, "A stored answer cannot be read: it is damaged.");
  }
  return messages;
}

AnalystRequest request_of(const InquiryOrder& order) {
  return {order.run, order.inquiry, order.window(), order.language(), order.reader.time_zone};
}

RenderedMessage progress_of(const InquiryOrder& order, const Progress& progress) {
  return inquiry_progress_message(order.inquiry, order.window(), order.user, progress, order.reader);
}

}  // namespace

JobEnd Work::acknowledge_inquiry(const Job& job, const JobClaim& claim, const Context& context) {
  auto order = inquiry_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  order->reader = reader_of(order->place, order->user, order->reader, context);
  const auto said = say_understood(claim, *order, progress_of(*order, queued()), context);
  return said ? JobEnd{JobEnd::Kind::kDone, "", {inquire_job(*order)}, false} : end_of(said.error(), true);
}

Result<void> Work::find_answer(const Job& job, const JobClaim& claim, const InquiryOrder& order,
                               const Context& context) {
  ProgressMessage shown(
      parts_.slack, {order.progress_channel, order.progress_ts},
      [&order](const Progress& p) { return progress_of(order, p); }, parts_.progress_pause, context);
  const AnalystRequest request = request_of(order);
  const auto folder = collected(job, claim, order.run, shown, [&](const auto& into, const auto& progress) {
    return parts_.analyst.collect(request, into, progress, context);
  });
  if (!folder) return tl::unexpected(folder.error());
  shown.show({Progress::Stage::kAnalysing, 0, 0, 0, ""});
  const auto asking_model = [&] { shown.show({Progress::Stage::kAskingModel, 0, 0, 0, ""}); };
  const auto answer = parts_.analyst.answer(request, *folder, asking_model, context);
  if (!answer) return tl::unexpected(answer.error());
  // What was cut short by the end of the process is not the answer: it is made again.
  if (context.stop.stop_requested()) return fail(ErrorCode::kCancelled, "The server is stopping.");
  log_missing(order.run, answer->files);
  const auto messages = inquiry_answer_messages(answer->headline, answer->markdown, request.language);
  if (auto ok = keep_files(parts_.blobs, order.run, answer->files.files); !ok) return ok;
  if (auto ok = parts_.blobs.put(answer_key(order.run), messages_json(messages)); !ok) return ok;
  if (auto ok = parts_.jobs.save_stage(claim, std::string(kReportedStage), "{}"); !ok) return ok;
  parts_.metrics.add("fa2_inquiries_total", 1, {{"kind", std::string(inquiry_name(order.inquiry.kind))}});
  count(answer->usage, answer->gaps);
  return {};
}

Result<void> Work::deliver_answer(const JobClaim& claim, const InquiryOrder& order, const Context& context) {
  const auto json = parts_.blobs.get(answer_key(order.run));
  if (!json) return tl::unexpected(json.error());
  const auto messages = messages_from_json(*json);
  if (!messages) return tl::unexpected(messages.error());
  const auto files = kept_files(parts_.blobs, order.run);
  if (!files) return tl::unexpected(files.error());
  for (std::size_t i = 0; i < messages->size(); ++i) {
    const auto posted = post(claim, fmt::format("answer-{}", i), order.place, (*messages)[i], context);
    if (!posted) return tl::unexpected(posted.error());
  }
  for (const ResultFile& file : *files) {
    Place place = order.place;
    if (file.for_channel && !order.in_thread) place.thread_ts.clear();
    if (auto ok = share(claim, order, file, place, context); !ok) return ok;
  }
  return {};
}

JobEnd Work::inquire(const Job& job, const JobClaim& claim, const Context& context) {
  auto order = inquiry_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  if (job.stage != kReportedStage) {
    const auto found = find_answer(job, claim, *order, context.within(parts_.analysis_deadline));
    if (!found) {
      JobEnd end = end_of(found.error());
      order->failure = texts::why(order->reader.language, found.error());
      end.next = {tell_inquiry_failure_job(*order)};
      return end;
    }
  }
  if (const auto ok = deliver_answer(claim, *order, context); !ok) return end_of(ok.error(), true);
  Progress done;
  done.stage = Progress::Stage::kDone;
  show_end(*order, progress_of(*order, done), context);
  return {};
}

JobEnd Work::tell_inquiry_failure(const Job& job, const JobClaim& claim, const Context& context) {
  const auto order = inquiry_order_from_json(job.payload);
  if (!order) return end_of(order.error());
  Progress failed;
  failed.stage = Progress::Stage::kFailed;
  failed.what_failed = order->failure;
  show_end(*order, progress_of(*order, failed), context);
  const RenderedMessage form = retry_message(texts::inquiry_failed(order->reader.language, order->failure),
                                             fa::chatops::to_json(ReportState{order->run, ""}), order->reader);
  const auto posted = post(claim, "retry", order->place, form, context);
  return posted ? JobEnd{} : end_of(posted.error(), true);
}

}  // namespace fa::chatops
