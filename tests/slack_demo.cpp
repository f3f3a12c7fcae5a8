/// Plays a conversation in Slack with the built `fa2 serve`, on loopback and without an account, and prints it:
/// slack_demo PROGRAM INCIDENT [en|ja]. `./run demo-slack` builds and runs it.
///
/// slack_demo --attach URL FOLDER [en|ja] plays it with a server that somebody else starts at that address: what it
/// must be configured with is written to FOLDER (api_url, bot_token, signing_secret), and at the end `done` with the
/// outcome.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "net/curl_client.h"
#include "support/serve_process.h"
#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"

namespace {

using namespace fa::test;

constexpr const char* kChannel = "C0ALARMS";

/// The window of the bundled incident: 2026-11-23 20:28:44 to 20:33:44 UTC.
const SlackTyped kWindow = {{"fa2_start/fa2_value", "1795465680"}, {"fa2_end/fa2_value", "1795466040"}};

bool says(const SlackStandIn& slack, const std::string& words, std::string* ts = nullptr) {
  return slack.wait_until(
      [&] {
        for (const SlackMessage& m : slack.messages(kChannel)) {
          if (m.bot_id != slack.world().app_bot || m.blocks.find(words) == std::string::npos) continue;
          if (ts != nullptr) *ts = m.ts;
          return true;
        }
        return false;
      },
      std::chrono::minutes(2));
}

/// The steps of a person on call; the name of the first that did not come.
const char* play(SlackStandIn& slack, const std::string& url, const std::string& user) {
  SlackPerson person(slack, user);
  SlackAlarm alarm;
  alarm.name = "storefront-5xx";
  alarm.description = "5XX errors on the storefront load balancer";
  alarm.reason = "Threshold Crossed: 1 datapoint [62.0 (23/11/26 20:29:00)] was greater than the threshold (10.0).";
  alarm.changed_at = "2026-11-23T20:30:04.480+0000";
  const SlackSaid posted = post_alarm(slack, kChannel, alarm);
  if (send_to_app(slack, url, posted.payload).status != 200) return "the alarm was not taken";
  std::string form;
  if (!says(slack, "fa2_analyse", &form)) return "no form came";
  if (send_to_app(slack, url, person.clicks(kChannel, form, "fa2_analyse", kWindow)).status != 200) {
    return "the form was not taken";
  }
  std::string report;
  if (!says(slack, "fa2_confirm", &report)) return "no report came";
  if (!slack.wait_until([&] { return !slack.shared_files(".md").empty(); }, std::chrono::minutes(1)))
    return "no files came";
  if (send_to_app(slack, url, person.clicks(kChannel, report, "fa2_confirm")).status != 200) return "no confirmation";
  if (!slack.wait_until([&] { return !slack.views().empty(); }, std::chrono::minutes(1))) return "no dialog opened";
  send_to_app(slack, url,
              person.submits(slack.views().front().id, {{"fa2_cause/fa2_value", "egress policy of orders"},
                                                        {"fa2_fix/fa2_value", "policy rolled back"}}));
  if (!says(slack, "egress policy of orders")) return "the decision was not kept";
  return nullptr;
}

/// Written under another name first, so that whoever waits for it never reads half of it.
void write_whole(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path begun = file.string() + "~";
  std::ofstream(begun) << text;
  std::filesystem::rename(begun, file);
}

/// Waits until somebody's server is ready; false after ten minutes.
bool wait_until_ready(const std::string& url) {
  const auto http = fa::CurlClient::open({});
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  while (http && std::chrono::steady_clock::now() < give_up) {
    fa::HttpRequest request;
    request.url = url + "/readyz";
    request.direct = true;
    const auto response = (*http)->send(request, fa::Context{});
    if (response && response->status == 200) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return false;
}

std::string user_of(const std::string& language) { return language == "ja" ? "U0KENJI" : "U0ALICE"; }

int attach(const std::string& url, const std::filesystem::path& folder, const std::string& language) {
  SlackStandIn slack;
  std::filesystem::create_directories(folder);
  write_whole(folder / "bot_token", slack.world().bot_token);
  write_whole(folder / "signing_secret", slack.world().signing_secret);
  write_whole(folder / "api_url", slack.api_url());
  const char* missing =
      wait_until_ready(url) ? play(slack, url + "/slack/events", user_of(language)) : "no server came";
  std::fputs(slack.conversation_text(kChannel).c_str(), stdout);
  write_whole(folder / "done", missing == nullptr ? "passed" : missing);
  // It stays for whoever asks the server once more, and ends when it is ended.
  ::pause();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: slack_demo PROGRAM INCIDENT [en|ja] | --attach URL FOLDER [en|ja]\n");
    return 2;
  }
  if (argc > 3 && std::string_view(argv[1]) == "--attach") return attach(argv[2], argv[3], argc > 4 ? argv[4] : "en");
  const std::string language = argc > 3 ? argv[3] : "en";
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "fa2-demo-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return 1;
  const fs::path folder = name;
  SlackStandIn slack;
  std::ofstream(folder / "fa2.toml") << "[report]\nlanguage = \"" << language << "\"\n[memory]\npath = \""
                                     << (folder / "memory.db").string()
                                     << "\"\n[slack]\nbot_token = \"env:BOT_TOKEN\"\nsigning_secret = \"env:SECRET\"\n"
                                     << "api_url = \"" << slack.api_url() << "\"\n[serve]\nport = 0\ndata = \""
                                     << (folder / "data").string() << "\"\npaths = [\""
                                     << fs::absolute(argv[2]).string() << "\"]\n";
  const char* missing = "the server did not start";
  {
    ServeProcess server(argv[1], folder / "fa2.toml",
                        {{"BOT_TOKEN", slack.world().bot_token}, {"SECRET", slack.world().signing_secret}});
    if (server.listening()) {
      missing = play(slack, server.url() + "/slack/events", user_of(language));
      server.terminate();
    }
    if (missing != nullptr) std::fputs(server.log().c_str(), stderr);
  }
  std::fputs(slack.conversation_text(kChannel).c_str(), stdout);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  if (missing == nullptr) return 0;
  std::fprintf(stderr, "slack_demo: %s\n", missing);
  return 1;
}
