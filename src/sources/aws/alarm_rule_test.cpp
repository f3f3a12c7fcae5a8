#include "sources/aws/alarm_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

using Names = std::vector<std::string>;

TEST(AlarmRule, gives_the_alarms_whose_firing_makes_it_true) {
  struct Case {
    const char* rule;
    Names names;
  };
  const Case cases[] = {
      {R"(ALARM("a"))", {"a"}},
      {R"(ALARM(a) OR ALARM(b))", {"a", "b"}},
      {R"(ALARM("a") AND (ALARM('b') OR ALARM(c)))", {"a", "b", "c"}},
      {R"(ALARM("arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:a:b") OR ALARM("a:b"))", {"a:b"}},
      {R"(ALARM(a) AND NOT ALARM(maintenance))", {"a"}},
      {R"(ALARM(a) AND NOT (ALARM(m) OR OK(b)))", {"a", "b"}},
      {R"(NOT (NOT ALARM(a)))", {"a"}},
      {R"(ALARM(a) AND OK(b))", {"a"}},
      {R"(NOT OK(b))", {"b"}},
      {R"(AT_LEAST(2, ALARM, (a, "b c", c)) OR ALARM(d))", {"a", "b c", "c", "d"}},
      {R"(AT_LEAST(50%, NOT OK, (a, b)))", {"a", "b"}},
      {R"(AT_LEAST(1, OK, (a, b)) AND ALARM(c))", {"c"}},
      {R"(alarm("a (with) parentheses, and commas"))", {"a (with) parentheses, and commas"}},
      {R"(NOT ALARM(only))", {"only"}},  // nothing else is named
      {R"(INSUFFICIENT_DATA(a))", {"a"}},
      {R"(TRUE)", {}},
      {"", {}},
      {"ALARM(\n\"a\"\n)\tOR\r\nALARM(b)", {"a", "b"}},
      {"((((", {}},
      {")))ALARM(a", {"a"}},
      {"ALARM(\"unclosed", {"unclosed"}},
      {"NOT NOT NOT", {}},
      {"ALARM()", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(alarms_of_rule(c.rule), c.names) << c.rule;
}

TEST(AlarmRule, nesting_and_size_do_no_harm) {
  const std::string deep(100'000, '(');
  EXPECT_TRUE(alarms_of_rule(deep).empty());
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "ALARM(a" + std::to_string(i) + ") OR ";
  EXPECT_EQ(alarms_of_rule(many).size(), 1000U);
}

}  // namespace
}  // namespace fa
