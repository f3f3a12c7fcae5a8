#include "sources/file/decompress.h"

#include <fmt/core.h>
#include <isa-l/igzip_lib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace fa {
namespace {

constexpr std::size_t kInputBytes = std::size_t{64} << 10;
constexpr std::size_t kMagicBytes = 4;

/// Buffered compressed input that knows how far it has got.
class CompressedInput {
 public:
  CompressedInput(std::unique_ptr<ByteStream> raw, std::string_view head)
      : raw_(std::move(raw)), buffer_(kInputBytes), end_(head.size()) {
    std::copy(head.begin(), head.end(), buffer_.begin());
  }

  [[nodiscard]] std::span<const char> unread() const { return std::span(buffer_).subspan(begin_, end_ - begin_); }
  /// Compressed bytes used up so far.
  [[nodiscard]] std::uint64_t position() const { return base_ + begin_; }
  [[nodiscard]] bool at_end() const { return at_end_; }
  void consume(std::size_t count) { begin_ += count; }

  /// Fetches more once everything is used up; at the end `at_end` becomes true.
  Result<void> refill() {
    if (begin_ < end_ || at_end_) {
      return {};
    }
    base_ += end_;
    begin_ = end_ = 0;
    const auto got = raw_->read(buffer_);
    if (!got) {
      return tl::unexpected(got.error());
    }
    end_ = *got;
    at_end_ = *got == 0;
    return {};
  }

 private:
  std::unique_ptr<ByteStream> raw_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t base_ = 0;
  bool at_end_ = false;
};

/// What both decompressors share: refilling, and keeping the error that ended them.
class DecompressingStream : public ByteStream {
 public:
  DecompressingStream(std::unique_ptr<ByteStream> raw, std::string_view head) : input_(std::move(raw), head) {}

  Result<std::size_t> read(std::span<char> into) final {
    while (!error_ && !done_) {
      if (const auto refilled = input_.refill(); !refilled) {
        if (const std::size_t made = rest(into); made > 0) {
          return made;
        }
        error_ = refilled.error();
        break;
      }
      if (const std::size_t made = step(into); made > 0) {
        return made;
      }
    }
    if (error_) {
      return tl::unexpected(*error_);
    }
    return 0;
  }

 protected:
  /// Decompresses a piece into the front of `into` and returns the bytes made. A call that makes none must use up
  /// input, `finish` or `give_up`. Both may also be called beside bytes made.
  virtual std::size_t step(std::span<char> into) = 0;

  /// What can still be made of the input so far when no more of it can be had.
  virtual std::size_t rest(std::span<char>) { return 0; }

  void finish() { done_ = true; }
  void give_up(std::string_view what) {
    error_ = Error{ErrorCode::kUnreadable, fmt::format("{} (at compressed byte {})", what, input_.position())};
  }

  CompressedInput input_;

 private:
  bool done_ = false;
  std::optional<Error> error_;
};

/// By Intel's ISA-L, in a fifth of zlib's time. Like zlib it needs no whole member at once, so memory is the same for
/// any.
class GzipStream final : public DecompressingStream {
 public:
  using DecompressingStream::DecompressingStream;

  Result<void> init() {
    begin_member();
    return {};
  }

 private:
  void begin_member() {
    isal_inflate_init(&isal_);
    isal_.crc_flag = ISAL_GZIP;
  }

  std::size_t step(std::span<char> into) override {
    if (held_begin_ < held_end_) {
      const std::size_t count = std::min(into.size(), held_end_ - held_begin_);
      std::copy_n(held_.data() + held_begin_, count, into.data());
      held_begin_ += count;
      return count;
    }
    if (!failure_.empty()) {
      give_up(failure_);
      return 0;
    }
    if (!in_member_ && !find_member()) {
      return 0;
    }
    if (into.size() >= kPieceBytes) {
      return inflate_piece(into.data());
    }
    held_.resize(kPieceBytes);
    held_begin_ = 0;
    held_end_ = inflate_piece(held_.data());
    return held_end_ == 0 ? 0 : step(into);
  }

  std::size_t rest(std::span<char> into) override { return step(into); }

  /// Always asks for as much: how many bytes come before broken ones, and where ISA-L then stands in its input, depends
  /// on that.
  std::size_t inflate_piece(char* into) {
    const auto unread = input_.unread();
    // ISA-L's interface is not const-correct about its input, which it only reads.
    isal_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(unread.data()));
    isal_.avail_in = static_cast<std::uint32_t>(unread.size());
    isal_.next_out = reinterpret_cast<std::uint8_t*>(into);
    isal_.avail_out = static_cast<std::uint32_t>(kPieceBytes);
    const int status = isal_inflate(&isal_);
    input_.consume(unread.size() - isal_.avail_in);
    const std::size_t made = kPieceBytes - isal_.avail_out;
    if (status < 0) {
      failure_ = fmt::format("the gzip data is corrupt: {}; get a fresh copy", describe(status));
    } else if (isal_.block_state == ISAL_BLOCK_FINISH) {
      in_member_ = false;
      begin_member();
    } else if (input_.at_end() && made == 0) {
      failure_ = "the gzip data is cut off in the middle of a member; get a whole copy";
    }
    return made;
  }

  /// Between members: tape-style zero padding is skipped as gzip(1) does; true when a next member begins.
  bool find_member() {
    if (input_.at_end()) {
      finish();
      return false;
    }
    const auto unread = input_.unread();
    const auto begin = std::find_if(unread.begin(), unread.end(), [](char c) { return c != '\0'; });
    input_.consume(static_cast<std::size_t>(begin - unread.begin()));
    in_member_ = begin != unread.end();
    return in_member_;
  }

  static std::string_view describe(int status) {
    switch (status) {
      case ISAL_INVALID_BLOCK:
        return "invalid block";
      case ISAL_INVALID_SYMBOL:
        return "invalid code";
      case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
      case ISAL_INVALID_WRAPPER:
        return "incorrect header";
      case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
      case ISAL_INCORRECT_CHECKSUM:
        return "incorrect checksum";
      default:
        return "no detail";
    }
  }

  static constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

  inflate_state isal_{};
  bool in_member_ = false;
  std::string failure_;     ///< Said once all bytes before it were handed out.
  std::vector<char> held_;  ///< A piece that was larger than what was asked for.
  std::size_t held_begin_ = 0;
  std::size_t held_end_ = 0;
};

class ZstdStream final : public DecompressingStream {
 public:
  using DecompressingStream::DecompressingStream;
  ~ZstdStream() override { ZSTD_freeDCtx(zstd_); }

  Result<void> init() {
    if (zstd_ == nullptr || ZSTD_isError(ZSTD_DCtx_setParameter(zstd_, ZSTD_d_windowLogMax, kMaxZstdWindowLog)) != 0) {
      return fail(ErrorCode::kInternal, "zstd could not be initialised");
    }
    return {};
  }

 private:
  // A call that fails does not say what it wrote before. So zstd gets one block at a time (it asks for a block and the
  // header of the next: without the latter), and nothing while it may still hold output: everything in front of a
  // broken block has been handed out by then.
  static constexpr std::size_t kBlockHeader = 3;
  static constexpr std::size_t kFrameStart = 5;

  std::size_t step(std::span<char> into) override {
    if (input_.at_end() && !in_frame_) {
      finish();
      return 0;
    }
    const auto unread = input_.unread();
    ZSTD_inBuffer in{unread.data(), output_was_full_ ? 0 : std::min(unread.size(), wanted_), 0};
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    const std::size_t status = ZSTD_decompressStream(zstd_, &out, &in);
    input_.consume(in.pos);
    if (ZSTD_isError(status) != 0) {
      give_up(describe(status));
      return 0;
    }
    in_frame_ = status != 0;
    output_was_full_ = in_frame_ && out.pos == out.size;
    wanted_ = !in_frame_ ? kFrameStart : status > kBlockHeader ? status - kBlockHeader : status;
    if (input_.at_end() && in_frame_ && out.pos == 0) {
      give_up("the zstd data is cut off in the middle of a frame; get a whole copy");
    }
    return out.pos;
  }

  static std::string describe(std::size_t status) {
    if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) {
      return fmt::format("a zstd frame needs a window above {} MiB; compress without --long",
                         1 << (kMaxZstdWindowLog - 20));
    }
    return fmt::format("the zstd data is corrupt: {}; get a fresh copy", ZSTD_getErrorName(status));
  }

  ZSTD_DCtx* zstd_ = ZSTD_createDCtx();
  std::size_t wanted_ = kFrameStart;
  bool output_was_full_ = false;
  bool in_frame_ = false;
};

/// Uncompressed: hands out the bytes that were looked at, then the rest untouched.
class PlainStream final : public ByteStream {
 public:
  PlainStream(std::unique_ptr<ByteStream> raw, std::string head) : raw_(std::move(raw)), head_(std::move(head)) {}

  Result<std::size_t> read(std::span<char> into) override {
    if (head_.empty()) {
      return raw_->read(into);
    }
    const std::size_t count = std::min(into.size(), head_.size());
    std::copy_n(head_.begin(), count, into.begin());
    head_.erase(0, count);
    return count;
  }

 private:
  std::unique_ptr<ByteStream> raw_;
  std::string head_;
};

template <class Stream>
Result<std::unique_ptr<ByteStream>> make_decompressing(std::unique_ptr<ByteStream> raw, std::string_view head) {
  auto stream = std::make_unique<Stream>(std::move(raw), head);
  if (auto ready = stream->init(); !ready) {
    return tl::unexpected(std::move(ready.error()));
  }
  return stream;
}

}  // namespace

Compression detect_compression(std::string_view first_bytes) {
  const auto byte = [&](std::size_t i) {
    return i < first_bytes.size() ? static_cast<int>(static_cast<unsigned char>(first_bytes[i])) : -1;
  };
  if (byte(0) == 0x1F && byte(1) == 0x8B && byte(2) == 0x08) {
    return Compression::kGzip;
  }
  const bool frame = byte(0) == 0x28 && byte(1) == 0xB5 && byte(2) == 0x2F && byte(3) == 0xFD;
  const bool skippable = byte(0) >= 0x50 && byte(0) <= 0x5F && byte(1) == 0x2A && byte(2) == 0x4D && byte(3) == 0x18;
  return frame || skippable ? Compression::kZstd : Compression::kNone;
}

Result<std::unique_ptr<ByteStream>> decompress(std::unique_ptr<ByteStream> raw) {
  std::string head(kMagicBytes, '\0');
  std::size_t size = 0;
  while (size < kMagicBytes) {
    const auto got = raw->read(std::span(head).subspan(size));
    if (!got) {
      return tl::unexpected(got.error());
    }
    if (*got == 0) {
      break;
    }
    size += *got;
  }
  head.resize(size);
  switch (detect_compression(head)) {
    case Compression::kGzip:
      return make_decompressing<GzipStream>(std::move(raw), head);
    case Compression::kZstd:
      return make_decompressing<ZstdStream>(std::move(raw), head);
    case Compression::kNone:
      break;
  }
  return std::make_unique<PlainStream>(std::move(raw), std::move(head));
}

}  // namespace fa
