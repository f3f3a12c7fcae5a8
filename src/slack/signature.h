#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "net/http.h"

namespace fa::slack {

/// `v0=` and the lower-case hex HMAC-SHA256 of `v0:<timestamp>:<body>`
/// (https://api.slack.com/authentication/verifying-requests-from-slack).
[[nodiscard]] std::string sign(const Secret& signing_secret, std::string_view timestamp, std::string_view body);

enum class SignatureCheck { kValid, kMissing, kMalformed, kStale, kFuture, kWrong, kReplayed };
[[nodiscard]] std::string_view signature_check_name(SignatureCheck check);  ///< valid, missing, malformed, ...

/// Checks that a request comes from Slack: headers `X-Slack-Request-Timestamp` and `X-Slack-Signature` (each exactly
/// once), at most five minutes from now in either direction, signature over the raw body compared in constant time,
/// and each signature accepted once. Thread-safe.
///
/// Accepted signatures are remembered, in this process, for as long as they could be accepted again; at most
/// `most_remembered` of them (about 80 bytes each). Beyond that the oldest are forgotten, by the time they carry, and
/// whatever carries their time or an earlier one is stale from then on: late requests are refused before a replay is
/// accepted. The same holds when the clock is set back.
class SignatureVerifier {
 public:
  static constexpr std::size_t kMostRemembered = 1'000'000;

  explicit SignatureVerifier(const Clock& clock, std::size_t most_remembered = kMostRemembered)
      : clock_(clock), most_remembered_(most_remembered) {}

  /// `secrets`: those that may have signed (two while one is being replaced); empty ones are never accepted.
  [[nodiscard]] SignatureCheck verify(const std::vector<Secret>& secrets, const HttpHeaders& headers,
                                      std::string_view raw_body);
  [[nodiscard]] std::size_t remembered() const;

 private:
  using Digest = std::array<unsigned char, 32>;

  SignatureCheck remember(std::int64_t seconds, const Digest& digest, std::int64_t now_seconds);
  void forget_oldest();

  const Clock& clock_;
  const std::size_t most_remembered_;
  mutable std::mutex mutex_;
  std::set<std::pair<std::int64_t, Digest>> seen_;  ///< By the time they carry, in Unix seconds.
  std::int64_t forgotten_ = -1;                     ///< Latest time of those that were forgotten.
};

}  // namespace fa::slack
