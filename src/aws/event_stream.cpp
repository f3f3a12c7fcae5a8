#include "aws/event_stream.h"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace fa::aws {
namespace {

// A frame: total length, length of the headers, CRC-32 of these 8 bytes | headers | payload | CRC-32 of all before.
constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kSmallestFrame = kPreludeBytes + kChecksumBytes;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestValue = 32767;

/// Wire types of header values.
enum class Kind : std::uint8_t {
  kTrue = 0,
  kFalse = 1,
  kByte = 2,
  kShort = 3,
  kInteger = 4,
  kLong = 5,
  kBytes = 6,
  kText = 7,
  kTimestamp = 8,
  kUuid = 9
};

/// Big-endian, as everything in this format.
std::uint64_t unsigned_at(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

tl::unexpected<Error> broken(std::string why) { return fail(ErrorCode::kUnreadable, std::move(why)); }

/// Size of the frame that begins with these kPreludeBytes.
Result<std::size_t> frame_size(std::string_view prelude) {
  if (unsigned_at(prelude.substr(8, 4)) != crc_of(prelude.substr(0, 8))) {
    return broken("the checksum of its lengths does not match");
  }
  const auto total = static_cast<std::size_t>(unsigned_at(prelude.substr(0, 4)));
  const auto headers = static_cast<std::size_t>(unsigned_at(prelude.substr(4, 4)));
  if (total < kSmallestFrame) return broken(fmt::format("a length of {} bytes is too short", total));
  if (total > kMaxEventBytes) {
    return fail(ErrorCode::kLimit, fmt::format("its {} bytes are more than the {} allowed", total, kMaxEventBytes));
  }
  if (headers > total - kSmallestFrame || headers > kMaxEventHeaderBytes) {
    return broken(fmt::format("{} bytes of headers cannot be in {} bytes", headers, total));
  }
  return total;
}

/// Takes bytes off the front; once more is asked for than there is, everything is empty and `ok` false.
struct Cursor {
  std::string_view rest;
  bool ok = true;

  std::string_view take(std::size_t count) {
    if (count > rest.size()) {
      ok = false;
      rest = {};
      return {};
    }
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
  std::uint64_t number(std::size_t bytes) { return unsigned_at(take(bytes)); }
};

/// nullopt for milliseconds that do not fit nanoseconds of 64 bits (years before 1678 and after 2261).
std::optional<TimePoint> time_of(std::int64_t milliseconds) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  if (milliseconds > kMost || milliseconds < -kMost) return std::nullopt;
  return from_unix_nanos(milliseconds * 1'000'000);
}

Result<EventMessage::Value> value_of(std::uint8_t kind, Cursor& in) {
  switch (static_cast<Kind>(kind)) {
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
    case Kind::kByte:
      return static_cast<std::int8_t>(in.number(1));
    case Kind::kShort:
      return static_cast<std::int16_t>(in.number(2));
    case Kind::kInteger:
      return static_cast<std::int32_t>(in.number(4));
    case Kind::kLong:
      return static_cast<std::int64_t>(in.number(8));
    case Kind::kBytes: {
      const std::string_view bytes = in.take(in.number(2));
      return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
    }
    case Kind::kText: {
      const std::string_view text = in.take(in.number(2));
      if (!is_valid_utf8(text)) return broken("a text header is not UTF-8");
      return std::string(text);
    }
    case Kind::kTimestamp: {
      const auto time = time_of(static_cast<std::int64_t>(in.number(8)));
      if (!time) return broken("a time header is too far from now");
      return *time;
    }
    case Kind::kUuid: {
      const std::string_view bytes = in.take(16);
      std::array<std::uint8_t, 16> uuid{};
      std::copy(bytes.begin(), bytes.end(), uuid.begin());
      return uuid;
    }
  }
  return broken(fmt::format("a header has the unknown type {}", kind));
}

Result<EventMessage> decode(std::string_view frame) {
  const std::string_view checked = frame.substr(0, frame.size() - kChecksumBytes);
  if (unsigned_at(frame.substr(checked.size())) != crc_of(checked)) return broken("its checksum does not match");
  const auto header_bytes = static_cast<std::size_t>(unsigned_at(frame.substr(4, 4)));
  Cursor in{frame.substr(kPreludeBytes, header_bytes)};
  EventMessage message;
  std::vector<std::string_view> names;
  while (!in.rest.empty()) {
    const std::string_view name = in.take(in.number(1));
    const auto kind = static_cast<std::uint8_t>(in.number(1));
    if (!in.ok) break;
    if (name.empty() || !is_valid_utf8(name)) return broken("a header has no readable name");
    Result<EventMessage::Value> value = value_of(kind, in);
    if (!value) return tl::unexpected<Error>(std::move(value.error()));
    names.push_back(name);
    message.headers.emplace_back(std::string(name), std::move(*value));
  }
  if (!in.ok) return broken("a header is longer than all headers together");
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    return broken(fmt::format("the header '{}' stands there twice", visible(*twice)));
  }
  message.payload = std::string(checked.substr(kPreludeBytes + header_bytes));
  return message;
}

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i > 0; --i) out += static_cast<char>(value >> (8 * (i - 1)) & 0xffU);
}

/// Appends type and value; false when it is too long.
struct ValueWriter {
  std::string& out;

  void begin(Kind kind) { put(out, static_cast<std::uint64_t>(kind), 1); }
  bool fixed(Kind kind, std::uint64_t value, std::size_t bytes) {
    begin(kind);
    put(out, value, bytes);
    return true;
  }
  bool sized(Kind kind, std::string_view bytes) {
    begin(kind);
    put(out, bytes.size(), 2);
    out += bytes;
    return bytes.size() <= kLongestValue;
  }

  bool operator()(bool value) { return fixed(value ? Kind::kTrue : Kind::kFalse, 0, 0); }
  bool operator()(std::int8_t value) { return fixed(Kind::kByte, static_cast<std::uint64_t>(value), 1); }
  bool operator()(std::int16_t value) { return fixed(Kind::kShort, static_cast<std::uint64_t>(value), 2); }
  bool operator()(std::int32_t value) { return fixed(Kind::kInteger, static_cast<std::uint64_t>(value), 4); }
  bool operator()(std::int64_t value) { return fixed(Kind::kLong, static_cast<std::uint64_t>(value), 8); }
  bool operator()(const std::vector<std::uint8_t>& value) {
    return sized(Kind::kBytes, {reinterpret_cast<const char*>(value.data()), value.size()});
  }
  bool operator()(const std::string& value) { return sized(Kind::kText, value); }
  bool operator()(TimePoint value) {
    const auto time = std::chrono::floor<std::chrono::milliseconds>(value).time_since_epoch().count();
    return fixed(Kind::kTimestamp, static_cast<std::uint64_t>(time), 8);
  }
  bool operator()(const std::array<std::uint8_t, 16>& value) {
    begin(Kind::kUuid);
    out.append(value.begin(), value.end());
    return true;
  }
};

}  // namespace

std::string_view EventMessage::text(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    const auto* const found = std::get_if<std::string>(&value);
    return found != nullptr ? std::string_view(*found) : std::string_view();
  }
  return {};
}

/// The next message of pending_ and `bytes`, which loses what was used; nullopt once more bytes are needed.
Result<std::optional<EventMessage>> EventStreamDecoder::next(std::string_view& bytes) {
  while (!bytes.empty()) {
    std::string_view frame;
    if (pending_.empty() && bytes.size() >= kPreludeBytes) {  // whole frames are read where they are, without a copy
      const Result<std::size_t> size = frame_size(bytes.substr(0, kPreludeBytes));
      if (!size) return tl::unexpected<Error>(size.error());
      if (bytes.size() >= *size) {
        frame = bytes.substr(0, *size);
        bytes.remove_prefix(*size);
      }
    }
    if (frame.empty()) {
      if (pending_.empty()) wanted_ = kPreludeBytes;
      const std::size_t taken = std::min(wanted_ - pending_.size(), bytes.size());
      pending_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (pending_.size() < wanted_) return std::optional<EventMessage>();
      if (wanted_ == kPreludeBytes) {
        const Result<std::size_t> size = frame_size(pending_);
        if (!size) return tl::unexpected<Error>(size.error());
        wanted_ = *size;
        continue;
      }
      frame = pending_;
    }
    Result<EventMessage> message = decode(frame);
    if (!message) return tl::unexpected<Error>(std::move(message.error()));
    consumed_ += frame.size();
    pending_.clear();
    return std::optional<EventMessage>(std::move(*message));
  }
  return std::optional<EventMessage>();
}

Result<std::vector<EventMessage>> EventStreamDecoder::feed(std::string_view bytes) {
  std::vector<EventMessage> messages;
  while (!broken_) {
    Result<std::optional<EventMessage>> message = next(bytes);
    if (!message) {
      broken_ = std::move(message.error());
      broken_->message =
          fmt::format("the event stream cannot be read: in the frame at byte {} {}; send the request again", consumed_,
                      broken_->message);
      pending_ = {};
      if (!messages.empty()) return messages;
      break;
    }
    if (!*message) return messages;
    messages.push_back(std::move(**message));
  }
  return tl::unexpected<Error>(*broken_);
}

Result<void> EventStreamDecoder::finish() const {
  if (broken_) return tl::unexpected<Error>(*broken_);
  if (pending_.empty()) return {};
  return broken(
      fmt::format("the event stream ends early: after {} bytes of the frame at byte {}; send the request again",
                  pending_.size(), consumed_));
}

std::string encode_event(const EventMessage& message) {
  std::string headers;
  for (const auto& [name, value] : message.headers) {
    if (name.empty() || name.size() > kLongestName) return {};
    put(headers, name.size(), 1);
    headers += name;
    if (!std::visit(ValueWriter{headers}, value)) return {};
  }
  const std::size_t total = kSmallestFrame + headers.size() + message.payload.size();
  if (headers.size() > kMaxEventHeaderBytes || total > kMaxEventBytes) return {};
  std::string out;
  out.reserve(total);
  put(out, total, 4);
  put(out, headers.size(), 4);
  put(out, crc_of(out), 4);
  out += headers;
  out += message.payload;
  put(out, crc_of(out), 4);
  return out;
}

}  // namespace fa::aws
