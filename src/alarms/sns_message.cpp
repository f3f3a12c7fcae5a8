#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "alarms/notice_json.h"
#include "alarms/sns.h"

namespace fa::alarms {
namespace {

constexpr std::string_view kSnsBody = "The SNS message";

std::optional<SnsType> sns_type_of(std::string_view name) {
  if (name == "Notification") return SnsType::kNotification;
  if (name == "SubscriptionConfirmation") return SnsType::kSubscriptionConfirmation;
  if (name == "UnsubscribeConfirmation") return SnsType::kUnsubscribeConfirmation;
  return std::nullopt;
}

std::string_view sns_type_name(SnsType type) {
  switch (type) {
    case SnsType::kNotification:
      return "Notification";
    case SnsType::kSubscriptionConfirmation:
      return "SubscriptionConfirmation";
    case SnsType::kUnsubscribeConfirmation:
      return "UnsubscribeConfirmation";
  }
  return "";
}

/// Takes the string out of the document; false where there is none.
bool take_string(Json& document, const char* name, std::string& into) {
  const auto it = document.find(name);
  if (it == document.end() || !it->is_string()) return false;
  into = std::move(it->get_ref<std::string&>());
  return true;
}

Result<SnsMessage> wrong_member(const char* name) {
  return fail(ErrorCode::kInvalidInput, fmt::format("{} has no text as its {}.", kSnsBody, name));
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

using SignedMember = std::pair<std::string_view, const std::string*>;

/// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html: byte-sorted by name, without the
/// type.
std::vector<SignedMember> signed_members(const SnsMessage& m) {
  if (m.type != SnsType::kNotification) {
    return {{"Message", &m.message},     {"MessageId", &m.message_id}, {"SubscribeURL", &m.subscribe_url},
            {"Timestamp", &m.timestamp}, {"Token", &m.token},          {"TopicArn", &m.topic_arn}};
  }
  std::vector<SignedMember> members{{"Message", &m.message}, {"MessageId", &m.message_id}};
  if (m.has_subject) members.emplace_back("Subject", &m.subject);
  members.emplace_back("Timestamp", &m.timestamp);
  members.emplace_back("TopicArn", &m.topic_arn);
  return members;
}

}  // namespace

Result<SnsMessage> parse_sns_message(std::string_view body) {
  auto document = read_notice(body, kSnsBody);
  if (!document) return tl::unexpected(document.error());
  SnsMessage out;
  std::string type;
  if (!take_string(*document, "Type", type)) return wrong_member("Type");
  const auto known = sns_type_of(type);
  if (!known) return fail(ErrorCode::kInvalidInput, fmt::format("{} is of a type that SNS does not have.", kSnsBody));
  out.type = *known;
  std::vector<std::pair<const char*, std::string*>> members = {{"MessageId", &out.message_id},
                                                               {"TopicArn", &out.topic_arn},
                                                               {"Message", &out.message},
                                                               {"Timestamp", &out.timestamp},
                                                               {"Signature", &out.signature},
                                                               {"SignatureVersion", &out.signature_version},
                                                               {"SigningCertURL", &out.signing_cert_url}};
  if (out.type != SnsType::kNotification) {
    members.emplace_back("Token", &out.token);
    members.emplace_back("SubscribeURL", &out.subscribe_url);
  }
  for (const auto& [name, into] : members) {
    if (!take_string(*document, name, *into)) return wrong_member(name);
  }
  // Null is what some forwarders make of a subject that is not there.
  if (member_at(*document, {"Subject"}) != nullptr) {
    if (!take_string(*document, "Subject", out.subject)) return wrong_member("Subject");
    out.has_subject = true;
  }
  return out;
}

std::optional<std::string> sns_text_to_sign(const SnsMessage& message) {
  std::string text;
  for (const auto& [name, value] : signed_members(message)) {
    if (value != &message.message && has_control_characters(*value)) return std::nullopt;
    text.append(name).append("\n").append(*value).append("\n");
  }
  return text.append("Type\n").append(sns_type_name(message.type)).append("\n");
}

}  // namespace fa::alarms
