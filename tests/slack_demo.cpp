/// Plays a conversation in Slack with the built `fa2 serve`, on loopback and without an account, and prints it:
/// slack_demo PROGRAM INCIDENT [en|ja]. `./run demo-slack` builds and runs it.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: slack_demo PROGRAM INCIDENT [en|ja]\n");
    return 2;
  }
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
      missing = play(slack, server.url() + "/slack/events", language == "ja" ? "U0KENJI" : "U0ALICE");
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
