/// Published good and bad frames (botocore, aws-sdk-go, smithy-rs), each fed whole and byte by byte.
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "aws/event_stream.h"
#include "base/json.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;

const fs::path kVectors = FA_PROJECT_DIR "/../shared/aws/eventstream";
const fs::path kGo = kVectors / "protocol/eventstream/testdata";

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string from_base64(const std::string& text) {
  std::string out(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  EXPECT_GE(size, 0) << text;
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  out.resize(static_cast<std::size_t>(std::max(size, 0)) - padding);
  return out;
}

struct Outcome {
  std::vector<EventMessage> messages;
  std::string error;
};

Outcome decode(const std::string& bytes, std::size_t piece) {
  EventStreamDecoder decoder;
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    auto fed = decoder.feed(std::string_view(bytes).substr(at, piece));
    if (!fed) break;
    for (EventMessage& message : *fed) outcome.messages.push_back(std::move(message));
  }
  if (const auto finished = decoder.finish(); !finished) outcome.error = finished.error().message;
  return outcome;
}

/// Value as it is in the vectors: bytes, text and UUIDs as plain bytes, times as milliseconds.
struct Shown {
  Json operator()(bool value) const { return value; }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const std::vector<std::uint8_t>& value) const { return std::string(value.begin(), value.end()); }
  Json operator()(const std::array<std::uint8_t, 16>& value) const { return std::string(value.begin(), value.end()); }
  Json operator()(TimePoint value) const { return to_unix_nanos(value) / 1'000'000; }
  template <class Number>
  Json operator()(Number value) const {
    return static_cast<std::int64_t>(value);
  }
};

class Tally {
 public:
  void good(const fs::path& file, const Json& headers, const std::string& payload) {
    ++good_;
    const std::string bytes = read(file);
    for (const std::size_t piece : {bytes.size(), std::size_t{1}}) {
      SCOPED_TRACE(file.string() + " in pieces of " + std::to_string(piece));
      const Outcome outcome = decode(bytes, piece);
      EXPECT_EQ(outcome.error, "");
      ASSERT_EQ(outcome.messages.size(), 1U);
      const EventMessage& message = outcome.messages.front();
      EXPECT_EQ(message.payload, payload);
      ASSERT_EQ(message.headers.size(), headers.size());
      std::size_t index = 0;
      for (const auto& [name, value] : headers.items()) {
        EXPECT_EQ(message.headers[index].first, name);
        EXPECT_TRUE(std::visit(Shown{}, message.headers[index].second) == value) << name;  // bytes do not print
        ++index;
      }
      EXPECT_EQ(encode_event(message), bytes) << "encoding it again gives the same bytes";
    }
  }

  void bad(const fs::path& file) {
    ++bad_;
    const std::string bytes = read(file);
    ASSERT_FALSE(bytes.empty()) << file;
    for (const std::size_t piece : {bytes.size(), std::size_t{1}}) {
      SCOPED_TRACE(file.string() + " in pieces of " + std::to_string(piece));
      const Outcome outcome = decode(bytes, piece);
      EXPECT_NE(outcome.error, "");
      EXPECT_TRUE(outcome.messages.empty());
    }
  }

  int good_ = 0;
  int bad_ = 0;
};

void run_botocore(Tally& tally) {
  for (const auto& entry : fs::directory_iterator(kVectors / "botocore/positive")) {
    if (entry.path().extension() != ".bin") continue;
    const Json expected = parse_json(read(fs::path(entry.path()).replace_extension(".json")));
    Json headers = expected.at("headers");
    // Values of bytes are written as base64, of which the names say nothing but in this one file.
    for (const char* bytes : {"6", "9"}) {
      if (entry.path().stem() == "all_headers_types")
        headers[bytes] = from_base64(headers.at(bytes).get<std::string>());
    }
    tally.good(entry.path(), headers, from_base64(expected.at("payload_base64").get<std::string>()));
  }
  for (const auto& entry : fs::directory_iterator(kVectors / "botocore/negative")) {
    if (entry.path().extension() == ".bin") tally.bad(entry.path());
  }
}

void run_go(Tally& tally) {
  constexpr int kFirstBytes = 6;
  for (const auto& entry : fs::directory_iterator(kGo / "encoded/positive")) {
    const Json expected = parse_json(read(kGo / "decoded/positive" / entry.path().filename()));
    Json headers = Json::object();
    for (const Json& header : expected.at("headers")) {
      const int type = header.at("type").get<int>();
      const Json& value = header.at("value");
      const bool bytes = type == kFirstBytes || type == kFirstBytes + 1 || type == 9;
      headers[header.at("name").get<std::string>()] = bytes ? Json(from_base64(value.get<std::string>())) : value;
    }
    tally.good(entry.path(), headers, from_base64(expected.at("payload").get<std::string>()));
  }
  for (const auto& entry : fs::directory_iterator(kGo / "encoded/negative")) tally.bad(entry.path());
}

void run_smithy(Tally& tally) {
  const Json all = {{"true", true},
                    {"false", false},
                    {"byte", 50},
                    {"short", 20'000},
                    {"int", 500'000},
                    {"long", 50'000'000'000},
                    {"bytes", "some bytes"},
                    {"str", "some str"},
                    {"time", 5'000'000'000},
                    {"uuid", "\xb7\x9b\xc9\x14\xde\x21\x4e\x13\xb8\xb2\xbc\x47\xe8\x5b\x7f\x0b"}};
  const fs::path folder = kVectors / "smithy";
  tally.good(folder / "valid_with_all_headers_and_payload", all, "some payload");
  tally.good(folder / "valid_no_headers", Json::object(), "another test payload");
  tally.good(folder / "valid_empty_payload", Json{{"some-header", 500}}, "");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("invalid")) tally.bad(entry.path());
  }
}

TEST(EventStreamVectors, all_good_and_bad_frames_whole_and_byte_by_byte) {
  if (!fs::is_directory(kVectors)) GTEST_SKIP() << "the published frames are not at " << kVectors;
  Tally tally;
  run_botocore(tally);
  run_go(tally);
  run_smithy(tally);
  EXPECT_EQ(tally.good_, 9 + 5 + 3);
  EXPECT_EQ(tally.bad_, 6 + 4 + 8);
  std::printf("event stream frames: %d good and %d bad ones tried\n", tally.good_, tally.bad_);
}

}  // namespace
}  // namespace fa::aws
