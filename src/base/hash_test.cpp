#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/digit_forms.h"
#include "base/text.h"

namespace fa {
namespace {

TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(StableHash, NeverChangesBetweenMachinesAndVersions) {
  EXPECT_EQ(stable_hash(""), 0x1fda92b954daf59cU);
  EXPECT_EQ(stable_hash("orders"), 0x560645db9c5b01f4U);
  EXPECT_EQ(stable_hash("orders", 1), 0x08821dd64fe9c1eeU);
  EXPECT_EQ(stable_hash("a text longer than one word"), 0x0f99036a7ec05e34U);
}

TEST(StableHash, TellsLengthsOfZerosApart) {
  std::set<std::uint64_t> seen;
  for (std::size_t n = 0; n < 64; ++n) {
    seen.insert(stable_hash(std::string(n, '\0')));
  }
  EXPECT_EQ(seen.size(), 64U);
}

TEST(StableHash, DifferencesInTheLastBytesOfTwoWordsDoNotCancel) {
  std::set<std::uint64_t> seen;
  std::string text = "request0request0";
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      text[7] = static_cast<char>(a);
      text[15] = static_cast<char>(b);
      seen.insert(stable_hash(text));
    }
  }
  EXPECT_EQ(seen.size(), 65536U);
}

bool have_one_form(std::string_view a, std::string_view b) {
  TextForm first;
  TextForm second;
  first.take(a);
  second.take(b);
  const bool same = first.size() == second.size() && first.ids() == second.ids() &&
                    TextForm::same(first.bytes().data(), second.bytes().data(), first.bytes().size());
  EXPECT_TRUE(!same || first.hash() == second.hash());
  return same;
}

TEST(TextForm, TextsOfOneFormDifferInDigitsOnly) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 33U, 70U}) {
    const std::string original = text.substr(size, size);
    ASSERT_TRUE(have_one_form(original, original)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = original;
      for (int c = 0; c < 256; ++c) {
        other[i] = static_cast<char>(c);
        const bool digits = is_digit(other[i]) && is_digit(original[i]);
        ASSERT_EQ(have_one_form(other, original), digits || other[i] == original[i]) << size << ' ' << i << ' ' << c;
      }
    }
  }
}

TEST(TextForm, IdsOfOneKindHaveOneForm) {
  const std::string far(58, '.');  // The id lies across 64 bytes.
  const struct {
    std::string_view a;
    std::string_view b;
    bool same;
  } kPairs[] = {
      {"a1b2c3d4", "de4db123", true},
      {"a1b2c3d4", "ffff0000", true},
      {"1a2b3c4d", "00000f0f", true},
      {"a1b2c3d4", "1a2b3c4d", false},   // Whether it begins with a digit is looked at.
      {"a1b2c3d4", "a1b2c3d4e", false},  // And so is how long it is,
      {"abcde1", "fabcd2", true},
      {"abcd12", "abc12d", true},
      {"abcd12", "a1bcd2", false},  // how many digits it has, and whether those are together when they are few.
      {"abc123", "a1b2c3", true},
      {"abc123", "ab1234", false},
      {"1a2b3", "0c1d2", false},            // Too short for an id.
      {"A1B2C3D4", "B1A2C3D4", false},      // Only small letters.
      {"a1b2c3d4_x", "b1a2c3d4_x", false},  // Part of something longer.
      {"xa1b2c3d4", "xb1a2c3d4", false},
      {"<12345d", "<1234d5", false},
      {"dec12345", "abc12345", false},    // A month may be read there.
      {"12:1a2b3c", "12:1b2a3c", false},  // And a time of day.
      {"12345678", "a1234567", false},
      {"abcdefab", "abcdefac", false},
  };
  for (const auto& pair : kPairs) {
    for (const std::string& around : {std::string(), std::string("id="), far}) {
      if (!around.empty() && pair.a[0] == '<') continue;
      const std::string a = around + std::string(pair.a) + " end";
      const std::string b = around + std::string(pair.b) + " end";
      EXPECT_EQ(have_one_form(a, b), pair.same) << a << " | " << b;
    }
  }
  EXPECT_FALSE(have_one_form("a1b2c3d4 \x0E", "b1a2c3d4 \x0E"));  // Has a byte of a mark itself.
}

TEST(DigitForms, LearnsWhatComesBackAndForgetsWhenFull) {
  DigitForms<int> forms;
  EXPECT_EQ(forms.find("order 12"), nullptr);
  EXPECT_FALSE(forms.wanted());
  EXPECT_EQ(forms.find("order 34"), nullptr);
  EXPECT_TRUE(forms.wanted());
  forms.learn(7);
  ASSERT_NE(forms.find("order 56"), nullptr);
  EXPECT_EQ(*forms.find("order 56"), 7);
  EXPECT_EQ(forms.find("order 567"), nullptr);
  EXPECT_EQ(forms.find("order x6"), nullptr);
  EXPECT_EQ(forms.find(std::string(2000, 'x')), nullptr);
  EXPECT_FALSE(forms.wanted());
  for (int i = 0; i < 40'000; ++i) {
    const std::string text = "name " + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i) + "x" +
                             std::string(static_cast<std::size_t>(i % 600), static_cast<char>('a' + i / 600 % 26));
    forms.find(text);
    forms.find(text);
    if (forms.wanted()) forms.learn(i);
    const int* value = forms.find(text);
    ASSERT_TRUE(value == nullptr || *value <= i);
  }
}

}  // namespace
}  // namespace fa
