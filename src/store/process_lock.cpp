#include "store/process_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/text.h"

namespace fa {
namespace {

/// Who wrote its id into the lock file; empty when that is not a number (a holder may not have come to it yet).
std::string holder_of(int file) {
  std::array<char, 32> bytes{};
  const ssize_t read = ::pread(file, bytes.data(), bytes.size(), 0);
  const std::string_view text = trim({bytes.data(), static_cast<std::size_t>(read > 0 ? read : 0)});
  for (const char c : text) {
    if (!is_digit(c)) return {};
  }
  return std::string(text);
}

/// Never shorter than a whole number in between: whoever is refused reads it at any moment.
void write_holder(int file) {
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::pwrite(file, text.data(), text.size(), 0) > 0) {
    [[maybe_unused]] const int cut = ::ftruncate(file, static_cast<off_t>(text.size()));
  }
}

int flock_uninterrupted(int file) {
  while (true) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

}  // namespace

Result<FileDescriptor> lock_for_this_process(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  const int refused = file ? flock_uninterrupted(file.get()) : errno;
  if (refused == EWOULDBLOCK) {
    const std::string holder = holder_of(file.get());
    return fail(ErrorCode::kUnavailable,
                fmt::format("{} is locked by another fa2{}; stop that one first, or give this one a folder of its own",
                            path.string(), holder.empty() ? "" : fmt::format(" (process {})", holder)));
  }
  if (refused != 0) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("cannot lock {}: {}; make its folder writable, or give another path", path.string(),
                            std::generic_category().message(refused)));
  }
  // A full disk does not matter: the lock is what counts, the number is for people.
  write_holder(file.get());
  return file;
}

}  // namespace fa
