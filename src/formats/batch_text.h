#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace fa {

/// Keeps copies of short texts until `clear`, for batches whose records must outlive the parser that read them.
/// Views stay valid until then, whatever is added. Not thread-safe.
class BatchText {
 public:
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    if (text.size() > left_) grow(text.size());
    std::copy(text.begin(), text.end(), next_);
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    used_ += text.size();
    return kept;
  }

  /// Bytes kept since the last `clear`.
  [[nodiscard]] std::size_t used() const { return used_; }

  /// Forgets all texts and keeps the first block for reuse.
  void clear() {
    used_ = 0;
    if (blocks_.empty()) return;
    blocks_.erase(blocks_.begin() + 1, blocks_.end());
    next_ = blocks_.front().bytes.get();
    left_ = blocks_.front().size;
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  void grow(std::size_t needed) {
    const std::size_t size = std::max(needed, kBlockBytes);
    blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    next_ = blocks_.back().bytes.get();
    left_ = size;
  }

  std::vector<Block> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

}  // namespace fa
