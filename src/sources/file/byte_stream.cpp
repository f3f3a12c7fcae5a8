#include "sources/file/byte_stream.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

namespace fa {
namespace {

class FileStream final : public ByteStream {
 public:
  FileStream(FileDescriptor fd, std::uint64_t begin, std::uint64_t end)
      : fd_(std::move(fd)), position_(begin), end_(end) {}

  Result<std::size_t> read(std::span<char> into) override {
    into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end_ - position_)));
    for (;;) {
      const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(position_));
      if (got >= 0) {
        position_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) {
        return fail(ErrorCode::kUnreadable,
                    fmt::format("reading failed at byte {}: {}", position_, system_error_text(errno)));
      }
    }
  }

 private:
  FileDescriptor fd_;
  std::uint64_t position_;
  std::uint64_t end_;
};

class MemoryStream final : public ByteStream {
 public:
  explicit MemoryStream(std::string_view bytes) : rest_(bytes) {}

  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), rest_.size());
    std::copy_n(rest_.begin(), count, into.begin());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string system_error_text(int error_number) { return std::generic_category().message(error_number); }

Result<FileDescriptor> open_regular_file(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe nobody writes to must not hang; it changes nothing for regular files.
  FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd) {
    const int why = errno;
    return fail(why == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnreadable,
                fmt::format("it cannot be opened: {}", system_error_text(why)));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) {
    return fail(ErrorCode::kUnreadable, fmt::format("it cannot be examined: {}", system_error_text(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::kUnreadable, "it is not a regular file");
  }
  return fd;
}

Result<std::unique_ptr<ByteStream>> open_file_stream(const std::filesystem::path& path) {
  return open_file_stream(path, 0, std::numeric_limits<std::uint64_t>::max());
}

Result<std::unique_ptr<ByteStream>> open_file_stream(const std::filesystem::path& path, std::uint64_t begin,
                                                     std::uint64_t end) {
  auto fd = open_regular_file(path);
  if (!fd) {
    return tl::unexpected(std::move(fd.error()));
  }
  // Advice only: a refusal costs nothing but read-ahead.
  static_cast<void>(::posix_fadvise(fd->get(), 0, 0, POSIX_FADV_SEQUENTIAL));
  return std::make_unique<FileStream>(std::move(*fd), begin, end);
}

std::unique_ptr<ByteStream> make_memory_stream(std::string_view bytes) { return std::make_unique<MemoryStream>(bytes); }

}  // namespace fa
