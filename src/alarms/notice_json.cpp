#include "alarms/notice_json.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostNoticeBytes = std::size_t{4} << 20U;
constexpr std::size_t kDeepestNotice = 32;
constexpr std::size_t kWidestObject = 2048;

std::optional<std::int64_t> whole_of(const Json& value) {
  if (value.is_number_unsigned() || value.is_number_integer()) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    return value.get<std::int64_t>();
  }
  if (value.is_number_float()) {
    const double number = value.get<double>();
    // Beyond 2^53 a double does not say which whole number is meant.
    if (!(std::abs(number) < 9e15) || std::trunc(number) != number) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<Json> read_notice(std::string_view text, std::string_view what) {
  auto document = read_untrusted_json(text, {kMostNoticeBytes, kDeepestNotice, kWidestObject}, what);
  if (document && !document->is_object()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is no JSON object.", what));
  }
  return document;
}

std::string line_at(const Json& from, JsonPath path, std::size_t most_bytes) {
  return line_of(text_at(from, path), most_bytes);
}

std::string paragraph_at(const Json& from, JsonPath path, std::size_t most_bytes) {
  return paragraph_of(text_at(from, path), most_bytes);
}

std::optional<std::int64_t> whole_at(const Json& from, JsonPath path, std::int64_t least, std::int64_t most) {
  const Json* found = member_at(from, path);
  const auto number = found == nullptr ? std::nullopt : whole_of(*found);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

}  // namespace fa::alarms
