#include "aws/environment.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/file_descriptor.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// Far above any profile file or token; a path that leads to a device or a log must not fill the memory.
constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

tl::unexpected<Error> failed(std::string_view what, const std::string& path, int error) {
  const auto code = error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kUnreadable;
  return fail(code, fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(error)));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string Environment::trimmed_variable(std::string_view name) const {
  return std::string(trim(variable(name).value_or("")));
}

std::optional<std::string> SystemEnvironment::variable(std::string_view name) const {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Result<std::string> SystemEnvironment::read_file(const std::string& path) const {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a FIFO must not block the open
  if (!file) return failed("read", path, errno);
  std::string content;
  std::string block(64 << 10, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read", path, errno);
    if (got == 0) return content;
    content.append(block, 0, static_cast<std::size_t>(got));
    if (content.size() > kMaxFileBytes) {
      return fail(ErrorCode::kLimit, fmt::format("{} is larger than 16 MiB: surely not the file that was meant", path));
    }
  }
}

Result<void> SystemEnvironment::write_file(const std::string& path, std::string_view content) const {
  std::string temporary = path + ".XXXXXX";
  const FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // created with mode 0600
  if (!file) return failed("write", path, errno);
  if (write_all(file.get(), content) && ::fsync(file.get()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0) {
    return {};
  }
  const int error = errno;
  ::unlink(temporary.c_str());
  return failed("write", path, error);
}

}  // namespace fa::aws
