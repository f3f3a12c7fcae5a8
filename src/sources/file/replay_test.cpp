#include "sources/file/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::gzip;
using test::numbered_lines;
using test::TempFolder;
using test::zstd;
using testing::HasSubstr;

class ReplayTest : public testing::TestWithParam<std::string> {
 protected:
  InputFile file(std::string_view text, std::size_t cut = 0) {
    std::string bytes = GetParam() == "gzip" ? gzip(text) : GetParam() == "zstd" ? zstd(text) : std::string(text);
    bytes.resize(bytes.size() - cut);
    return {"shown.log", folder_.write("file", bytes), bytes.size()};
  }

  TempFolder folder_;
};

TEST_P(ReplayTest, GivesTheBytesInTheOrderAsked) {
  const std::string text = numbered_lines(100'000);
  const std::uint64_t size = text.size();
  const std::vector<BytePosition> positions = {{size - 10, 10, 0, 1}, {0, 5, 1, 1},    {100, 0, 1, 1},
                                               {3, 1'000'000, 1, 1},  {3, 10, 1, 1},   {262'140, 10, 1, 1},
                                               {0, size, 1, 1},       {size, 0, 1, 1}, {524'288, 262'144, 1, 1}};
  const auto answers = read_bytes(file(text), positions);
  ASSERT_EQ(answers.size(), positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    ASSERT_TRUE(answers[i]) << i << ": " << answers[i].error().message;
    EXPECT_TRUE(*answers[i] == text.substr(positions[i].offset, positions[i].length)) << i;
  }
  EXPECT_EQ(*read_bytes(file(text), BytePosition{5, 1, 1, 1}), "0");
}

TEST_P(ReplayTest, BytesBehindTheEndAreNotFound) {
  const auto answers = read_bytes(file("0123456789"),
                                  std::vector<BytePosition>{{8, 3, 1, 1},
                                                            {8, 2, 1, 1},
                                                            {100, 1, 1, 1},
                                                            {std::numeric_limits<std::uint64_t>::max(), 1, 1, 1},
                                                            {std::numeric_limits<std::uint64_t>::max() - 1, 2, 1, 1}});
  EXPECT_EQ(answers[0].error().code, ErrorCode::kNotFound);
  EXPECT_THAT(answers[0].error().message, testing::AllOf(HasSubstr("shown.log"), HasSubstr("ends at byte 10")));
  EXPECT_EQ(*answers[1], "89");
  for (const std::size_t i : {2U, 3U, 4U}) {
    EXPECT_EQ(answers[i].error().code, ErrorCode::kNotFound) << i;
  }
}

TEST_P(ReplayTest, TooMuchAtOnceIsRefusedAndTheRestAnswered) {
  const auto answers =
      read_bytes(file("0123456789"), std::vector<BytePosition>{{0, 4, 1, 1}, {0, kMaxReplayBytes, 1, 1}, {4, 4, 1, 1}});
  EXPECT_EQ(*answers[0], "0123");
  EXPECT_EQ(answers[1].error().code, ErrorCode::kLimit);
  EXPECT_EQ(*answers[2], "4567");
}

TEST_P(ReplayTest, ADamagedFileStillGivesWhatLiesBeforeTheDamage) {
  if (GetParam() == "plain") {
    return;  // nothing that could be damaged this way
  }
  const std::string text = numbered_lines(100'000);
  const auto answers =
      read_bytes(file(text, 1000), std::vector<BytePosition>{{text.size() - 5, 5, 1, 1}, {0, 9, 1, 1}});
  EXPECT_EQ(answers[0].error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(answers[0].error().message, testing::AllOf(HasSubstr("shown.log"), HasSubstr("cut off")));
  EXPECT_EQ(*answers[1], "line 0 va");
}

TEST_P(ReplayTest, AMissingFileFailsEveryPosition) {
  const auto answers =
      read_bytes({"gone.log", folder_.path() / "gone", 0}, std::vector<BytePosition>{{0, 1, 1, 1}, {5, 1, 1, 1}});
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.error().code, ErrorCode::kNotFound);
    EXPECT_THAT(answer.error().message, HasSubstr("gone.log"));
  }
}

TEST_P(ReplayTest, AStopIsAnError) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(read_bytes(file("abc"), BytePosition{0, 1, 1, 1}, Context{stop.get_token(), std::nullopt}).error().code,
            ErrorCode::kCancelled);
}

INSTANTIATE_TEST_SUITE_P(EveryPacking, ReplayTest, testing::Values("plain", "gzip", "zstd"),
                         [](const auto& packing) { return packing.param; });

}  // namespace
}  // namespace fa
