#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(HttpHeaders, are_found_in_any_case_and_the_first_counts) {
  const HttpHeaders headers = {{"Content-Type", "a"}, {"X-Amz-Date", "b"}, {"content-type", "c"}};
  EXPECT_EQ(find_header(headers, "CONTENT-TYPE"), "a");
  EXPECT_EQ(find_header(headers, "x-amz-date"), "b");
  EXPECT_EQ(find_header(headers, "x-amz"), std::nullopt);
  EXPECT_EQ(find_header({}, "x"), std::nullopt);
}

TEST(HttpHeaders, setting_one_replaces_all_of_that_name) {
  HttpHeaders headers = {{"Host", "a"}, {"X", "1"}, {"host", "b"}};
  set_header(headers, "HOST", "c");
  EXPECT_THAT(headers, ElementsAre(Pair("X", "1"), Pair("HOST", "c")));
}

}  // namespace
}  // namespace fa
