#include "redact/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace fa {
namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

/// A key id that is none of anybody's; no whole one stands in the sources.
std::string key_id(char last) { return std::string("AK") + "IA" + "QWERTYUIOP23456" + last; }

TEST(Redactor, leaves_all_but_the_secret_as_it_was) {
  Redactor redactor;
  EXPECT_EQ(redactor.redact("a\xFF b " + key_id('7') + " tail\r\n"), "a\xFF b [AWS_KEY_1] tail\r\n");
  EXPECT_EQ(redactor.redact("DB_PASSWORD=qwe7RTZ! DB_HOST=x"), "DB_PASSWORD=[PASSWORD_1] DB_HOST=x");
  EXPECT_EQ(redactor.redact("amqp://app:qqq7ZZ@mq/v"), "amqp://app:[PASSWORD_2]@mq/v");
  EXPECT_EQ(redactor.redact("Authorization: Bearer abc123def456"), "Authorization: Bearer [AUTHORIZATION_1]");
  EXPECT_EQ(redactor.redact("Cookie: a=q1w2e3; b=z9"), "Cookie: a=[COOKIE_1]; b=[COOKIE_2]");
  EXPECT_EQ(redactor.redact(R"({"password":"x1","n":1})"), R"({"password":"[PASSWORD_3]","n":1})");
}

TEST(Redactor, gives_one_secret_one_placeholder_and_others_others) {
  Redactor redactor;
  EXPECT_EQ(redactor.redact(key_id('A') + " " + key_id('B') + " " + key_id('A')),
            "[AWS_KEY_1] [AWS_KEY_2] [AWS_KEY_1]");
  EXPECT_EQ(redactor.redact("again " + key_id('B')), "again [AWS_KEY_2]");
  EXPECT_THAT(redactor.counts(), testing::ElementsAre(testing::Pair("AWS_KEY", 2)));
}

TEST(Redactor, names_another_spelling_of_a_secret_after_it) {
  Redactor redactor;
  EXPECT_EQ(redactor.redact("password=q7@Zx, x=1"), "password=[PASSWORD_1], x=1");
  const std::string url = "amqp://app:q7%40Zx@mq/v";
  const std::string out = redactor.redact(url);
  EXPECT_EQ(out, "amqp://app:[PASSWORD_1.2]@mq/v");
  EXPECT_EQ(redactor.restore(out), url);
  EXPECT_THAT(redactor.counts(), testing::ElementsAre(testing::Pair("PASSWORD", 1)));
}

TEST(Redactor, keeps_text_that_looks_like_a_placeholder) {
  Redactor redactor;
  for (const std::string& text :
       {std::string("[AWS_KEY_1]"), key_id('A') + " is not [AWS_KEY_1]",
        std::string("[AWS_KEY_1] [EMAIL_2.3] [OTHER_1] [AWS_KEY_]"), std::string("[AWS_KEY_1:literal]"),
        std::string("[[AWS_KEY_1]"), "[" + key_id('A') + "]"}) {
    EXPECT_EQ(redactor.restore(redactor.redact(text)), text);
  }
  EXPECT_EQ(redactor.redact("[AWS_KEY_1]"), "[AWS_KEY_1:literal]");
}

TEST(Redactor, restores_only_what_it_gave_out) {
  Redactor redactor;
  EXPECT_EQ(redactor.redact(key_id('A')), "[AWS_KEY_1]");
  EXPECT_EQ(redactor.restore("the model says [AWS_KEY_1], [AWS_KEY_2] and [PASSWORD_1]"),
            "the model says " + key_id('A') + ", [AWS_KEY_2] and [PASSWORD_1]");
}

TEST(Redactor, follows_the_policy_for_addresses) {
  using Addresses = RedactionPolicy::Addresses;
  const std::string text = "from 10.0.0.5 via 52.94.236.248 and 2600:1f18::9 or fe80::1 to bob@example.com";
  const auto redacted = [&](bool emails, Addresses addresses) {
    Redactor redactor({emails, addresses});
    return redactor.redact(text);
  };
  EXPECT_EQ(redacted(false, Addresses::kKeep), text);
  EXPECT_EQ(redacted(true, Addresses::kPublic), "from 10.0.0.5 via [IP_1] and [IP_2] or fe80::1 to [EMAIL_1]");
  EXPECT_EQ(redacted(false, Addresses::kAll), "from [IP_1] via [IP_2] and [IP_3] or [IP_4] to bob@example.com");
}

TEST(Redactor, may_be_used_by_several_threads) {
  Redactor redactor;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&redactor] {
      for (char last = 'A'; last <= 'Z'; ++last) {
        const std::string text = "key " + key_id(last);
        EXPECT_EQ(redactor.restore(redactor.redact(text)), text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(redactor.counts(), testing::ElementsAre(testing::Pair("AWS_KEY", 26)));
}

// Quadratic scanning of any of these would take hours.
TEST(Redactor, time_grows_with_the_length_of_anything_repeated) {
  for (const std::string_view piece : {"token=",
                                       "token:",
                                       "cookie:",
                                       "authorization:",
                                       "password=\"",
                                       "password='\\",
                                       "eyJ",
                                       "eyJ-",
                                       "sk-",
                                       "://a:b",
                                       "-----BEGIN RSA PRIVATE KEY-----",
                                       "a_",
                                       "%3D",
                                       "\\\\",
                                       "\\n",
                                       "[AWS_KEY_1",
                                       "--token ",
                                       "<password>",
                                       "a@",
                                       "1.2.3.4",
                                       "::",
                                       "AAAA",
                                       "aaaa/",
                                       "bearer ",
                                       "passphrase: a ",
                                       "4444 ",
                                       "value=",
                                       "&quot;",
                                       "=",
                                       "token=$",
                                       "token=<",
                                       "authorization: digest a=",
                                       "unexpected token: \"",
                                       "key "}) {
    Redactor redactor;
    // Long enough for a rule whose steps grow with the square of the length to run into the test's time limit.
    const std::string text = repeated(piece, (std::size_t{1} << 17) / piece.size());
    EXPECT_EQ(redactor.restore(redactor.redact(text)), text) << piece;
  }
}

}  // namespace
}  // namespace fa
