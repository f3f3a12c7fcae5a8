#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "llm/chat.h"
#include "support/fakes.h"
#include "support/http_server.h"

/// What the tests of all who serve models ask, and how their services answer.
namespace fa::llm {

/// A question without tools; its words must not come back in messages of errors.
inline ChatRequest short_question() {
  ChatRequest request;
  request.system = "You are an engineer.";
  request.messages = {{Role::kUser, {Text{"Why? private words"}}}};
  return request;
}

/// Gives these answers one after the other, the last for ever.
inline test::ScriptedHttp::Script in_turn(const std::vector<Result<HttpResponse>>& answers) {
  return
      [left = std::make_shared<std::deque<Result<HttpResponse>>>(answers.begin(), answers.end())](const HttpRequest&) {
        Result<HttpResponse> next = left->front();
        if (left->size() > 1) left->pop_front();
        return next;
      };
}

/// A server over a real socket whose first answer is cut off, whose second is `broken` and all others `good`.
class InterruptedServer {
 public:
  InterruptedServer(HttpResponse broken, HttpResponse good)
      : broken_(std::move(broken)), good_(std::move(good)), server_([this](const HttpRequest& request) {
          const std::lock_guard lock(mutex_);
          targets_.push_back(request.url);
          test::ServerAnswer made;
          made.response = targets_.size() == 2 ? broken_ : good_;
          made.chunked = true;
          made.cut = targets_.size() == 1;
          return made;
        }) {}

  [[nodiscard]] std::string url() const { return server_.url(); }
  /// What was asked for so far, in order.
  [[nodiscard]] std::vector<std::string> targets() const {
    const std::lock_guard lock(mutex_);
    return targets_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> targets_;
  HttpResponse broken_;
  HttpResponse good_;
  test::HttpServer server_;  // last: its threads use all of the above
};

}  // namespace fa::llm
