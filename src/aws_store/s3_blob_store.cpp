#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <system_error>

#include "aws/services/s3.h"
#include "aws_store/aws_store.h"
#include "base/json.h"
#include "base/text.h"
#include "store/blob_key.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

/// `~` is in no key, so that none of our own names can be one.
constexpr std::string_view kManifest = "~folder.json";  ///< Of a finished folder; it makes its objects the folder.
constexpr std::string_view kParts = "~parts/";          ///< Bytes of a folder's files.

struct FolderFile {
  std::string path;                ///< Below the folder.
  std::vector<std::string> parts;  ///< Objects, in order, whose bytes make the file.
};

class TextSink final : public BodySink {
 public:
  explicit TextSink(std::string& to) : to_(to) {}
  Result<void> restart() override {
    to_.clear();
    return {};
  }
  Result<void> write(std::string_view bytes) override {
    to_.append(bytes);
    return {};
  }

 private:
  std::string& to_;
};

/// As BlobStore words them; what may pass stays kUnavailable.
tl::unexpected<Error> blob_error(Error error) {
  const bool passes = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCancelled;
  const bool missing = error.reason == "NoSuchKey";
  error.code = passes ? ErrorCode::kUnavailable : missing ? ErrorCode::kNotFound : ErrorCode::kUnreadable;
  return tl::unexpected(std::move(error));
}

tl::unexpected<Error> local_failure(std::string_view doing, const fs::path& path, const std::error_code& error) {
  return fail(ErrorCode::kUnreadable, fmt::format("cannot {} {}: {}; check the room in this folder", doing,
                                                  path.string(), error ? error.message() : "the disk may be full"));
}

tl::unexpected<Error> no_folder(const std::string& key) {
  return fail(ErrorCode::kNotFound, fmt::format("there is no folder {}", key));
}

std::string manifest_text(const std::vector<FolderFile>& files) {
  Json list = Json::array();
  for (const FolderFile& file : files) list.push_back({{"path", file.path}, {"parts", file.parts}});
  return json_text(Json{{"files", std::move(list)}});
}

/// A path that leads out of the folder, or anything else we would not have written, makes it none of ours.
std::optional<std::vector<FolderFile>> manifest_files(const std::string& text) {
  const Json json = parse_json(text);
  const auto list = json.is_object() ? json.find("files") : json.end();
  if (list == json.end() || !list->is_array()) return std::nullopt;
  std::vector<FolderFile> files;
  for (const Json& each : *list) {
    const auto named = each.is_object() ? each.find("path") : each.end();
    if (named == each.end() || !named->is_string()) return std::nullopt;
    FolderFile file;
    file.path = named->get<std::string>();
    const fs::path path(file.path);
    if (path.empty() || path.is_absolute() || path != path.lexically_normal() || *path.begin() == "..") {
      return std::nullopt;
    }
    const auto parts = each.find("parts");
    if (parts == each.end() || !parts->is_array()) return std::nullopt;
    for (const Json& part : *parts) {
      if (!part.is_string()) return std::nullopt;
      file.parts.push_back(part.get<std::string>());
    }
    files.push_back(std::move(file));
  }
  return files;
}

/// All regular files below a folder, by name; links have no bytes of their own.
Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (fs::is_regular_file(entry->symlink_status(error))) files.push_back(entry->path());
  }
  if (error) return local_failure("read", folder, error);
  std::sort(files.begin(), files.end());
  return files;
}

class S3BlobStore final : public BlobStore {
 public:
  S3BlobStore(aws::Client& client, S3BlobOptions options) : client_(client), options_(std::move(options)) {}
  ~S3BlobStore() override {
    std::error_code ignored;
    fs::remove_all(options_.local, ignored);
  }
  S3BlobStore(const S3BlobStore&) = delete;
  S3BlobStore& operator=(const S3BlobStore&) = delete;

  Result<void> put(const std::string& key, std::string_view bytes) override {
    if (auto ok = check_blob_key(key); !ok) return ok;
    return put_object(options_.prefix + key, std::string(bytes));
  }

  Result<std::string> get(const std::string& key) override {
    if (auto ok = check_blob_key(key); !ok) return tl::unexpected(ok.error());
    return get_object(options_.prefix + key);
  }

  Result<fs::path> begin_folder(const std::string& key) override {
    if (auto ok = check_blob_key(key); !ok) return tl::unexpected(ok.error());
    // Without its manifest there is no folder; the bytes go next.
    if (auto gone = delete_object(options_.prefix + key + std::string(kManifest)); !gone) {
      return tl::unexpected(gone.error());
    }
    if (auto gone = delete_below(options_.prefix + key + std::string(kParts)); !gone) {
      return tl::unexpected(gone.error());
    }
    const fs::path folder = begun_path(key);
    std::error_code error;
    fs::remove_all(folder, error);
    fs::remove_all(read_path(key), error);
    fs::create_directories(folder, error);
    if (error) return local_failure("make", folder, error);
    return folder;
  }

  Result<void> finish_folder(const std::string& key) override {
    if (auto ok = check_blob_key(key); !ok) return ok;
    const fs::path folder = begun_path(key);
    std::error_code error;
    if (!fs::is_directory(folder, error)) return no_folder(key);
    const auto paths = files_below(folder);
    if (!paths) return tl::unexpected(paths.error());
    std::vector<FolderFile> files;
    std::size_t objects = 0;
    for (const fs::path& path : *paths) {
      auto file = upload(path, options_.prefix + key + std::string(kParts), objects);
      if (!file) return tl::unexpected(file.error());
      file->path = path.lexically_relative(folder).string();
      files.push_back(std::move(*file));
    }
    if (auto done = put_object(options_.prefix + key + std::string(kManifest), manifest_text(files)); !done) {
      return done;
    }
    // What was collected here need not be fetched again.
    const fs::path read = read_path(key);
    fs::remove_all(read, error);
    fs::create_directories(read.parent_path(), error);
    fs::rename(folder, read, error);
    if (error) fs::remove_all(folder, error);
    return {};
  }

  Result<fs::path> folder(const std::string& key) override {
    if (auto ok = check_blob_key(key); !ok) return tl::unexpected(ok.error());
    const auto manifest = get_object(options_.prefix + key + std::string(kManifest));
    if (!manifest && manifest.error().code == ErrorCode::kNotFound) return no_folder(key);
    if (!manifest) return tl::unexpected(manifest.error());
    const auto files = manifest_files(*manifest);
    if (!files) return fail(ErrorCode::kUnreadable, fmt::format("the manifest of folder {} is damaged", key));
    const fs::path folder = read_path(key);
    std::error_code error;
    if (fs::is_directory(folder, error)) return folder;
    const fs::path coming = folder.string() + "~coming";
    fs::remove_all(coming, error);
    fs::create_directories(coming, error);
    if (error) return local_failure("make", coming, error);
    for (const FolderFile& file : *files) {
      if (auto ok = download(file, coming / file.path); !ok) return tl::unexpected(ok.error());
    }
    fs::rename(coming, folder, error);
    if (error) return local_failure("make", folder, error);
    return folder;
  }

  Result<void> remove(const std::string& key) override {
    if (auto ok = check_blob_key(key); !ok) return ok;
    const std::string object = options_.prefix + key;
    if (auto gone = delete_object(object); !gone) return gone;
    for (const char* below : {"~", "/"}) {
      if (auto gone = delete_below(object + below); !gone) return gone;
    }
    std::error_code ignored;
    for (const fs::path& local :
         {begun_path(key), read_path(key), options_.local / "begun" / key, options_.local / "read" / key}) {
      fs::remove_all(local, ignored);
    }
    return {};
  }

 private:
  [[nodiscard]] Context context() const { return Context{}.within(options_.call_patience); }
  // `~` again: a folder's place is not below that of another key.
  [[nodiscard]] fs::path begun_path(const std::string& key) const { return options_.local / "begun" / (key + "~"); }
  [[nodiscard]] fs::path read_path(const std::string& key) const { return options_.local / "read" / (key + "~"); }

  Result<void> put_object(const std::string& object, std::string bytes) {
    auto done = aws::s3::put_object(client_, options_.bucket, object, std::move(bytes), context());
    return done ? std::move(done) : blob_error(std::move(done.error()));
  }
  Result<std::string> get_object(const std::string& object) {
    std::string bytes;
    TextSink sink(bytes);
    auto got = aws::s3::get_object(client_, {.bucket = options_.bucket, .key = object}, sink, context());
    if (!got) return blob_error(std::move(got.error()));
    return bytes;
  }
  Result<void> delete_object(const std::string& object) {
    auto gone = aws::s3::delete_object(client_, options_.bucket, object, context());
    return gone ? std::move(gone) : blob_error(std::move(gone.error()));
  }
  Result<void> delete_below(const std::string& prefix) {
    aws::s3::ListObjects request{.bucket = options_.bucket, .prefix = prefix};
    do {
      auto page = aws::s3::list_objects(client_, request, context());
      if (!page) return blob_error(std::move(page.error()));
      for (const aws::s3::Object& object : page->objects) {
        if (auto gone = delete_object(object.key); !gone) return gone;
      }
      request.continuation_token = std::move(page->continuation_token);
    } while (!request.continuation_token.empty());
    return {};
  }

  Result<FolderFile> upload(const fs::path& path, const std::string& prefix, std::size_t& objects) {
    FolderFile file;
    std::ifstream in(path, std::ios::binary);
    while (in && in.peek() != std::ifstream::traits_type::eof()) {
      std::string bytes(options_.part_bytes, '\0');
      in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      bytes.resize(static_cast<std::size_t>(in.gcount()));
      file.parts.push_back(prefix + std::to_string(objects++));
      if (auto done = put_object(file.parts.back(), std::move(bytes)); !done) return tl::unexpected(done.error());
    }
    if (in.bad() || !in.is_open()) return local_failure("read", path, {});
    return file;
  }

  Result<void> download(const FolderFile& file, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    std::ofstream out(to, std::ios::binary);
    for (const std::string& part : file.parts) {
      const auto bytes = get_object(part);
      if (!bytes) return tl::unexpected(bytes.error());
      out.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
    }
    out.close();
    if (!out) return local_failure("write", to, {});
    return {};
  }

  aws::Client& client_;
  S3BlobOptions options_;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_s3_blob_store(aws::Client& client, S3BlobOptions options) {
  // Of this store alone: two of them in one process share nothing.
  static std::atomic<std::uint64_t> opened = 0;
  options.local /= fmt::format("{}-{}", ::getpid(), ++opened);
  std::error_code error;
  fs::remove_all(options.local, error);
  fs::create_directories(options.local, error);
  if (error) return local_failure("make", options.local, error);
  return std::make_unique<S3BlobStore>(client, std::move(options));
}

}  // namespace fa
