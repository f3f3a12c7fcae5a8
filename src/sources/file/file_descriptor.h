#pragma once

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/result.h"

namespace fa {

/// Owns a POSIX file descriptor; -1 when it holds none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_ = -1;
};

/// Opens a regular file for reading; anything else is an error, and never blocks.
Result<FileDescriptor> open_regular_file(const std::filesystem::path& path);

}  // namespace fa
