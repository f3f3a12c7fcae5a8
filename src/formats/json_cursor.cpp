#include "formats/json_cursor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"
#include "formats/log_text.h"

namespace fa {
namespace {

constexpr bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  return lower(c) - 'a' + 10;
}

bool read_hex4(std::string_view raw, std::size_t p, std::uint32_t& value) {
  if (raw.size() < 4 || p > raw.size() - 4) return false;
  value = 0;
  for (std::size_t i = p; i < p + 4; ++i) {
    if (!is_hex(raw[i])) return false;
    value = value * 16 + static_cast<std::uint32_t>(hex_value(raw[i]));
  }
  return true;
}

}  // namespace

void JsonCursor::skip_space() {
  while (p_ < end_ && is_json_space(*p_)) ++p_;
}

bool JsonCursor::enter(char open) {
  skip_space();
  if (p_ == end_ || *p_ != open) {
    ran_out_ = p_ == end_;
    return false;
  }
  ++p_;
  return true;
}

bool JsonCursor::string(Token& token) {
  ++p_;
  return string_rest(token);
}

bool JsonCursor::scalar_of(Token& token, bool number) {
  return kind() == (number ? Kind::kNumber : Kind::kLiteral) && scalar(token);
}

bool JsonCursor::long_string_rest(Token& token) {
  const char* const start = p_;
  const char* q = start;
  token.escaped = false;
  while (end_ - q >= 16) {
    const Bytes16 bytes(q);
    const std::uint32_t escapes = bytes.equal('\\');
    const std::uint32_t ends = bytes.equal('"') | escapes;
    if (ends == 0) {
      q += 16;
    } else if (const std::size_t at = lowest_bit(ends); (escapes >> at & 1U) != 0) {
      token.escaped = true;
      q += std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(at) + 2, end_ - q);
    } else {
      return take_string(token, start, q + at);
    }
  }
  for (; q < end_ && *q != '"'; ++q) {
    if (*q != '\\') continue;
    token.escaped = true;
    if (q + 1 < end_) ++q;
  }
  if (q < end_) return take_string(token, start, q);
  token.text = {start, static_cast<std::size_t>(end_ - start)};
  p_ = end_;
  ran_out_ = true;
  return false;
}

JsonCursor::Step JsonCursor::next_field(Token& key) {
  skip_space();
  if (p_ < end_ && *p_ == ',') {
    ++p_;
    skip_space();
  }
  if (p_ == end_) {
    ran_out_ = true;
    return Step::kBroken;
  }
  if (*p_ == '}') {
    ++p_;
    return Step::kEnd;
  }
  if (*p_ != '"' || !string(key)) return Step::kBroken;
  skip_space();
  if (p_ == end_ || *p_ != ':') {
    ran_out_ = p_ == end_;
    return Step::kBroken;
  }
  ++p_;
  return Step::kField;
}

JsonCursor::Step JsonCursor::next_element() {
  skip_space();
  if (p_ < end_ && *p_ == ',') {
    ++p_;
    skip_space();
  }
  if (p_ == end_) {
    ran_out_ = true;
    return Step::kBroken;
  }
  if (*p_ == ']') {
    ++p_;
    return Step::kEnd;
  }
  return Step::kField;
}

JsonCursor::Kind JsonCursor::kind() {
  skip_space();
  if (p_ == end_) {
    ran_out_ = true;
    return Kind::kBroken;
  }
  switch (*p_) {
    case '"':
      return Kind::kString;
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case 't':
    case 'f':
    case 'n':
    case 'N':  // NaN, as Python writes it
    case 'I':  // Infinity
      return Kind::kLiteral;
    default:
      return is_digit(*p_) || *p_ == '-' ? Kind::kNumber : Kind::kBroken;
  }
}

bool JsonCursor::scalar(Token& token) {
  const Kind what = kind();
  if (what == Kind::kString) return string(token);
  if (what != Kind::kNumber && what != Kind::kLiteral) return false;
  const char* start = p_;
  while (p_ < end_ && (is_alnum(*p_) || *p_ == '-' || *p_ == '+' || *p_ == '.')) ++p_;
  token.text = {start, static_cast<std::size_t>(p_ - start)};
  token.escaped = false;
  ran_out_ = p_ == end_;
  return true;
}

bool JsonCursor::skip() {
  Token token;
  switch (kind()) {
    case Kind::kBroken:
      return false;
    case Kind::kString:
    case Kind::kNumber:
    case Kind::kLiteral:
      return scalar(token);
    case Kind::kObject:
    case Kind::kArray:
      break;
  }
  std::size_t depth = 0;
  while (p_ < end_) {
    const char c = *p_;
    if (c == '"') {
      if (!string(token)) return false;
      continue;
    }
    ++p_;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return true;
  }
  ran_out_ = true;
  return false;
}

bool JsonCursor::raw(std::string_view& text) {
  skip_space();
  const char* start = p_;
  const bool whole = skip();
  text = {start, static_cast<std::size_t>(p_ - start)};
  return whole;
}

bool JsonCursor::at_end() {
  skip_space();
  return p_ == end_;
}

std::string_view unescape_json(std::string_view raw, TextArena& arena) {
  if (raw.empty()) return {};
  char* const begin = arena.allocate(raw.size());  // No escape is shorter than what it stands for.
  char* out = begin;
  std::size_t p = 0;
  while (p < raw.size()) {
    const auto slash = raw.find('\\', p);
    const std::size_t plain = (slash == std::string_view::npos ? raw.size() : slash) - p;
    std::memcpy(out, raw.data() + p, plain);
    out += plain;
    p += plain;
    if (p + 1 >= raw.size()) {
      if (p < raw.size()) *out++ = raw[p];
      break;
    }
    const char c = raw[p + 1];
    p += 2;
    switch (c) {
      case 'n':
        *out++ = '\n';
        break;
      case 't':
        *out++ = '\t';
        break;
      case 'r':
        *out++ = '\r';
        break;
      case 'b':
        *out++ = '\b';
        break;
      case 'f':
        *out++ = '\f';
        break;
      case '"':
      case '\\':
      case '/':
        *out++ = c;
        break;
      case 'u': {
        std::uint32_t code = 0;
        if (!read_hex4(raw, p, code)) {
          *out++ = '\\';
          *out++ = 'u';
          break;
        }
        p += 4;
        std::uint32_t low = 0;
        if (code >= 0xD800 && code < 0xDC00 && p + 2 <= raw.size() && raw[p] == '\\' && raw[p + 1] == 'u' &&
            read_hex4(raw, p + 2, low) && low >= 0xDC00 && low < 0xE000) {
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
          p += 6;
        } else if (code >= 0xD800 && code < 0xE000) {
          code = 0xFFFD;
        }
        out = encode_utf8(code, out);
        break;
      }
      default:
        *out++ = '\\';
        *out++ = c;
    }
  }
  const auto used = static_cast<std::size_t>(out - begin);
  arena.shrink_last(raw.size(), used);
  return {begin, used};
}

}  // namespace fa
