#include "sources/aws/collected_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <tuple>

#include "base/file_descriptor.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "sources/file/byte_stream.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNameBytes = 120;
constexpr int kZstdLevel = 3;

Error cannot(std::string_view what, const fs::path& path, int error) {
  return Error{ErrorCode::kUnreadable,
               fmt::format("Cannot {} {}: {}. Choose another --save folder, or make room there.", what,
                           visible(path.native()), system_error_text(error))};
}

Result<void> write_all(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return tl::unexpected(cannot("write", path, errno));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<FileDescriptor> create_file(const fs::path& path) {
  FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) return tl::unexpected(cannot("create", path, errno));
  return fd;
}

/// Puts a whole small file in place by rename, so that it is there complete or not at all.
Result<void> replace_file(const fs::path& path, std::string_view content) {
  const fs::path temporary = path.native() + ".part";
  auto fd = create_file(temporary);
  if (!fd) return tl::unexpected(fd.error());
  if (auto ok = write_all(fd->get(), content, path); !ok) return ok;
  if (::rename(temporary.c_str(), path.c_str()) != 0) return tl::unexpected(cannot("write", path, errno));
  return {};
}

class Folder;

class File final : public CollectedFile {
 public:
  File(Folder& folder, std::string name, fs::path path, CollectedFolder::Storage storage, FileDescriptor fd)
      : folder_(folder), name_(std::move(name)), path_(std::move(path)), storage_(storage), fd_(std::move(fd)) {
    if (storage_ == CollectedFolder::Storage::kZstd) {
      zstd_.reset(ZSTD_createCCtx());
      begin_frame();
    }
  }
  ~File() override {
    std::error_code ignored;
    if (!committed_) fs::remove(part(), ignored);
  }

  Result<void> write(std::string_view bytes) override {
    if (storage_ == CollectedFolder::Storage::kAsIs) return write_all(fd_.get(), bytes, path_);
    return compress(bytes, ZSTD_e_continue);
  }

  Result<void> restart() override {
    if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) {
      return tl::unexpected(cannot("write", path_, errno));
    }
    if (zstd_) begin_frame();
    return {};
  }

  Result<void> commit(Origin origin) override;

  [[nodiscard]] fs::path part() const { return path_.native() + ".part"; }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };

  void begin_frame() {
    ZSTD_CCtx_reset(zstd_.get(), ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_checksumFlag, 1);
  }

  Result<void> compress(std::string_view bytes, ZSTD_EndDirective end) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    char block[1 << 16];
    for (;;) {
      ZSTD_outBuffer out{block, sizeof block, 0};
      const std::size_t left = ZSTD_compressStream2(zstd_.get(), &out, &in, end);
      if (ZSTD_isError(left) != 0U) {
        return fail(ErrorCode::kInternal,
                    fmt::format("Cannot compress {}: {}.", visible(path_.native()), ZSTD_getErrorName(left)));
      }
      if (auto ok = write_all(fd_.get(), {block, out.pos}, path_); !ok) return ok;
      if (end == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
    }
  }

  Folder& folder_;
  std::string name_;
  fs::path path_;
  CollectedFolder::Storage storage_;
  FileDescriptor fd_;
  std::unique_ptr<ZSTD_CCtx, FreeContext> zstd_;
  bool committed_ = false;
};

class Folder final : public CollectedFolder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) {}

  Result<std::unique_ptr<CollectedFile>> open(const std::string& name, Storage storage) override {
    const std::string wanted = relative_name(name);
    std::string unique;
    {
      const std::lock_guard lock(mutex_);
      unique = free_name(wanted, storage);
      names_.insert(unique);
    }
    const fs::path path = path_ / unique;
    std::error_code ec;
    fs::create_directories(path.parent_path(), ec);
    if (ec) return tl::unexpected(cannot("create", path.parent_path(), ec.value()));
    auto fd = create_file(path.native() + ".part");
    if (!fd) return tl::unexpected(fd.error());
    return std::make_unique<File>(*this, unique, path, storage, std::move(*fd));
  }

  void list(std::string name, Origin origin) {
    const std::lock_guard lock(mutex_);
    collection_.files.push_back({std::move(name), std::move(origin)});
  }

  void add_gap(Gap gap) override {
    const std::lock_guard lock(mutex_);
    collection_.gaps.push_back(std::move(gap));
  }

  void add_note(std::string source, std::string text) override {
    const std::lock_guard lock(mutex_);
    collection_.notes.push_back({std::move(source), std::move(text)});
  }

  Result<void> finish(const IncidentInfo& incident, const Usage& usage, const std::string& identity) override {
    const std::lock_guard lock(mutex_);
    collection_.identity = identity;
    collection_.usage = usage;
    std::sort(collection_.files.begin(), collection_.files.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    const auto gap_key = [](const Gap& g) { return std::tie(g.source, g.range.begin, g.range.end, g.error, g.impact); };
    std::sort(collection_.gaps.begin(), collection_.gaps.end(),
              [&](const Gap& a, const Gap& b) { return gap_key(a) < gap_key(b); });
    std::sort(collection_.notes.begin(), collection_.notes.end(),
              [](const Note& a, const Note& b) { return std::tie(a.source, a.text) < std::tie(b.source, b.text); });
    if (auto ok = replace_file(path_ / "incident.json", incident_json(incident)); !ok) return ok;
    // Last, so that a folder with one is a complete one.
    return replace_file(path_ / kCollectionFileName, collection_to_json(collection_));
  }

  [[nodiscard]] const fs::path& path() const override { return path_; }

 private:
  /// Every part safe by itself; no way out of the folder, no hidden files (readers pass them over).
  static std::string relative_name(const std::string& name) {
    std::string out;
    for (const std::string_view part : split(name, '/')) {
      if (part.empty()) continue;
      if (!out.empty()) out += '/';
      out += safe_name(part);
    }
    return out.empty() ? "file" : out;
  }

  [[nodiscard]] std::string free_name(const std::string& wanted, Storage storage) const {
    const std::string suffix = storage == Storage::kZstd ? ".zst" : "";
    std::string name = wanted + suffix;
    for (int n = 2; names_.contains(name) || name == "incident.json" || name == kCollectionFileName; ++n) {
      const std::size_t slash = wanted.rfind('/');
      std::size_t dot = wanted.find('.', slash == std::string::npos ? 0 : slash);
      if (dot == std::string::npos) dot = wanted.size();
      name = fmt::format("{}-{}{}{}", wanted.substr(0, dot), n, wanted.substr(dot), suffix);
    }
    return name;
  }

  static std::string incident_json(const IncidentInfo& incident) {
    const auto range = [](const TimeRange& r) {
      return Json{{"from", format_rfc3339(r.begin)}, {"to", format_rfc3339(r.end)}};
    };
    Json root;
    if (!incident.id.empty()) root["id"] = sanitize_utf8(incident.id);
    root["description"] = sanitize_utf8(incident.description);
    if (incident.window_given) root["window"] = range(incident.window);
    if (incident.baseline_given) root["baseline"] = range(incident.baseline);
    if (incident.alarm) {
      Json alarm{{"entity", sanitize_utf8(incident.alarm->entity)},
                 {"metric", sanitize_utf8(incident.alarm->metric)},
                 {"statistic", sanitize_utf8(incident.alarm->statistic)}};
      if (incident.alarm->time) alarm["time"] = format_rfc3339(*incident.alarm->time);
      root["alarm"] = std::move(alarm);
    }
    return json_text(root, 2) + "\n";
  }

  fs::path path_;
  std::mutex mutex_;
  std::set<std::string> names_;
  Collection collection_;
};

Result<void> File::commit(Origin origin) {
  if (zstd_) {
    if (auto ok = compress({}, ZSTD_e_end); !ok) return ok;
  }
  if (::rename(part().c_str(), path_.c_str()) != 0) return tl::unexpected(cannot("write", path_, errno));
  committed_ = true;
  folder_.list(name_, std::move(origin));
  return {};
}

}  // namespace

Result<std::unique_ptr<CollectedFolder>> CollectedFolder::create(const std::filesystem::path& path) {
  std::error_code ec;
  fs::create_directories(path, ec);
  if (ec) return tl::unexpected(cannot("create the folder", path, ec.value()));
  const bool empty = fs::is_empty(path, ec);
  if (ec) return tl::unexpected(cannot("read the folder", path, ec.value()));
  if (!empty) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is not empty: a collection needs a folder of its own. Give --save a new folder.",
                            visible(path.native())));
  }
  return std::make_unique<Folder>(path);
}

std::string safe_name(std::string_view name) {
  std::string out;
  bool changed = false;
  for (const char c : name) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || (c == '.' && !out.empty());
    out += safe ? c : '_';
    changed = changed || !safe;
  }
  // Names that differ only in what was replaced are kept apart by open(), which numbers them.
  if (out.size() > kMaxNameBytes) {
    // The end tells the kind (`.log.gz`), the beginning whose it is.
    const std::string hash = fmt::format("_{:016x}_", stable_hash(name));
    const std::size_t tail = 40;
    out = out.substr(0, kMaxNameBytes - tail - hash.size()) + hash + out.substr(out.size() - tail);
  } else if (out.empty() || (changed && out.find_first_not_of("_.") == std::string::npos)) {
    out += fmt::format("{:016x}", stable_hash(name));
  }
  return out;
}

}  // namespace fa
