#include "app/output.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "app/commands.h"
#include "base/text.h"

namespace fa {
namespace {

Result<void> write_all(int fd, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return fail(ErrorCode::kUnreadable,
                  fmt::format("Cannot write {}: {}.", name, std::generic_category().message(errno)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<void> write_output(std::string_view bytes, const std::optional<std::filesystem::path>& file) {
  if (!file) return write_all(STDOUT_FILENO, bytes, "standard output");
  std::error_code ec;
  if (std::filesystem::exists(*file, ec) && !std::filesystem::is_regular_file(*file, ec)) {
    // A device or a pipe (/dev/stdout, a process substitution) cannot be replaced: it is written to.
    const int fd = ::open(file->c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
      return fail(ErrorCode::kUnreadable,
                  fmt::format("Cannot write {}: {}.", file->string(), std::generic_category().message(errno)));
    }
    auto written = write_all(fd, bytes, file->string());
    ::close(fd);
    return written;
  }
  std::string temporary = file->string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    return fail(ErrorCode::kUnreadable, fmt::format("Cannot create {}: {}. Choose another --output.", file->string(),
                                                    std::generic_category().message(errno)));
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
  auto written = write_all(fd, bytes, file->string());
  const bool synced = written && ::fsync(fd) == 0;
  ::close(fd);
  if (synced && ::rename(temporary.c_str(), file->c_str()) == 0) return {};
  const int error = errno;
  ::unlink(temporary.c_str());
  if (!written) return written;
  return fail(ErrorCode::kUnreadable,
              fmt::format("Cannot write {}: {}.", file->string(), std::generic_category().message(error)));
}

void complain(std::string_view message) {
  const std::string line = "fa2: " + visible(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int report_failure(const Error& error) {
  complain(error.message);
  return error.code == ErrorCode::kInternal ? kExitInternal : kExitUsage;
}

}  // namespace fa
