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

TEST(DigitForms, TextsOfOneFormDifferInDigitsOnly) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string original = text.substr(size, size);
    const std::string form = digit_form(original);
    ASSERT_TRUE(has_digit_form(original, form.data())) << size;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = original;
      for (int c = 0; c < 256; ++c) {
        other[i] = static_cast<char>(c);
        const bool digits = is_digit(other[i]) && is_digit(original[i]);
        const bool same = digits || other[i] == original[i];
        ASSERT_EQ(has_digit_form(other, form.data()), same) << size << ' ' << i << ' ' << c;
        if (same) {
          ASSERT_EQ(digit_form_hash(other), digit_form_hash(original));
        }
      }
    }
  }
}

TEST(DigitForms, LearnsWhatComesBackAndForgetsWhenFull) {
  DigitForms<int> forms;
  EXPECT_EQ(forms.find("order 12"), nullptr);
  EXPECT_FALSE(forms.wanted());
  EXPECT_EQ(forms.find("order 34"), nullptr);
  EXPECT_TRUE(forms.wanted());
  forms.learn("order 34", 7);
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
    if (forms.wanted()) forms.learn(text, i);
    const int* value = forms.find(text);
    ASSERT_TRUE(value == nullptr || *value <= i);
  }
}

}  // namespace
}  // namespace fa
