#include "analysis/text/named_subject.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/workload_name.h"

namespace fa {
namespace {

constexpr std::array<std::string_view, 30> kObservers{
    "kernel",   "kern",        "dmesg",      "systemd", "systemctl",  "journal", "journalctl", "syslog",
    "messages", "init",        "kubelet",    "kubectl", "containerd", "docker",  "dockerd",    "events",
    "describe", "supervisord", "supervisor", "monit",   "cron",       "crond",   "anacron",    "cron-mail",
    "df",       "free",        "top",        "ps",      "ss",         "netstat"};

bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' ||
         c == '@' || c == ':';
}

/// The name that begins at `at`.
std::string_view name_at(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size() && is_name(line[end])) ++end;
  std::string_view name = line.substr(std::min(at, line.size()), end - std::min(at, end));
  while (!name.empty() && (name.back() == '.' || name.back() == ':')) name.remove_suffix(1);
  return name;
}

/// The name behind a marker; empty when the marker is not there.
std::string_view behind(std::string_view line, std::string_view marker) {
  const std::size_t at = line.find(marker);
  return at == std::string_view::npos ? std::string_view{} : name_at(line, at + marker.size());
}

/// A name that somebody gave, not one that a container engine drew: no hexadecimal id, no slice or scope of systemd.
bool is_given_name(std::string_view name) {
  constexpr std::size_t kShortId = 12;
  const bool id = name.size() >= kShortId && std::all_of(name.begin(), name.end(), [](char c) {
                    return is_digit(c) || (c >= 'a' && c <= 'f') || c == '-';
                  });
  return !name.empty() && !id && !name.ends_with(".slice") && !name.ends_with(".scope") &&
         std::all_of(name.begin(), name.end(), is_name);
}

/// Unit or container of `task_memcg=/system.slice/quotes.service`, `task_memcg=/shop/cart`; empty where it has only an
/// id.
std::string_view memory_group(std::string_view line) {
  const std::size_t group = line.find("task_memcg=");
  if (group == std::string_view::npos) return {};
  std::string_view path = line.substr(group, line.find(',', group) - group);
  if (const std::size_t unit = path.rfind(".service"); unit != std::string_view::npos) path = path.substr(0, unit);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view name = path.substr(slash + 1);
  return is_given_name(name) ? name : std::string_view{};
}

/// `Killed process 1874 (java)`; the unit is surer where the kernel names it.
std::string_view killed_process(std::string_view line) {
  if (const std::string_view group = memory_group(line); !group.empty()) return group;
  for (const std::string_view marker : {"illed process ", "ill process "}) {
    const std::size_t at = line.find(marker);
    if (at == std::string_view::npos) continue;
    const std::size_t open = line.find('(', at);
    if (open != std::string_view::npos && open - at < 40) return name_at(line, open + 1);
  }
  return {};
}

/// `resizer[5120]: segfault at 10`.
std::string_view crashed_process(std::string_view line) {
  for (const std::string_view marker : {"]: segfault", "] general protection", "] trap "}) {
    const std::size_t at = line.find(marker);
    const std::size_t open = at == std::string_view::npos ? at : line.rfind('[', at);
    if (open == std::string_view::npos || open == 0) continue;
    std::size_t begin = open;
    while (begin > 0 && is_name(line[begin - 1]) && line[begin - 1] != ':') --begin;
    return line.substr(begin, open - begin);
  }
  return {};
}

/// `haproxy.service: Main process exited`, `Failed to start haproxy.service - HAProxy Load Balancer.`
std::string_view unit(std::string_view line) {
  const std::size_t at = line.find(".service");
  if (at == std::string_view::npos || at == 0) return {};
  std::size_t begin = at;
  while (begin > 0 && is_name(line[begin - 1]) && line[begin - 1] != ':') --begin;
  return line.substr(begin, at - begin);
}

/// `/usr/local/bin/dump.sh: line 41: syntax error`, `./sync.sh: 12: X: parameter not set`.
std::string_view script(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || colon == 0) return {};
  std::string_view place = line.substr(colon + 2);
  if (place.starts_with("line ")) place.remove_prefix(5);
  const std::size_t digits = place.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || place[digits] != ':') return {};
  std::string_view name = line.substr(0, colon);
  if (name.find(' ') != std::string_view::npos) return {};
  name = name.substr(name.rfind('/') + 1);
  if (name.ends_with(".sh")) name.remove_suffix(3);
  if (name.ends_with(".bash")) name.remove_suffix(5);
  return std::all_of(name.begin(), name.end(), is_name) ? name : std::string_view{};
}

/// `pod/cart-6c7f9d8b54-8xkvz`, `in pod cart-6c7f9d8b54-8xkvz_shop`, `deployment/cart`.
std::string_view workload(std::string_view line) {
  for (const std::string_view marker :
       {"pod/", " in pod ", "pod=\"", "deployment/", "statefulset/", "daemonset/", "job/"}) {
    std::string_view name = behind(line, marker);
    if (name.empty()) continue;
    name = name.substr(0, name.find('_'));
    return marker.find("pod") != std::string_view::npos ? workload_of(name) : name;
  }
  return {};
}

/// `fatal: [mon-2]: FAILED!`
std::string_view playbook_host(std::string_view line) {
  const bool failed =
      line.starts_with("fatal: [") || line.starts_with("failed: [") || line.starts_with("unreachable: [");
  return failed ? name_at(line, line.find('[') + 1) : std::string_view{};
}

}  // namespace

bool is_observer(std::string_view service) {
  const std::string lower = to_lower(service);
  return std::find(kObservers.begin(), kObservers.end(), lower) != kObservers.end();
}

std::string speaker_named_in(std::string_view line) {
  const std::string_view host = playbook_host(line);
  return std::string(host.empty() ? script(line) : host);
}

std::string subject_named_in(std::string_view line) {
  for (auto* const named : {&killed_process, &crashed_process, &playbook_host, &script, &workload, &unit}) {
    if (const std::string_view name = named(line); !name.empty() && name.size() <= 100) return std::string(name);
  }
  for (const std::string_view marker : {"exited: ", "gave up: "}) {  // supervisord
    if (line.starts_with(marker)) return std::string(behind(line, marker));
  }
  return {};
}

}  // namespace fa
