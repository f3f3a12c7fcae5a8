#include "alarms/console_link.h"

#include <algorithm>
#include <array>

#include "alarms/aws_names.h"
#include "alarms/notice_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kLongestLink = 8192;

/// Hosts of the console of all partitions; a region may stand before them.
constexpr auto kConsoleHosts = std::to_array<std::string_view>(
    {"console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com", "console.amazonaws.eu"});

/// The region before the console's host, which may be empty; nullopt for other hosts.
std::optional<std::string_view> region_of_console(std::string_view host) {
  for (const std::string_view console : kConsoleHosts) {
    if (host == console) return std::string_view();
    if (host.size() > console.size() && host.ends_with(console) && host[host.size() - console.size() - 1] == '.') {
      const std::string_view region = host.substr(0, host.size() - console.size() - 1);
      if (is_region(region)) return region;
    }
  }
  return std::nullopt;
}

/// What stands behind `name=` among parts separated by any of `separators`; empty where there is none.
std::string_view part_named(std::string_view parts, std::string_view name, std::string_view separators) {
  while (!parts.empty()) {
    const std::size_t end = std::min(parts.find_first_of(separators), parts.size());
    std::string_view part = parts.substr(0, end);
    if (part.starts_with(name)) return part.substr(name.size());
    parts.remove_prefix(std::min(end + 1, parts.size()));
  }
  return {};
}

/// A part of the console's fragment: percent codes, in which it may write `$` for `%`, up to twice (`$252F` is `/`).
std::string console_decoded(std::string_view text) {
  std::string codes(text);
  std::replace(codes.begin(), codes.end(), '$', '%');
  std::string once = query_decoded(codes);
  return codes.find("%25") == std::string::npos ? once : query_decoded(once);
}

/// The name as the fragment writes it: `alarmsV2:alarm/<name>`, before that `alarm:alarmFilter=ANY;name=<name>` and
/// `s=Alarms&alarm=<name>`.
std::string_view name_in_fragment(std::string_view fragment) {
  constexpr std::string_view kPresent = "alarmsV2:alarm/";
  if (fragment.starts_with(kPresent)) {
    const std::string_view rest = fragment.substr(kPresent.size());
    return rest.substr(0, std::min(rest.find('?'), rest.size()));
  }
  if (fragment.starts_with("alarm:")) return part_named(fragment.substr(6), "name=", ";?&");
  if (fragment.starts_with("s=Alarms")) return part_named(fragment, "alarm=", "&?;");
  return {};
}

}  // namespace

std::optional<ConsoleAlarm> alarm_of_console_link(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (url.size() > kLongestLink || !url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t hash = std::min(url.find('#'), url.size());
  const std::string_view address = url.substr(0, hash);
  const std::size_t path = std::min(address.find('/'), address.size());
  const auto host_region = region_of_console(address.substr(0, path));
  if (!host_region || !address.substr(path).starts_with("/cloudwatch/") || hash == url.size()) return std::nullopt;

  const std::size_t query = std::min(address.find('?'), address.size());
  const std::string_view region = part_named(address.substr(std::min(query + 1, address.size())), "region=", "&");
  ConsoleAlarm alarm;
  alarm.region = is_region(region) ? region : *host_region;
  const std::string name = console_decoded(name_in_fragment(url.substr(hash + 1)));
  if (name.empty() || !is_valid_utf8(name) || line_of(name) != name) return std::nullopt;
  alarm.name = name;
  return alarm;
}

}  // namespace fa::alarms
