#include "sources/file/decompress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::drain;
using test::Drained;
using test::gzip;
using test::numbered_lines;
using test::TempFolder;
using test::zstd;
using testing::HasSubstr;

Drained unpack(std::string_view bytes, std::size_t piece = 10'000) {
  auto stream = decompress(make_memory_stream(bytes));
  if (!stream) {
    return {"", stream.error().message};
  }
  return drain(**stream, piece);
}

TEST(Decompress, RecognisesByContent) {
  EXPECT_EQ(detect_compression(gzip("x")), Compression::kGzip);
  EXPECT_EQ(detect_compression(zstd("x")), Compression::kZstd);
  EXPECT_EQ(detect_compression(std::string("\x53\x2A\x4D\x18", 4)), Compression::kZstd);
  EXPECT_EQ(detect_compression("{\"a\":1}"), Compression::kNone);
  EXPECT_EQ(detect_compression(""), Compression::kNone);
  EXPECT_EQ(detect_compression("\x1F"), Compression::kNone);
}

TEST(Decompress, GivesBackEveryByteWhateverThePieces) {
  const std::string text = numbered_lines(15'000);
  const std::string half = text.substr(0, text.size() / 2);
  const std::string rest = text.substr(text.size() / 2);
  std::string empty_skippable("\x50\x2A\x4D\x18\x03\0\0\0abc", 11);
  struct Case {
    const char* name;
    std::string packed;
  };
  const Case cases[] = {
      {"plain", text},
      {"gzip", gzip(text)},
      {"gzip members", gzip(half) + gzip("") + gzip(rest)},
      {"gzip padded", gzip(half) + std::string(700'000, '\0') + gzip(rest) + std::string(512, '\0')},
      {"zstd", zstd(text)},
      {"zstd frames", zstd(half) + zstd("") + zstd(rest)},
      {"zstd skippable frames", empty_skippable + zstd(half) + empty_skippable + zstd(rest)},
      {"zstd without size", zstd(text, 20)},
  };
  for (const auto& c : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{77}, std::size_t{1} << 22}) {
      const Drained out = unpack(c.packed, piece);
      EXPECT_TRUE(out.text == text) << c.name << " in pieces of " << piece;
      EXPECT_EQ(out.error, "") << c.name;
    }
  }
}

TEST(Decompress, ShortFilesOfAnyKind) {
  for (const std::string_view text : {"", "a", "ab", "abc", "abcd", "abcde"}) {
    EXPECT_EQ(unpack(text).text, text);
    EXPECT_EQ(unpack(gzip(text)).text, text);
    EXPECT_EQ(unpack(zstd(text)).text, text);
  }
}

TEST(Decompress, ACutFileGivesAllThatCameBeforeTheCut) {
  const std::string text = numbered_lines(50'000);
  for (const std::string& packed : {gzip(text), zstd(text)}) {
    for (const std::size_t kept : {packed.size() / 2, packed.size() - 1}) {
      const Drained out = unpack(std::string_view(packed).substr(0, kept), 1 << 20);
      EXPECT_TRUE(text.starts_with(out.text));
      EXPECT_GT(out.text.size(), text.size() * (kept - 140'000) / packed.size());
      EXPECT_THAT(out.error, HasSubstr("cut off"));
      EXPECT_THAT(out.error, HasSubstr("compressed byte " + std::to_string(kept)));
    }
    for (std::size_t kept = 5; kept < 30; ++kept) {
      EXPECT_THAT(unpack(std::string_view(packed).substr(0, kept)).error, HasSubstr("cut off")) << kept;
    }
  }
}

TEST(Decompress, CorruptionGivesAllThatCameBeforeTheBrokenBlock) {
  const std::string text = numbered_lines(100'000);
  for (std::string packed : {gzip(text), zstd(text)}) {
    const std::size_t hit = packed.size() * 3 / 4;
    for (std::size_t i = hit; i < hit + 40; ++i) {
      packed[i] = static_cast<char>(~packed[i]);
    }
    const Drained out = unpack(packed, 1 << 22);
    EXPECT_THAT(out.error, testing::AllOf(HasSubstr("corrupt"), HasSubstr("compressed byte")));
    EXPECT_TRUE(out.text.starts_with(std::string_view(text).substr(0, text.size() / 2)));
  }
}

TEST(Decompress, AWrongChecksumIsSaidAfterAllBytesWereGiven) {
  const std::string text = numbered_lines(1000);
  std::string packed = zstd(text);
  packed.back() = static_cast<char>(~packed.back());
  EXPECT_TRUE(unpack(packed).text == text);
  EXPECT_THAT(unpack(packed).error, HasSubstr("checksum"));
  packed = gzip(text);
  packed[packed.size() - 6] = static_cast<char>(~packed[packed.size() - 6]);
  EXPECT_TRUE(unpack(packed).text == text);
  EXPECT_THAT(unpack(packed).error, HasSubstr("checksum"));
}

TEST(Decompress, GarbageBehindAMemberIsAnErrorAfterTheMember) {
  for (const std::string& packed : {gzip("hello\n"), zstd("hello\n")}) {
    const Drained out = unpack(packed + "garbage behind it");
    EXPECT_EQ(out.text, "hello\n");
    EXPECT_THAT(out.error, HasSubstr("corrupt"));
  }
}

TEST(Decompress, AHugeZstdWindowIsRefusedNotAllocated) {
  const std::string text = numbered_lines(1000);
  EXPECT_TRUE(unpack(zstd(text, kMaxZstdWindowLog)).text == text);
  const Drained out = unpack(zstd(text, kMaxZstdWindowLog + 1));
  EXPECT_EQ(out.text, "");
  EXPECT_THAT(out.error, HasSubstr("window above 128 MiB"));
}

TEST(Decompress, AFailingDiskLosesNothingBefore) {
  const std::string text = numbered_lines(20'000);
  for (const std::string& packed : {text, gzip(text), zstd(text)}) {
    auto stream = decompress(std::make_unique<test::FailingStream>(packed, 1000));
    ASSERT_TRUE(stream);
    const Drained out = drain(**stream);
    EXPECT_TRUE(out.text == text);
    EXPECT_THAT(out.error, HasSubstr("Input/output error"));
    EXPECT_EQ(drain(**stream).error, out.error) << "the same error again";
  }
}

TEST(FileStream, RefusesWhatIsNoRegularFile) {
  const TempFolder folder;
  EXPECT_EQ(open_file_stream(folder.path() / "missing").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(open_file_stream(folder.path()).error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(open_file_stream("/dev/null").error().message, HasSubstr("not a regular file"));
  const auto path = folder.write("x", "content");
  EXPECT_EQ(drain(**open_file_stream(path)).text, "content");
}

}  // namespace
}  // namespace fa
