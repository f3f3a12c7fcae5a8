#include "support/aws/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.h"
#include "base/text.h"

namespace fa::test {
namespace {

using wire::Call;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  // HMAC() takes bytes as unsigned char; the characters are the same bytes.
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

/// Spaces at the ends go, runs of them become one.
std::string squeeze(std::string_view value) {
  std::string out;
  for (const char c : trim(value)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

/// RFC 3986, 6.2.2.3: without `.`, `..` and empty segments.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  const bool open = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  if (out.empty() || open) out += '/';
  return out;
}

std::string canonical_query(const Call& call, const SignatureRules& rules) {
  wire::Pairs pairs;
  for (const std::string_view pair : split(call.query, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string name = wire::percent_decode(pair.substr(0, equals), true);
    if (name == "X-Amz-Signature" || (rules.omit_session_token && name == "X-Amz-Security-Token")) continue;
    const std::string value =
        equals == std::string_view::npos ? std::string() : wire::percent_decode(pair.substr(equals + 1), true);
    pairs.emplace_back(wire::percent_encode(name, false), wire::percent_encode(value, false));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + "=" + value;
  }
  return out;
}

tl::unexpected<std::string> unreadable(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

/// `key/20150830/region/service/aws4_request`
bool read_credential(std::string_view text, ClaimedSignature& claim) {
  const auto parts = split(text, '/');
  if (parts.size() < 5 || parts.back() != "aws4_request") return false;
  const std::size_t n = parts.size();
  claim.service = parts[n - 2];
  claim.region = parts[n - 3];
  claim.date = parts[n - 4];
  std::size_t tail = 4;
  for (std::size_t i = n - 4; i < n; ++i) tail += parts[i].size();
  claim.access_key_id = text.substr(0, text.size() - tail);
  return !claim.access_key_id.empty() && claim.date.size() == 8;
}

void read_names(std::string_view text, ClaimedSignature& claim) {
  for (const std::string_view name : split(text, ';')) claim.signed_headers.emplace_back(name);
}

Claim claim_of_query(const Call& call) {
  ClaimedSignature claim;
  claim.in_query = true;
  if (call.parameter("X-Amz-Algorithm") != kAlgorithm) return unreadable("X-Amz-Algorithm must be AWS4-HMAC-SHA256");
  if (!read_credential(call.parameter("X-Amz-Credential").value_or(""), claim)) {
    return unreadable("X-Amz-Credential is not key/date/region/service/aws4_request");
  }
  claim.time = call.parameter("X-Amz-Date").value_or("");
  claim.signature = call.parameter("X-Amz-Signature").value_or("");
  claim.token = call.parameter("X-Amz-Security-Token").value_or("");
  read_names(call.parameter("X-Amz-SignedHeaders").value_or(""), claim);
  const std::string expires = call.parameter("X-Amz-Expires").value_or("");
  std::int64_t lasts = 0;
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), lasts);
  if (error != std::errc{} || end != expires.data() + expires.size()) return unreadable("X-Amz-Expires is no number");
  claim.expires_seconds = lasts;
  return std::optional(claim);
}

}  // namespace

Claim claimed_signature(const Call& call) {
  std::string_view text = call.header("authorization");
  if (text.empty()) {
    if (call.parameter("X-Amz-Signature")) return claim_of_query(call);
    return std::optional<ClaimedSignature>();
  }
  if (!text.starts_with(kAlgorithm)) return unreadable("Unsupported AWS 'algorithm' in the Authorization header");
  text.remove_prefix(kAlgorithm.size());
  ClaimedSignature claim;
  bool credential = false;
  for (std::string_view part : split(text, ',')) {
    part = trim(part);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return unreadable("Authorization header: key=value expected");
    const std::string_view key = part.substr(0, equals);
    const std::string_view value = part.substr(equals + 1);
    if (key == "Credential") credential = read_credential(value, claim);
    if (key == "SignedHeaders") read_names(value, claim);
    if (key == "Signature") claim.signature = value;
  }
  if (!credential) return unreadable("Credential is not key/date/region/service/aws4_request");
  if (claim.signed_headers.empty() || claim.signature.empty()) {
    return unreadable("Authorization header requires 'SignedHeaders' and 'Signature' parameters");
  }
  claim.time = call.header("x-amz-date");
  claim.token = call.header("x-amz-security-token");
  return std::optional(claim);
}

std::string canonical_request(const Call& call, const ClaimedSignature& claim, const SignatureRules& rules) {
  std::string path = rules.normalize_path ? normalized(call.path) : call.path;
  path = rules.encode_path_twice ? wire::percent_encode(path, true)
                                 : wire::percent_encode(wire::percent_decode(path, false), true);
  std::string out = call.request->method + "\n" + path + "\n" + canonical_query(call, rules) + "\n";
  std::string names;
  for (const std::string& name : claim.signed_headers) {
    std::string value;
    bool found = false;
    for (const auto& [key, text] : call.request->headers) {
      if (!iequals(key, name)) continue;
      if (found) value += ',';
      value += squeeze(text);
      found = true;
    }
    if (!found && name == "host") value = call.host;
    out += name + ":" + value + "\n";
    if (!names.empty()) names += ';';
    names += name;
  }
  out += "\n" + names + "\n";
  return out + (rules.payload_hash.empty() ? sha256_hex(call.request->body) : rules.payload_hash);
}

std::string computed_signature(const Call& call, const ClaimedSignature& claim, const SignatureRules& rules,
                               const std::string& secret) {
  const std::string scope = claim.date + "/" + claim.region + "/" + claim.service + "/aws4_request";
  const std::string to_sign = std::string(kAlgorithm) + "\n" + claim.time + "\n" + scope + "\n" +
                              sha256_hex(canonical_request(call, claim, rules));
  const std::string key =
      hmac(hmac(hmac(hmac("AWS4" + secret, claim.date), claim.region), claim.service), "aws4_request");
  return hex(hmac(key, to_sign));
}

void TestSigner::sign(HttpRequest& request) const {
  const auto put = [&](std::string_view name, std::string value) {
    std::erase_if(request.headers, [&](const auto& header) { return iequals(header.first, name); });
    request.headers.emplace_back(name, std::move(value));
  };
  std::erase_if(request.headers, [](const auto& header) { return iequals(header.first, "authorization"); });
  put("X-Amz-Date", wire::basic_iso_time(time));
  if (!token.empty()) put("X-Amz-Security-Token", token);
  SignatureRules rules;
  if (service == "s3") {
    rules.encode_path_twice = false;
    rules.normalize_path = false;
    rules.payload_hash = sha256_hex(request.body);
    put("x-amz-content-sha256", rules.payload_hash);
  }
  const Call call = wire::take_apart(request);
  put("Host", call.host);
  ClaimedSignature claim;
  claim.access_key_id = access_key_id;
  claim.time = wire::basic_iso_time(time);
  claim.date = claim.time.substr(0, 8);
  claim.region = region;
  claim.service = service;
  for (const auto& [name, value] : request.headers) claim.signed_headers.push_back(to_lower(name));
  std::sort(claim.signed_headers.begin(), claim.signed_headers.end());
  std::string names;
  for (const std::string& name : claim.signed_headers) names += (names.empty() ? "" : ";") + name;
  put("Authorization", std::string(kAlgorithm) + " Credential=" + access_key_id + "/" + claim.date + "/" + region +
                           "/" + service + "/aws4_request, SignedHeaders=" + names +
                           ", Signature=" + computed_signature(call, claim, rules, secret));
}

}  // namespace fa::test
