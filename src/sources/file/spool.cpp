#include "sources/file/spool.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "sources/file/byte_stream.h"

namespace fa {
namespace {

constexpr std::size_t kSpoolChunkBytes = std::size_t{1} << 20;
constexpr int kStopCheckMilliseconds = 200;

Result<FileDescriptor> make_nameless_file(std::filesystem::path folder) {
  if (folder.empty()) {
    std::error_code ignored;
    folder = std::filesystem::temp_directory_path(ignored);
    if (ignored) {
      folder = "/tmp";
    }
  }
  std::string name = (folder / "fa2-input-XXXXXX").string();
  FileDescriptor file{::mkostemp(name.data(), O_CLOEXEC)};
  if (!file) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("no temporary file can be made in {}: {}; set TMPDIR to a folder that can be written",
                            folder.string(), system_error_text(errno)));
  }
  static_cast<void>(::unlink(name.c_str()));
  return file;
}

bool write_all(int fd, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t put = ::write(fd, bytes, count);
    if (put < 0 && errno != EINTR) {
      return false;
    }
    if (put > 0) {
      bytes += put;
      count -= static_cast<std::size_t>(put);
    }
  }
  return true;
}

/// Waits until `fd` has something to read, in slices so that a stop is noticed while nothing arrives.
bool wait_readable(int fd, const Context& context) {
  for (;;) {
    if (context.stopped()) {
      return false;
    }
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, kStopCheckMilliseconds);
    if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return true;  // read(2) reports what is wrong, if anything is
    }
  }
}

}  // namespace

std::filesystem::path Spooled::path() const { return fmt::format("/proc/self/fd/{}", file.get()); }

Result<Spooled> spool(int fd, const std::filesystem::path& folder, const Context& context) {
  auto file = make_nameless_file(folder);
  if (!file) {
    return tl::unexpected(std::move(file.error()));
  }
  Spooled out{std::move(*file), 0, std::nullopt};
  std::vector<char> chunk(kSpoolChunkBytes);
  for (;;) {
    if (!wait_readable(fd, context)) {
      out.fault = Error{ErrorCode::kCancelled, fmt::format("reading stopped at byte {}", out.size)};
      return out;
    }
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got == 0) {
      return out;
    }
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) {
        continue;
      }
      out.fault = Error{ErrorCode::kUnreadable,
                        fmt::format("reading failed at byte {}: {}", out.size, system_error_text(errno))};
      return out;
    }
    if (!write_all(out.file.get(), chunk.data(), static_cast<std::size_t>(got))) {
      out.fault =
          Error{ErrorCode::kUnreadable, fmt::format("the temporary copy could not be written beyond byte {}: {}",
                                                    out.size, system_error_text(errno))};
      return out;
    }
    out.size += static_cast<std::uint64_t>(got);
  }
}

}  // namespace fa
