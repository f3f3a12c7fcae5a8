#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "slack/web_api.h"

namespace fa::test {

/// Slack in memory, for tests of what is above the wire. Keeps what it is told; the next calls of a method can be made
/// to fail, before or after they had their effect. Thread-safe.
class FakeSlackApi final : public slack::SlackApi {
 public:
  struct Sent {
    slack::Message message;
    std::string ts;
  };
  /// How the next call of a method ends. `arrives`: the message is there all the same.
  struct Failure {
    Error error;
    bool arrives = false;
  };

  void fail_next(const std::string& method, Failure failure) {
    const std::scoped_lock lock(mutex_);
    failures_[method].push_back(std::move(failure));
  }
  [[nodiscard]] std::vector<Sent> posted() const { return copy_of(posted_); }
  [[nodiscard]] std::vector<std::pair<slack::Posted, slack::Message>> updates() const { return copy_of(updates_); }
  [[nodiscard]] std::vector<slack::Message> ephemerals() const { return copy_of(ephemerals_); }
  [[nodiscard]] std::vector<slack::FileUpload> files() const { return copy_of(files_); }
  [[nodiscard]] std::vector<std::string> views() const { return copy_of(views_); }
  [[nodiscard]] std::vector<std::string> responses() const { return copy_of(responses_); }
  void add_user(slack::UserInfo user) {
    const std::scoped_lock lock(mutex_);
    users_[user.id] = std::move(user);
  }

  Result<slack::Posted> post_message(const slack::Message& message, const Context&) override {
    const std::scoped_lock lock(mutex_);
    const auto failure = next_failure("chat.postMessage");
    if (failure && !failure->arrives) return tl::unexpected(failure->error);
    const std::string ts = "1790000000." + std::to_string(100000 + posted_.size());
    posted_.push_back({message, ts});
    if (failure) return tl::unexpected(failure->error);
    return slack::Posted{message.channel, ts};
  }
  Result<void> update_message(const slack::Posted& where, const slack::Message& message, const Context&) override {
    const std::scoped_lock lock(mutex_);
    if (const auto failure = next_failure("chat.update")) return tl::unexpected(failure->error);
    updates_.emplace_back(where, message);
    return {};
  }
  Result<void> post_ephemeral(const slack::Message& message, const std::string&, const Context&) override {
    const std::scoped_lock lock(mutex_);
    ephemerals_.push_back(message);
    return {};
  }
  Result<std::optional<slack::Posted>> find_delivery(const std::string& channel, const std::string& thread_ts,
                                                     const std::string& delivery_id, const Context&) override {
    const std::scoped_lock lock(mutex_);
    if (const auto failure = next_failure("conversations.replies")) return tl::unexpected(failure->error);
    for (const Sent& s : posted_) {
      if (s.message.channel == channel && s.message.thread_ts == thread_ts && s.message.delivery_id == delivery_id) {
        return std::optional(slack::Posted{channel, s.ts});
      }
    }
    return std::optional<slack::Posted>();
  }
  Result<bool> find_file(const std::string&, const std::string&, const std::string& file_id, const Context&) override {
    const std::scoped_lock lock(mutex_);
    return shared_.contains(file_id);
  }
  Result<std::string> open_view(const std::string&, const std::string& view, const Context&) override {
    const std::scoped_lock lock(mutex_);
    if (const auto failure = next_failure("views.open")) return tl::unexpected(failure->error);
    views_.push_back(view);
    return std::string("V1");
  }
  Result<void> update_view(const std::string&, const std::string&, const Context&) override { return {}; }
  Result<slack::UserInfo> user_info(const std::string& user, const Context&) override {
    const std::scoped_lock lock(mutex_);
    const auto it = users_.find(user);
    if (it == users_.end()) return fail(ErrorCode::kNotFound, "user_not_found");
    return it->second;
  }
  Result<std::string> permalink(const slack::Posted& where, const Context&) override {
    return "https://example.slack.com/archives/" + where.channel + "/p" + where.ts;
  }
  Result<std::string> upload_bytes(const slack::FileUpload&, const Context&) override {
    const std::scoped_lock lock(mutex_);
    if (const auto failure = next_failure("files.getUploadURLExternal")) return tl::unexpected(failure->error);
    return "F" + std::to_string(++uploads_);
  }
  Result<void> share_file(const std::string& file_id, const slack::FileUpload& file, const Context&) override {
    const std::scoped_lock lock(mutex_);
    const auto failure = next_failure("files.completeUploadExternal");
    if (failure && !failure->arrives) return tl::unexpected(failure->error);
    shared_[file_id] = true;
    files_.push_back(file);
    if (failure) return tl::unexpected(failure->error);
    return {};
  }
  Result<void> respond(const std::string&, const std::string& text, const std::string&, bool, const Context&) override {
    const std::scoped_lock lock(mutex_);
    responses_.push_back(text);
    return {};
  }
  Result<Identity> identify(const Context&) override { return Identity{"T1", "UBOT", "BBOT"}; }
  Result<std::string> open_connection(const Context&) override {
    return fail(ErrorCode::kUnavailable, "no Socket Mode here");
  }
  [[nodiscard]] std::map<std::string, slack::MethodCounts> counts() const override { return {}; }

 private:
  template <class T>
  T copy_of(const T& value) const {
    const std::scoped_lock lock(mutex_);
    return value;
  }
  std::optional<Failure> next_failure(const std::string& method) {
    auto& waiting = failures_[method];
    if (waiting.empty()) return std::nullopt;
    Failure next = std::move(waiting.front());
    waiting.pop_front();
    return next;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Failure>> failures_;
  std::vector<Sent> posted_;
  std::vector<std::pair<slack::Posted, slack::Message>> updates_;
  std::vector<slack::Message> ephemerals_;
  std::vector<slack::FileUpload> files_;
  std::vector<std::string> views_;
  std::vector<std::string> responses_;
  std::map<std::string, slack::UserInfo> users_;
  std::map<std::string, bool> shared_;
  int uploads_ = 0;
};

}  // namespace fa::test
