#include "slack/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace fa::slack {
namespace {

constexpr std::string_view kTimestampHeader = "X-Slack-Request-Timestamp";
constexpr std::string_view kSignatureHeader = "X-Slack-Signature";
constexpr std::string_view kVersion = "v0=";
constexpr std::int64_t kTolerance = 300;  // seconds, either way

using Hmac = std::array<unsigned char, 32>;  // SHA-256, FIPS 180-4

Hmac hmac_of(const Secret& secret, std::string_view timestamp, std::string_view body) {
  std::string text;
  text.reserve(4 + timestamp.size() + body.size());
  text.append("v0:").append(timestamp).append(":").append(body);
  Hmac out{};
  const std::string& key = secret.reveal();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out.data(), nullptr);
  return out;
}

/// The only header of that name; how many there are otherwise.
struct OnlyHeader {
  std::size_t count = 0;
  std::string_view value;
};

OnlyHeader only_header(const HttpHeaders& headers, std::string_view name) {
  OnlyHeader found;
  for (const auto& [key, value] : headers) {
    if (!iequals(key, name)) continue;
    ++found.count;
    found.value = value;
  }
  return found;
}

/// Digits only; no sign, no space, nothing that overflows.
std::optional<std::int64_t> read_seconds(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc()) return std::nullopt;
  return seconds;
}

std::optional<unsigned char> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  return std::nullopt;
}

/// `v0=` and 64 lower-case hex digits, as Slack writes them.
std::optional<Hmac> read_signature(std::string_view text) {
  Hmac out{};
  if (!text.starts_with(kVersion) || text.size() != kVersion.size() + 2 * out.size()) return std::nullopt;
  text.remove_prefix(kVersion.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = hex_digit(text[2 * i]);
    const auto low = hex_digit(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    out[i] = static_cast<unsigned char>(*high << 4U | *low);
  }
  return out;
}

/// Where a time stands to now; exact, for `now` has fractions of a second.
SignatureCheck check_time(std::int64_t seconds, TimePoint now) {
  const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now);
  const std::int64_t whole = now_seconds.time_since_epoch().count();
  const bool fraction = now_seconds != now;
  if (seconds > whole + kTolerance) return SignatureCheck::kFuture;
  if (seconds < whole - kTolerance || (fraction && seconds == whole - kTolerance)) return SignatureCheck::kStale;
  return SignatureCheck::kValid;
}

/// Takes as long for a wrong signature as for a right one, whichever secret made it.
bool is_signed_by_any(const std::vector<Secret>& secrets, const Hmac& given, std::string_view timestamp,
                      std::string_view body) {
  bool any = false;
  for (const Secret& secret : secrets) {
    if (secret.empty()) continue;
    const Hmac expected = hmac_of(secret, timestamp, body);
    any |= CRYPTO_memcmp(expected.data(), given.data(), given.size()) == 0;
  }
  return any;
}

}  // namespace

std::string sign(const Secret& signing_secret, std::string_view timestamp, std::string_view body) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out(kVersion);
  for (const unsigned char byte : hmac_of(signing_secret, timestamp, body)) {
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

std::string_view signature_check_name(SignatureCheck check) {
  switch (check) {
    case SignatureCheck::kValid:
      return "valid";
    case SignatureCheck::kMissing:
      return "missing";
    case SignatureCheck::kMalformed:
      return "malformed";
    case SignatureCheck::kStale:
      return "stale";
    case SignatureCheck::kFuture:
      return "future";
    case SignatureCheck::kWrong:
      return "wrong";
    case SignatureCheck::kReplayed:
      return "replayed";
  }
  return "malformed";
}

SignatureCheck SignatureVerifier::verify(const std::vector<Secret>& secrets, const HttpHeaders& headers,
                                         std::string_view raw_body) {
  const OnlyHeader timestamp = only_header(headers, kTimestampHeader);
  const OnlyHeader signature = only_header(headers, kSignatureHeader);
  if (timestamp.count == 0 || signature.count == 0) return SignatureCheck::kMissing;
  if (timestamp.count > 1 || signature.count > 1) return SignatureCheck::kMalformed;
  const auto seconds = read_seconds(timestamp.value);
  const auto digest = read_signature(signature.value);
  if (!seconds || !digest) return SignatureCheck::kMalformed;
  const TimePoint now = clock_.now();
  if (const auto time = check_time(*seconds, now); time != SignatureCheck::kValid) return time;
  if (!is_signed_by_any(secrets, *digest, timestamp.value, raw_body)) return SignatureCheck::kWrong;
  return remember(*seconds, *digest, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
}

SignatureCheck SignatureVerifier::remember(std::int64_t seconds, const Digest& digest, std::int64_t now_seconds) {
  const std::scoped_lock lock(mutex_);
  if (seen_.contains({seconds, digest})) return SignatureCheck::kReplayed;
  if (seconds <= forgotten_) return SignatureCheck::kStale;
  seen_.emplace(seconds, digest);
  while (!seen_.empty() && seen_.begin()->first < now_seconds - kTolerance) forget_oldest();
  while (seen_.size() > most_remembered_) forget_oldest();
  return SignatureCheck::kValid;
}

std::size_t SignatureVerifier::remembered() const {
  const std::scoped_lock lock(mutex_);
  return seen_.size();
}

void SignatureVerifier::forget_oldest() {
  forgotten_ = std::max(forgotten_, seen_.begin()->first);
  seen_.erase(seen_.begin());
}

}  // namespace fa::slack
