#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "alarms/sns.h"
#include "alarms/sns_certificate.h"

namespace {

const fa::TimePoint kNow = fa::from_unix_nanos(1'795'770'000'000'000'000);

void require(bool holds) {
  if (!holds) std::abort();
}

struct FixedClock final : fa::Clock {
  [[nodiscard]] fa::TimePoint now() const override { return kNow; }
};

/// Nobody signed anything here, so nothing is accepted, and only SNS is asked.
void check_message(std::string_view body) {
  const auto message = fa::alarms::parse_sns_message(body);
  if (!message) return require(!message.error().message.empty());
  const auto text = fa::alarms::sns_text_to_sign(*message);
  require(!text || text->starts_with("Message\n"));
  const FixedClock clock;
  fa::alarms::SnsVerifier verifier(
      [](const std::string& url) -> fa::Result<std::string> {
        require(fa::alarms::is_sns_certificate_url(url));
        return url;
      },
      clock);
  require(!verifier.verify(*message, {message->topic_arn}));
  require(!verifier.verify(*message, {}));
  (void)fa::alarms::is_sns_subscribe_url(message->subscribe_url, message->topic_arn);
}

void check_url(std::string_view url) {
  if (!fa::alarms::is_sns_certificate_url(url)) return;
  constexpr std::string_view kPlain = ".amazonaws.com/SimpleNotificationService-";
  constexpr std::string_view kChina = ".amazonaws.com.cn/SimpleNotificationService-";
  require(url.starts_with("https://sns.") && url.ends_with(".pem"));
  require(url.find(kPlain) != std::string_view::npos || url.find(kChina) != std::string_view::npos);
  require(url.find_first_of("@\\?#%: \n", 8) == std::string_view::npos && url.find("..") == std::string_view::npos);
}

/// A certificate, or what is to pass for one, and below it what is to pass for a signature.
void check_certificate(std::string_view text) {
  const std::size_t line = std::min(text.rfind('\n'), text.size());
  (void)fa::alarms::check_sns_certificate(text.substr(0, line), kNow);
  require(!fa::alarms::is_signed_with(text.substr(0, line), "text", text.substr(std::min(line + 1, text.size())),
                                      fa::alarms::SnsDigest::kSha256));
}

void check_header(std::string_view text) {
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view body = text.substr(line);
  using fa::alarms::WebhookCheck;
  require(fa::alarms::check_webhook_signature(text.substr(0, line), body, "a secret", kNow) != WebhookCheck::kValid);
  const std::string right = fa::alarms::sign_webhook(body, "a secret", kNow);
  require(fa::alarms::check_webhook_signature(right, body, "a secret", kNow) == WebhookCheck::kValid);
}

}  // namespace

/// The first byte chooses what the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  switch (data[0] % 4) {
    case 0:
      check_message(text);
      break;
    case 1:
      check_url(text);
      (void)fa::alarms::is_sns_subscribe_url(text, "arn:aws:sns:ap-northeast-1:123456789012:prod-alarms");
      break;
    case 2:
      check_certificate(text);
      break;
    default:
      check_header(text);
  }
  return 0;
}
