#include "sources/file/replay.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/text.h"
#include "sources/file/byte_stream.h"
#include "sources/file/decompress.h"

namespace fa {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

std::uint64_t end_of(const BytePosition& position) { return position.offset + position.length; }

/// Reads from `offset` until `into` is full or the file ends; returns the bytes read.
Result<std::size_t> pread_all(int fd, std::span<char> into, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (got == 0) {
      break;
    }
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return fail(ErrorCode::kUnreadable,
                  fmt::format("reading failed at byte {}: {}", offset + done, system_error_text(errno)));
    }
    done += static_cast<std::size_t>(got);
  }
  return done;
}

/// One batch of positions of one file.
class Replay {
 public:
  Replay(const InputFile& file, std::span<const BytePosition> positions, const Context& context)
      : file_(file), positions_(positions), context_(context), answers_(positions.size(), std::string()) {}

  std::vector<Result<std::string>> run() {
    admit();
    auto fd = open_regular_file(file_.path);
    if (!fd) {
      fail_rest(fd.error());
      return std::move(answers_);
    }
    std::array<char, 4> magic{};
    const auto got = pread_all(fd->get(), magic, 0);
    if (!got) {
      fail_rest(got.error());
    } else if (detect_compression({magic.data(), *got}) == Compression::kNone) {
      read_plain(fd->get());
    } else {
      read_stream();
    }
    return std::move(answers_);
  }

 private:
  tl::unexpected<Error> error(ErrorCode code, std::string_view what) const {
    return fail(code, fmt::format("{}: {}", file_.name, what));
  }

  /// Decides what is read at all; `order_` lists it by offset.
  void admit() {
    std::size_t total = 0;
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      const BytePosition& position = positions_[i];
      constexpr auto kEnd = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      if (position.length > kMaxReplayBytes - total) {
        answers_[i] =
            error(ErrorCode::kLimit, fmt::format("{} are more than the {} that are read again at once",
                                                 format_bytes(position.length), format_bytes(kMaxReplayBytes)));
      } else if (position.offset > kEnd - position.length) {
        answers_[i] = error(ErrorCode::kNotFound, fmt::format("no file has a byte {}", position.offset));
      } else {
        total += static_cast<std::size_t>(position.length);
        order_.push_back(i);
      }
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return positions_[a].offset < positions_[b].offset; });
  }

  void read_plain(int fd) {
    for (const std::size_t i : order_) {
      if (context_.stopped()) {
        answers_[i] = error(ErrorCode::kCancelled, "reading stopped: interrupted or out of time");
        continue;
      }
      std::string bytes(static_cast<std::size_t>(positions_[i].length), '\0');
      const auto got = pread_all(fd, bytes, positions_[i].offset);
      if (!got) {
        answers_[i] = error(got.error().code, got.error().message);
      } else if (*got < bytes.size()) {
        answers_[i] = ends_before(i, positions_[i].offset + *got);
      } else {
        answers_[i] = std::move(bytes);
      }
    }
  }

  /// Streams past every wanted piece once. `active_` holds the pieces that have begun and not ended.
  void read_stream() {
    auto raw = open_file_stream(file_.path);
    auto stream = raw ? decompress(std::move(*raw)) : std::move(raw);
    if (!stream) {
      fail_rest(stream.error());
      return;
    }
    std::vector<char> chunk(kChunkBytes);
    std::uint64_t offset = 0;
    std::vector<std::size_t> active;
    std::size_t next = 0;
    while (next < order_.size() || !active.empty()) {
      if (context_.stopped()) {
        fail_incomplete(active, next, Error{ErrorCode::kCancelled, "reading stopped: interrupted or out of time"});
        return;
      }
      const auto got = (*stream)->read(chunk);
      if (!got) {
        fail_incomplete(active, next, got.error());
        return;
      }
      if (*got == 0) {
        for (; next < order_.size(); ++next) {
          active.push_back(order_[next]);
        }
        for (const std::size_t i : active) {
          if (end_of(positions_[i]) > offset) {
            answers_[i] = ends_before(i, offset);
          }
        }
        return;
      }
      const std::uint64_t chunk_end = offset + *got;
      for (; next < order_.size() && positions_[order_[next]].offset < chunk_end; ++next) {
        active.push_back(order_[next]);
      }
      std::erase_if(active, [&](std::size_t i) {
        const std::uint64_t from = std::max(offset, positions_[i].offset);
        const std::uint64_t to = std::min(chunk_end, end_of(positions_[i]));
        answers_[i]->append(chunk.data() + (from - offset), static_cast<std::size_t>(to - std::min(from, to)));
        return end_of(positions_[i]) <= chunk_end;
      });
      offset = chunk_end;
    }
  }

  tl::unexpected<Error> ends_before(std::size_t i, std::uint64_t size) const {
    return error(ErrorCode::kNotFound,
                 fmt::format("bytes {} to {} were asked for, but it ends at byte {}; the file has "
                             "changed since it was read",
                             positions_[i].offset, end_of(positions_[i]), size));
  }

  void fail_incomplete(const std::vector<std::size_t>& active, std::size_t next, const Error& why) {
    for (const std::size_t i : active) {
      answers_[i] = error(why.code, why.message);
    }
    for (; next < order_.size(); ++next) {
      answers_[order_[next]] = error(why.code, why.message);
    }
  }

  void fail_rest(const Error& why) { fail_incomplete({}, 0, why); }

  const InputFile& file_;
  std::span<const BytePosition> positions_;
  const Context& context_;
  std::vector<Result<std::string>> answers_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<Result<std::string>> read_bytes(const InputFile& file, std::span<const BytePosition> positions,
                                            const Context& context) {
  return Replay(file, positions, context).run();
}

Result<std::string> read_bytes(const InputFile& file, const BytePosition& position, const Context& context) {
  return std::move(read_bytes(file, std::span(&position, 1), context).front());
}

}  // namespace fa
