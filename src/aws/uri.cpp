#include "aws/uri.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";  // RFC 3986 asks for upper case, and signatures depend on it

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_unreserved(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encode(std::string_view text, bool keep_slash) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

/// Neither credentials nor signed parameters may get into a message: what stands before '@' and behind '?' is left out.
tl::unexpected<Error> refuse(std::string_view url, std::string_view why) {
  std::string_view shown = url.substr(0, url.find_first_of("?#"));
  if (const std::size_t at = shown.rfind('@'); at != std::string_view::npos) shown.remove_prefix(at + 1);
  constexpr std::size_t kShown = 200;
  return fail(ErrorCode::kInvalidInput,
              fmt::format("'{}' is not a URL that can be called: {}", visible(utf8_prefix(shown, kShown)), why));
}

bool valid_host(std::string_view host) {
  if (host.empty()) return false;
  if (host.front() == '[') {
    return host.size() > 2 && host.back() == ']' && std::all_of(host.begin() + 1, host.end() - 1, [](char c) {
             return hex_value(c) >= 0 || c == ':' || c == '.';
           });
  }
  return std::all_of(host.begin(), host.end(), is_unreserved);
}

bool valid_port(std::string_view port) {
  constexpr std::size_t kDigits = 5;
  if (port.empty() || port.size() > kDigits) return false;
  unsigned value = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value > 0 && value <= 65535;
}

}  // namespace

std::string uri_encode(std::string_view text) { return encode(text, false); }
std::string uri_encode_path(std::string_view path) { return encode(path, true); }

std::string uri_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string query_string(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += uri_encode(name);
    out += '=';
    out += uri_encode(value);
  }
  return out;
}

std::string Url::authority() const {
  const bool default_port = port.empty() || (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  return default_port ? host : host + ':' + port;
}

Result<Url> parse_url(std::string_view url) {
  if (std::any_of(url.begin(), url.end(), is_control)) return refuse(url, "it holds control characters");
  if (url.find('#') != std::string_view::npos) return refuse(url, "'#' must be written as %23");
  const std::size_t colon = url.find("://");
  Url parts;
  parts.scheme = colon == std::string_view::npos ? std::string() : to_lower(url.substr(0, colon));
  if (parts.scheme != "http" && parts.scheme != "https") return refuse(url, "it must begin with https:// or http://");

  std::string_view rest = url.substr(colon + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) return refuse(url, "it must not hold a user name or password");
  const std::size_t port = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (port != std::string_view::npos) {
    parts.port = std::string(authority.substr(port + 1));
    authority = authority.substr(0, port);
    if (!valid_port(parts.port)) return refuse(url, "its port is not a number from 1 to 65535");
  }
  if (!valid_host(authority)) return refuse(url, authority.empty() ? "it has no host" : "its host is not a valid one");
  parts.host = std::string(authority);

  const std::size_t question = rest.find('?');
  parts.path = std::string(rest.substr(0, question));
  if (parts.path.empty()) parts.path.push_back('/');  // assigning "/" makes g++ 12 warn falsely
  if (question != std::string_view::npos) parts.query = std::string(rest.substr(question + 1));
  return parts;
}

}  // namespace fa::aws
