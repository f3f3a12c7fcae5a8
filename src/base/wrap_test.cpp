#include "base/wrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace fa {
namespace {

using ::testing::ElementsAre;

TEST(Wrap, breaks_at_spaces) {
  EXPECT_THAT(wrap("the quick brown fox", 10), ElementsAre("the quick", "brown fox"));
  EXPECT_THAT(wrap("exactly10! next", 10), ElementsAre("exactly10!", "next"));
  EXPECT_THAT(wrap("a  b", 2), ElementsAre("a", "b"));
}

TEST(Wrap, keeps_line_ends_and_empty_text) {
  EXPECT_THAT(wrap("", 10), ElementsAre(""));
  EXPECT_THAT(wrap("a\n\nb", 10), ElementsAre("a", "", "b"));
}

TEST(Wrap, cuts_words_that_are_longer_than_a_line) {
  EXPECT_THAT(wrap("ab 1234567890", 4), ElementsAre("ab", "1234", "5678", "90"));
}

TEST(Wrap, breaks_japanese_between_characters_by_display_width) {
  EXPECT_THAT(wrap("接続できません", 6), ElementsAre("接続で", "きませ", "ん"));
  EXPECT_THAT(wrap("checkout から接続", 12), ElementsAre("checkout か", "ら接続"));
}

TEST(Wrap, closing_marks_do_not_start_a_line_and_opening_ones_do_not_end_it) {
  EXPECT_THAT(wrap("接続です。次", 8), ElementsAre("接続で", "す。次"));
  EXPECT_THAT(wrap("これは「時間」", 8), ElementsAre("これは", "「時間」"));
  EXPECT_THAT(wrap("データーー", 6), ElementsAre("デー", "ターー"));
}

TEST(Wrap, combining_marks_stay_with_their_letter_and_no_line_is_too_wide) {
  const std::string text =
      "e\xcc\x81"
      "e\xcc\x81"
      "e\xcc\x81"
      " 漢字かな交じり文 mixed text";
  for (std::size_t width = 2; width < 40; ++width) {
    for (const std::string& line : wrap(text, width)) {
      EXPECT_LE(display_width(line), width) << line;
      EXPECT_FALSE(line.starts_with("\xcc\x81"));
    }
  }
}

TEST(Pad, fills_by_display_width) {
  EXPECT_EQ(pad("影響", 6), "影響  ");
  EXPECT_EQ(pad("long", 2), "long");
}

}  // namespace
}  // namespace fa
