#include "slack/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "support/fakes.h"

namespace fa::slack {
namespace {

using test::FakeClock;

// The example of Slack's documentation.
const char* const kDocumentedSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const char* const kDocumentedBody =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
    "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
    "hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
    "47445629121.803a0bc887a14d10d2c447fce8b6703c";
constexpr std::int64_t kDocumentedTime = 1531420618;
const char* const kDocumentedSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

TimePoint at(std::int64_t seconds) { return TimePoint(std::chrono::seconds(seconds)); }

const std::vector<Secret> kSecrets = {Secret("signing-secret-1")};
const std::string kBody = R"({"type":"event_callback","event_id":"Ev1"})";
constexpr std::int64_t kNow = 1'773'477'000;

HttpHeaders headers_of(const std::string& timestamp, const std::string& signature) {
  return {
      {"Content-Type", "application/json"}, {"X-Slack-Request-Timestamp", timestamp}, {"X-Slack-Signature", signature}};
}

HttpHeaders signed_headers(std::int64_t seconds, std::string_view body, const Secret& secret = kSecrets[0]) {
  const std::string timestamp = std::to_string(seconds);
  return headers_of(timestamp, sign(secret, timestamp, body));
}

std::string_view checked(SignatureVerifier& verifier, const HttpHeaders& headers, std::string_view body = kBody) {
  return signature_check_name(verifier.verify(kSecrets, headers, body));
}

std::string_view check_once(const HttpHeaders& headers, std::string_view body = kBody, TimePoint now = at(kNow)) {
  const FakeClock clock(now);
  SignatureVerifier verifier(clock);
  return checked(verifier, headers, body);
}

TEST(SlackSignature, is_that_of_slacks_documentation) {
  const Secret secret(kDocumentedSecret);
  EXPECT_EQ(sign(secret, std::to_string(kDocumentedTime), kDocumentedBody), kDocumentedSignature);
  const FakeClock clock(at(kDocumentedTime + 1));
  SignatureVerifier verifier(clock);
  EXPECT_EQ(
      verifier.verify({secret}, headers_of(std::to_string(kDocumentedTime), kDocumentedSignature), kDocumentedBody),
      SignatureCheck::kValid);
}

TEST(SlackSignature, each_kind_of_bad_request_has_its_name) {
  const HttpHeaders good = signed_headers(kNow, kBody);
  const auto with = [&](const std::string& name, const std::string& value) {
    HttpHeaders headers = good;
    headers.emplace_back(name, value);
    return headers;
  };
  const auto timed = [](const std::string& timestamp) {
    return headers_of(timestamp, sign(kSecrets[0], timestamp, kBody));
  };
  const std::string now = std::to_string(kNow);
  const std::string signature = good[2].second;
  struct Case {
    const char* what;
    HttpHeaders headers;
    std::string_view body;
    const char* expected;
  };
  const Case cases[] = {
      {"good", good, kBody, "valid"},
      {"names in another case", {{"x-slack-request-timestamp", now}, {"X-SLACK-SIGNATURE", signature}}, kBody, "valid"},
      {"no headers", {}, kBody, "missing"},
      {"no timestamp", {good[2]}, kBody, "missing"},
      {"no signature", {good[1]}, kBody, "missing"},
      {"signature twice", with("X-Slack-Signature", signature), kBody, "malformed"},
      {"signature twice, another one", with("x-slack-signature", "v0=0"), kBody, "malformed"},
      {"timestamp twice", with("x-slack-request-timestamp", now), kBody, "malformed"},
      {"empty timestamp", timed(""), kBody, "malformed"},
      {"signed timestamp", timed("+" + now), kBody, "malformed"},
      {"negative timestamp", timed("-1"), kBody, "malformed"},
      {"space before", timed(" " + now), kBody, "malformed"},
      {"space behind", timed(now + " "), kBody, "malformed"},
      {"fraction", timed(now + ".0"), kBody, "malformed"},
      {"hex", timed("0x69b4ef68"), kBody, "malformed"},
      {"overflow", timed("99999999999999999999"), kBody, "malformed"},
      {"overflow back to now", timed("18446744075482028616"), kBody, "malformed"},
      {"nanoseconds", timed(now + "000000000"), kBody, "future"},
      {"end of all time", timed("9223372036854775807"), kBody, "future"},
      {"zero", timed("0"), kBody, "stale"},
      {"at the old edge", signed_headers(kNow - 300, kBody), kBody, "valid"},
      {"past the old edge", signed_headers(kNow - 301, kBody), kBody, "stale"},
      {"at the new edge", signed_headers(kNow + 300, kBody), kBody, "valid"},
      {"past the new edge", signed_headers(kNow + 301, kBody), kBody, "future"},
      {"another body", good, "{}", "wrong"},
      {"no body", good, "", "wrong"},
      {"another secret", signed_headers(kNow, kBody, Secret("signing-secret-2")), kBody, "wrong"},
      {"no secret", signed_headers(kNow, kBody, Secret("")), kBody, "wrong"},
      {"another time than signed", headers_of(std::to_string(kNow + 1), signature), kBody, "wrong"},
      {"empty signature", headers_of(now, ""), kBody, "malformed"},
      {"version alone", headers_of(now, "v0="), kBody, "malformed"},
      {"another version", headers_of(now, "v1=" + signature.substr(3)), kBody, "malformed"},
      {"no version", headers_of(now, signature.substr(3)), kBody, "malformed"},
      {"one digit short", headers_of(now, signature.substr(0, 66)), kBody, "malformed"},
      {"one digit more", headers_of(now, signature + "0"), kBody, "malformed"},
      {"no hex", headers_of(now, signature.substr(0, 66) + "g"), kBody, "malformed"},
      {"all zero", headers_of(now, "v0=" + std::string(64, '0')), kBody, "wrong"},
  };
  for (const Case& c : cases) EXPECT_EQ(check_once(c.headers, c.body), c.expected) << c.what;
}

TEST(SlackSignature, fractions_of_a_second_count) {
  const auto half = std::chrono::milliseconds(500);
  EXPECT_EQ(check_once(signed_headers(kNow - 300, kBody), kBody, at(kNow) + half), "stale");
  EXPECT_EQ(check_once(signed_headers(kNow + 301, kBody), kBody, at(kNow) + half), "future");
  EXPECT_EQ(check_once(signed_headers(kNow + 300, kBody), kBody, at(kNow) + half), "valid");
}

TEST(SlackSignature, either_secret_counts_while_one_is_replaced_and_an_empty_one_never) {
  const FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock);
  const std::vector<Secret> two = {Secret("old"), Secret("new")};
  EXPECT_EQ(verifier.verify(two, signed_headers(kNow, "a", Secret("old")), "a"), SignatureCheck::kValid);
  EXPECT_EQ(verifier.verify(two, signed_headers(kNow, "b", Secret("new")), "b"), SignatureCheck::kValid);
  const HttpHeaders unsigned_request = signed_headers(kNow, "c", Secret(""));
  EXPECT_EQ(verifier.verify({Secret("")}, unsigned_request, "c"), SignatureCheck::kWrong);
  EXPECT_EQ(verifier.verify({Secret(""), Secret("new")}, unsigned_request, "c"), SignatureCheck::kWrong);
  EXPECT_EQ(verifier.verify({}, unsigned_request, "c"), SignatureCheck::kWrong);
}

TEST(SlackSignature, a_request_counts_once_for_as_long_as_it_could_be_sent_again) {
  FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock);
  const HttpHeaders early = signed_headers(kNow + 300, kBody);
  EXPECT_EQ(checked(verifier, early), "valid");
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(checked(verifier, early), "replayed") << i;
    clock.advance(std::chrono::seconds(1));
    const std::string other = "other " + std::to_string(i);
    EXPECT_EQ(checked(verifier, signed_headers(kNow + i, other), other), "valid") << "sweeps";
  }
  EXPECT_EQ(checked(verifier, early), "replayed");
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(checked(verifier, early), "stale");
}

TEST(SlackSignature, a_refused_request_does_not_use_its_signature_up) {
  const FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock);
  const HttpHeaders good = signed_headers(kNow, kBody);
  EXPECT_EQ(checked(verifier, good, "forged"), "wrong");
  EXPECT_EQ(verifier.verify({Secret("other")}, good, kBody), SignatureCheck::kWrong);
  EXPECT_EQ(checked(verifier, good), "valid");
}

TEST(SlackSignature, no_replay_is_accepted_when_the_clock_jumps) {
  FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock);
  const HttpHeaders good = signed_headers(kNow, kBody);
  EXPECT_EQ(checked(verifier, good), "valid");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(checked(verifier, signed_headers(kNow + 3600, "x"), "x"), "valid") << "and sweeps";
  clock.advance(-std::chrono::hours(1));
  EXPECT_EQ(checked(verifier, good), "stale");
  EXPECT_EQ(checked(verifier, signed_headers(kNow + 1, "y"), "y"), "valid") << "newer ones go on";
}

TEST(SlackSignature, beyond_what_can_be_remembered_late_requests_are_refused_and_replays_never_accepted) {
  const FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock, 100);
  std::vector<std::string> bodies;
  for (int i = 0; i < 300; ++i) {
    bodies.push_back("body " + std::to_string(i));
    EXPECT_EQ(checked(verifier, signed_headers(kNow - 250 + i, bodies.back()), bodies.back()), "valid");
  }
  std::map<std::string_view, int> replays;
  for (int i = 0; i < 300; ++i) {
    const std::string& body = bodies[static_cast<std::size_t>(i)];
    ++replays[checked(verifier, signed_headers(kNow - 250 + i, body), body)];
  }
  EXPECT_THAT(replays, testing::ElementsAre(testing::Pair("replayed", 100), testing::Pair("stale", 200)));
  EXPECT_EQ(checked(verifier, signed_headers(kNow - 100, "new but late"), "new but late"), "stale");
  EXPECT_EQ(checked(verifier, signed_headers(kNow, "new and in time"), "new and in time"), "valid");
}

TEST(SlackSignature, of_many_at_once_one_is_accepted) {
  const FakeClock clock(at(kNow));
  SignatureVerifier verifier(clock);
  const HttpHeaders good = signed_headers(kNow, kBody);
  std::atomic<int> valid = 0;
  std::atomic<int> replayed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 50; ++k) {
          const auto check = verifier.verify(kSecrets, good, kBody);
          if (check == SignatureCheck::kValid) ++valid;
          if (check == SignatureCheck::kReplayed) ++replayed;
        }
      });
    }
  }
  EXPECT_EQ(valid, 1);
  EXPECT_EQ(replayed, 399);
}

/// A request as it arrives.
struct Sent {
  std::string timestamp;
  std::string signature;
  std::string body;
};

class Forger {
 public:
  /// Tries a forgery of the request `good`, on a verifier that has not seen that one.
  void attempt(const Sent& good, const Sent& forged) {
    if (forged.timestamp == good.timestamp && forged.signature == good.signature && forged.body == good.body) return;
    ++tried_;
    const auto check = fresh_.verify(kSecrets, headers_of(forged.timestamp, forged.signature), forged.body);
    if (check == SignatureCheck::kValid) {
      ++accepted_;
      ADD_FAILURE() << "accepted: " << forged.timestamp << ' ' << forged.signature << ' ' << forged.body;
    }
  }
  [[nodiscard]] int tried() const { return tried_; }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  FakeClock clock_{at(kNow)};
  SignatureVerifier fresh_{clock_};
  int tried_ = 0;
  int accepted_ = 0;
};

std::string flipped(std::string text, std::size_t bit) {
  text[bit / 8] = static_cast<char>(static_cast<unsigned char>(text[bit / 8]) ^ (1U << (bit % 8)));
  return text;
}

/// All that can be done to one text by changing little.
std::vector<std::string> variations(const std::string& text, std::mt19937& random) {
  std::vector<std::string> out;
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) out.push_back(flipped(text, bit));
  for (std::size_t size = 0; size < text.size(); ++size) {
    out.push_back(text.substr(0, size));
    out.push_back(text.substr(text.size() - size));
    std::string upper = text;
    upper[size] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[size])));
    out.push_back(upper);
    std::string swapped = text;
    std::swap(swapped[size], swapped[random() % text.size()]);
    out.push_back(swapped);
  }
  for (const char* added : {" ", "\n", "\r\n", "\t", "0", "=", "&", "+", "-", ",", "v0=", "v1="}) {
    out.push_back(text + added);
    out.push_back(added + text);
  }
  out.push_back(text + '\0');
  out.push_back('\0' + text);
  out.push_back(text + text);
  out.push_back(text + ", " + text);
  return out;
}

Sent random_request(std::mt19937& random) {
  std::string body = R"({"event_id":"Ev)";
  const std::size_t size = 20 + random() % 60;
  for (std::size_t i = 0; i < size; ++i) body += static_cast<char>(' ' + random() % 95);
  const std::string timestamp = std::to_string(kNow - 300 + static_cast<std::int64_t>(random() % 601));
  return {timestamp, sign(kSecrets[0], timestamp, body), body};
}

TEST(SlackSignature, no_variation_of_a_request_is_accepted_and_every_request_is) {
  std::mt19937 random(20'260'314);
  Forger forger;
  const FakeClock clock(at(kNow));
  SignatureVerifier honest(clock);
  constexpr int kRequests = 12;
  int honest_accepted = 0;
  for (int i = 0; i < kRequests; ++i) {
    const Sent good = random_request(random);
    for (const std::string& body : variations(good.body, random)) {
      forger.attempt(good, {good.timestamp, good.signature, body});
    }
    for (const std::string& timestamp : variations(good.timestamp, random)) {
      forger.attempt(good, {timestamp, good.signature, good.body});
    }
    for (const std::string& signature : variations(good.signature, random)) {
      forger.attempt(good, {good.timestamp, signature, good.body});
    }
    for (const char* secret :
         {"", " ", "signing-secret-", "signing-secret-2", "signing-secret-11", "SIGNING-SECRET-1"}) {
      forger.attempt(good, {good.timestamp, sign(Secret(secret), good.timestamp, good.body), good.body});
    }
    const Sent other = random_request(random);
    forger.attempt(good, {other.timestamp, good.signature, good.body});
    forger.attempt(good, {good.timestamp, other.signature, good.body});
    forger.attempt(good, {good.timestamp, good.signature, other.body});
    if (checked(honest, headers_of(good.timestamp, good.signature), good.body) == "valid") ++honest_accepted;
  }
  EXPECT_EQ(forger.accepted(), 0);
  EXPECT_GE(forger.tried(), 10'000);
  EXPECT_EQ(honest_accepted, kRequests);
}

TEST(SlackSignature, remembers_no_more_than_it_must_and_no_more_than_it_may) {
  FakeClock clock(at(kNow));
  SignatureVerifier unlimited(clock);
  SignatureVerifier limited(clock, 500);
  for (int i = 0; i < 5000; ++i) {
    if (i % 5 == 0) clock.advance(std::chrono::seconds(1));
    const std::string body = std::to_string(i);
    const HttpHeaders headers = signed_headers(kNow + 1 + i / 5, body);
    ASSERT_EQ(checked(unlimited, headers, body), "valid");
    ASSERT_EQ(checked(limited, headers, body), "valid") << "in time, however many there were";
    ASSERT_LE(unlimited.remembered(), 5U * 301U) << "five a second, for five minutes";
    ASSERT_LE(limited.remembered(), 500U);
  }
  EXPECT_EQ(unlimited.remembered(), 5U * 301U);
  EXPECT_EQ(limited.remembered(), 500U);
}

}  // namespace
}  // namespace fa::slack
