#include "net/url_parts.h"

#include <algorithm>

#include "base/text.h"

namespace fa {
namespace {

bool is_host_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
}

/// Empty when the text is no `host`, `[v6]`, `host:port` or `[v6]:port`; else lower case and with the port.
std::string normal_authority(std::string_view authority, std::string_view default_port) {
  std::size_t host_end = 0;
  if (authority.starts_with('[')) {
    host_end = authority.find(']');
    if (host_end == std::string_view::npos) return {};
    const std::string_view v6 = authority.substr(1, host_end - 1);
    if (v6.size() < 2 || v6.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return {};
    ++host_end;
  } else {
    host_end = std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, host_end);
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_byte)) return {};
  }
  std::string_view port = authority.substr(host_end);
  if (port.empty()) return to_lower(authority).append(":").append(default_port);
  port.remove_prefix(1);
  if (authority[host_end] != ':' || port.empty() || port.size() > 5) return {};
  if (!std::all_of(port.begin(), port.end(), is_digit)) return {};
  int number = 0;
  for (const char c : port) number = number * 10 + (c - '0');
  if (number < 1 || number > 65'535) return {};
  return to_lower(authority.substr(0, host_end)) + ':' + std::to_string(number);
}

}  // namespace

std::optional<UrlParts> split_url(std::string_view url) {
  const bool sendable = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
  const std::size_t scheme_end = url.find("://");
  if (!sendable || scheme_end == std::string_view::npos) return std::nullopt;
  const std::string scheme = to_lower(url.substr(0, scheme_end));
  if (scheme != "http" && scheme != "https") return std::nullopt;

  UrlParts parts;
  parts.tls = scheme == "https";
  const std::string_view rest = url.substr(scheme_end + 3);
  parts.authority = rest.substr(0, rest.find_first_of("/?"));
  const std::string_view target = rest.substr(parts.authority.size());
  parts.path = target.substr(0, target.find('?'));
  const std::string authority = normal_authority(parts.authority, parts.tls ? "443" : "80");
  if (authority.empty()) return std::nullopt;
  parts.origin = scheme + "://" + authority;
  return parts;
}

}  // namespace fa
