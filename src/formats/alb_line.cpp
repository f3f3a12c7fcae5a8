#include "formats/alb_line.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "formats/byte_blocks.h"

namespace fa {
namespace {

/// Takes fields off a line from the left. Once `problem` is set, every further field is empty.
class FieldCursor {
 public:
  explicit FieldCursor(std::string_view line) : rest_(line) { skip_spaces(); }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] const char* problem() const { return problem_; }

  /// The next field; `-` and a missing one come as empty. A field in quotes ends at a quote that no backslash escapes
  /// and that a space or the end of the line follows (some agents smuggle bare quotes in).
  std::string_view next() {
    if (rest_.empty() || problem_ != nullptr) return {};
    std::string_view field = rest_.front() == '"' ? quoted() : bare();
    skip_spaces();
    return field == "-" ? std::string_view{} : field;
  }

  void skip(int fields) {
    for (int i = 0; i < fields; ++i) next();
  }

 private:
  std::string_view bare() {
    const std::size_t end = std::min(find(' ', 0), rest_.size());
    const std::string_view field = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return field;
  }

  std::string_view quoted() {
    std::size_t from = 1;
    while (true) {
      const std::size_t quote = find('"', from);
      if (quote == std::string_view::npos) {
        problem_ = "expected a closing quote";
        return {};
      }
      std::size_t backslashes = 0;
      while (rest_[quote - 1 - backslashes] == '\\') ++backslashes;  // Ends at the opening quote at the latest.
      const bool ends_field = quote + 1 == rest_.size() || rest_[quote + 1] == ' ';
      if (backslashes % 2 == 0 && ends_field) {
        const std::string_view field = rest_.substr(1, quote - 1);
        rest_.remove_prefix(quote + 1);
        return field;
      }
      from = quote + 1;
    }
  }

  /// string_view::find for fields that mostly end within the next few bytes.
  [[nodiscard]] std::size_t find(char c, std::size_t from) const {
    for (; from + 16 <= rest_.size(); from += 16) {
      if (const std::uint32_t found = Bytes16(rest_.data() + from).equal(c); found != 0)
        return from + lowest_bit(found);
    }
    return rest_.find(c, from);
  }

  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  std::string_view rest_;
  const char* problem_ = nullptr;
};

/// `0.074`: digits, a point, three digits. Both whole number and divisor are exact as doubles, so that the quotient is
/// the double closest to the decimal, which is what from_chars gives.
std::optional<double> plain_decimal(std::string_view text) {
  constexpr std::size_t kFraction = 3;
  if (text.size() < kFraction + 2 || text.size() > 12 || text[text.size() - kFraction - 1] != '.') return std::nullopt;
  std::int64_t whole = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == text.size() - kFraction - 1) continue;
    if (!is_digit(text[i])) return std::nullopt;
    whole = whole * 10 + (text[i] - '0');
  }
  return static_cast<double>(whole) / 1000;
}

/// A decimal number of the whole text, or nullopt.
std::optional<double> number(std::string_view text) {
  if (const auto plain = plain_decimal(text)) return plain;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > -1e12 && value < 1e12)) return std::nullopt;
  return value;
}

template <class Integer>
bool integer(std::string_view text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// A count of bytes; 0 where the load balancer wrote `-` or `-1`.
bool bytes(std::string_view text, std::uint64_t& value) {
  value = 0;
  return text.empty() || text == "-1" || integer(text, value);
}

/// A time from 1970 on, so that differences of two stay in range.
std::optional<TimePoint> time_of(std::string_view text, AlbClock& clock) {
  const std::optional<TimePoint> time = clock.parse(text);
  return time && *time >= TimePoint{} ? time : std::nullopt;
}

/// An HTTP status; 0 for none.
bool status(std::string_view text, int& value) {
  value = 0;
  return text.empty() || (integer(text, value) && value >= 0 && value <= 999);
}

/// Without the port: `203.0.113.7:46532` and `[2001:db8::1]:443`.
std::string_view host_of(std::string_view address) {
  if (address.starts_with('[')) {
    const std::size_t end = address.find(']');
    return end == std::string_view::npos ? address : address.substr(1, end - 1);
  }
  const std::size_t colon = address.rfind(':');
  // More than one colon without brackets is an IPv6 address that has no port.
  if (colon == std::string_view::npos || address.find(':') != colon) return address;
  return address.substr(0, colon);
}

/// `GET https://host:443/path?query HTTP/1.1` -> method and path. Malformed requests are logged as `- http://host:80-
/// -` and have neither.
void split_request(std::string_view request, AccessRecord& record) {
  const std::size_t space = request.find(' ');
  if (space == std::string_view::npos) return;
  const std::string_view method = request.substr(0, space);
  if (method == "-") return;
  record.method = method;
  std::string_view url = request.substr(space + 1);
  const std::size_t protocol = url.rfind(' ');
  if (protocol != std::string_view::npos) url = url.substr(0, protocol);
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos && scheme <= 5) {
    const std::size_t slash = url.find_first_of("/?#", scheme + 3);
    url = slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
  }
  record.path = url.substr(0, url.find_first_of("?#"));
}

}  // namespace

std::string_view alb_target_group_name(std::string_view arn) {
  constexpr std::string_view kMark = ":targetgroup/";
  const std::size_t mark = arn.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view name = arn.substr(mark + kMark.size());
  return name.substr(0, name.find('/'));
}

std::string_view alb_root_trace(std::string_view field) {
  constexpr std::string_view kMark = "Root=";
  const std::size_t mark = field.find(kMark);
  if (mark == std::string_view::npos) return field;
  const std::string_view root = field.substr(mark + kMark.size());
  return root.substr(0, root.find(';'));
}

std::optional<TimePoint> AlbClock::parse(std::string_view text) {
  constexpr std::size_t kMicroDigits = 6;
  const bool usual = text.size() == kToSecond + kMicroDigits + 2 && text[kToSecond] == '.' && text.back() == 'Z';
  if (!usual) return parse_rfc3339(text);
  std::int64_t micros = 0;
  for (const char c : text.substr(kToSecond + 1, kMicroDigits)) {
    if (!is_digit(c)) return parse_rfc3339(text);
    micros = micros * 10 + (c - '0');
  }
  const std::chrono::microseconds fraction(micros);
  if (time_ != kNoTime && std::memcmp(text.data(), second_.data(), kToSecond) == 0) return time_ + fraction;
  const std::optional<TimePoint> time = parse_rfc3339(text);
  // A leap second need not be what is a fraction behind its beginning.
  if (time && *time >= TimePoint{} && text.substr(kToSecond - 2, 2) != "60") {
    std::copy_n(text.data(), kToSecond, second_.data());
    time_ = *time - fraction;
  }
  return time;
}

const char* parse_alb_line(std::string_view line, AccessRecord& record) {
  AlbClock clock;
  return parse_alb_line(line, record, clock);
}

const char* parse_alb_line(std::string_view line, AccessRecord& record, AlbClock& clock) {
  FieldCursor fields(line);
  fields.next();  // type: http, https, h2, grpcs, ws, wss
  const std::optional<TimePoint> time = time_of(fields.next(), clock);
  if (!time) return "expected an ISO 8601 time as the second field";
  record.time = *time;
  record.entity = fields.next();
  if (record.entity.empty()) return "expected the name of the load balancer as the third field";
  record.client = host_of(fields.next());
  record.target = fields.next();
  const std::optional<double> request_seconds = number(fields.next());
  const std::optional<double> target_seconds = number(fields.next());
  const std::optional<double> response_seconds = number(fields.next());
  if (fields.problem() == nullptr && (!request_seconds || !target_seconds || !response_seconds)) {
    return "expected three processing times in seconds behind the target";
  }
  if (!status(fields.next(), record.status) || !status(fields.next(), record.target_status)) {
    return "expected two status codes behind the processing times";
  }
  if (fields.at_end() || !bytes(fields.next(), record.received_bytes) || !bytes(fields.next(), record.sent_bytes)) {
    return "expected received and sent bytes behind the status codes";
  }
  split_request(fields.next(), record);
  record.user_agent = fields.next();
  fields.skip(2);  // ssl_cipher, ssl_protocol
  record.target_group = alb_target_group_name(fields.next());
  record.trace_id = alb_root_trace(fields.next());
  fields.skip(3);  // domain_name, chosen_cert_arn, matched_rule_priority
  const std::optional<TimePoint> created = time_of(fields.next(), clock);
  fields.skip(2);  // actions_executed, redirect_url
  record.error_reason = fields.next();
  // Lists, classification and conn_trace_id say nothing an AccessRecord holds, but a line cut inside them is broken.
  while (!fields.at_end() && fields.problem() == nullptr) fields.next();
  if (fields.problem() != nullptr) return fields.problem();

  if (*target_seconds >= 0) record.target_seconds = *target_seconds;
  if (*request_seconds >= 0 && *target_seconds >= 0 && *response_seconds >= 0) {
    record.total_seconds = *request_seconds + *target_seconds + *response_seconds;
  } else if (created && *created <= *time) {
    // -1 stands where a phase never ended (no target, timeout, client gone): then only the clock tells.
    record.total_seconds = std::chrono::duration<double>(*time - *created).count();
  }
  if (created) record.time = *created;
  return nullptr;
}

}  // namespace fa
