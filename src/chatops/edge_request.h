#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chatops/edge.h"
#include "chatops/edge_intake.h"
#include "chatops/inquiry.h"

namespace fa::chatops {

/// One request on its way through: what the handlers of its kinds share.
class Edge::Request {
 public:
  Request(Edge& edge, std::string signature)
      : edge_(edge), parts_(edge.parts_), intake_(parts_), signature_(std::move(signature)) {}

  EdgeReply operator()(const slack::UrlVerification& v);
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
  /// The inquiry that somebody mentioned us for; nullopt where it is none.
  [[nodiscard]] std::optional<Inquiry> inquiry_in(const std::string& text, bool in_thread) const;
  EdgeReply inquiry_form(const slack::SlashCommand& c, InquiryKind kind);
  EdgeReply inquiry_again(const slack::BlockAction& a);
  EdgeReply inquiry_submitted(const slack::ViewSubmission& v, const ModalState& state, InquiryKind kind);
  [[nodiscard]] InquiryOrder inquiry_order(const Place& place, const std::string& user, Inquiry inquiry,
                                           const Reader& reader) const;
  EdgeReply form_button(const slack::BlockAction& a);
  EdgeReply wider(const slack::BlockAction& a);
  Intake::Outcome start(const std::string& key, const AnalysisOrder& order, const char* action);
  /// The answer to a submitted view; `block` is where a complaint stands.
  EdgeReply answered(Intake::Outcome outcome, std::string_view block, Language language) const;

  Edge& edge_;
  const Edge::Parts& parts_;
  Intake intake_;
  std::string signature_;
};

/// Shown to nobody but whoever ran the command.
[[nodiscard]] EdgeReply ephemeral(const std::string& text);
/// Slack repeats what is answered like that, for about an hour.
[[nodiscard]] EdgeReply try_again();
[[nodiscard]] TimePoint whole_minute(TimePoint t);
[[nodiscard]] AlarmHint hint_of(const alarms::AlarmNotice& notice);
/// When a message was posted, as its id says.
[[nodiscard]] std::optional<TimePoint> time_of_ts(const std::string& ts);

}  // namespace fa::chatops
