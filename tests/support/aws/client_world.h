#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aws/client.h"
#include "support/fakes.h"

namespace fa::test {

/// Gives the first of its credentials until they are refused, then the next ones; the last stay. Not thread-safe.
class FakeCredentials final : public aws::CredentialsProvider {
 public:
  explicit FakeCredentials(std::vector<aws::Credentials> given) : given_(std::move(given)) {}

  Result<aws::Credentials> get(const Context&) override {
    if (given_.empty()) return fail(ErrorCode::kDenied, "no credentials were found: run aws configure");
    return given_[at_];
  }
  void invalidate(const aws::Credentials& refused) override {
    refused_.push_back(refused.access_key_id);
    if (at_ + 1 < given_.size()) ++at_;
  }
  [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }

 private:
  std::vector<aws::Credentials> given_;
  std::size_t at_ = 0;
  std::vector<std::string> refused_;
};

inline aws::Credentials key_pair(std::string id, std::string token = {}) {
  aws::Credentials made;
  made.access_key_id = std::move(id);
  made.secret_access_key = Secret("secret-of-tests-0123456789");
  made.session_token = Secret(std::move(token));
  made.origin = "profile tests";
  return made;
}

/// A client that speaks to a script, with a clock that stands still and waits that take no time.
class ClientWorld {
 public:
  explicit ClientWorld(ScriptedHttp::Script script, aws::ClientSettings settings = region("ap-northeast-1"),
                       std::vector<aws::Credentials> given = {key_pair("AKIATESTS")})
      : credentials(std::move(given)),
        http(std::move(script)),
        retrier(sleeper, random),
        client({http, retrier, credentials, clock}, std::move(settings)) {}

  static aws::ClientSettings region(std::string name) {
    aws::ClientSettings settings;
    settings.region = std::move(name);
    return settings;
  }

  FakeClock clock{*parse_rfc3339("2026-03-14T08:30:00Z")};
  FakeSleeper sleeper;
  FixedRandom random;
  FakeCredentials credentials;
  ScriptedHttp http;
  Retrier retrier;
  aws::Client client;
};

inline HttpResponse answer(int status, std::string body = {}, HttpHeaders headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

}  // namespace fa::test
