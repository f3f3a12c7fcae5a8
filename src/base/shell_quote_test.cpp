#include "base/shell_quote.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace fa {
namespace {

TEST(ShellQuote, leaves_nothing_for_the_shell) {
  for (const auto& [text, quoted] : std::vector<std::pair<std::string, std::string>>{
           {"/ecs/orders", "/ecs/orders"},
           {"", "''"},
           {"a b", "'a b'"},
           {"it's $(rm) `x` \"y\"\n!", "'it'\\''s $(rm) `x` \"y\"\n!'"},
           {std::string("a\0b", 3), "'a b'"},
           {"~x", "'~x'"},
           {"service(\"o'r\") { fault }", "'service(\"o'\\''r\") { fault }'"},
           {"$(rm)", "'$(rm)'"},
       }) {
    EXPECT_EQ(shell_word(text), quoted);
  }
  EXPECT_EQ(shell_quoted("/ecs/orders"), "'/ecs/orders'");
}

}  // namespace
}  // namespace fa
