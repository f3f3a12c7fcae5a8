#include "base/workload_name.h"

#include <algorithm>

#include "base/text.h"

namespace fa {
namespace {

/// Kubernetes draws its suffixes from letters and digits that spell no words: no vowels.
bool is_drawn(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z' && std::string_view("aeiou").find(c) == std::string_view::npos);
  });
}

/// The hash of a replica set (8 to 10 characters) or the minute a job was due.
bool is_hash(std::string_view part) {
  const bool kind = std::all_of(part.begin(), part.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); });
  return kind && part.size() >= 8 && part.size() <= 10 && std::any_of(part.begin(), part.end(), is_digit);
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('-') + 1); }

std::string_view without_last_part(std::string_view name) { return name.substr(0, name.rfind('-')); }

}  // namespace

std::string_view workload_of_host(std::string_view host) {
  if (host.starts_with('[')) return {};  // an IPv6 address
  host = host.substr(0, host.find(':'));
  while (host.ends_with('.')) host.remove_suffix(1);
  const std::string_view label = host.substr(0, host.find('.'));
  if (std::all_of(label.begin(), label.end(), is_digit)) return {};
  if (label.size() == host.size()) return iequals(host, "localhost") ? std::string_view{} : host;
  // RFC 6762 (local), ICANN's reserved internal, Kubernetes, Consul, and what private zones are called by habit.
  for (const std::string_view zone :
       {".internal", ".local", ".svc", ".consul", ".lan", ".intranet", ".private", ".corp"}) {
    if (host.size() > zone.size() && iequals(host.substr(host.size() - zone.size()), zone)) return label;
  }
  return {};
}

std::string_view authority_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(std::min(at, text.size()));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\n\"'<>,)"));
  return authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0.
}

std::string_view workload_of(std::string_view pod) {
  if (pod.find('-') == std::string_view::npos || pod.front() == '-') return pod;
  const std::string_view last = last_part(pod);
  if (!last.empty() && last.size() <= 3 && std::all_of(last.begin(), last.end(), is_digit)) {
    return without_last_part(pod);  // Of a stateful set.
  }
  if (last.size() != 5 || !is_drawn(last)) return pod;
  const std::string_view name = without_last_part(pod);
  if (name.find('-') != std::string_view::npos && is_hash(last_part(name))) return without_last_part(name);
  // A word of five letters without vowels is rare; a digit makes it sure.
  return std::any_of(last.begin(), last.end(), is_digit) ? name : pod;
}

}  // namespace fa
