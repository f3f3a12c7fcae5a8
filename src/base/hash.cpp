#include "base/hash.h"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace fa {
namespace {

constexpr std::uint64_t kFnvOffset = 0xcbf29ce484222325U;
constexpr std::uint64_t kFnvPrime = 0x100000001b3U;
constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;  // 2^64 / golden ratio, odd

/// Little-endian whatever the machine, so that hashes are the same everywhere; compilers make one load of it.
std::uint64_t load_word(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

/// A plain FNV step moves differences only towards the high bits: changes in the last bytes of two words would cancel
/// in one case of 256. Spreading each word first makes that case negligible and stays off the chain of multiplications.
std::uint64_t step(std::uint64_t hash, std::uint64_t word) {
  word *= kSpread;
  word ^= word >> 32;
  word *= kSpread;
  return (hash ^ word) * kFnvPrime;
}

std::uint64_t avalanche(std::uint64_t hash) {
  hash ^= hash >> 32;
  hash *= kSpread;
  hash ^= hash >> 29;
  hash *= kSpread;
  return hash ^ (hash >> 32);
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  out.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15U];
  }
  return out;
}

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = kFnvOffset ^ (seed * kSpread);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    hash = step(hash, load_word(at, 8));
  }
  if (left > 0) {
    hash = step(hash, load_word(at, left));
  }
  return avalanche(step(hash, bytes.size()));
}

}  // namespace fa
