#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "sources/file/byte_stream.h"

namespace fa {

/// The part of a stream a reader is working on: bytes arrive at the back in large blocks and leave at the front as they
/// are used up. Grows only while nothing is used up, which is how a large document shows itself.
class BlockBuffer {
 public:
  static constexpr std::size_t kBlockBytes = std::size_t{4} << 20;

  /// The stream begins at this byte of its file.
  void start_at(std::uint64_t offset) { offset_ = offset; }

  /// Reads at least `wanted` further bytes unless the stream ends or fails first. A failure is kept in `fault` and
  /// ends the stream like its end would: the bytes before it stay.
  void fill(ByteStream& stream, std::size_t wanted);

  /// The unread bytes; kReadPadding readable bytes (zeros) follow them. Valid until the next `fill`.
  [[nodiscard]] std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
  /// Position of the first unread byte in the stream.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  void consume(std::size_t count);

  [[nodiscard]] bool at_end() const { return at_end_; }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  void make_room(std::size_t wanted);

  std::unique_ptr<char, Free> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool at_end_ = false;
  std::optional<Error> fault_;
};

}  // namespace fa
