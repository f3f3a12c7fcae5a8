#pragma once

#include <string_view>

namespace fa::aws {

/// One label of a host name: 1 to 63 letters, digits and '-', the first and last no '-'.
bool is_host_label(std::string_view text);
/// Such labels joined by dots.
bool is_host_name(std::string_view text);
/// `192.168.0.1` or `[::1]`.
bool is_ip_address(std::string_view host);
/// A bucket that may stand before a host: 3 to 63 lower-case letters, digits, '-' and, when allowed, dots. A wildcard
/// certificate covers one label only, so dots are allowed over plain http alone.
bool is_virtual_host_bucket(std::string_view bucket, bool allow_dots);

}  // namespace fa::aws
