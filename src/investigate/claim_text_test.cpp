#include "investigate/claim_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/claim_words.h"

namespace fa {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Role = SpokenNumber::Role;

const std::vector<KnownName>& names() {
  static const std::vector<KnownName> all{{"orders-db", "orders-db"}, {"payment", "payment"}, {"orders", "orders"}};
  return all;
}

TEST(ClaimText, reads_numbers_with_units_and_periods) {
  struct Case {
    const char* sentence;
    double value;
    UnitClass unit;
    Role role;
  };
  for (const Case& c : {
           Case{"orders logged it 42 times in the window.", 42, UnitClass::kCount, Role::kWindow},
           Case{"It took 250 ms before.", 0.25, UnitClass::kTime, Role::kBaseline},
           Case{"It took 1.5s now.", 1.5, UnitClass::kTime, Role::kWindow},
           Case{"96.4% of the calls failed.", 96.4, UnitClass::kPercent, Role::kAny},
           Case{"It was 12 times as high.", 12, UnitClass::kRatio, Role::kAny},
           Case{"It was 3x slower.", 3, UnitClass::kRatio, Role::kAny},
           Case{"It doubled.", 2, UnitClass::kRatio, Role::kAny},
           Case{"1,234 requests failed.", 1234, UnitClass::kCount, Role::kAny},
           Case{"two minutes later", 120, UnitClass::kTime, Role::kAny},
           Case{"対象期間に 42 回出力しました。", 42, UnitClass::kCount, Role::kWindow},
           Case{"基準期間は 3 件でした。", 3, UnitClass::kCount, Role::kBaseline},
           Case{"約 2.3 秒かかりました。", 2.3, UnitClass::kTime, Role::kAny},
           Case{"１２件失敗しました。", 12, UnitClass::kCount, Role::kAny},
           Case{"3 倍になりました。", 3, UnitClass::kRatio, Role::kAny},
           Case{"三十秒かかりました。", 30, UnitClass::kTime, Role::kAny},
           Case{"5 万件", 50000, UnitClass::kCount, Role::kAny},
       }) {
    const SpokenSentence said = read_sentence(c.sentence, names());
    ASSERT_EQ(said.numbers.size(), 1U) << c.sentence;
    EXPECT_DOUBLE_EQ(said.numbers[0].value, c.value) << c.sentence;
    EXPECT_EQ(said.numbers[0].unit, c.unit) << c.sentence;
    EXPECT_EQ(said.numbers[0].role, c.role) << c.sentence;
  }
}

TEST(ClaimText, from_and_to_are_baseline_and_window) {
  for (const char* sentence : {"It rose from 3 ms to 42 ms.", "3 ミリ秒から 42 ミリ秒に上昇しました。",
                               "3 ミリ秒 から 42 ミリ秒 に上昇しました。"}) {
    const SpokenSentence said = read_sentence(sentence, {});
    ASSERT_EQ(said.numbers.size(), 2U) << sentence;
    EXPECT_EQ(said.numbers[0].role, Role::kBaseline) << sentence;
    EXPECT_EQ(said.numbers[1].role, Role::kWindow) << sentence;
  }
}

TEST(ClaimText, no_numbers_where_there_are_none) {
  for (const char* sentence :
       {"p99 of orders rose.", "It ended in a 5xx status.", "At 08:31:14 UTC.", "2026-03-14T08:31:00Z",
        "基準期間には 1 回もありませんでした。", "an x509 certificate", "The 1st attempt.", "“42 rows” stood there."}) {
    EXPECT_THAT(read_sentence(sentence, {}).numbers, IsEmpty()) << sentence;
  }
}

TEST(ClaimText, reads_times) {
  struct Case {
    const char* sentence;
    int hour;
    int minute;
    double second;  ///< Below 0: none.
  };
  for (const Case& c :
       {Case{"At 08:31 UTC", 8, 31, -1}, Case{"at 8:31:14.5", 8, 31, 14.5}, Case{"2026-03-14T08:31:00Z", 8, 31, 0},
        Case{"8時31分に", 8, 31, -1}, Case{"8 時 31 分 15 秒に", 8, 31, 15}}) {
    const SpokenSentence said = read_sentence(c.sentence, {});
    ASSERT_EQ(said.times.size(), 1U) << c.sentence;
    EXPECT_EQ(said.times[0].hour, c.hour);
    EXPECT_EQ(said.times[0].minute, c.minute);
    EXPECT_DOUBLE_EQ(said.times[0].second.value_or(-1), c.second) << c.sentence;
  }
}

std::vector<std::string> of_kind(const char* sentence, TokenKind kind) {
  std::vector<std::string> found;
  for (const Token& t : read_sentence(sentence, names()).tokens) {
    if (t.kind == kind) found.push_back(t.text);
  }
  return found;
}

TEST(ClaimText, tells_names_ids_quotations_and_identifiers_apart) {
  EXPECT_THAT(of_kind("orders and orders-db, not orders-dbx", TokenKind::kEntity), ElementsAre("orders", "orders-db"));
  EXPECT_THAT(of_kind("“orders” failed", TokenKind::kEntity), ElementsAre("orders"));
  EXPECT_THAT(of_kind("ordersは失敗し、paymentも", TokenKind::kEntity), ElementsAre("orders", "payment"));
  EXPECT_THAT(of_kind("It failed [L3][M12], see (C1); P99 and P1", TokenKind::kEvidence),
              ElementsAre("L3", "M12", "C1", "P1"));
  EXPECT_THAT(of_kind("said “connect timed out” and 「timeout」", TokenKind::kQuote),
              ElementsAre("connect timed out", "timeout"));
  EXPECT_THAT(of_kind("cache-7 at /api/v1 of RedisCluster, node_3", TokenKind::kIdentifier),
              ElementsAre("cache-7", "/api/v1", "RedisCluster", "node_3"));
}

TEST(ClaimText, survives_anything) {
  for (const std::string& bytes : {std::string("\xff\xfe\x80“", 6), std::string(100000, '9'), std::string(100000, '['),
                                   std::string("\0\0L1", 4), std::string("“「『`\""), std::string("1.2.3.4,5,,6")}) {
    EXPECT_NO_FATAL_FAILURE(read_sentence(bytes, names()));
  }
}

TEST(ClaimWords, causes_and_effects) {
  struct Case {
    const char* text;
    std::size_t words;
    bool cause_first;
  };
  for (const Case& c :
       {Case{"a caused b", 1, true}, Case{"b was caused by a", 1, false}, Case{"b because of a", 1, false},
        Case{"a led to b", 1, true}, Case{"a により b", 1, true}, Case{"a が原因で b", 1, true},
        Case{"b の原因は a", 1, false}, Case{"a stood beside b", 0, true}, Case{"the change was made", 0, true}}) {
    const auto found = causal_words(c.text);
    ASSERT_EQ(found.size(), c.words) << c.text;
    if (!found.empty()) {
      EXPECT_EQ(found[0].cause_first, c.cause_first) << c.text;
    }
  }
}

TEST(ClaimWords, meanings) {
  EXPECT_TRUE(meaning_of("it rose").rises);
  EXPECT_TRUE(meaning_of("遅延が増加しました").rises);
  EXPECT_FALSE(meaning_of("it no longer answers").rises);
  EXPECT_TRUE(meaning_of("it no longer answers").no_longer);
  EXPECT_FALSE(meaning_of("416 calls fell into the window").falls);
  EXPECT_TRUE(meaning_of("it dropped").falls);
  EXPECT_TRUE(meaning_of("never in the baseline").is_new);
  EXPECT_TRUE(meaning_of("基準期間には一度もありませんでした").is_new);
  EXPECT_TRUE(meaning_of("no errors").negates);
  EXPECT_TRUE(meaning_of("エラーはありません").negates);
  EXPECT_FALSE(meaning_of("36 件中 5 件しか行われていません").negates);
  EXPECT_FALSE(meaning_of("かもしれません").negates);
  EXPECT_TRUE(meaning_of("遅くなっていません").not_risen);
  EXPECT_FALSE(meaning_of("遅くなっていません").rises);
  EXPECT_TRUE(meaning_of("every request").universal);
  EXPECT_TRUE(meaning_of("orders was healthy").healthy);
}

TEST(ClaimWords, topics) {
  using testing::Contains;
  EXPECT_THAT(topics_in("connect timed out"), Contains(Topic::kTimeout));
  EXPECT_THAT(topics_in("タイムアウトが発生"), Contains(Topic::kTimeout));
  EXPECT_THAT(topics_in("the disk is full"), Contains(Topic::kDisk));
  EXPECT_THAT(topics_in("403.9 ms"), testing::Not(Contains(Topic::kPermission)));
  EXPECT_THAT(topics_in("the load balancer"), testing::Not(Contains(Topic::kTraffic)));
}

}  // namespace
}  // namespace fa
