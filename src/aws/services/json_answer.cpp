#include "aws/services/json_answer.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/utf8.h"

namespace fa::aws {
namespace {

namespace od = simdjson::ondemand;

/// Outside of this a time since 1970 does not fit TimePoint; about the years 1678 and 2261.
constexpr double kMostSeconds = 9.2e9;

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

/// The text of a JSON string without its quotes (RFC 8259, 7). Unlike simdjson 3.0 it takes lone surrogates: loggers
/// that cut messages in the middle of an emoji write them, and a page must not be lost for that.
bool unescape(std::string_view written, std::string& out) {
  out.clear();
  out.reserve(written.size());
  for (std::size_t i = 0; i < written.size();) {
    const std::size_t next = std::min(written.find('\\', i), written.size());
    out.append(written.substr(i, next - i));
    if (next == written.size()) return true;
    if (next + 1 == written.size()) return false;
    const char c = written[next + 1];
    i = next + 2;
    switch (c) {
      case '"':
      case '\\':
      case '/':
        out.push_back(c);
        break;
      case 'b':
        out.push_back('\b');
        break;
      case 'f':
        out.push_back('\f');
        break;
      case 'n':
        out.push_back('\n');
        break;
      case 'r':
        out.push_back('\r');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'u': {
        auto unit = hex4(written.substr(i));
        if (!unit) return false;
        i += 4;
        if (*unit >= 0xD800 && *unit < 0xDC00 && written.substr(i).starts_with("\\u")) {
          if (const auto low = hex4(written.substr(i + 2)); low && *low >= 0xDC00 && *low < 0xE000) {
            *unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
            i += 6;
          }
        }
        append_utf8(out, *unit >= 0xD800 && *unit < 0xE000 ? 0xFFFD : *unit);
        break;
      }
      default:
        return false;
    }
  }
  return true;
}

std::string_view key_of(od::field& field) {
  const char* begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;  // The first pass over the document saw the closing quote.
  return {begin, static_cast<std::size_t>(end - begin)};
}

/// simdjson adds hints for its users behind the first sentence.
std::string words(simdjson::error_code error) {
  std::string_view text = simdjson::error_message(error);
  text = text.substr(0, text.find(". "));
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

/// Bytes that are no UTF-8 and raw control characters inside strings break no page: only its copy that is read here.
std::string repaired(std::string_view body) {
  std::string out = is_valid_utf8(body) ? std::string(body) : sanitize_utf8(body);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return out;
}

}  // namespace

struct JsonValue::State {
  std::string error;
  std::string_view key;  ///< The last field met, for messages.

  [[nodiscard]] bool failed() const { return !error.empty(); }
  [[nodiscard]] std::string shown_key() const { return visible(utf8_prefix(key, 80)); }
  void broken(simdjson::error_code code) {
    if (!failed()) error = fmt::format("its JSON is broken near `{}` ({})", shown_key(), words(code));
  }
  void wrong(simdjson::error_code code, std::string_view wanted) {
    if (failed()) return;
    const bool kind = code == simdjson::INCORRECT_TYPE || code == simdjson::NUMBER_OUT_OF_RANGE;
    if (!kind) return broken(code);
    error = fmt::format("`{}` holds something else than {}", shown_key(), wanted);
  }
};

bool JsonValue::is_null() {
  if (state_.failed()) return true;
  od::json_type type{};
  if (const auto error = static_cast<od::value*>(value_)->type().get(type)) {
    state_.broken(error);
    return true;
  }
  return type == od::json_type::null;
}

void JsonValue::fields(const void* self, FieldVisitor visit) {
  if (is_null()) return;
  od::object object;
  if (const auto error = static_cast<od::value*>(value_)->get_object().get(object)) {
    return state_.wrong(error, "an object");
  }
  for (auto item : object) {
    od::field field;
    if (const auto error = std::move(item).get(field)) return state_.broken(error);
    const std::string_view key = key_of(field);
    state_.key = key;
    JsonValue value(state_, &field.value());
    visit(self, key, value);
    if (state_.failed()) return;
  }
}

void JsonValue::items(const void* self, ItemVisitor visit) {
  if (is_null()) return;
  od::array array;
  if (const auto error = static_cast<od::value*>(value_)->get_array().get(array)) {
    return state_.wrong(error, "a list");
  }
  for (auto item : array) {
    od::value one;
    if (const auto error = std::move(item).get(one)) return state_.broken(error);
    JsonValue value(state_, &one);
    visit(self, value);
    if (state_.failed()) return;
  }
}

std::uint64_t JsonValue::count_items() {
  std::uint64_t count = 0;
  each_item([&](JsonValue&) { ++count; });
  return count;
}

void JsonValue::read(std::string& out) {
  if (is_null()) return;
  auto& value = *static_cast<od::value*>(value_);
  od::json_type type{};
  if (const auto error = value.type().get(type)) return state_.broken(error);
  if (type != od::json_type::string) return state_.wrong(simdjson::INCORRECT_TYPE, "text");
  std::string_view token = trim(value.raw_json_token());
  if (token.size() < 2 || !token.ends_with('"')) return state_.broken(simdjson::STRING_ERROR);
  token = token.substr(1, token.size() - 2);
  if (!unescape(token, out)) state_.broken(simdjson::STRING_ERROR);
}

void JsonValue::read(bool& out) {
  if (is_null()) return;
  if (const auto error = static_cast<od::value*>(value_)->get_bool().get(out)) state_.wrong(error, "true or false");
}

void JsonValue::read(double& out) {
  if (is_null()) return;
  if (const auto error = static_cast<od::value*>(value_)->get_double().get(out)) state_.wrong(error, "a number");
}

void JsonValue::read(std::uint64_t& out) {
  if (is_null()) return;
  auto& value = *static_cast<od::value*>(value_);
  if (value.get_uint64().get(out) == simdjson::SUCCESS) return;
  double number = 0;  // `1.0` and `1e3` are whole numbers too
  if (const auto error = value.get_double().get(number)) return state_.wrong(error, "a whole number");
  if (!(number >= 0 && number < 1.8e19) || number != std::floor(number)) {
    return state_.wrong(simdjson::INCORRECT_TYPE, "a whole number");
  }
  out = static_cast<std::uint64_t>(number);
}

void JsonValue::read(int& out) {
  if (is_null()) return;
  double number = 0;
  if (const auto error = static_cast<od::value*>(value_)->get_double().get(number)) {
    return state_.wrong(error, "a whole number");
  }
  if (!(std::abs(number) <= std::numeric_limits<int>::max()) || number != std::floor(number)) {
    return state_.wrong(simdjson::INCORRECT_TYPE, "a whole number");
  }
  out = static_cast<int>(number);
}

void JsonValue::read(std::map<std::string, std::string>& out) {
  each_field([&](std::string_view key, JsonValue& value) {
    std::string name;
    if (!unescape(key, name)) return state_.broken(simdjson::STRING_ERROR);
    value.read(out[name]);
  });
}

void JsonValue::read_milliseconds(std::optional<TimePoint>& out) {
  if (is_null()) return;
  auto& value = *static_cast<od::value*>(value_);
  std::int64_t milliseconds = 0;
  if (const auto error = value.get_int64().get(milliseconds)) return state_.wrong(error, "a time in milliseconds");
  constexpr auto kMost = static_cast<std::int64_t>(kMostSeconds * 1e3);
  if (milliseconds > kMost || milliseconds < -kMost) {
    return state_.wrong(simdjson::NUMBER_OUT_OF_RANGE, "a time in milliseconds");
  }
  out = from_unix_nanos(milliseconds * 1'000'000);
}

void JsonValue::read_seconds(std::optional<TimePoint>& out) {
  if (is_null()) return;
  auto& value = *static_cast<od::value*>(value_);
  od::json_type type{};
  if (const auto error = value.type().get(type)) return state_.broken(error);
  if (type == od::json_type::string) {
    std::string text;
    read(text);
    const auto time = parse_rfc3339(text);
    if (!time) return state_.wrong(simdjson::INCORRECT_TYPE, "a time in seconds");
    out = *time;
    return;
  }
  double seconds = 0;
  if (const auto error = value.get_double().get(seconds)) return state_.wrong(error, "a time in seconds");
  if (!(std::abs(seconds) <= kMostSeconds)) return state_.wrong(simdjson::NUMBER_OUT_OF_RANGE, "a time in seconds");
  // A double near 2e9 is exact to a quarter of a microsecond: no more digits than that.
  out = from_unix_nanos(static_cast<std::int64_t>(std::llround(seconds * 1e6)) * 1000);
}

Result<void> JsonAnswer::read_fields(std::string& body, const void* self, Visitor visit) {
  const auto wrong = [](std::string why) { return fail(ErrorCode::kUnavailable, std::move(why)); };
  if (trim(body).empty()) return wrong("it is empty");
  try {
    od::parser parser;
    od::document document;
    std::string copy;
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    auto error = parser.iterate(body.data(), body.size(), body.capacity()).get(document);
    if (error == simdjson::UTF8_ERROR || error == simdjson::UNESCAPED_CHARS) {
      copy = repaired(body);
      copy.reserve(copy.size() + simdjson::SIMDJSON_PADDING);
      error = parser.iterate(copy.data(), copy.size(), copy.capacity()).get(document);
    }
    JsonValue::State state;
    od::object object;
    if (error == simdjson::SUCCESS) error = document.get_object().get(object);
    if (error) return wrong(fmt::format("it is no JSON object ({})", words(error)));
    std::uint64_t known = 0;
    std::uint64_t unknown = 0;
    for (auto item : object) {
      od::field field;
      if (error = std::move(item).get(field); error) {
        state.broken(error);
        break;
      }
      const std::string_view key = key_of(field);
      state.key = key;
      JsonValue value(state, &field.value());
      ++(visit(self, key, value) ? known : unknown);
      if (state.failed()) break;
    }
    if (state.failed()) return wrong(state.error);
    if (document.current_location().error() == simdjson::SUCCESS) return wrong("something follows its JSON object");
    if (known == 0 && unknown != 0) return wrong("none of its fields belongs there");
  } catch (const std::exception& e) {
    return wrong(fmt::format("reading it failed ({})", e.what()));
  }
  return {};
}

Error not_understood(const Client& client, const Operation& operation, std::string_view why) {
  std::string region = operation.region.empty() ? client.region() : operation.region;
  return {
      ErrorCode::kUnavailable,
      fmt::format("{} was answered, but the answer cannot be understood: {}. Something between here and AWS may have "
                  "changed it (proxy, endpoint setting); try again.",
                  describe_call(operation, region), why),
      "BadAnswer"};
}

}  // namespace fa::aws
