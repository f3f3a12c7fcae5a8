#include "aws/services/json_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa::aws {
namespace {

using testing::HasSubstr;

/// What one field `v` reads as; the error's message otherwise.
template <class Read>
auto read_one(const std::string& json, const Read& read) -> std::string {
  std::string body = "{\"v\":" + json + "}";
  std::string out;
  const auto ok = JsonAnswer::read(body, [&](std::string_view key, JsonValue& value) {
    if (key == "v") out = read(value);
    return key == "v";
  });
  return ok ? out : "error: " + ok.error().message;
}

std::string as_text(const std::string& json) {
  return read_one(json, [](JsonValue& v) {
    std::string out = "(none)";
    v.read(out);
    return out;
  });
}

TEST(JsonAnswer, reads_texts_with_all_escapes) {
  EXPECT_EQ(as_text(R"("plain")"), "plain");
  EXPECT_EQ(as_text(R"("")"), "");
  EXPECT_EQ(as_text(R"("a\"b\\c\/d\b\f\n\r\te")"), "a\"b\\c/d\b\f\n\r\te");
  EXPECT_EQ(as_text(R"("\u3042\ud83d\ude00\u0041\u00e9")"),
            "\xe3\x81\x82\xf0\x9f\x98\x80"
            "A\xc3\xa9");
  EXPECT_EQ(as_text(R"("cut \ud83d")"), "cut \xef\xbf\xbd") << "half an emoji costs no page";
  EXPECT_EQ(as_text(R"("\ude00x")"), "\xef\xbf\xbdx");
  EXPECT_EQ(as_text("\"\\u0000\""), std::string(1, '\0'));
  EXPECT_EQ(as_text("null"), "(none)");
  EXPECT_THAT(as_text("7"), HasSubstr("`v` holds something else than text"));
  EXPECT_THAT(as_text(R"("\q")"), HasSubstr("broken"));
  EXPECT_THAT(as_text(R"("\u12")"), HasSubstr("broken"));
}

TEST(JsonAnswer, reads_bytes_that_json_does_not_allow_where_others_would_lose_the_page) {
  EXPECT_EQ(as_text("\"a\xff"
                    "b\""),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(as_text(std::string("\"a\0b\x1b[0m\"", 9)), "a b [0m");
}

TEST(JsonAnswer, reads_numbers_and_times_and_refuses_what_does_not_fit) {
  const auto whole = [](const std::string& json) {
    return read_one(json, [](JsonValue& v) {
      std::uint64_t out = 0;
      v.read(out);
      return std::to_string(out);
    });
  };
  EXPECT_EQ(whole("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(whole("5.0"), "5");
  EXPECT_EQ(whole("null"), "0");
  EXPECT_THAT(whole("-1"), HasSubstr("whole number"));
  EXPECT_THAT(whole("1.5"), HasSubstr("whole number"));
  EXPECT_THAT(whole("1e300"), HasSubstr("whole number"));
  EXPECT_THAT(whole("\"5\""), HasSubstr("whole number"));
  EXPECT_THAT(whole("[5]"), HasSubstr("whole number"));

  const auto small = [](const std::string& json) {
    return read_one(json, [](JsonValue& v) {
      int out = 0;
      v.read(out);
      return std::to_string(out);
    });
  };
  EXPECT_EQ(small("-60"), "-60");
  EXPECT_THAT(small("99999999999"), HasSubstr("whole number"));

  const auto time = [](const std::string& json, bool milliseconds) {
    return read_one(json, [&](JsonValue& v) {
      std::optional<TimePoint> out;
      milliseconds ? v.read_milliseconds(out) : v.read_seconds(out);
      return out ? format_rfc3339(*out) : "(none)";
    });
  };
  EXPECT_EQ(time("1700000000123", true), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(time("null", true), "(none)");
  EXPECT_THAT(time("9223372036854775807", true), HasSubstr("milliseconds"));
  EXPECT_THAT(time("-9223372036854775808", true), HasSubstr("milliseconds"));
  EXPECT_EQ(time("1700000000", false), "2023-11-14T22:13:20Z");
  EXPECT_EQ(time("1.700000000123E9", false), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(time(R"("2023-11-14T22:13:20Z")", false), "2023-11-14T22:13:20Z");
  EXPECT_THAT(time("1700000000123", false), HasSubstr("seconds")) << "milliseconds are no seconds";
  EXPECT_THAT(time(R"("yesterday")", false), HasSubstr("seconds"));
  EXPECT_THAT(time("1e999", false), HasSubstr("error"));
}

TEST(JsonAnswer, says_what_is_wrong_with_a_whole_answer) {
  struct Case {
    const char* about;
    std::string body;
    const char* told;  // nullptr: fine
  };
  const Case kCases[] = {
      {"nothing in it", "{}", nullptr},
      {"an unknown field beside a known one", R"({"new":1,"v":[]})", nullptr},
      {"spaces around", " \n{\"v\":[]}\n ", nullptr},
      {"empty", "", "empty"},
      {"blank", " \n", "empty"},
      {"HTML", "<html></html>", "no JSON object"},
      {"a list", "[]", "no JSON object"},
      {"a text", "\"v\"", "no JSON object"},
      {"cut inside a list", R"({"v":[1,2)", ""},
      {"cut inside a text", R"({"v":"abc)", ""},
      {"cut before the end", R"({"v":[])", ""},
      {"two documents", R"({"v":[]}{"v":[]})", "follows"},
      {"no value", R"({"v":})", ""},
      {"no comma", R"({"v":[] "w":1})", ""},
      {"another kind", R"({"v":{}})", "list"},
      {"somebody else's JSON", R"({"message":"please log in"})", "none of its fields"},
      {"NULs", std::string("\0\0\0\0", 4), "no JSON object"},
      {"far too deep", "{\"v\":" + std::string(100'000, '['), ""},
  };
  for (const Case& c : kCases) {
    std::string body = c.body;
    const auto ok = JsonAnswer::read(body, [&](std::string_view key, JsonValue& value) {
      if (key != "v") return false;
      EXPECT_LE(value.count_items(), 2U);
      return true;
    });
    EXPECT_EQ(body, c.body) << "the bytes stay as they are: " << c.about;
    if (c.told == nullptr) {
      EXPECT_TRUE(ok) << c.about << ": " << ok.error().message;
    } else {
      ASSERT_FALSE(ok) << c.about;
      EXPECT_EQ(ok.error().code, ErrorCode::kUnavailable) << c.about;
      EXPECT_THAT(ok.error().message, HasSubstr(c.told)) << c.about;
    }
  }
}

TEST(JsonAnswer, reads_nothing_more_after_a_mistake) {
  std::string body = R"({"v":[1,"x",3,4]})";
  int read = 0;
  const auto ok = JsonAnswer::read(body, [&](std::string_view, JsonValue& value) {
    value.each_item([&](JsonValue& item) {
      ++read;
      double number = 0;
      item.read(number);
    });
    return true;
  });
  EXPECT_FALSE(ok);
  EXPECT_EQ(read, 2);
}

}  // namespace
}  // namespace fa::aws
