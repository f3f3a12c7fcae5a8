#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace fa {

/// Sixteen bytes that are looked at together: bit i of a mask says whether byte i is such. SSE2 belongs to every x86-64
/// processor; elsewhere plain code gives the same masks.
class Bytes16 {
 public:
#if defined(__SSE2__)
  explicit Bytes16(const char* from) { std::memcpy(&bytes_, from, sizeof(bytes_)); }
  [[nodiscard]] std::uint32_t equal(char c) const { return mask(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  /// Bytes that are `c` when their bit 5, which tells small letters from capitals, is taken as set.
  [[nodiscard]] std::uint32_t equal_in_either_case(char c) const {
    return mask(_mm_cmpeq_epi8(_mm_or_si128(bytes_, _mm_set1_epi8(0x20)), _mm_set1_epi8(c)));
  }

 private:
  static std::uint32_t mask(__m128i equal) { return static_cast<std::uint32_t>(_mm_movemask_epi8(equal)); }
  __m128i bytes_;
#else
  explicit Bytes16(const char* from) { std::memcpy(bytes_, from, sizeof(bytes_)); }
  [[nodiscard]] std::uint32_t equal(char c) const {
    return mask([c](char b) { return b == c; });
  }
  [[nodiscard]] std::uint32_t equal_in_either_case(char c) const {
    return mask([c](char b) { return static_cast<char>(b | 0x20) == c; });
  }

 private:
  template <class Test>
  std::uint32_t mask(Test test) const {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < sizeof(bytes_); ++i) bits |= static_cast<std::uint32_t>(test(bytes_[i])) << i;
    return bits;
  }
  char bytes_[16];
#endif
};

/// The same for 64 bytes.
class Bytes64 {
 public:
  static constexpr std::size_t kSize = 64;

  explicit Bytes64(const char* from)
      : parts_{Bytes16(from), Bytes16(from + 16), Bytes16(from + 32), Bytes16(from + 48)} {}
  [[nodiscard]] std::uint64_t equal(char c) const {
    return join(parts_[0].equal(c), parts_[1].equal(c), parts_[2].equal(c), parts_[3].equal(c));
  }
  [[nodiscard]] std::uint64_t equal_in_either_case(char c) const {
    return join(parts_[0].equal_in_either_case(c), parts_[1].equal_in_either_case(c), parts_[2].equal_in_either_case(c),
                parts_[3].equal_in_either_case(c));
  }

 private:
  static std::uint64_t join(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    return a | b << 16U | c << 32U | d << 48U;
  }
  Bytes16 parts_[4];
};

/// memcmp(a, b, size) == 0 for texts of some dozen bytes, without a call: words of which the last two overlap.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto same = [&](std::size_t at) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a + at, kWord);
    std::memcpy(&y, b + at, kWord);
    return x == y;
  };
  if (size < kWord) return std::memcmp(a, b, size) == 0;
  for (std::size_t at = 0; at + kWord <= size; at += kWord) {
    if (!same(at)) return false;
  }
  return same(size - kWord);
}

/// Place of the lowest set bit; `mask` must not be 0.
inline std::size_t lowest_bit(std::uint64_t mask) { return static_cast<std::size_t>(std::countr_zero(mask)); }

}  // namespace fa
