#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/file_descriptor.h"
#include "store/blob_key.h"
#include "store/job_store.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

/// `~` is in no key, so that none of our own names can be one.
constexpr std::string_view kNewSuffix = "~new";      ///< A file that is being written.
constexpr std::string_view kBegunSuffix = "~begun";  ///< A folder that is being collected into.
constexpr std::string_view kGone = "~gone";          ///< Below the root: what is being removed.

tl::unexpected<Error> file_failure(std::string_view doing, const fs::path& path, int error) {
  return fail(ErrorCode::kUnreadable, fmt::format("cannot {} {}: {}; check the disk and the rights of the folder",
                                                  doing, path.string(), std::generic_category().message(error)));
}

tl::unexpected<Error> no_blob(const std::string& key, std::string_view what) {
  return fail(ErrorCode::kNotFound, fmt::format("there is no {} {}", what, key));
}

/// A name beside `path`, in the same folder.
fs::path with_suffix(const fs::path& path, std::string_view suffix) {
  return path.parent_path() / (path.filename().string() + std::string(suffix));
}

/// Makes names in a folder, or the bytes of a file, survive the end of the machine.
Result<void> sync_path(const fs::path& path, int flags) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags));
  if (!file || ::fsync(file.get()) != 0) return file_failure("write", path, errno);
  return {};
}

/// The folder and those above it, each durable where it is new.
Result<void> make_folders(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_path(folder.parent_path(), O_DIRECTORY);
  if (errno == ENOENT && folder.has_relative_path()) {
    if (auto made = make_folders(folder.parent_path()); !made) return made;
    if (::mkdir(folder.c_str(), 0700) == 0) return sync_path(folder.parent_path(), O_DIRECTORY);
  }
  const int error = errno;
  std::error_code ignored;
  if (error == EEXIST && fs::is_directory(folder, ignored)) return {};
  return file_failure("make the folder", folder, error);
}

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return file_failure("make", path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return file_failure("write", path, written < 0 ? errno : ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return file_failure("write", path, errno);
  return {};
}

Result<std::string> read_file(const fs::path& path, const std::string& key) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return no_blob(key, "file");
  if (!file) return file_failure("read", path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return file_failure("read", path, errno);
  if (!S_ISREG(info.st_mode)) return no_blob(key, "file");
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    // Files are replaced, never rewritten: one that ends early was changed by somebody else.
    if (got <= 0) return file_failure("read", path, got < 0 ? errno : EIO);
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// Gives what stands at `from` the name `to`, durably.
Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return file_failure("write", to, errno);
  return sync_path(to.parent_path(), O_DIRECTORY);
}

/// All files and folders below `folder` and itself, innermost first. Links and the like are left out: they have no
/// bytes of their own.
Result<void> sync_tree(const fs::path& folder) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    const fs::file_status status = entry->symlink_status(error);
    if (error) break;
    if (!fs::is_regular_file(status) && !fs::is_directory(status)) continue;
    if (auto synced = sync_path(entry->path(), 0); !synced) return synced;
  }
  if (error) return file_failure("read", folder, error.value());
  return sync_path(folder, O_DIRECTORY);
}

class BlobFolder final : public BlobStore {
 public:
  explicit BlobFolder(fs::path root) : root_(std::move(root)) {}

  Result<void> put(const std::string& key, std::string_view bytes) override {
    const auto path = place_of(key);
    if (!path) return tl::unexpected(path.error());
    if (auto made = make_folders(path->parent_path()); !made) return made;
    const fs::path written = with_suffix(*path, kNewSuffix);
    auto done = write_file(written, bytes);
    if (done) done = rename_durably(written, *path);
    if (!done) ::unlink(written.c_str());
    return done;
  }

  Result<std::string> get(const std::string& key) override {
    const auto path = place_of(key);
    if (!path) return tl::unexpected(path.error());
    return read_file(*path, key);
  }

  Result<fs::path> begin_folder(const std::string& key) override {
    const auto path = place_of(key);
    if (!path) return tl::unexpected(path.error());
    if (auto gone = remove_at(*path); !gone) return tl::unexpected(gone.error());
    const fs::path begun = with_suffix(*path, kBegunSuffix);
    if (auto made = make_folders(begun); !made) return tl::unexpected(made.error());
    return begun;
  }

  Result<void> finish_folder(const std::string& key) override {
    const auto path = place_of(key);
    if (!path) return tl::unexpected(path.error());
    const fs::path begun = with_suffix(*path, kBegunSuffix);
    std::error_code ignored;
    if (!fs::is_directory(begun, ignored)) return no_blob(key, "folder that was begun at");
    if (auto synced = sync_tree(begun); !synced) return synced;
    return rename_durably(begun, *path);
  }

  Result<fs::path> folder(const std::string& key) override {
    auto path = place_of(key);
    if (!path) return path;
    std::error_code ignored;
    if (!fs::is_directory(fs::symlink_status(*path, ignored))) return no_blob(key, "folder");
    return path;
  }

  Result<void> remove(const std::string& key) override {
    const auto path = place_of(key);
    if (!path) return tl::unexpected(path.error());
    return remove_at(*path);
  }

 private:
  /// kInvalidInput: no key; nothing outside the root can be named.
  Result<fs::path> place_of(const std::string& key) const {
    if (auto ok = check_blob_key(key); !ok) return tl::unexpected(ok.error());
    return root_ / key;
  }

  /// A blob and what is left of attempts to make one.
  Result<void> remove_at(const fs::path& path) {
    for (const fs::path& each : {path, with_suffix(path, kBegunSuffix), with_suffix(path, kNewSuffix)}) {
      if (auto gone = remove_one(each); !gone) return gone;
    }
    return {};
  }

  /// Out of sight at once, so that nobody ever finds half of it; what a crash leaves is removed at the next start.
  Result<void> remove_one(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) return {};
    static std::atomic<std::uint64_t> removed = 0;
    const fs::path gone = root_ / kGone / fmt::format("{}-{}", ::getpid(), ++removed);
    if (::rename(path.c_str(), gone.c_str()) != 0) return file_failure("remove", path, errno);
    if (auto synced = sync_path(path.parent_path(), O_DIRECTORY); !synced) return synced;
    fs::remove_all(gone, error);
    if (error) return file_failure("remove", gone, error.value());
    return {};
  }

  fs::path root_;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_blob_folder(const std::filesystem::path& root) {
  std::error_code error;
  // Links on the way are the operator's (systemd's state folders are some) and followed once, here; below, none are.
  const fs::path absolute = fs::weakly_canonical(fs::absolute(root, error), error);
  if (error) return file_failure("find", root, error.value());
  if (auto made = make_folders(absolute); !made) return tl::unexpected(made.error());
  fs::remove_all(absolute / kGone, error);
  if (auto made = make_folders(absolute / kGone); !made) return tl::unexpected(made.error());
  return std::make_unique<BlobFolder>(absolute);
}

}  // namespace fa
