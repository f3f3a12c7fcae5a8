#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fa {

/// Lower-case hex SHA-256 (FIPS 180-4) of the bytes, by OpenSSL.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// Fast 64-bit hash, the same on every machine and run (its values order and name things in reports).
/// FNV-1a steps over 8-byte words with a final avalanche; not for hostile keys in unbounded tables.
[[nodiscard]] std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace fa
