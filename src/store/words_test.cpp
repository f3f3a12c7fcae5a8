#include "store/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Words, of_a_text) {
  EXPECT_THAT(index_words("The DB is down."), ElementsAre("the", "db", "is", "down"));
  EXPECT_THAT(
      index_words("OrderService db_pool HTTPServer2"),
      ElementsAre("orderservice", "order", "service", "db_pool", "db", "pool", "httpserver2", "http", "server2"));
  EXPECT_THAT(index_words("重大な障害"), ElementsAre("重", "重大", "大", "大な", "な", "な障", "障", "障害", "害"));
  EXPECT_THAT(index_words("\xFF\0 _ -- \xE3\x81"), IsEmpty());
}

TEST(Words, of_a_query_leave_single_characters_out) {
  EXPECT_THAT(query_words("DB接続 db"), ElementsAre("db", "接続"));
  EXPECT_THAT(query_words("害"), ElementsAre("害"));
  EXPECT_THAT(query_words("\" AND NEAR(*) -x:y"), ElementsAre("near", "x", "y"));
  EXPECT_THAT(query_words("the database is not there"), ElementsAre("database"));
  EXPECT_THAT(query_words("について"), ElementsAre());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "w" + std::to_string(i) + " ";
  EXPECT_EQ(query_words(many).size(), kMaxQueryWords);
}

TEST(Words, fold_widths) {
  EXPECT_EQ(query_words("ＤＢ　Ｐｏｏｌ１２"), query_words("DB Pool12"));
  EXPECT_EQ(query_words("ｻｰﾊﾞｰ ﾃﾞｰﾀﾍﾞｰｽ ﾊﾟｽﾜｰﾄﾞ ｳﾞ"), query_words("サーバー データベース パスワード ヴ"));
  EXPECT_THAT(index_words("ﾛｸﾞ"), Contains("ログ"));
}

}  // namespace
}  // namespace fa
