#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace fa {

/// Bytes that come one after the other. Not thread-safe.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Puts at least one byte and at most `into.size()` (above 0) at the front of `into` and returns how many; 0 means
  /// the end. Bytes before a fault are always handed out first; then every call returns the same Error, whose message
  /// says what broke and where, but not in which file.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// Opens a regular file for reading; anything else is an error, and never blocks.
Result<FileDescriptor> open_regular_file(const std::filesystem::path& path);

/// The bytes of a regular file as they stand. Anything but a regular file is an error, and never blocks.
Result<std::unique_ptr<ByteStream>> open_file_stream(const std::filesystem::path& path);

/// The same for the bytes [begin, end) of it.
Result<std::unique_ptr<ByteStream>> open_file_stream(const std::filesystem::path& path, std::uint64_t begin,
                                                     std::uint64_t end);

/// The bytes of a text that must outlive the stream.
std::unique_ptr<ByteStream> make_memory_stream(std::string_view bytes);

/// `strerror` for people, thread-safe: `No such file or directory`.
std::string system_error_text(int error_number);

}  // namespace fa
