#include <algorithm>

#include "alarms/sns.h"
#include "alarms/sns_certificate.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostCertificates = 16;
constexpr std::chrono::hours kSnsTolerance{1};  // either way; SNS gives up on an endpoint before that

tl::unexpected<Error> denied(const char* why) { return fail(ErrorCode::kDenied, why); }

std::optional<SnsDigest> digest_of(std::string_view version) {
  if (version == "1") return SnsDigest::kSha1;
  if (version == "2") return SnsDigest::kSha256;
  return std::nullopt;
}

bool is_recent(const std::string& timestamp, TimePoint now) {
  const auto sent = parse_rfc3339(timestamp);
  return sent && *sent <= now + kSnsTolerance && *sent >= now - kSnsTolerance;
}

}  // namespace

std::optional<std::string> SnsVerifier::kept(const std::string& url) {
  const std::scoped_lock lock(mutex_);
  const auto found = certificates_.find(url);
  if (found == certificates_.end()) return std::nullopt;
  found->second.used = ++uses_;
  return found->second.pem;
}

void SnsVerifier::keep(const std::string& url, const std::string& pem) {
  const std::scoped_lock lock(mutex_);
  certificates_[url] = Kept{pem, ++uses_};
  if (certificates_.size() <= kMostCertificates) return;
  certificates_.erase(std::min_element(certificates_.begin(), certificates_.end(),
                                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

bool SnsVerifier::may_fetch(TimePoint now) {
  const std::scoped_lock lock(mutex_);
  const std::int64_t minute = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
  if (minute != fetch_minute_) fetches_ = 0;
  fetch_minute_ = minute;
  if (fetches_ == kMostFetches) return false;
  ++fetches_;
  return true;
}

Result<void> SnsVerifier::verify(const SnsMessage& message, const std::vector<std::string>& topics) {
  const TimePoint now = clock_.now();
  const auto digest = digest_of(message.signature_version);
  if (!digest) return denied("The SNS message has a signature version that is not known.");
  if (std::find(topics.begin(), topics.end(), message.topic_arn) == topics.end()) {
    return denied("The SNS message is of a topic that is not allowed.");
  }
  if (!is_recent(message.timestamp, now)) return denied("The SNS message is more than an hour off.");
  if (!is_sns_certificate_url(message.signing_cert_url)) {
    return denied("The SigningCertURL of the SNS message does not lead to SNS.");
  }
  const auto text = sns_text_to_sign(message);
  if (!text) return denied("The SNS message has control characters where SNS has none.");

  auto pem = kept(message.signing_cert_url);
  const bool was_kept = pem && check_sns_certificate(*pem, now);
  if (!was_kept) {
    if (!may_fetch(now)) return fail(ErrorCode::kUnavailable, "Too many certificates of SNS were asked for.");
    auto fetched = fetch_(message.signing_cert_url);
    if (!fetched) {
      return fail(ErrorCode::kUnavailable, "The certificate of SNS could not be fetched: " + fetched.error().message);
    }
    if (auto fit = check_sns_certificate(*fetched, now); !fit) return fit;
    pem = std::move(*fetched);
  }
  if (!is_signed_with(*pem, *text, message.signature, *digest)) {
    return denied("The signature of the SNS message is not that of SNS.");
  }
  if (!was_kept) keep(message.signing_cert_url, *pem);
  return {};
}

}  // namespace fa::alarms
