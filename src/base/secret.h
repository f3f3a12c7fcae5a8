#pragma once

#include <string>
#include <utility>

namespace fa {

/// A value that must never be shown or logged. It does not print, compare or convert by itself: whoever needs the bytes
/// says so with reveal().
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace fa
