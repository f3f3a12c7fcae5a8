#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/utf8.h"

namespace fa {
namespace {

using testing::ElementsAre;

TEST(Text, TrimTakesAsciiWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, ComparesAsciiWithoutCaseAndOtherBytesExactly) {
  EXPECT_TRUE(iequals("Error", "eRROR"));
  EXPECT_FALSE(iequals("Error", "Errors"));
  EXPECT_FALSE(iequals("\xC3\x84", "\xC3\xA4"));
  EXPECT_FALSE(iequals("@", "`"));
  EXPECT_TRUE(icontains("Connection TIMEOUT after", "timeout"));
  EXPECT_TRUE(icontains("x", ""));
  EXPECT_TRUE(icontains("", ""));
  EXPECT_FALSE(icontains("", "x"));
  EXPECT_EQ(to_lower("AbZ\xC3\x84["), "abz\xC3\x84[");
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

struct Utf8Case {
  std::string_view bytes;
  std::string_view sanitized;
};

TEST(Text, SanitizeReplacesEachMaximalInvalidPartOnce) {
  using namespace std::string_view_literals;
  const Utf8Case cases[] = {
      {"plain"sv, "plain"sv},
      {"a\0b"sv, "a\0b"sv},
      {"日本語 ok 😀"sv, "日本語 ok 😀"sv},
      {"\xC0\xAF"sv, "\uFFFD\uFFFD"sv},                      // overlong
      {"\xE0\x80\x80"sv, "\uFFFD\uFFFD\uFFFD"sv},            // overlong
      {"\xED\xA0\x80"sv, "\uFFFD\uFFFD\uFFFD"sv},            // surrogate
      {"\xF4\x90\x80\x80"sv, "\uFFFD\uFFFD\uFFFD\uFFFD"sv},  // above U+10FFFF
      {"x\xE6\x97y"sv, "x\uFFFDy"sv},                        // cut sequence
      {"x\xF0\x9F\x98"sv, "x\uFFFD"sv},                      // cut at the end
      {"0123456789\xFF 0123456789"sv, "0123456789\uFFFD 0123456789"sv},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(sanitize_utf8(c.bytes), c.sanitized) << testing::PrintToString(c.bytes);
    EXPECT_EQ(is_valid_utf8(c.bytes), c.bytes == c.sanitized) << testing::PrintToString(c.bytes);
    EXPECT_TRUE(is_valid_utf8(sanitize_utf8(c.bytes)));
  }
}

TEST(Text, CharactersAreWrittenAsTheyAreRead) {
  for (const char32_t code : {0x00U, 0x41U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0x65E5U, 0xD7FFU, 0xE000U, 0xFFFFU, 0x10000U,
                              0x1F600U, 0x10FFFFU}) {
    std::string bytes = "x";
    append_utf8(bytes, code);
    const Utf8Char read = decode_utf8(std::string_view(bytes).substr(1));
    EXPECT_TRUE(read.valid) << static_cast<std::uint32_t>(code);
    EXPECT_EQ(read.code, code);
    EXPECT_EQ(read.size + 1U, bytes.size());
  }
  std::string surrogate;
  append_utf8(surrogate, 0xD800);
  EXPECT_FALSE(is_valid_utf8(surrogate));
}

TEST(Text, PrefixNeverCutsACharacter) {
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
  EXPECT_EQ(utf8_prefix("abc", 9), "abc");
  EXPECT_EQ(utf8_prefix("a日本", 3), "a");
  EXPECT_EQ(utf8_prefix("a日本", 4), "a日");
  EXPECT_EQ(utf8_prefix("😀", 3), "");
  EXPECT_EQ(utf8_prefix("\x80\x80\x80\x80\x80\x80", 4).size(), 4U);
  EXPECT_EQ(utf8_prefix("日", 0), "");
}

TEST(Text, DisplayWidthCountsTerminalColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("日本語"), 6U);
  EXPECT_EQ(display_width("ｶﾅ"), 2U);        // half-width katakana
  EXPECT_EQ(display_width("ＡＢ"), 4U);      // full-width Latin
  EXPECT_EQ(display_width("e\u0301"), 1U);   // combining acute
  EXPECT_EQ(display_width("か\u3099"), 2U);  // combining voiced mark
  EXPECT_EQ(display_width("한글"), 4U);
  EXPECT_EQ(display_width("😀"), 2U);
  EXPECT_EQ(display_width("𠮷"), 2U);        // outside the basic plane
  EXPECT_EQ(display_width("a\u200Bb"), 2U);  // zero-width space
  EXPECT_EQ(display_width("\x1b\x07"), 0U);
  EXPECT_EQ(display_width("\u00E9\u03B1"), 2U);
  EXPECT_EQ(display_width("\xFF"), 1U);
}

TEST(Text, VisibleShowsWhatWouldActOnATerminal) {
  using namespace std::string_view_literals;
  EXPECT_EQ(visible("\x1b[31mred\x1b[0m"sv), "\\x1b[31mred\\x1b[0m");
  EXPECT_EQ(visible("a\0b\rc\x7f"sv), "a\\x00b\\x0dc\\x7f");
  EXPECT_EQ(visible("tab\there\nnext"sv), "tab\there\nnext");
  EXPECT_EQ(visible("\u202Eabc\u2066"sv), "\\u202eabc\\u2066");
  EXPECT_EQ(visible("\u009B31m"sv), "\\u009b31m");
  EXPECT_EQ(visible("\x9B"sv), "\uFFFD");
  EXPECT_EQ(visible("日本語 😀"sv), "日本語 😀");
}

TEST(Text, NumbersKeepFourSignificantDigitsAndEveryIntegerDigit) {
  const std::pair<double, std::string_view> cases[] = {{0, "0"},
                                                       {-0.0, "0"},
                                                       {1, "1"},
                                                       {0.5, "0.5"},
                                                       {1.0 / 3, "0.3333"},
                                                       {12.3456, "12.35"},
                                                       {123456.7, "123457"},
                                                       {-2.5, "-2.5"},
                                                       {99.999, "100"},
                                                       {0.00012345, "0.0001234"},
                                                       {1e-5, "1e-5"},
                                                       {1.5e12, "1.5e12"},
                                                       {-3e300, "-3e300"},
                                                       {1e9, "1e9"},
                                                       {999999999, "999999999"},
                                                       {std::numeric_limits<double>::infinity(), "inf"},
                                                       {-std::numeric_limits<double>::infinity(), "-inf"},
                                                       {std::numeric_limits<double>::quiet_NaN(), "NaN"},
                                                       {5e-324, "4.941e-324"}};
  for (const auto& [value, text] : cases) {
    EXPECT_EQ(format_number(value), text);
  }
}

TEST(Text, CountsAndBytesForPeople) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(1234567), "1,234,567");
  EXPECT_EQ(format_count(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1 kB");
  EXPECT_EQ(format_bytes(1'500'000'000), "1.5 GB");
  EXPECT_EQ(format_bytes(999'960), "1 MB");
  EXPECT_EQ(format_bytes(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
}

}  // namespace
}  // namespace fa
