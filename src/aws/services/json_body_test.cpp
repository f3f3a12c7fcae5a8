#include "aws/services/json_body.h"

#include <gtest/gtest.h>

namespace fa::aws {
namespace {

TEST(JsonBody, writes_fields_in_the_order_of_the_calls) {
  JsonBody inner;
  inner.text("a", "1");
  JsonBody body;
  body.text("s", "x").integer("i", -3).number("d", 0.5).boolean("b", true).texts("l", {"p", "q"});
  body.object("o", inner).objects("os", {inner, inner}).texts("none", {}).text_if_any("left out", "");
  EXPECT_EQ(body.str(),
            R"({"s":"x","i":-3,"d":0.5,"b":true,"l":["p","q"],"o":{"a":"1"},"os":[{"a":"1"},{"a":"1"}],"none":[]})");
  EXPECT_EQ(JsonBody().str(), "{}");
  EXPECT_EQ(json_array({}), "[]");
}

TEST(JsonBody, escapes_what_json_wants_escaped_and_takes_any_bytes) {
  JsonBody body;
  body.text("k\"", std::string_view("a\"b\\c\n\0\xff\xe3\x81\x82", 11));
  EXPECT_EQ(body.str(), "{\"k\\\"\":\"a\\\"b\\\\c\\n\\u0000\xef\xbf\xbd\xe3\x81\x82\"}");
}

}  // namespace
}  // namespace fa::aws
