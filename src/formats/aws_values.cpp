#include "formats/aws_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.h"

namespace fa {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
/// 2262-01-01T00:00:00Z. Instants up to there, and differences of two of them, fit 64 bits of nanoseconds.
constexpr std::int64_t kEndSecond = 9'214'646'400;

std::optional<TimePoint> time_at(std::int64_t seconds, std::int64_t nanos) {
  if (seconds < 0 || seconds >= kEndSecond) return std::nullopt;
  return from_unix_nanos(seconds * kNanosPerSecond + nanos);
}

}  // namespace

std::optional<TimePoint> parse_epoch_seconds(std::string_view text) {
  // Significant digits and the place of the decimal point, then the digits around that point are read.
  std::array<char, 40> digits{};
  int count = 0;
  int point = -1;
  std::size_t i = 0;
  for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); ++i) {
    if (text[i] == '.') {
      if (point >= 0) return std::nullopt;
      point = count;
    } else if (count < 40) {
      digits[static_cast<std::size_t>(count++)] = text[i];
    } else if (point < 0) {
      return std::nullopt;  // 40 digits before the point are no time.
    }
  }
  if (count == 0) return std::nullopt;
  if (point < 0) point = count;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    if (++i < text.size() && text[i] == '+') ++i;
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    if (error != std::errc{} || exponent > 40 || exponent < -80) return std::nullopt;
    i = static_cast<std::size_t>(end - text.data());
    point += exponent;
  }
  if (i != text.size()) return std::nullopt;
  const auto digit = [&](int at) {
    return at >= 0 && at < count ? std::int64_t{digits[static_cast<std::size_t>(at)] - '0'} : std::int64_t{0};
  };
  std::int64_t seconds = 0;
  for (int at = 0; at < point; ++at) {
    seconds = seconds * 10 + digit(at);
    if (seconds >= kEndSecond) return std::nullopt;
  }
  std::int64_t nanos = 0;
  for (int at = point; at < point + 9; ++at) nanos = nanos * 10 + digit(at);
  return time_at(seconds, nanos);
}

std::optional<TimePoint> time_from_millis(std::int64_t millis) {
  if (millis < 0) return std::nullopt;
  return time_at(millis / 1000, millis % 1000 * 1'000'000);
}

std::optional<TimePoint> parse_aws_time(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"' && json.back() == '"') json = json.substr(1, json.size() - 2);
  if (const auto epoch = parse_epoch_seconds(json)) return epoch;
  const std::optional<TimePoint> time = parse_rfc3339(json);
  return time && *time >= TimePoint{} ? time : std::nullopt;
}

std::optional<TimePoint> time_of_trace_id(std::string_view trace_id) {
  if (trace_id.size() < 11 || !trace_id.starts_with("1-") || trace_id[10] != '-') return std::nullopt;
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(trace_id.data() + 2, trace_id.data() + 10, seconds, 16);
  if (error != std::errc{} || end != trace_id.data() + 10) return std::nullopt;
  return time_at(seconds, 0);
}

Arn parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return {};
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  return {parts[2], parts[3], parts[4], text};
}

std::string_view service_of_log_group(std::string_view group) {
  if (const Arn arn = parse_arn(group); !arn.resource.empty()) {
    group = arn.resource;  // log-group:NAME:*
    if (group.starts_with("log-group:")) group.remove_prefix(10);
    if (group.ends_with(":*")) group.remove_suffix(2);
  }
  const std::size_t colon = group.find(':');
  if (colon != std::string_view::npos &&
      std::all_of(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(colon), is_digit)) {
    group.remove_prefix(colon + 1);
  }
  while (group.ends_with('/')) group.remove_suffix(1);
  // Groups whose last component is a kind of log, not a name: the name is what follows the prefix.
  for (const std::string_view prefix : {"/aws/rds/instance/", "/aws/rds/cluster/", "/aws/eks/",
                                        "/aws/ecs/containerinsights/", "/aws/containerinsights/"}) {
    if (group.starts_with(prefix)) {
      const std::string_view rest = group.substr(prefix.size());
      return rest.substr(0, rest.find('/'));
    }
  }
  return group.substr(group.rfind('/') + 1);
}

}  // namespace fa
