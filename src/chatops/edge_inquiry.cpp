// Questions about metrics and reports on security findings: how they are asked for.
#include "base/text.h"
#include "chatops/access.h"
#include "chatops/edge_request.h"
#include "chatops/flow_texts.h"
#include "chatops/messages_inquiry.h"

namespace fa::chatops {
namespace {

/// The view of an inquiry as it is opened; the place travels in it.
auto view_of(const Inquiry& inquiry) {
  return [inquiry](const ModalState& s) {
    const AskWhere where = s.place.thread_ts.empty() ? AskWhere::kYes : AskWhere::kNo;
    return inquiry_view(inquiry, where, to_json(s), s.reader);
  };
}

/// What stands behind a command in a text that begins with it, `/insight why?` or, where `bare`, `insight why?`.
std::optional<std::string_view> behind(std::string_view command, std::string_view text, bool bare) {
  if (command.empty()) return std::nullopt;
  const std::string_view first = text.substr(0, text.find_first_of(" \t\r\n:"));
  const bool named = iequals(first, command) || (bare && iequals(first, command.substr(1)));
  if (!named) return std::nullopt;
  text.remove_prefix(first.size());
  if (text.starts_with(":")) text.remove_prefix(1);
  return trim(text);
}

}  // namespace

InquiryOrder Edge::Request::inquiry_order(const Place& place, const std::string& user, Inquiry inquiry,
                                          const Reader& reader) const {
  InquiryOrder order;
  order.place = place;
  order.user = user;
  order.reader = reader;
  order.inquiry = std::move(inquiry);
  order.asked = whole_minute(parts_.clock.now());
  order.in_thread = !place.thread_ts.empty();
  return order;
}

std::optional<Inquiry> Edge::Request::inquiry_in(const std::string& text, bool in_thread) const {
  // In threads people ask about what was found there: only the command with its slash is another thing.
  if (const auto question = behind(parts_.settings.insight_command, text, !in_thread)) {
    Inquiry inquiry = inquiry_from_text(InquiryKind::kInsight, *question);
    if (!inquiry.question.empty()) return inquiry;
  }
  if (const auto options = behind(parts_.settings.findings_command, text, !in_thread)) {
    return inquiry_from_text(InquiryKind::kFindings, *options);
  }
  return std::nullopt;
}

EdgeReply Edge::Request::inquiry_form(const slack::SlashCommand& c, InquiryKind kind) {
  ModalState state{{c.team, c.channel, ""}, {}, "", parts_.directory.known(c.team, c.user)};
  const Inquiry inquiry = inquiry_from_text(kind, utf8_prefix(c.text, 3000));
  return open_view(c.trigger_id, c.response_url, std::move(state), c.user, view_of(inquiry));
}

EdgeReply Edge::Request::inquiry_again(const slack::BlockAction& a) {
  const Reader reader = parts_.directory.known(a.team, a.user);
  const auto job = parts_.jobs.job(report_state_from_json(a.value).run);
  const auto order = job ? inquiry_order_from_json(job->payload) : Result<InquiryOrder>(tl::unexpected(job.error()));
  if (!order) {
    tell(a.response_url, texts::forgotten(reader.language));
    return {};
  }
  ModalState state{{a.team, a.channel, a.thread_ts.empty() ? a.message_ts : a.thread_ts}, {}, "", reader};
  return open_view(a.trigger_id, a.response_url, std::move(state), a.user, view_of(order->inquiry));
}

EdgeReply Edge::Request::inquiry_submitted(const slack::ViewSubmission& v, const ModalState& state, InquiryKind kind) {
  InquiryReading reading = read_inquiry(kind, v.values, state.reader);
  if (!reading.problems.empty()) return {200, view_errors(reading.problems)};
  Place place = state.place;
  if (place.thread_ts.empty() && !reading.channel.empty()) place.channel = reading.channel;
  const std::string name(inquiry_name(kind));
  if (!may_ask(parts_.settings, v.team, place.channel, v.user)) {
    intake_.refused({kNoTime, v.team, place.channel, v.user, name, ""});
    return {200, view_errors({{std::string(kChannelBlock), texts::not_allowed(state.reader.language)}})};
  }
  const std::string key = "view:" + v.view_id;
  const NewJob job =
      acknowledge_inquiry_job(key, inquiry_order(place, v.user, std::move(reading.inquiry), state.reader));
  const AuditEntry who{kNoTime, v.team, place.channel, v.user, name, job.id.substr(4)};
  return answered(intake_.store(keys(key), {job}, who, true), kDaysBlock, state.reader.language);
}

}  // namespace fa::chatops
