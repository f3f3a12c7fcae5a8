#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "alarms/sns.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::int64_t kSignatureTolerance = 300;  // seconds, either way
constexpr std::size_t kMostSignatures = 4;         // one for each secret, while secrets are being replaced

using WebhookMac = std::array<unsigned char, 32>;  // SHA-256, FIPS 180-4

WebhookMac webhook_mac(std::string_view seconds, std::string_view body, std::string_view secret) {
  std::string text;
  text.reserve(seconds.size() + 1 + body.size());
  text.append(seconds).append(".").append(body);
  WebhookMac out{};
  const char* key = secret.empty() ? "" : secret.data();  // HMAC() takes a null key for "the last one"
  HMAC(EVP_sha256(), key, static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out.data(), nullptr);
  return out;
}

/// 64 lower-case hex digits.
std::optional<WebhookMac> read_mac(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  WebhookMac out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t high = kHex.find(text[2 * i]);
    const std::size_t low = kHex.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out[i] = static_cast<unsigned char>(high << 4U | low);
  }
  return out;
}

struct SignatureHeader {
  std::string_view seconds_text;
  std::int64_t seconds = 0;
  std::vector<WebhookMac> macs;
};

/// Nothing but `t=...` and then up to four `v1=...`: whatever else could be put there would let one signature be sent
/// in many forms.
std::optional<SignatureHeader> read_signature_header(std::string_view header) {
  constexpr std::size_t kLongest = 512;
  if (header.size() > kLongest) return std::nullopt;
  SignatureHeader out;
  for (std::string_view part : split(header, ',')) {
    if (out.seconds_text.empty()) {
      if (!part.starts_with("t=")) return std::nullopt;
      out.seconds_text = part.substr(2);
    } else {
      const auto mac = part.starts_with("v1=") ? read_mac(part.substr(3)) : std::nullopt;
      if (!mac || out.macs.size() == kMostSignatures) return std::nullopt;
      out.macs.push_back(*mac);
    }
  }
  const std::string_view digits = out.seconds_text;
  constexpr std::size_t kMostDigits = 12;
  if (out.macs.empty() || digits.empty() || digits.size() > kMostDigits || digits.front() == '0' ||
      !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return std::nullopt;
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), out.seconds);
  return out;
}

/// Exact at both ends, for `now` has fractions of a second.
bool is_stale(std::int64_t seconds, TimePoint now) {
  const auto whole_seconds = std::chrono::floor<std::chrono::seconds>(now);
  const std::int64_t ago = whole_seconds.time_since_epoch().count() - seconds;
  return ago < -kSignatureTolerance || ago > kSignatureTolerance ||
         (ago == kSignatureTolerance && whole_seconds != now);
}

}  // namespace

WebhookCheck check_webhook_signature(std::string_view header, std::string_view body, std::string_view secret,
                                     TimePoint now) {
  if (header.empty()) return WebhookCheck::kMissing;
  const auto given = read_signature_header(header);
  if (!given) return WebhookCheck::kMalformed;
  if (is_stale(given->seconds, now)) return WebhookCheck::kStale;
  if (secret.empty()) return WebhookCheck::kWrong;  // anybody could sign with it
  const WebhookMac expected = webhook_mac(given->seconds_text, body, secret);
  bool any = false;
  for (const WebhookMac& mac : given->macs) any |= CRYPTO_memcmp(expected.data(), mac.data(), mac.size()) == 0;
  return any ? WebhookCheck::kValid : WebhookCheck::kWrong;
}

std::string sign_webhook(std::string_view body, std::string_view secret, TimePoint now) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::string text = std::to_string(seconds);
  std::string header = "t=" + text + ",v1=";
  for (const unsigned char byte : webhook_mac(text, body, secret)) {
    header += kHex[byte >> 4U];
    header += kHex[byte & 15U];
  }
  return header;
}

}  // namespace fa::alarms
