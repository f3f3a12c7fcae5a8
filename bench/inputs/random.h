#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fa::bench {

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed on any machine, which the distributions of
/// the standard library do not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// From 0 to `limit` - 1. The bias of multiply-and-shift is below 2^-32 for the limits used here.
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(((next() >> 32U) * limit) >> 32U); }
  bool chance(std::uint32_t per_thousand) { return below(1000) < per_thousand; }

  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& values) {
    return values[below(static_cast<std::uint32_t>(N))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace fa::bench
