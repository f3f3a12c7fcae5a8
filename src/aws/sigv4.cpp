#include "aws/sigv4.h"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>

#include "aws/uri.h"
#include "base/hash.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
constexpr std::string_view kContentHash = "x-amz-content-sha256";

/// Changed on the way, or by the HTTP client after signing: a signature over them would break.
constexpr std::array<std::string_view, 7> kNeverSigned = {
    "authorization", "connection", "user-agent", "x-amzn-trace-id", "expect", "transfer-encoding", "te"};

/// Parameters of a query signature; a request that holds some was presigned before.
constexpr std::array<std::string_view, 7> kSignatureParameters = {
    "X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Date",          "X-Amz-Expires",
    "X-Amz-SignedHeaders", "X-Amz-Signature",  "X-Amz-Security-Token"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_content_hash(const std::pair<std::string, std::string>& header) { return iequals(header.first, kContentHash); }

struct Stamp {
  std::string date;  ///< 20150830
  std::string time;  ///< 20150830T123600Z
};

Stamp stamp_of(TimePoint now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<std::chrono::seconds> time{seconds - day};
  Stamp stamp;
  stamp.date = fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()));
  stamp.time = fmt::format("{}T{:02}{:02}{:02}Z", stamp.date, time.hours().count(), time.minutes().count(),
                           time.seconds().count());
  return stamp;
}

using Digest = std::array<unsigned char, 32>;  // SHA-256, FIPS 180-4

Digest hmac_sha256(const unsigned char* key, std::size_t key_size, std::string_view text) {
  Digest out{};
  HMAC(EVP_sha256(), key, static_cast<int>(key_size), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       out.data(), nullptr);
  return out;
}

Digest hmac_sha256(const Digest& key, std::string_view text) { return hmac_sha256(key.data(), key.size(), text); }

std::string hex(const Digest& digest) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15U];
  }
  return out;
}

/// The secret goes through a chain of HMACs; what it was made of does not stay in memory.
std::string sign_text(const Credentials& credentials, const Stamp& stamp, const SigningScope& scope,
                      std::string_view text) {
  std::string start = "AWS4" + credentials.secret_access_key.reveal();
  Digest key = hmac_sha256(reinterpret_cast<const unsigned char*>(start.data()), start.size(), stamp.date);
  OPENSSL_cleanse(start.data(), start.size());
  for (const std::string_view step :
       {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
    key = hmac_sha256(key, step);
  }
  std::string signature = hex(hmac_sha256(key, text));
  OPENSSL_cleanse(key.data(), key.size());
  return signature;
}

std::string credential_scope(const Stamp& stamp, const SigningScope& scope) {
  return fmt::format("{}/{}/{}/aws4_request", stamp.date, scope.region, scope.service);
}

/// RFC 3986, 5.2.4 (dot segments), and repeated slashes made one.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  bool slash_at_end = true;
  for (const std::string_view segment : split(path, '/')) {
    slash_at_end = segment.empty() || segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!slash_at_end) {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) {
    out += '/';
    out += segment;
  }
  if (slash_at_end) out += '/';
  return out;
}

/// Services encode what they decoded of the path, S3 once, the others once more. For S3 the path is decoded first, so
/// that characters which a URL may hold unencoded (`!`, `'`, lower-case hex digits) come out as S3 sees them.
std::string canonical_path(const std::string& path, const SigningScope& scope) {
  const std::string plain = scope.normalize_path ? normalized(path) : path;
  return uri_encode_path(scope.encode_path_twice ? plain : uri_decode(plain));
}

/// Sorted by encoded name, then encoded value; a name without '=' has an empty value.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view parameter : split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equal = parameter.find('=');
    const std::string_view value = equal == std::string_view::npos ? std::string_view() : parameter.substr(equal + 1);
    pairs.emplace_back(uri_encode(uri_decode(parameter.substr(0, equal))), uri_encode(uri_decode(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

/// Without space around it, and each run of blanks and line breaks inside as one space (quoted text is no exception).
std::string canonical_value(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  bool gap = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

struct CanonicalHeaders {
  std::string lines;
  std::string names;  ///< `host;x-amz-date`
};

/// `unsigned_name`: one more header that stays outside.
CanonicalHeaders canonical_headers(const HttpHeaders& headers, std::string_view unsigned_name) {
  std::map<std::string, std::string> by_name;
  for (const auto& [name, value] : headers) {
    const std::string lower = to_lower(trim(name));
    if (is_one_of(kNeverSigned, lower) || lower == unsigned_name) continue;
    const auto [at, first] = by_name.try_emplace(lower, canonical_value(value));
    if (!first) at->second += ',' + canonical_value(value);
  }
  CanonicalHeaders out;
  for (const auto& [name, value] : by_name) {
    out.lines += name + ':' + value + '\n';
    if (!out.names.empty()) out.names += ';';
    out.names += name;
  }
  return out;
}

/// Takes out what an earlier signature left.
void forget_signature(HttpRequest& request) {
  std::erase_if(request.headers, [](const auto& header) {
    return iequals(header.first, "Authorization") || iequals(header.first, "X-Amz-Date") ||
           iequals(header.first, "X-Amz-Security-Token");
  });
  const std::size_t question = request.url.find('?');
  if (question == std::string::npos) return;
  const std::string query = request.url.substr(question + 1);
  if (query.find("X-Amz-") == std::string::npos) return;  // the usual case: the URL stays byte for byte
  std::string kept;
  bool first = true;
  for (const std::string_view parameter : split(query, '&')) {
    if (is_one_of(kSignatureParameters, parameter.substr(0, parameter.find('=')))) continue;
    if (!first) kept += '&';
    kept += parameter;
    first = false;
  }
  if (!kept.empty()) kept.insert(0, 1, '?');
  request.url.replace(question, std::string::npos, kept);
}

Result<Url> prepare(HttpRequest& request, const Credentials& credentials) {
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return fail(ErrorCode::kDenied, "a request cannot be signed: the credentials have no access key (" +
                                        (credentials.origin.empty() ? "of unknown origin" : credentials.origin) + ")");
  }
  forget_signature(request);
  Result<Url> url = parse_url(request.url);
  if (url && !find_header(request.headers, "Host")) request.headers.emplace_back("Host", url->authority());
  return url;
}

/// `stated`: what a header says the hash is; empty for none.
std::string hash_of_payload(const HttpRequest& request, const SigningScope& scope, std::string_view stated,
                            bool sign_unstated) {
  if (scope.unsigned_payload) return std::string(kUnsignedPayload);
  if (!stated.empty()) return canonical_value(stated);
  return sign_unstated ? sha256_hex(request.body) : std::string(kUnsignedPayload);
}

SignatureParts signature_of(const HttpRequest& request, const Url& url, std::string_view query,
                            const CanonicalHeaders& headers, const std::string& payload_hash, const SigningScope& scope,
                            const Credentials& credentials, const Stamp& stamp) {
  SignatureParts parts;
  parts.canonical_request = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(url.path, scope),
                                        canonical_query(query), headers.lines, headers.names, payload_hash);
  parts.string_to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, stamp.time, credential_scope(stamp, scope),
                                     sha256_hex(parts.canonical_request));
  parts.signature = sign_text(credentials, stamp, scope, parts.string_to_sign);
  return parts;
}

}  // namespace

SigningScope SigningScope::s3(std::string region) {
  SigningScope scope;
  scope.region = std::move(region);
  scope.service = "s3";
  scope.encode_path_twice = false;
  scope.normalize_path = false;
  scope.content_sha256_header = true;
  return scope;
}

Result<SignatureParts> sign_request(HttpRequest& request, const SigningScope& scope, const Credentials& credentials,
                                    TimePoint now) {
  const Result<Url> url = prepare(request, credentials);
  if (!url) return tl::unexpected<Error>(url.error());
  const Stamp stamp = stamp_of(now);
  if (scope.content_sha256_header) std::erase_if(request.headers, is_content_hash);
  const std::string payload_hash =
      hash_of_payload(request, scope, find_header(request.headers, kContentHash).value_or(""), true);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token.reveal());
  }
  request.headers.emplace_back("X-Amz-Date", stamp.time);
  if (scope.content_sha256_header) request.headers.emplace_back(kContentHash, payload_hash);

  const CanonicalHeaders headers =
      canonical_headers(request.headers, scope.omit_session_token ? "x-amz-security-token" : "");
  SignatureParts parts = signature_of(request, *url, url->query, headers, payload_hash, scope, credentials, stamp);
  request.headers.emplace_back(
      "Authorization",
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, credentials.access_key_id,
                  credential_scope(stamp, scope), headers.names, parts.signature));
  return parts;
}

Result<SignatureParts> presign_request(HttpRequest& request, const SigningScope& scope, const Credentials& credentials,
                                       TimePoint now, std::chrono::seconds expires) {
  constexpr std::chrono::seconds kLongest = std::chrono::days(7);
  if (expires < std::chrono::seconds(1) || expires > kLongest) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a presigned URL is valid for 1 to {} seconds, not {}", kLongest.count(), expires.count()));
  }
  const Result<Url> url = prepare(request, credentials);
  if (!url) return tl::unexpected<Error>(url.error());
  const Stamp stamp = stamp_of(now);
  const CanonicalHeaders headers = canonical_headers(request.headers, "");

  std::vector<std::pair<std::string, std::string>> added = {
      {"X-Amz-Algorithm", std::string(kAlgorithm)},
      {"X-Amz-Credential", credentials.access_key_id + '/' + credential_scope(stamp, scope)},
      {"X-Amz-Date", stamp.time},
      {"X-Amz-SignedHeaders", headers.names},
      {"X-Amz-Expires", std::to_string(expires.count())}};
  std::string signed_query = url->query;
  const auto append = [](std::string& query, const std::string& more) {
    if (!query.empty()) query += '&';
    query += more;
  };
  const std::pair<std::string, std::string> token{"X-Amz-Security-Token", credentials.session_token.reveal()};
  const bool has_token = !token.second.empty();
  if (has_token && !scope.omit_session_token) added.push_back(token);
  append(signed_query, query_string(added));
  if (has_token && scope.omit_session_token) added.push_back(token);

  const std::string payload_hash = hash_of_payload(
      request, scope, find_header(request.headers, kContentHash).value_or(""), !scope.content_sha256_header);
  SignatureParts parts = signature_of(request, *url, signed_query, headers, payload_hash, scope, credentials, stamp);
  added.emplace_back("X-Amz-Signature", parts.signature);
  std::string query = url->query;
  append(query, query_string(added));
  request.url = request.url.substr(0, request.url.find('?')) + '?' + query;
  return parts;
}

}  // namespace fa::aws
