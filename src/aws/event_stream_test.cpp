#include "aws/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace fa::aws {
namespace {

using testing::HasSubstr;

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xffU);
  return out;
}

std::string crc(const std::string& bytes) {
  return big_endian(static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()))));
}

/// A frame whose checksums are right, whatever stands in it.
std::string frame(const std::string& headers, const std::string& payload = "") {
  std::string out = big_endian(static_cast<std::uint32_t>(16 + headers.size() + payload.size())) +
                    big_endian(static_cast<std::uint32_t>(headers.size()));
  out += crc(out);
  out += headers + payload;
  return out + crc(out);
}

std::string prelude(std::uint32_t total, std::uint32_t headers) {
  const std::string lengths = big_endian(total) + big_endian(headers);
  return lengths + crc(lengths);
}

EventMessage event(std::string type, std::string payload) {
  EventMessage message;
  message.headers = {{":event-type", std::move(type)}, {":message-type", std::string("event")}};
  message.payload = std::move(payload);
  return message;
}

std::string error_of(std::string_view bytes) {
  EventStreamDecoder decoder;
  const auto fed = decoder.feed(bytes);
  return fed ? "none" : fed.error().message;
}

TEST(EventStream, messages_do_not_depend_on_where_the_bytes_are_cut) {
  std::string stream;
  for (int i = 0; i < 20; ++i) {
    stream += encode_event(event("contentBlockDelta", std::string(static_cast<std::size_t>(i) * 7, 'x')));
  }
  for (std::size_t piece = 1; piece <= stream.size(); piece = piece < 200 ? piece + 1 : piece * 2) {
    EventStreamDecoder decoder;
    std::vector<EventMessage> messages;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      auto fed = decoder.feed(std::string_view(stream).substr(at, piece));
      ASSERT_TRUE(fed) << fed.error().message;
      std::move(fed->begin(), fed->end(), std::back_inserter(messages));
    }
    ASSERT_EQ(messages.size(), 20U) << "pieces of " << piece;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      EXPECT_EQ(messages[i].payload.size(), i * 7);
      EXPECT_EQ(messages[i].text(":event-type"), "contentBlockDelta");
    }
    EXPECT_TRUE(decoder.finish());
  }
}

TEST(EventStream, a_large_frame_may_arrive_byte_by_byte) {
  const std::string stream = encode_event(event("chunk", std::string(std::size_t{1} << 20, 'x')));
  EventStreamDecoder decoder;
  std::size_t messages = 0;
  for (const char c : stream) messages += decoder.feed({&c, 1}).value().size();
  EXPECT_EQ(messages, 1U);
  EXPECT_TRUE(decoder.finish());
}

TEST(EventStream, text_is_empty_for_headers_that_are_missing_or_no_text) {
  EventMessage message = event("metadata", "{}");
  message.headers.emplace_back("number", std::int32_t{7});
  EXPECT_EQ(message.text(":event-type"), "metadata");
  EXPECT_EQ(message.text("number"), "");
  EXPECT_EQ(message.text("missing"), "");
}

TEST(EventStream, messages_before_a_broken_frame_are_handed_over_first) {
  std::string broken = encode_event(event("b", "payload"));
  broken[broken.size() - 6] ^= 1;
  const std::string stream = encode_event(event("a", "1")) + broken + encode_event(event("c", "3"));
  for (const std::size_t piece : {stream.size(), std::size_t{1}}) {
    EventStreamDecoder decoder;
    std::size_t messages = 0;
    std::string error;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const auto fed = decoder.feed(std::string_view(stream).substr(at, piece));
      if (fed) {
        messages += fed->size();
      } else {
        error = fed.error().message;
      }
    }
    EXPECT_EQ(messages, 1U);
    ASSERT_FALSE(decoder.finish());
    EXPECT_THAT(decoder.finish().error().message, HasSubstr("checksum"));
    EXPECT_EQ(error, piece == 1 ? decoder.finish().error().message : "") << "the whole came in one call";
    EXPECT_EQ(decoder.feed("").error().message, decoder.finish().error().message) << "it stays broken";
  }
}

TEST(EventStream, a_stream_may_end_between_frames_only) {
  const std::string stream = encode_event(event("a", "payload"));
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    EventStreamDecoder decoder;
    ASSERT_TRUE(decoder.feed(stream.substr(0, size)));
    const auto finished = decoder.finish();
    EXPECT_EQ(finished.has_value(), size == 0 || size == stream.size()) << size;
    if (!finished) {
      EXPECT_EQ(finished.error().code, ErrorCode::kUnreadable);
      EXPECT_THAT(finished.error().message, HasSubstr("ends early: after " + std::to_string(size) + " bytes"));
    }
  }
}

TEST(EventStream, every_changed_bit_is_noticed) {
  const std::string stream = encode_event(event("a", "payload"));
  for (std::size_t bit = 0; bit < stream.size() * 8; ++bit) {
    std::string changed = stream;
    changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << bit % 8));
    EventStreamDecoder decoder;
    EXPECT_FALSE(decoder.feed(changed)) << bit;
  }
}

TEST(EventStream, frames_with_right_checksums_and_wrong_insides_are_refused) {
  const std::string one = std::string("\1a\7\0\1x", 6);  // the text header a=x
  const std::pair<std::string, const char*> kCases[] = {
      {frame(std::string("\0\0", 2)), "no readable name"},
      {frame("\1"), "longer than all headers"},
      {frame("\1a"), "longer than all headers"},
      {frame("\5abc"), "longer than all headers"},
      {frame("\1a\1\1"), "longer than all headers"},
      {frame("\1\xff\1"), "no readable name"},
      {frame(std::string("\1a\2", 3)), "longer than all headers"},
      {frame(std::string("\1a\3\0", 4)), "longer than all headers"},
      {frame(std::string("\1a\4\0\0\0", 6)), "longer than all headers"},
      {frame(std::string("\1a\5\0\0\0\0\0\0\0", 10)), "longer than all headers"},
      {frame(std::string("\1a\6\0\2x", 6)), "longer than all headers"},
      {frame(std::string("\1a\7\xff\xff", 5)), "longer than all headers"},
      {frame(std::string("\1a\10\0", 4)), "longer than all headers"},
      {frame(std::string("\1a\11") + std::string(15, 'u')), "longer than all headers"},
      {frame("\1a\12"), "unknown type 10"},
      {frame(std::string("\1a\7\0\1\xff", 6)), "not UTF-8"},
      {frame(std::string("\1a\10\x7f\xff\xff\xff\xff\xff\xff\xff", 11)), "time header"},
      {frame(one + one), "'a' stands there twice"},
      {frame(one + std::string("\1b\0\1a\1", 6)), "'a' stands there twice"},
      {prelude(15, 0), "too short"},
      {prelude(0, 0), "too short"},
      {prelude(16, 1), "headers cannot be in"},
      {prelude(100, 0xffffffffU), "headers cannot be in"},
      {prelude(kMaxEventBytes, kMaxEventHeaderBytes + 1), "headers cannot be in"},
      {prelude(0xffffffffU, 0), "more than"},
      {prelude(kMaxEventBytes + 1, 0), "more than"},
      {std::string(12, '\0'), "checksum of its lengths"},
  };
  for (const auto& [bytes, told] : kCases) EXPECT_THAT(error_of(bytes), HasSubstr(told));
  EXPECT_EQ(error_of(frame(one)), "none");
}

TEST(EventStream, a_frame_of_many_headers_is_read_and_its_repeated_name_found) {
  std::string headers;
  for (int i = 0; i < 20'000; ++i) {
    headers += "\3";
    for (const int shift : {0, 5, 10}) headers += static_cast<char>('A' + (i >> shift) % 32);
    headers += '\1';
  }
  EXPECT_EQ(error_of(frame(headers)), "none");
  EXPECT_THAT(error_of(frame(headers + "\3AAA\1")), HasSubstr("'AAA' stands there twice"));
}

TEST(EventStream, every_kind_of_value_survives_encoding) {
  EventMessage message;
  std::array<std::uint8_t, 16> uuid{};
  uuid[15] = 0xff;
  message.headers = {{"t", true},
                     {"f", false},
                     {"i8", std::int8_t{-128}},
                     {"i16", std::int16_t{-2}},
                     {"i32", std::int32_t{-3}},
                     {"i64", std::int64_t{-4}},
                     {"bytes", std::vector<std::uint8_t>{0, 255}},
                     {"text", std::string("\xe6\x97\xa5\0", 4)},
                     {"time", from_unix_nanos(-1'000'000)},
                     {"uuid", uuid}};
  message.payload = std::string("\0\xff", 2);
  EventStreamDecoder decoder;
  const auto messages = decoder.feed(encode_event(message));
  ASSERT_TRUE(messages) << messages.error().message;
  ASSERT_EQ(messages->size(), 1U);
  EXPECT_EQ(messages->front().headers, message.headers);
  EXPECT_EQ(messages->front().payload, message.payload);
}

TEST(EventStream, what_does_not_fit_the_format_is_not_written) {
  const auto with = [](std::string name, EventMessage::Value value) {
    EventMessage message;
    message.headers.emplace_back(std::move(name), std::move(value));
    return encode_event(message).size();
  };
  EXPECT_EQ(with("", true), 0U);
  EXPECT_EQ(with(std::string(256, 'n'), true), 0U);
  EXPECT_GT(with(std::string(255, 'n'), true), 0U);
  EXPECT_EQ(with("n", std::string(32768, 'v')), 0U);
  EXPECT_GT(with("n", std::string(32767, 'v')), 0U);
  EXPECT_EQ(with("n", std::vector<std::uint8_t>(32768)), 0U);
  EventMessage large;
  large.payload.resize(kMaxEventBytes - 16);
  EXPECT_EQ(encode_event(large).size(), kMaxEventBytes);
  large.payload += 'x';
  EXPECT_EQ(encode_event(large), "");
  EventMessage many;
  for (char c = 'a'; c < 'f'; ++c) many.headers.emplace_back(std::string(1, c), std::string(32767, 'v'));
  EXPECT_EQ(encode_event(many), "") << "more than 128 KiB of headers";
}

}  // namespace
}  // namespace fa::aws
