#include "analysis/text/failure_words.h"

#include <array>
#include <string>

#include "base/text.h"

namespace fa {
namespace {

struct Words {
  std::string_view text;  // lower case
  Mechanism mechanism;
};

/// First match wins: the specific before the general. Phrases as the common runtimes, kernels, clients and proxies
/// write them.
constexpr std::array kWords{
    Words{"certificate has expired", Mechanism::kCertificate},
    Words{"certificate is not valid", Mechanism::kCertificate},
    Words{"certificate verify failed", Mechanism::kCertificate},
    Words{"certificate expired", Mechanism::kCertificate},
    Words{"cert_has_expired", Mechanism::kCertificate},
    Words{"x509:", Mechanism::kCertificate},
    Words{"sslhandshakeexception", Mechanism::kCertificate},
    Words{"unable to get local issuer certificate", Mechanism::kCertificate},
    Words{"self signed certificate", Mechanism::kCertificate},
    Words{"unknownhostexception", Mechanism::kDns},
    Words{"name or service not known", Mechanism::kDns},
    Words{"temporary failure in name resolution", Mechanism::kDns},
    Words{"getaddrinfo", Mechanism::kDns},
    Words{"enotfound", Mechanism::kDns},
    Words{"eai_again", Mechanism::kDns},
    Words{"no such host", Mechanism::kDns},
    Words{"nxdomain", Mechanism::kDns},
    Words{"could not resolve", Mechanism::kDns},
    Words{"out of memory", Mechanism::kMemoryPressure},
    Words{"memory limit", Mechanism::kMemoryPressure},
    Words{"memory cgroup", Mechanism::kMemoryPressure},
    Words{"outofmemory", Mechanism::kMemoryPressure},
    Words{"oom-kill", Mechanism::kMemoryPressure},
    Words{"oomkill", Mechanism::kMemoryPressure},
    Words{"cannot allocate memory", Mechanism::kMemoryPressure},
    Words{"gc overhead limit", Mechanism::kMemoryPressure},
    Words{"no space left on device", Mechanism::kDiskFull},
    Words{"enospc", Mechanism::kDiskFull},
    Words{"disk full", Mechanism::kDiskFull},
    Words{"disk quota exceeded", Mechanism::kDiskFull},
    Words{"too many connections", Mechanism::kConnectionPoolExhausted},
    Words{"remaining connection slots", Mechanism::kConnectionPoolExhausted},
    Words{"connection pool", Mechanism::kConnectionPoolExhausted},
    Words{"connection is not available, request timed out", Mechanism::kConnectionPoolExhausted},
    Words{"pool exhausted", Mechanism::kConnectionPoolExhausted},
    Words{"timeout waiting for connection from pool", Mechanism::kConnectionPoolExhausted},
    Words{"too many open files", Mechanism::kResourceExhaustion},
    Words{"emfile", Mechanism::kResourceExhaustion},
    Words{"resource temporarily unavailable", Mechanism::kResourceExhaustion},
    Words{"throttl", Mechanism::kThrottling},
    Words{"rate limit", Mechanism::kThrottling},
    Words{"rate exceeded", Mechanism::kThrottling},
    Words{"too many requests", Mechanism::kThrottling},
    Words{"provisionedthroughputexceeded", Mechanism::kThrottling},
    Words{"access denied", Mechanism::kAuthentication},
    Words{"accessdenied", Mechanism::kAuthentication},
    Words{"permission denied", Mechanism::kAuthentication},
    Words{"authentication failed", Mechanism::kAuthentication},
    Words{"password authentication", Mechanism::kAuthentication},
    Words{"unauthorized", Mechanism::kAuthentication},
    Words{"expiredtoken", Mechanism::kAuthentication},
    Words{"invalid credentials", Mechanism::kAuthentication},
    Words{"connect timed out", Mechanism::kDependencyTimeout},
    Words{"connection timed out", Mechanism::kDependencyTimeout},
    Words{"connection timeout", Mechanism::kDependencyTimeout},
    Words{"connect timeout", Mechanism::kDependencyTimeout},
    Words{"connecttimeout", Mechanism::kDependencyTimeout},
    Words{"read timed out", Mechanism::kDependencyTimeout},
    Words{"etimedout", Mechanism::kDependencyTimeout},
    Words{"deadline exceeded", Mechanism::kDependencyTimeout},
    Words{"deadline_exceeded", Mechanism::kDependencyTimeout},
    Words{"context deadline", Mechanism::kDependencyTimeout},
    Words{"timeoutexception", Mechanism::kDependencyTimeout},
    Words{"timeouterror", Mechanism::kDependencyTimeout},
    Words{"gateway timeout", Mechanism::kDependencyTimeout},
    Words{"gateway time-out", Mechanism::kDependencyTimeout},
    Words{"due to connection timeout", Mechanism::kDependencyTimeout},
    Words{"timed out", Mechanism::kDependencyTimeout},
    Words{"timeout", Mechanism::kDependencyTimeout},
    Words{"connection refused", Mechanism::kDependencyError},
    Words{"no instances available", Mechanism::kDependencyError},
    Words{"no servers available", Mechanism::kDependencyError},
    Words{"no healthy upstream", Mechanism::kDependencyError},
    Words{"httpservererrorexception", Mechanism::kDependencyError},
    Words{"econnrefused", Mechanism::kDependencyError},
    Words{"connection reset", Mechanism::kDependencyError},
    Words{"econnreset", Mechanism::kDependencyError},
    Words{"broken pipe", Mechanism::kDependencyError},
    Words{"no route to host", Mechanism::kNetworkPartition},
    Words{"ehostunreach", Mechanism::kNetworkPartition},
    Words{"network is unreachable", Mechanism::kNetworkPartition},
    Words{"service unavailable", Mechanism::kDependencyError},
    Words{"bad gateway", Mechanism::kDependencyError},
    Words{"unavailable", Mechanism::kDependencyError},
    Words{"segmentation fault", Mechanism::kCrash},
    Words{"sigsegv", Mechanism::kCrash},
    Words{"core dumped", Mechanism::kCrash},
    Words{"crashloopbackoff", Mechanism::kCrash},
    Words{"panic:", Mechanism::kCrash},
    Words{"nullpointerexception", Mechanism::kCodeException},
    Words{"indexoutofbounds", Mechanism::kCodeException},
    Words{"classcastexception", Mechanism::kCodeException},
    Words{"illegalargumentexception", Mechanism::kCodeException},
    Words{"illegalstateexception", Mechanism::kCodeException},
    Words{"runtimeexception", Mechanism::kCodeException},
    Words{"typeerror", Mechanism::kCodeException},
    Words{"keyerror", Mechanism::kCodeException},
    Words{"valueerror", Mechanism::kCodeException},
    Words{"attributeerror", Mechanism::kCodeException},
    Words{"referenceerror", Mechanism::kCodeException},
    Words{"unhandled exception", Mechanism::kCodeException},
    Words{"uncaught exception", Mechanism::kCodeException},
    Words{"traceback (most recent call last)", Mechanism::kCodeException},
};

constexpr std::array<std::string_view, 25> kFailure{
    "error",     "exception", "fail",    "fatal",     "refused", "denied",    "timeout",     "timed out", "killed",
    "panic",     "abort",     "crash",   "unable to", "cannot",  "could not", "unavailable", "reset by",  "unreachable",
    "exhausted", "exceeded",  "throttl", "expired",   "invalid", "overflow",  "not found"};

/// `oom-killer`, `cgroup_oom`, `OOMKilled`, but not `room` or `zoom`.
bool speaks_of_oom(std::string_view lower) {
  for (std::size_t at = lower.find("oom"); at != std::string_view::npos; at = lower.find("oom", at + 1)) {
    if (at == 0 || lower[at - 1] < 'a' || lower[at - 1] > 'z') return true;
  }
  return false;
}

}  // namespace

Mechanism mechanism_in_words(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, 8192));
  for (const Words& w : kWords) {
    if (lower.find(w.text) != std::string::npos) return w.mechanism;
  }
  return Mechanism::kUnknown;
}

bool speaks_of_failure(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, 8192));
  for (const std::string_view word : kFailure) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return speaks_of_oom(lower);
}

}  // namespace fa
