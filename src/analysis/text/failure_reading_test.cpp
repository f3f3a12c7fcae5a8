#include "analysis/text/failure_reading.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

TEST(ReadFailure, knows_a_cause_from_an_effect_and_from_a_mere_failure) {
  struct Case {
    std::string_view text;
    Telling telling;
    Mechanism mechanism;
  };
  const Case cases[] = {
      {"Out of memory: Killed process 7 (java)", Telling::kCause, Mechanism::kMemoryPressure},
      {"Reason:       OOMKilled", Telling::kCause, Mechanism::kMemoryPressure},
      {"/dev/nvme1n1    200G  200G     0 100% /var/lib/kafka", Telling::kCause, Mechanism::kDiskFull},
      {"/dev/sdb1  200  20  180 10% /data", Telling::kNothing, Mechanism::kUnknown},
      {"/dev/loop3       64M   64M     0 100% /snap/core20/2105", Telling::kNothing, Mechanism::kUnknown},
      {"could not bind IPv4 address \"127.0.0.1\": Address already in use", Telling::kCause,
       Mechanism::kResourceExhaustion},
      {"ModuleNotFoundError: No module named 'weasyprint'", Telling::kCause, Mechanism::kDeployment},
      {"Failed to pull image \"r/x:1\": not found", Telling::kCause, Mechanism::kDeployment},
      {"yaml: line 38: found character that cannot start any token", Telling::kCause, Mechanism::kConfigChange},
      {"./sync.sh: line 12: TARGET: unbound variable", Telling::kCause, Mechanism::kConfigChange},
      {"open /etc/app/app.toml: no such file or directory", Telling::kCause, Mechanism::kConfigChange},
      {"connect() to unix:/run/a.sock failed (2: No such file or directory)", Telling::kEffect,
       Mechanism::kDependencyError},
      {"dump.sh: line 41: syntax error near unexpected token `fi'", Telling::kCause, Mechanism::kCodeException},
      {"Syntax error on line 21 of /etc/apache2/x.conf:", Telling::kCause, Mechanism::kConfigChange},
      {"connect: connection refused", Telling::kEffect, Mechanism::kDependencyError},
      {"a.service: Failed with result 'exit-code'.", Telling::kEffect, Mechanism::kCrash},
      {"order 7 could not be placed", Telling::kFailure, Mechanism::kUnknown},
      {"order 7 placed", Telling::kNothing, Mechanism::kUnknown},
  };
  for (const Case& c : cases) {
    const FailureReading reading = read_failure(c.text);
    EXPECT_EQ(reading.telling, c.telling) << c.text;
    EXPECT_EQ(mechanism_name(reading.mechanism), mechanism_name(c.mechanism)) << c.text;
  }
}

TEST(ReadFailure, is_not_taken_in_by_failures_that_did_not_happen) {
  for (const std::string_view text :
       {"flush done errors=0 failed=0", "job 7 finished: 0 errors, no failures", "error: none", "lease ok error=None",
        "Build succeeded. 0 Error(s), 3 Warning(s)", "--- PASS: TestTimeoutIsReported (0.01s)",
        "ok   example/pay/errors   0.112s", "http-get http://:8080/live delay=3s timeout=1s period=10s",
        "mon-1 : ok=4 changed=2 unreachable=0 failed=0"}) {
    EXPECT_LE(read_failure(text).telling, Telling::kNothing) << text;
  }
}

TEST(ReadFailure, what_was_handled_tells_less) {
  EXPECT_EQ(read_failure("attempt 1 timed out, retrying").telling, Telling::kFailure);
  EXPECT_EQ(read_failure("certificate has expired, falling back to plain").telling, Telling::kEffect);
  EXPECT_EQ(read_failure("job failed, skipping").telling, Telling::kNothing);
}

TEST(ReadFailure, finds_the_line_that_decides_in_a_stack_trace) {
  const std::string trace =
      "Request failed\njava.lang.RuntimeException: x\n\tat a.TimeoutError.b(A.java:1)\n"
      "Caused by: java.net.ConnectException: Connection refused\n\t... 3 more";
  const FailureReading reading = read_failure(trace);
  EXPECT_EQ(reading.mechanism, Mechanism::kDependencyError);
  EXPECT_EQ(reading.line, "Caused by: java.net.ConnectException: Connection refused");
}

TEST(PhraseMatches, keeps_to_words_and_gaps) {
  EXPECT_TRUE(phrase_matches("<oom>", "the oom killer"));
  EXPECT_FALSE(phrase_matches("<oom>", "the room and the zoom"));
  EXPECT_FALSE(phrase_matches("<enotfound", "modulenotfounderror"));
  EXPECT_TRUE(phrase_matches("missing*variable", "missing required environment variable: x"));
  EXPECT_FALSE(phrase_matches("missing*variable", "missing " + std::string(kPhraseGap + 20, '.') + " variable"));
  EXPECT_TRUE(phrase_matches("a*b*c", "a a x c a b c"));
  EXPECT_FALSE(phrase_matches("a*b*c", "c b a"));
}

}  // namespace
}  // namespace fa
