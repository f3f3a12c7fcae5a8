#include "support/slack/slack_wire.h"

#include <cstdio>

namespace fa::test::slack_wire {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string encode(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  std::string out;
  char code[4];
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += code;
    }
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> decode_form(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!body.empty()) {
    const std::string_view field = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), field.size() + 1));
    const std::size_t equals = field.find('=');
    if (field.empty()) continue;
    fields.emplace_back(decode(field.substr(0, equals)),
                        equals == std::string_view::npos ? std::string() : decode(field.substr(equals + 1)));
  }
  return fields;
}

std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out.append(encode(name)).append("=").append(encode(value));
  }
  return out;
}

const Json& member_of(const Json& object, const char* member) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(member);
  return it == object.end() ? kNull : *it;
}

std::string text_of(const Json& object, const char* member) {
  const Json& value = member_of(object, member);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool is_true(const Json& object, const char* member) {
  const Json& value = member_of(object, member);
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>() == 1;
  return value.is_string() && (value.get<std::string>() == "true" || value.get<std::string>() == "1");
}

std::size_t size_of(const Json& object, const char* member, std::size_t otherwise) {
  const Json& value = member_of(object, member);
  if (value.is_number_unsigned()) return value.get<std::size_t>();
  if (!value.is_string()) return otherwise;
  const std::string text = value.get<std::string>();
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return otherwise;
  return std::stoul(text);
}

std::size_t length_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80) ++count;
    if (byte >= 0xF0) ++count;
  }
  return count;
}

}  // namespace fa::test::slack_wire
