#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/test_client.h"
#include "slack/form.h"
#include "slack/json_members.h"
#include "slack/web_api.h"
#include "support/fakes.h"
#include "support/http_server.h"

/// What the tests of the Web API client share.
namespace fa::slack {

inline constexpr const char* kToken = "xoxb-secret-bot-token";
inline constexpr const char* kAppToken = "xapp-secret-app-token";
inline constexpr const char* kText = "text that must not get into errors";

inline test::ServerAnswer answer(std::string body, int status = 200, HttpHeaders headers = {}) {
  test::ServerAnswer out;
  out.response = {status, std::move(headers), std::move(body)};
  return out;
}
inline test::ServerAnswer throttle(const char* after) { return answer("", 429, {{"Retry-After", after}}); }
inline test::ServerAnswer refusal(const std::string& word) {
  return answer(json_text(Json{{"ok", false}, {"error", word}}));
}
inline test::ServerAnswer cut() {
  test::ServerAnswer out = answer(R"({"ok":true,"ts":"1.2","channel":"C1"})");
  out.cut = true;
  return out;
}
inline test::ServerAnswer garbage() {
  test::ServerAnswer out;
  out.garbage = true;
  return out;
}
inline test::ServerAnswer never() {
  test::ServerAnswer out;
  out.never = true;
  return out;
}
inline constexpr const char* kPosted =
    R"({"ok":true,"channel":"C1","ts":"1.2","warning":"superfluous_charset","message":{}})";

/// A server that gives its answers in order, then the last one again and again; and a client for it whose clock stands
/// still.
class Rig {
 public:
  explicit Rig(std::vector<test::ServerAnswer> answers, Nanoseconds timeout = std::chrono::seconds(10))
      : answers_(std::move(answers)), server_([this](const HttpRequest& request) { return next(request); }) {
    WebApiOptions options;
    options.base_url = server_.url() + "/api";
    options.bot_token = [this] { return token_; };
    options.app_token = [] { return Secret(kAppToken); };
    options.timeout = timeout;
    api_ = make_web_api(options, *http_, clock_, sleeper_, random_);
  }

  SlackApi& api() { return *api_; }
  test::FakeClock& clock() { return clock_; }
  [[nodiscard]] std::vector<Nanoseconds> slept() const { return sleeper_.slept(); }
  [[nodiscard]] std::string url() const { return server_.url(); }
  void set_token(const char* token) { token_ = Secret(token); }
  void then(test::ServerAnswer next) {
    const std::scoped_lock lock(mutex_);
    answers_.push_back(std::move(next));
  }

  std::vector<HttpRequest> seen() {
    const std::scoped_lock lock(mutex_);
    return seen_;
  }
  /// The only request there was.
  HttpRequest only() {
    const auto all = seen();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? HttpRequest{} : all.front();
  }

 private:
  test::ServerAnswer next(const HttpRequest& request) {
    const std::scoped_lock lock(mutex_);
    const std::size_t number = std::min(seen_.size(), answers_.size() - 1);
    seen_.push_back(request);
    return answers_[number];
  }

  std::mutex mutex_;
  std::vector<test::ServerAnswer> answers_;
  std::vector<HttpRequest> seen_;
  Secret token_{kToken};
  test::FakeClock clock_{TimePoint(std::chrono::seconds(1'773'477'000))};
  test::FakeSleeper sleeper_{&clock_};
  test::FixedRandom random_;
  std::unique_ptr<HttpClient> http_ = test::open_client();
  test::HttpServer server_;
  std::unique_ptr<SlackApi> api_;
};

/// The client over a function instead of a network.
class ScriptedApi {
 public:
  explicit ScriptedApi(test::ScriptedHttp::Script script) : ScriptedApi(std::move(script), nullptr, nullptr) {}
  /// Borrows both.
  ScriptedApi(test::ScriptedHttp::Script script, const Clock& clock, Sleeper& sleeper)
      : ScriptedApi(std::move(script), &clock, &sleeper) {}
  SlackApi* operator->() { return api_.get(); }
  [[nodiscard]] std::vector<HttpRequest> requests() const { return http_.requests(); }

 private:
  ScriptedApi(test::ScriptedHttp::Script script, const Clock* clock, Sleeper* sleeper) : http_(std::move(script)) {
    WebApiOptions options;
    options.bot_token = [] { return Secret(kToken); };
    api_ = make_web_api(options, http_, clock != nullptr ? *clock : clock_, sleeper != nullptr ? *sleeper : sleeper_,
                        random_);
  }

  test::ScriptedHttp http_;
  test::FakeClock clock_{TimePoint(std::chrono::seconds(1'773'477'000))};
  test::FakeSleeper sleeper_{&clock_};
  test::FixedRandom random_;
  std::unique_ptr<SlackApi> api_;
};

inline std::string header_of(const HttpRequest& request, const char* name) {
  return std::string(find_header(request.headers, name).value_or(""));
}

inline Json json_body(const HttpRequest& request) {
  EXPECT_EQ(header_of(request, "Content-Type"), "application/json; charset=utf-8");
  return parse_json(request.body);
}

inline FormFields form_body(const HttpRequest& request) {
  EXPECT_EQ(header_of(request, "Content-Type"), "application/x-www-form-urlencoded");
  return *decode_form(request.body);
}

inline Message message() { return {"C1", "1.1", kText, R"([{"type":"divider"}])", "job-1/ack"}; }
inline Context soon() { return Context{}.within(std::chrono::seconds(30)); }
inline FileUpload file() { return {"C1", "1.1", "report.html", "The report", std::string("a\0\xff", 3), "hello"}; }

/// No error shows what is nobody's business.
inline void expect_discreet(const Error& error) {
  for (const char* secret : {kToken, kAppToken, "xoxb", "xapp-s", kText, "/T1/2/response-secret", "upload-secret"}) {
    EXPECT_THAT(error.message, testing::Not(testing::HasSubstr(secret)));
  }
}

}  // namespace fa::slack
