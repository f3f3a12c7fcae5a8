#include "sources/file/block_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "formats/reader.h"

namespace fa {

void BlockBuffer::fill(ByteStream& stream, std::size_t wanted) {
  make_room(wanted);
  const std::size_t target = end_ + wanted;
  while (!at_end_ && end_ < target) {
    const auto got = stream.read({bytes_.get() + end_, target - end_});
    if (!got) {
      fault_ = got.error();
      at_end_ = true;
    } else if (*got == 0) {
      at_end_ = true;
    } else {
      end_ += *got;
    }
  }
  std::memset(bytes_.get() + end_, 0, kReadPadding);
}

void BlockBuffer::consume(std::size_t count) {
  count = std::min(count, end_ - begin_);
  begin_ += count;
  offset_ += count;
}

void BlockBuffer::make_room(std::size_t wanted) {
  if (begin_ > 0) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t needed = end_ + wanted + kReadPadding;
  if (needed <= capacity_) {
    return;
  }
  // realloc moves pages instead of copying large blocks, so growing does not need the memory twice; a vector would also
  // zero what read(2) overwrites.
  char* grown = static_cast<char*>(std::realloc(bytes_.get(), needed));
  if (grown == nullptr) {
    throw std::bad_alloc();
  }
  static_cast<void>(bytes_.release());
  bytes_.reset(grown);
  capacity_ = needed;
}

}  // namespace fa
