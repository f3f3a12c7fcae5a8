#include "aws/credential_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credential_document.h"
#include "aws/credential_test_world.h"
#include "support/fakes.h"

namespace fa::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The environment of a process provider whose command does what the test says.
class Commands final : public Environment {
 public:
  explicit Commands(Result<std::string> outcome) : outcome_(std::move(outcome)) {}
  [[nodiscard]] std::optional<std::string> variable(std::string_view) const override { return std::nullopt; }
  [[nodiscard]] Result<std::string> read_file(const std::string&) const override {
    return fail(ErrorCode::kNotFound, "");
  }
  Result<void> write_file(const std::string&, std::string_view) const override { return {}; }
  [[nodiscard]] Result<std::string> run_command(const std::string&, const Context& context) const override {
    EXPECT_TRUE(context.deadline.has_value()) << "a command must have a deadline";
    return outcome_;
  }

 private:
  Result<std::string> outcome_;
};

Result<Credentials> run(const Result<std::string>& outcome, const Context& context = {}) {
  const Commands environment(outcome);
  test::FakeClock clock{*parse_rfc3339("2026-03-14T09:00:00Z")};
  test::FakeSleeper sleeper;
  test::FixedRandom random;
  Retrier retrier(sleeper, random);
  test::ScriptedHttp http([](const HttpRequest&) -> Result<HttpResponse> { return HttpResponse{}; });
  return make_process({environment, http, retrier, clock}, {"vault --password hunter2", "111122223333"}, "ops")
      ->get(context);
}

TEST(CredentialProcess, ItsDocumentIsRead) {
  const auto credentials = run(std::string(
      R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"B","SessionToken":"C","Expiration":"2026-03-14T10:00:00Z"})"));
  ASSERT_TRUE(credentials.has_value()) << credentials.error().message;
  EXPECT_EQ(credentials->session_token.reveal(), "C");
  EXPECT_EQ(credentials->account_id, "111122223333") << "the profile's, since the process tells none";
  EXPECT_EQ(credentials->expiry, parse_rfc3339("2026-03-14T10:00:00Z"));
  const auto long_term = run(std::string(R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"B"})"));
  ASSERT_TRUE(long_term.has_value());
  EXPECT_FALSE(long_term->expiry.has_value());
}

TEST(CredentialProcess, NeitherCommandNorOutputIsEverShown) {
  for (const std::string output :
       {"", "very-secret", "[]", "null", R"({"AccessKeyId":"A","SecretAccessKey":"very-secret"})",
        R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"very-secret"})",
        R"({"Version":"1","AccessKeyId":"A","SecretAccessKey":"very-secret"})",
        R"({"Version":1,"SecretAccessKey":"very-secret"})", R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":7})",
        R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"very-secret","Expiration":"very-secret"})"}) {
    const auto credentials = run(output);
    ASSERT_FALSE(credentials.has_value()) << output;
    EXPECT_EQ(credentials.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(credentials.error().message, HasSubstr("credential_process of profile ops"));
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("very-secret")));
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("hunter2")));
  }
}

TEST(CredentialProcess, AToolThatDoesNotEndIsUnavailableButAStoppedCallIsCancelled) {
  const Result<std::string> cut = fail(ErrorCode::kCancelled, "ended");
  const auto slow = run(cut);
  ASSERT_FALSE(slow.has_value());
  EXPECT_EQ(slow.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(slow.error().message, HasSubstr("a minute"));

  std::stop_source stopped;
  stopped.request_stop();
  const auto cancelled = run(cut, {stopped.get_token(), std::nullopt});
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace fa::aws
