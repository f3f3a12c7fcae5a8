#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace fa {

/// Bump allocator for the text of one or two batches of records. `retire` frees what was allocated before the
/// previous retire: text made while a batch was being filled thus outlives the flush in between.
class TextArena {
 public:
  /// Room for `size` bytes, uninitialised. The caller may use less: see `shrink_last`.
  char* allocate(std::size_t size) {
    if (current_.blocks.empty() || size > current_.blocks.back().size - current_.used) add_block(size);
    char* result = current_.blocks.back().bytes.get() + current_.used;
    current_.used += size;
    return result;
  }

  /// Gives back the unused end of the latest allocation.
  void shrink_last(std::size_t allocated, std::size_t used) { current_.used -= allocated - used; }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  void retire() {
    std::swap(current_, previous_);
    if (current_.blocks.size() > 1 || (!current_.blocks.empty() && current_.blocks[0].size > kBlock)) {
      current_.blocks.clear();  // One ordinary block is kept: most batches need no more.
    }
    current_.used = 0;
    current_.total = current_.blocks.empty() ? 0 : kBlock;
  }

  [[nodiscard]] std::size_t bytes() const { return current_.total; }

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  struct Generation {
    std::vector<Block> blocks;
    std::size_t used = 0;   ///< In the last block.
    std::size_t total = 0;  ///< Bytes of all blocks.
  };

  void add_block(std::size_t at_least) {
    const std::size_t size = at_least > kBlock ? at_least : kBlock;
    current_.blocks.push_back({std::unique_ptr<char[]>(new char[size]), size});
    current_.used = 0;
    current_.total += size;
  }

  Generation current_;
  Generation previous_;
};

}  // namespace fa
