#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fa {

/// Numbers texts in the order they come. At most `limit` of them; all later ones share the number of the empty text.
class NameTable {
 public:
  explicit NameTable(std::size_t limit) : limit_(limit) {}

  std::uint32_t number(std::string_view text) {
    if (!names_.empty() && text == names_[last_]) return last_;  // Records of one source come in rows.
    auto it = numbers_.find(text);
    if (it == numbers_.end()) {
      if (names_.size() >= limit_ && !text.empty()) return number({});
      it = numbers_.emplace(std::string(text), static_cast<std::uint32_t>(names_.size())).first;
      names_.emplace_back(text);
    }
    return last_ = it->second;
  }
  /// Numbers another table's names; `result[n]` is this table's number of the other's `n`.
  std::vector<std::uint32_t> take_over(const NameTable& other) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& name : other.names_) numbers.push_back(number(name));
    return numbers;
  }
  /// The names in order; `places[n]` is where number `n` stands in it.
  [[nodiscard]] std::vector<std::string> sorted(std::vector<std::uint32_t>& places) const {
    std::vector<std::string> names = names_;
    std::sort(names.begin(), names.end());
    places.clear();
    for (const std::string& name : names_) {
      places.push_back(static_cast<std::uint32_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin()));
    }
    return names;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::size_t limit_;
  std::uint32_t last_ = 0;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

}  // namespace fa
