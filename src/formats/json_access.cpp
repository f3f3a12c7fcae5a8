#include "formats/json_access.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "formats/byte_blocks.h"

namespace fa {
namespace {

using simdjson::ondemand::json_type;

/// Bytes of the valid UTF-8 sequence that begins at `i`, or 0 (RFC 3629: no overlong forms, surrogates, > U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte(i);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (i + length > text.size() || byte(i + 1) < low || byte(i + 1) > high) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  return length;
}

/// A raw control character is white space outside strings and forbidden inside: a space is right in both places.
void repair_into(std::string_view text, std::string& out) {
  out.assign(text);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) {
      out[i++] = '?';
      continue;
    }
    if (static_cast<unsigned char>(text[i]) < 0x20) out[i] = ' ';
    i += length;
  }
}

std::string_view without_trailing_space(std::string_view raw) {
  while (!raw.empty() && static_cast<unsigned char>(raw.back()) <= ' ') raw.remove_suffix(1);
  return raw;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> exact_int(double number) {
  constexpr double kLimit = 9.2233720368547e18;  // Below 2^63, so that the conversion is defined.
  if (!(std::abs(number) < kLimit) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

simdjson::error_code JsonParser::iterate(std::string_view text, simdjson::ondemand::document& document) {
  base_ = text.data();
  auto error = parser_.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING).get(document);
  begun_ = error == simdjson::SUCCESS;
  if (error != simdjson::UTF8_ERROR && error != simdjson::UNESCAPED_CHARS) return error;
  repaired_.reserve(text.size() + kReadPadding);
  repair_into(text, repaired_);
  repaired_.append(kReadPadding, ' ');
  base_ = repaired_.data();
  error = parser_.iterate(repaired_.data(), text.size(), repaired_.size()).get(document);
  begun_ = error == simdjson::SUCCESS;
  return error;
}

const char* JsonParser::place(simdjson::ondemand::document& document) const {
  const char* place = nullptr;
  if (!begun_ || document.current_location().get(place) != simdjson::SUCCESS || place < base_) return base_;
  return place;
}

RecordPositions::RecordPositions(const JsonDocument& document, const char* base)
    : base_(base),
      counted_(base),
      end_(base + document.position.length),
      offset_(document.position.offset),
      line_(document.position.line),
      single_line_(document.position.line_count == 1) {}

std::uint64_t RecordPositions::line_at(const char* place) {
  if (single_line_) return line_;
  if (place < counted_) {
    line_ -= static_cast<std::uint64_t>(std::count(place, counted_, '\n'));
  } else {
    line_ += static_cast<std::uint64_t>(std::count(counted_, place, '\n'));
  }
  counted_ = place;
  return line_;
}

BytePosition RecordPositions::at(std::string_view raw) {
  raw = without_trailing_space(inside(raw));
  BytePosition position;
  position.offset = offset_ + static_cast<std::uint64_t>(raw.data() - base_);
  position.length = raw.size();
  position.line = line_at(raw.data());
  if (!single_line_) {
    position.line_count = static_cast<std::uint32_t>(1 + std::count(raw.begin(), raw.end(), '\n'));
  }
  return position;
}

bool RecordPositions::whole(std::string_view raw) const {
  raw = without_trailing_space(raw);
  return raw.data() + raw.size() <= end_;
}

std::string_view RecordPositions::inside(std::string_view raw) const {
  if (raw.data() >= end_) return {end_, 0};
  return raw.substr(0, static_cast<std::size_t>(end_ - raw.data()));
}

BytePosition RecordPositions::rest(const char* from) {
  if (from == nullptr || from < base_ || from > end_) from = base_;
  return at({from, static_cast<std::size_t>(end_ - from)});
}

std::optional<std::int64_t> json_int(simdjson::ondemand::value value) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  if (type == json_type::string) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    if (const auto number = number_in<std::int64_t>(text)) return number;
    if (const auto number = number_in<double>(text)) return exact_int(*number);
    return std::nullopt;
  }
  if (type != json_type::number) return std::nullopt;
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS) return number;
  double real = 0;
  if (value.get_double().get(real) == simdjson::SUCCESS) return exact_int(real);
  return std::nullopt;
}

std::optional<double> json_double(simdjson::ondemand::value value) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  double number = 0;
  if (type == json_type::string) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    const auto parsed = number_in<double>(text);
    if (!parsed) return std::nullopt;
    number = *parsed;
  } else if (type != json_type::number || value.get_double().get(number) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<std::string_view> json_string(simdjson::ondemand::value value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::string json_scalar_text(simdjson::ondemand::value value) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return {};
  switch (type) {
    case json_type::string:
      return std::string(json_string(value).value_or(std::string_view{}));
    case json_type::number:
    case json_type::boolean:
      return std::string(trim(value.raw_json_token()));
    default:
      return {};
  }
}

std::optional<std::string_view> json_raw(simdjson::ondemand::value value) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  std::string_view raw;
  if (type == json_type::object) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
    if (object.raw_json().get(raw) != simdjson::SUCCESS) return std::nullopt;
  } else if (type == json_type::array) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return std::nullopt;
    if (array.raw_json().get(raw) != simdjson::SUCCESS) return std::nullopt;
  } else {
    raw = value.raw_json_token();
  }
  return without_trailing_space(raw);
}

std::string_view json_key(simdjson::ondemand::field& field) {
  const char* begin = field.key().raw();
  const char* end = begin;
  // Whole blocks may be read: kReadPadding bytes follow the document, and its first pass saw the closing quote.
  while (true) {
    const Bytes16 bytes(end);
    const std::uint32_t quotes = bytes.equal('"');
    const std::uint32_t escapes = bytes.equal('\\');
    const std::uint32_t ends = quotes | escapes;
    if (ends == 0) {
      end += 16;
    } else if (const std::size_t at = lowest_bit(ends); (escapes >> at & 1U) != 0) {
      end += at + 2;
    } else {
      return {begin, static_cast<std::size_t>(end + at - begin)};
    }
  }
}

std::string compact_json(std::string_view raw, std::size_t max_bytes) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < raw.size() && out.size() <= max_bytes; ++i) {
    const char c = raw[i];
    if (!in_string && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) continue;
    out.push_back(c);
    if (c == '"') {
      in_string = !in_string;
    } else if (c == '\\' && in_string && i + 1 < raw.size()) {
      out.push_back(raw[++i]);
    }
  }
  if (out.size() > max_bytes) out.resize(utf8_prefix(out, max_bytes).size());
  return out;
}

std::string json_error_text(simdjson::error_code code) {
  std::string_view text = simdjson::error_message(code);
  // simdjson adds hints for its users behind the first sentence.
  text = text.substr(0, text.find(". "));
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace fa
