#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

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

}  // namespace
}  // namespace fa
