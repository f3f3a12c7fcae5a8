#include "support/aws/wire.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/hash.h"
#include "base/text.h"

namespace fa::test::wire {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

std::string format(const char* form, auto... values) {
  std::array<char, 96> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), form, values...);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

struct Civil {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
  unsigned weekday;
};
Civil civil(TimePoint t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  return {std::chrono::year_month_day{days}, std::chrono::hh_mm_ss{std::chrono::floor<std::chrono::seconds>(t) - days},
          std::chrono::weekday{days}.c_encoding()};
}

/// Services whose error documents spell it with a capital letter (their models: `Message`).
bool capital_message(std::string_view service) {
  return service == "athena" || service == "secretsmanager" || service == "xray";
}

std::string json_error(const Call& call, const Refusal& refusal, std::string_view type_prefix) {
  std::string body = "{\"__type\":";
  append_json_string(body, std::string(type_prefix) + refusal.code);
  for (const auto& [name, value] : refusal.details) {
    body += ",\"" + name + "\":";
    append_json_string(body, value);
  }
  body += capital_message(call.service) ? ",\"Message\":" : ",\"message\":";
  append_json_string(body, refusal.message);
  return body + "}";
}

std::string request_id(const Call& call) {
  return uuid_of(call.service + "|" + call.operation + "|" + call.path + "|" + call.query + "|" + call.request->body);
}

}  // namespace

std::string_view Call::header(std::string_view name) const {
  for (const auto& [key, value] : request->headers) {
    if (iequals(key, name)) return value;
  }
  return {};
}

std::optional<std::string> Call::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return std::nullopt;
}

TimePoint Call::now() const { return world != nullptr && world->now ? world->now() : std::chrono::system_clock::now(); }

Call take_apart(const HttpRequest& request) {
  Call call;
  call.request = &request;
  std::string_view rest = request.url;
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos && scheme < 6) {
    const bool tls = rest.starts_with("https");
    rest.remove_prefix(scheme + 3);
    const std::size_t end = rest.find_first_of("/?#");
    call.host = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    const std::string_view usual = tls ? ":443" : ":80";
    if (call.host.ends_with(usual)) call.host.resize(call.host.size() - usual.size());
  }
  if (const auto given = call.header("host"); !given.empty()) call.host = given;
  rest = rest.substr(0, rest.find('#'));
  const std::size_t mark = rest.find('?');
  call.path = rest.substr(0, mark);
  if (call.path.empty()) call.path = "/";
  if (mark != std::string_view::npos) call.query = rest.substr(mark + 1);
  for (const std::string_view pair : split(call.query, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    call.parameters.emplace_back(
        percent_decode(pair.substr(0, equals), true),
        equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1), true));
  }
  return call;
}

bool is_rest_json(std::string_view service) {
  return service == "xray" || service == "securityhub" || service == "guardduty" || service == "lambda";
}

HttpResponse refusal_response(const Call& call, const Refusal& refusal) {
  HttpResponse response;
  response.status = refusal.status;
  const std::string id = request_id(call);
  if (call.service == "s3") {
    response.headers = {
        {"x-amz-request-id", id}, {"x-amz-id-2", base64_encode(id)}, {"Content-Type", "application/xml"}};
    if (call.request->method != "HEAD") {
      response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + xml_escape(refusal.code) +
                      "</Code><Message>" + xml_escape(refusal.message) + "</Message>";
      for (const auto& [name, value] : refusal.details) {
        response.body += "<" + name + ">" + xml_escape(value) + "</" + name + ">";
      }
      response.body += "<RequestId>" + id + "</RequestId><HostId>" + base64_encode(id) + "</HostId></Error>";
    }
  } else if (call.service == "sts") {
    response.headers = {{"x-amzn-RequestId", id}, {"Content-Type", "text/xml"}};
    response.body = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    <Type>" +
                    std::string(refusal.status >= 500 ? "Receiver" : "Sender") + "</Type>\n    <Code>" +
                    xml_escape(refusal.code) + "</Code>\n    <Message>" + xml_escape(refusal.message) +
                    "</Message>\n  </Error>\n  <RequestId>" + id + "</RequestId>\n</ErrorResponse>\n";
  } else if (is_rest_json(call.service)) {
    response.headers = {
        {"x-amzn-RequestId", id},
        {"x-amzn-ErrorType", refusal.code + ":http://internal.amazon.com/coral/com.amazonaws." + call.service + "/"},
        {"Content-Type", "application/json"}};
    response.body = "{\"Message\":";
    append_json_string(response.body, refusal.message);
    response.body += "}";
  } else if (call.service == "cloudwatch") {
    const std::string& code = refusal.query_code.empty() ? refusal.code : refusal.query_code;
    response.headers = {{"x-amzn-RequestId", id},
                        {"x-amzn-query-error", code + (refusal.status >= 500 ? ";Receiver" : ";Sender")},
                        {"Content-Type", "application/x-amz-json-1.0"}};
    response.body = json_error(call, refusal, "com.amazonaws.cloudwatch.v2010_08_01#");
  } else {
    response.headers = {{"x-amzn-RequestId", id}, {"Content-Type", "application/x-amz-json-1.1"}};
    response.body = json_error(call, refusal, "");
  }
  response.headers.insert(response.headers.end(), refusal.headers.begin(), refusal.headers.end());
  return response;
}

HttpResponse json_response(const Call& call, std::string body) {
  HttpResponse response;
  response.status = 200;
  const char* type = is_rest_json(call.service)     ? "application/json"
                     : call.service == "cloudwatch" ? "application/x-amz-json-1.0"
                                                    : "application/x-amz-json-1.1";
  response.headers = {{"x-amzn-RequestId", request_id(call)}, {"Content-Type", type}};
  response.body = std::move(body);
  return response;
}

HttpResponse xml_response(std::string body) {
  HttpResponse response;
  response.status = 200;
  response.headers = {{"Content-Type", "application/xml"}};
  response.body = std::move(body);
  return response;
}

std::string make_token(std::string_view kind, std::string_view position) {
  const std::string content = std::string(kind) + "|" + std::string(position);
  return base64_encode(format("%016llx", static_cast<unsigned long long>(stable_hash(content, 7))) +
                       std::string(position));
}

std::optional<std::string> read_token(std::string_view kind, std::string_view token) {
  const auto plain = base64_decode(token);
  if (!plain || plain->size() < 16) return std::nullopt;
  std::string position = plain->substr(16);
  if (make_token(kind, position) != token) return std::nullopt;
  return position;
}

std::optional<std::size_t> read_index_token(std::string_view kind, std::string_view token) {
  const auto position = read_token(kind, token);
  std::size_t index = 0;
  if (!position) return std::nullopt;
  const auto [end, error] = std::from_chars(position->data(), position->data() + position->size(), index);
  if (error != std::errc{} || end != position->data() + position->size()) return std::nullopt;
  return index;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c) || (keep_slash && c == '/')) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string base64_encode(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kDigits[(group >> (18 - 6 * k)) & 63U];
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    int value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      value = c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      value = c - '0' + 52;
    } else if (c == '+') {
      value = 62;
    } else if (c == '/') {
      value = 63;
    } else {
      return std::nullopt;
    }
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 255U);
    }
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  std::string mended;
  if (!is_valid_utf8(text)) {
    mended = sanitize_utf8(text);
    text = mended;
  }
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i];
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else {
      out += format("\\u%04x", static_cast<unsigned>(byte));
    }
  }
  out.append(text, copied, text.size() - copied);
  out += '"';
}

std::int64_t to_millis(TimePoint t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

std::string epoch_seconds(TimePoint t) {
  const std::int64_t millis = to_millis(t);
  if (millis % 1000 == 0) return std::to_string(millis / 1000) + ".0";
  return format("%lld.%03lld", static_cast<long long>(millis / 1000), static_cast<long long>(millis % 1000));
}

TimePoint from_seconds(double seconds) {
  // Doubles hold microseconds of this century exactly enough; finer digits would be noise.
  return TimePoint{std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6 + 0.5))};
}

std::string http_date(TimePoint t) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(t);
  return format("%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[c.weekday], static_cast<unsigned>(c.day.day()),
                kMonths[static_cast<unsigned>(c.day.month()) - 1], static_cast<int>(c.day.year()),
                static_cast<int>(c.time.hours().count()), static_cast<int>(c.time.minutes().count()),
                static_cast<int>(c.time.seconds().count()));
}

std::string basic_iso_time(TimePoint t) {
  const Civil c = civil(t);
  return format("%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(c.day.year()), static_cast<unsigned>(c.day.month()),
                static_cast<unsigned>(c.day.day()), static_cast<int>(c.time.hours().count()),
                static_cast<int>(c.time.minutes().count()), static_cast<int>(c.time.seconds().count()));
}

std::optional<TimePoint> parse_basic_iso_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  std::string iso;
  iso.append(text, 0, 4).append("-").append(text, 4, 2).append("-").append(text, 6, 5);
  iso.append(":").append(text, 11, 2).append(":").append(text, 13, 3);
  return parse_rfc3339(iso);
}

std::string uuid_of(std::string_view text) {
  const std::string hex = sha256_hex(text);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-a" + hex.substr(17, 3) + "-" +
         hex.substr(20, 12);
}

std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += format("%02x", static_cast<unsigned>(digest[i]));
  return out;
}

}  // namespace fa::test::wire
