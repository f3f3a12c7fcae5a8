#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "support/run_command.h"
#include "support/serve_process.h"
#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"

namespace fa::test {

/// A workspace, a data folder and an `fa2 serve` between them; the data that is analysed is the bundled incident.
class ServeWorld {
 public:
  /// `extra`: TOML behind the tables every test needs ([serve] comes last, so that it may begin with its keys).
  explicit ServeWorld(const std::string& incident, const std::string& extra = "", bool socket_mode = false)
      : incident_(incident) {
    std::string toml = "[memory]\npath = \"" + (folder_.path() / "memory.db").string() + "\"\n[slack]\n";
    toml += "bot_token = \"env:BOT_TOKEN\"\nsigning_secret = \"env:SIGNING_SECRET\"\napp_token = \"env:APP_TOKEN\"\n";
    toml += std::string("mode = \"") + (socket_mode ? "socket" : "http") + "\"\n";
    toml += "api_url = \"" + slack.api_url() + "\"\n";
    toml += extra_of(extra, "slack");
    toml += "[serve]\nport = 0\ndata = \"" + data().string() + "\"\npaths = [\"" + incident_ + "\"]\n";
    toml += extra_of(extra, "serve");
    toml += extra_of(extra, "");
    config_ = folder_.write("fa2.toml", toml);
  }

  /// Starts it (again). The test fails where it does not listen.
  ServeProcess& start() {
    process.reset();
    process = std::make_unique<ServeProcess>(FA2_BINARY, config_, environment());
    EXPECT_TRUE(process->listening()) << process->log();
    return *process;
  }
  [[nodiscard]] std::map<std::string, std::string> environment() const {
    std::map<std::string, std::string> all = {
        {"BOT_TOKEN", slack.world().bot_token}, {"SIGNING_SECRET", slack.world().signing_secret},
        {"APP_TOKEN", slack.world().app_token}, {"WEBHOOK_SECRET", "webhook-secret"},
        {"AM_TOKEN", "alertmanager-token"},     {"HOME", folder_.path().string()}};
    all.insert(more_environment.begin(), more_environment.end());
    return all;
  }
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] const std::filesystem::path& config() const { return config_; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  [[nodiscard]] std::string events_url() const { return process->url() + "/slack/events"; }

  SlackReply tell(const SlackPayload& payload, const SlackSendOptions& options = {}) {
    return send_to_app(slack, events_url(), payload, options);
  }
  /// The app's messages in a channel that hold these words, anywhere in text or blocks.
  [[nodiscard]] std::vector<SlackMessage> said(const std::string& channel, const std::string& words) const {
    std::vector<SlackMessage> found;
    for (const SlackMessage& m : slack.messages(channel)) {
      if (m.bot_id != slack.world().app_bot) continue;
      if (m.text.find(words) != std::string::npos || m.blocks.find(words) != std::string::npos) found.push_back(m);
    }
    return found;
  }
  /// Waits for such a message and gives the first one; nullopt when it does not come.
  std::optional<SlackMessage> wait_for(const std::string& channel, const std::string& words,
                                       std::size_t how_many = 1) const {
    if (!slack.wait_until([&] { return said(channel, words).size() >= how_many; }, std::chrono::seconds(60))) {
      ADD_FAILURE() << "\"" << words << "\" was not said\n" << slack.conversation_text(channel) << process->log();
      return std::nullopt;
    }
    return said(channel, words).at(how_many - 1);
  }

  SlackStandIn slack;
  std::unique_ptr<ServeProcess> process;
  std::map<std::string, std::string> more_environment;  ///< Of the process, from the next start() on.

 private:
  /// Lines of `extra` that begin with `[table]`; without a table, whole tables of their own.
  static std::string extra_of(const std::string& extra, const std::string& table) {
    std::string out;
    for (std::size_t begin = 0; begin < extra.size();) {
      std::size_t end = extra.find('\n', begin);
      if (end == std::string::npos) end = extra.size();
      const std::string line = extra.substr(begin, end - begin);
      const std::size_t colon = line.find(": ");
      const bool addressed = colon != std::string::npos && (line.starts_with("slack: ") || line.starts_with("serve: "));
      if (addressed ? line.substr(0, colon) == table : table.empty()) {
        out += (addressed ? line.substr(colon + 2) : line) + "\n";
      }
      begin = end + 1;
    }
    return out;
  }

  std::string incident_;
  TempFolder folder_;
  std::filesystem::path config_;
};

}  // namespace fa::test
