#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/hash.h"

namespace fa::aws {

/// Ends loops over pages that would not end by themselves: a token seen before, or more pages than `most`. One per
/// loop.
class PageGuard {
 public:
  explicit PageGuard(std::size_t most) : most_(most) {}

  /// Why the loop must end after a page whose next token is `token`; nullopt to go on. An empty token is never asked.
  [[nodiscard]] std::optional<std::string> refuse(const std::string& token) {
    if (++pages_ >= most_) return "the service had more than " + std::to_string(most_) + " pages to give";
    if (!seen_.insert(stable_hash(token)).second) return std::string("the service gave the same page token twice");
    return std::nullopt;
  }
  [[nodiscard]] std::size_t pages() const { return pages_; }

 private:
  std::size_t most_;
  std::size_t pages_ = 0;
  std::set<std::uint64_t> seen_;
};

}  // namespace fa::aws
