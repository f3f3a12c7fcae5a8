#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace fa::alarms {

enum class SnsType { kNotification, kSubscriptionConfirmation, kUnsubscribeConfirmation };

/// An Amazon SNS message as it comes over HTTP
/// (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html).
struct SnsMessage {
  SnsType type = SnsType::kNotification;
  std::string message_id;  ///< The same in all retries.
  std::string topic_arn;
  std::string subject;
  bool has_subject = false;
  std::string message;
  std::string timestamp;  ///< As sent: it is signed.
  std::string token;
  std::string subscribe_url;
  std::string signature;
  std::string signature_version;
  std::string signing_cert_url;
};

/// kInvalidInput where it is none, a member is missing or has the wrong type; kLimit where it is larger than SNS makes
/// them. Members it does not know are ignored.
[[nodiscard]] Result<SnsMessage> parse_sns_message(std::string_view body);

/// Whether a signing certificate may be fetched from there: https, host exactly `sns.<region>.amazonaws.com` or
/// `sns.<region>.amazonaws.com.cn`, no port or user, path `/SimpleNotificationService-<word>.pem`, nothing after it.
[[nodiscard]] bool is_sns_certificate_url(std::string_view url);
/// Whether a SubscribeURL may be called: https, the same hosts, path `/`, in the region of the topic, and nothing but a
/// ConfirmSubscription (of that topic, where it names one).
[[nodiscard]] bool is_sns_subscribe_url(std::string_view url, std::string_view topic_arn);

/// Whether the certificate (PEM) signed the message: version 1 by SHA1, any other by SHA256. kDenied otherwise, also
/// for a certificate that is none, is not valid `now`, or has no RSA key of 2048 bits. Where it came from is not looked
/// at.
[[nodiscard]] Result<void> check_sns_signature(const std::string& certificate, const SnsMessage& message,
                                               TimePoint now);

/// The text that is signed. nullopt where a member besides the message has control characters: newlines there would let
/// one signature stand for different messages.
[[nodiscard]] std::optional<std::string> sns_text_to_sign(const SnsMessage& message);

/// Checks signatures, versions 1 (SHA1) and 2 (SHA256). Thread-safe; keeps the certificates whose signatures were right
/// (at most 16, those used last) and fetches one again when its time is over.
class SnsVerifier {
 public:
  /// Fetches of certificates a minute. Messages that nobody signed yet decide what is fetched: they must not make us
  /// send requests without end.
  static constexpr int kMostFetches = 30;

  /// PEM of a certificate. Only called for addresses that is_sns_certificate_url() allows, and only for messages that
  /// are right in all but their signature; by several threads at once.
  using Fetch = std::function<Result<std::string>(const std::string& url)>;
  SnsVerifier(Fetch fetch, const Clock& clock) : fetch_(std::move(fetch)), clock_(clock) {}

  /// kDenied: forged, of another topic than `topics`, more than an hour off, or signed by a certificate that is none.
  /// kUnavailable: the certificate could not be fetched (SNS may try again).
  [[nodiscard]] Result<void> verify(const SnsMessage& message, const std::vector<std::string>& topics);

 private:
  struct Kept {
    std::string pem;
    std::uint64_t used = 0;  ///< The larger, the later.
  };
  [[nodiscard]] std::optional<std::string> kept(const std::string& url);
  void keep(const std::string& url, const std::string& pem);
  [[nodiscard]] bool may_fetch(TimePoint now);

  Fetch fetch_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Kept> certificates_;  ///< By address.
  std::uint64_t uses_ = 0;
  std::int64_t fetch_minute_ = 0;  ///< The minute that `fetches_` counts.
  int fetches_ = 0;
};

/// `X-FA2-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`, at most five minutes off, in constant
/// time. Up to four `v1` may follow each other, one of which must be right; nothing else may stand there. An empty
/// secret is never right. For the generic webhook.
enum class WebhookCheck { kValid, kMissing, kMalformed, kStale, kWrong };
[[nodiscard]] WebhookCheck check_webhook_signature(std::string_view header, std::string_view body,
                                                   std::string_view secret, TimePoint now);
[[nodiscard]] std::string sign_webhook(std::string_view body, std::string_view secret, TimePoint now);

}  // namespace fa::alarms
