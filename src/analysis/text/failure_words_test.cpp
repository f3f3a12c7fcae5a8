#include "analysis/text/failure_words.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

TEST(MechanismInWords, names_what_common_messages_say) {
  struct Case {
    std::string_view text;
    Mechanism expected;
  };
  const Case cases[] = {
      {"tls: failed to verify: x509: certificate has expired or is not yet valid", Mechanism::kCertificate},
      {"javax.net.ssl.SSLHandshakeException: PKIX path building failed", Mechanism::kCertificate},
      {"dial tcp: lookup db on 10.0.0.2:53: no such host", Mechanism::kDns},
      {"getaddrinfo ENOTFOUND payments", Mechanism::kDns},
      {"java.lang.OutOfMemoryError: Java heap space", Mechanism::kMemoryPressure},
      {"State: Terminated, Reason: OOMKilled", Mechanism::kMemoryPressure},
      {"write /data/x: no space left on device", Mechanism::kDiskFull},
      {"FATAL: sorry, too many clients: remaining connection slots are reserved", Mechanism::kConnectionPoolExhausted},
      {"HikariPool-1 - Connection is not available, request timed out after 30000ms.",
       Mechanism::kConnectionPoolExhausted},
      {"accept4: too many open files", Mechanism::kResourceExhaustion},
      {"ThrottlingException: Rate exceeded", Mechanism::kThrottling},
      {"HTTP 429 Too Many Requests", Mechanism::kThrottling},
      {"AccessDeniedException: not authorized to perform dynamodb:GetItem", Mechanism::kAuthentication},
      {"password authentication failed for user app", Mechanism::kAuthentication},
      {"rpc error: code = DeadlineExceeded desc = context deadline exceeded", Mechanism::kDependencyTimeout},
      {"java.net.SocketTimeoutException: Read timed out", Mechanism::kDependencyTimeout},
      {"connect ETIMEDOUT 10.0.0.9:443", Mechanism::kDependencyTimeout},
      {"dial tcp 10.0.0.9:6379: connect: connection refused", Mechanism::kDependencyError},
      {"read: connection reset by peer", Mechanism::kDependencyError},
      {"upstream returned 503 Service Unavailable", Mechanism::kDependencyError},
      {"connect: no route to host", Mechanism::kNetworkPartition},
      {"signal SIGSEGV: segmentation violation", Mechanism::kCrash},
      {"panic: runtime error: invalid memory address", Mechanism::kCrash},
      {"java.lang.NullPointerException: Cannot invoke getId()", Mechanism::kCodeException},
      {"TypeError: cart.items is not iterable", Mechanism::kCodeException},
      {"Traceback (most recent call last):\n  File \"a.py\"", Mechanism::kCodeException},
  };
  for (const Case& c : cases)
    EXPECT_EQ(mechanism_name(mechanism_in_words(c.text)), mechanism_name(c.expected)) << c.text;
}

TEST(MechanismInWords, the_specific_wins_over_the_general_wherever_it_stands) {
  EXPECT_EQ(mechanism_in_words("timeout: connection refused: x509: expired"), Mechanism::kCertificate);
  EXPECT_EQ(mechanism_in_words("RuntimeException caused by: connection refused"), Mechanism::kDependencyError);
  EXPECT_EQ(mechanism_in_words("request timed out: Timeout waiting for connection from pool"),
            Mechanism::kConnectionPoolExhausted);
}

TEST(MechanismInWords, says_nothing_of_ordinary_or_vague_words) {
  for (const std::string_view text : {"", "order 7 placed in 12 ms", "Error processing order", "something went wrong",
                                      "GET /cart 200", "\xff\xfe\x80"}) {
    EXPECT_EQ(mechanism_in_words(text), Mechanism::kUnknown) << text;
  }
}

TEST(MechanismInWords, ignores_ascii_case_only) {
  EXPECT_EQ(mechanism_in_words("CONNECTION REFUSED"), Mechanism::kDependencyError);
  EXPECT_EQ(mechanism_in_words("Connection Refused"), Mechanism::kDependencyError);
}

TEST(MechanismInWords, survives_hostile_text) {
  const std::string nul = std::string("\0\0x\0", 4) + "no such host" + std::string(3, '\0');
  EXPECT_EQ(mechanism_in_words(nul), Mechanism::kDns);
  // Bounded work: words far behind in a huge message are not looked for.
  EXPECT_EQ(mechanism_in_words(std::string(10'000'000, 'x') + "no such host"), Mechanism::kUnknown);
  EXPECT_EQ(mechanism_in_words("no such host" + std::string(10'000'000, 'x')), Mechanism::kDns);
}

TEST(SpeaksOfFailure, knows_failures_from_ordinary_words) {
  for (const std::string_view text :
       {"ERROR: boom", "job failed", "connection refused", "permission denied", "request timed out", "process killed",
        "kernel: worker invoked oom-killer", "memory cgroup OOM", "panic: x", "cannot open file", "Unable to connect",
        "quota exceeded", "token expired", "IllegalStateException"}) {
    EXPECT_TRUE(speaks_of_failure(text)) << text;
  }
  for (const std::string_view text : {"", "order 7 placed", "user joined room 7", "zoom level set", "service started",
                                      "GET /products 200 OK", "bloom filter loaded"}) {
    EXPECT_FALSE(speaks_of_failure(text)) << text;
  }
}

}  // namespace
}  // namespace fa
