#include "alarms/notice_json.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kMostNoticeBytes = std::size_t{4} << 20U;
constexpr std::size_t kDeepestNotice = 32;
/// Members are searched and inserted one by one, so wide objects cost their square.
constexpr std::size_t kWidestObject = 2048;

/// Why a text is no notice's, judged before it is parsed; empty when it may be one. The text need not be JSON.
std::string_view shape_complaint(std::string_view text) {
  std::vector<std::size_t> widths;  // of the objects and arrays that are open
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        quoted = !quoted;
        break;
      case '\\':
        if (quoted) ++i;
        break;
      case '{':
      case '[':
        if (!quoted) widths.push_back(0);
        if (widths.size() > kDeepestNotice) return "is nested too deep";
        break;
      case '}':
      case ']':
        if (!quoted && !widths.empty()) widths.pop_back();
        break;
      case ':':
        if (!quoted && !widths.empty() && ++widths.back() > kWidestObject) return "has too many members";
        break;
      default:
        break;
    }
  }
  return {};
}

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
  if (text.size() > kMostNoticeBytes) {
    return fail(ErrorCode::kLimit, fmt::format("{} is larger than {}.", what, format_bytes(kMostNoticeBytes)));
  }
  if (const auto complaint = shape_complaint(text); !complaint.empty()) {
    return fail(ErrorCode::kLimit, fmt::format("{} {}.", what, complaint));
  }
  Json document = is_valid_utf8(text) ? parse_json(text) : parse_json(sanitize_utf8(text));
  if (document.is_discarded() || !document.is_object()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is no JSON object.", what));
  }
  return document;
}

const Json* member_at(const Json& from, Members path) {
  const Json* at = &from;
  for (const char* name : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(name);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at->is_null() ? nullptr : at;
}

const Json& object_at(const Json& from, Members path) {
  static const Json kNothing = Json::object();
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_object() ? *found : kNothing;
}

const Json& array_at(const Json& from, Members path) {
  static const Json kNothing = Json::array();
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_array() ? *found : kNothing;
}

std::string bytes_at(const Json& from, Members path) {
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::string line_at(const Json& from, Members path, std::size_t most_bytes) {
  return line_of(bytes_at(from, path), most_bytes);
}

std::string paragraph_at(const Json& from, Members path, std::size_t most_bytes) {
  return paragraph_of(bytes_at(from, path), most_bytes);
}

std::optional<std::int64_t> whole_at(const Json& from, Members path, std::int64_t least, std::int64_t most) {
  const Json* found = member_at(from, path);
  const auto number = found == nullptr ? std::nullopt : whole_of(*found);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

}  // namespace fa::alarms
