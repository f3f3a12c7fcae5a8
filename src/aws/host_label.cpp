#include "aws/host_label.h"

#include <algorithm>

#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::size_t kLongestLabel = 63;  // RFC 1035

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

bool is_host_label(std::string_view text) {
  if (text.empty() || text.size() > kLongestLabel || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_lower(c) || is_upper(c) || c == '-'; });
}

bool is_host_name(std::string_view text) {
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_host_label);
}

bool is_ip_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  const auto labels = split(host, '.');
  return labels.size() == 4 && std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
           return !label.empty() && label.size() <= 3 && std::all_of(label.begin(), label.end(), is_digit);
         });
}

bool is_virtual_host_bucket(std::string_view bucket, bool allow_dots) {
  constexpr std::size_t kShortest = 3;
  if (bucket.size() < kShortest || bucket.size() > kLongestLabel || is_ip_address(bucket)) return false;
  if (std::any_of(bucket.begin(), bucket.end(), is_upper)) return false;
  return allow_dots ? is_host_name(bucket) : is_host_label(bucket);
}

}  // namespace fa::aws
