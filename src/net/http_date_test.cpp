#include "net/http_date.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

TEST(HttpDate, is_read_in_the_three_forms_of_rfc_9110) {
  struct Case {
    const char* text;
    const char* expected;  // nullptr: refused
  };
  const Case kCases[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
      {" Sun, 06 Nov 1994 08:49:37 GMT\r", "1994-11-06T08:49:37Z"},
      {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
      {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"},
      {"Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"},
      {"Tue, 29 Feb 2028 23:59:59 GMT", "2028-02-29T23:59:59Z"},
      {"Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59Z"},
      {"Tuesday, 03-Mar-26 00:00:00 GMT", "2026-03-03T00:00:00Z"},
      {"Sun, 29 Feb 2026 23:59:59 GMT", nullptr},
      {"Sun, 06 Nov 1994 24:00:00 GMT", nullptr},
      {"Sun, 06 Nov 1994 08:60:00 GMT", nullptr},
      {"Sun, 06 Nov 1994 08:49:37", nullptr},
      {"Sun, 06 Nov 1994 08:49:37 UTC", nullptr},
      {"Sun, 06 Nov 1994 08:49:37 GMT+1", nullptr},
      {"Sun, 00 Nov 1994 08:49:37 GMT", nullptr},
      {"Sun, 06 Foo 1994 08:49:37 GMT", nullptr},
      {"Sun, 6 Nov 1994 08:49:37 GMT", nullptr},
      {"Sun, 06 Nov 0001 08:49:37 GMT", nullptr},
      {"Sun, 06 Nov 9999 08:49:37 GMT", nullptr},
      {"Sun, -6 Nov 1994 08:49:37 GMT", nullptr},
      {"1994-11-06T08:49:37Z", nullptr},
      {"Sun,", nullptr},
      {",", nullptr},
      {"", nullptr},
      {"120", nullptr},
  };
  for (const Case& c : kCases) {
    const auto read = parse_http_date(c.text);
    EXPECT_EQ(read ? format_rfc3339(*read) : "refused", c.expected == nullptr ? "refused" : c.expected) << c.text;
  }
}

TEST(HttpDate, cut_anywhere_is_refused) {
  for (const std::string whole :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_EQ(parse_http_date(whole.substr(0, length)), std::nullopt) << whole.substr(0, length);
    }
  }
}

}  // namespace
}  // namespace fa
