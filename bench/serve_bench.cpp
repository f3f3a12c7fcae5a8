/// What docs/ops/slack.md promises of `fa2 serve`, in full size, against a stand-in for Slack on loopback; `./run bench
/// serve` builds and runs it. Prints a table row for each measurement, and fails where something was lost, doubled or
/// accepted that was forged.
///
/// usage: fa_serve_bench PROGRAM LOAD_PROGRAM INCIDENT [load|held|memory|crash ...] [--kills N] [--seconds S] [--rate
/// N]
#include <fmt/core.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "slack_events.h"
#include "support/serve_process.h"
#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"

namespace {

using namespace fa::test;
namespace fs = std::filesystem;

constexpr const char* kChannel = "C0LOAD";
constexpr auto kPatience = std::chrono::minutes(5);

struct Options {
  std::string program;
  std::string load_program;
  std::string incident;
  std::set<std::string> parts;
  int kills = 300;
  int seconds = 60;
  int rate = 500;
};

SlackWorld load_world() {
  SlackWorld world;
  world.team = "T0LOAD";
  world.channels = {{kChannel, "load"}};
  world.knows_all_messages = false;  // The generator's events tell of messages that nobody posted.
  return world;
}

/// A workspace, a data folder and a server between them.
class World {
 public:
  World(const Options& options, const std::string& incident, const std::string& more) : options_(options) {
    std::string name = (fs::temp_directory_path() / "fa2-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    std::ofstream(folder_ / "secret") << slack.world().signing_secret;
    std::ofstream(folder_ / "fa2.toml") << "[slack]\nbot_token = \"env:BOT_TOKEN\"\nsigning_secret = \"env:SECRET\"\n"
                                        << "join_minutes = 0\napi_url = \"" << slack.api_url()
                                        << "\"\n[serve]\nport = 0\nanalyses = 4\nmax_queued = 100000\n"
                                        << more << "data = \"" << (folder_ / "data").string() << "\"\npaths = [\""
                                        << fs::absolute(incident).string() << "\"]\n";
  }
  ~World() {
    server.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void start() {
    server.reset();
    server =
        std::make_unique<ServeProcess>(options_.program, folder_ / "fa2.toml",
                                       std::map<std::string, std::string>{{"BOT_TOKEN", slack.world().bot_token},
                                                                          {"SECRET", slack.world().signing_secret}});
    if (server->listening()) return;
    std::fputs(server->log().c_str(), stderr);
    std::exit(1);
  }
  [[nodiscard]] std::string url() const { return server->url() + "/slack/events"; }

  /// What fa_slack_load says of a run with these options.
  [[nodiscard]] fa::Json load(const std::string& arguments) const {
    const std::string command =
        fmt::format("{} --url {} --secret-file {} --team T0LOAD --channel {} --pid {} {}", options_.load_program,
                    server->url(), (folder_ / "secret").string(), kChannel, server->pid(), arguments);
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) std::abort();
    char buffer[4096];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
    if (::pclose(pipe) != 0) std::exit(1);
    return fa::parse_json(out);
  }
  [[nodiscard]] std::size_t delivered(const std::string& place) const {
    std::size_t count = 0;
    for (const SlackMessage& m : slack.messages_of_app()) count += m.delivery_id.ends_with(place) ? 1U : 0U;
    return count;
  }
  /// The Markdown file is the last one of a report: with it, all of them were shared.
  [[nodiscard]] std::size_t reports_with_files() const { return slack.shared_files(".md").size(); }

  SlackStandIn slack{load_world()};
  std::unique_ptr<ServeProcess> server;

 private:
  const Options& options_;
  fs::path folder_;
};

/// Keeps so many analyses going until it is destroyed.
class Analyses {
 public:
  Analyses(World& world, std::size_t at_once) : world_(world), at_once_(at_once) {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  [[nodiscard]] std::size_t begun() const { return begun_; }

 private:
  void serve(const std::stop_token& stop) {
    SlackPerson person(world_.slack, "U0ALICE");
    while (!stop.stop_requested()) {
      if (begun_ - world_.delivered("/report-0") >= at_once_) {
        (void)world_.slack.wait_until(
            [&] { return stop.stop_requested() || begun_ - world_.delivered("/report-0") < at_once_; },
            std::chrono::seconds(1));
        continue;
      }
      const std::size_t views = world_.slack.views().size();
      send_to_app(world_.slack, world_.url(), person.runs_command(kChannel, "/fa2", fmt::format("run {}", begun_ + 0)));
      if (!world_.slack.wait_until([&] { return world_.slack.views().size() > views; })) continue;
      const auto view = world_.slack.views().back();
      const SlackTyped window = {{"fa2_start/fa2_value", "1795465680"}, {"fa2_end/fa2_value", "1795466040"}};
      if (send_to_app(world_.slack, world_.url(), person.submits(view.id, window)).status == 200) ++begun_;
    }
  }
  World& world_;
  std::size_t at_once_;
  std::atomic<std::size_t> begun_{0};
  std::jthread thread_;
};

bool failed = false;

void row(const std::string& what, const std::string& figure, bool good) {
  std::printf("| %s | %s | %s |\n", what.c_str(), figure.c_str(), good ? "yes" : "**no**");
  std::fflush(stdout);
  failed = failed || !good;
}

double number(const fa::Json& object, const char* key) { return object.value(key, 0.0); }

void report_latency(const std::string& what, const fa::Json& result) {
  const double sent = number(result, "sent");
  const double answered = number(result, "answered_200");
  const fa::Json latency = result.value("latency_ms", fa::Json::object());
  row(what + ": events answered 200", fmt::format("{:.0f} of {:.0f}", answered, sent), answered == sent && sent > 0);
  row(what + ": ack p50 / p99 / max (targets p99 100 ms, max 1 s)",
      fmt::format("{:.2f} / {:.1f} / {:.1f} ms", number(latency, "p50"), number(latency, "p99"),
                  number(latency, "max")),
      number(latency, "p99") <= 100 && number(latency, "max") <= 1000);
}

/// 500 events a second while four analyses run: every event that asks for something gets it once.
void load(const Options& options) {
  World world(options, options.incident, "");
  world.start();
  fa::Json result;
  std::size_t analyses = 0;
  {
    Analyses running(world, 4);
    result = world.load(fmt::format("--rate {} --seconds {} --kind mix", options.rate, options.seconds));
    analyses = running.begun();
  }
  report_latency(fmt::format("load {}/s for {} s, 4 analyses at a time", options.rate, options.seconds), result);
  std::size_t asked = 0;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(number(result, "planned")); ++i) {
    asked += fa::bench::kind_of("mix", i) == fa::bench::EventKind::kIrrelevant ? 0U : 1U;
  }
  (void)world.slack.wait_until(
      [&] { return world.delivered("/form") >= asked && world.delivered("/report-0") >= analyses; }, kPatience);
  row("load: forms for events that ask for one", fmt::format("{} of {}", world.delivered("/form"), asked),
      world.delivered("/form") == asked);
  row("load: analyses answered", fmt::format("{} of {}", world.delivered("/report-0"), analyses),
      world.delivered("/report-0") == analyses);
  row("load: doubled messages or files", std::to_string(world.slack.doubled().size()), world.slack.doubled().empty());
  world.server->terminate();
}

/// Idle and trickling connections hold nothing up.
void held(const Options& options) {
  World world(options, options.incident, "");
  world.start();
  const fa::Json result = world.load(
      fmt::format("--rate 100 --seconds {} --kind irrelevant --idle 4000 --loris 1000", options.seconds / 2));
  report_latency("5,000 idle and trickling connections, 100/s", result);
  world.server->terminate();
}

void memory(const Options& options) {
  World world(options, options.incident, "");
  world.start();
  (void)world.load("--rate 1000 --seconds 10 --kind mix");
  const fa::Json result = world.load("--rate 2000 --seconds 50 --kind mix");
  const double before = number(result, "resident_before") / 1e6;
  const double after = number(result, "resident_after") / 1e6;
  row(fmt::format("memory over {:.0f} events: resident before / after", number(result, "sent")),
      fmt::format("{:.0f} / {:.0f} MB", before, after), after <= before * 1.25 + 20);
  world.server->terminate();
}

/// Killed under load at random moments; at the end all is there, once.
void crash(const Options& options) {
  World world(options, options.incident, "max_attempts = 1000\n");
  SlackPerson person(world.slack, "U0ALICE");
  std::mt19937 random(1);
  std::size_t accepted = 0;
  std::size_t told = 0;
  const SlackTyped window = {{"fa2_start/fa2_value", "1795465680"}, {"fa2_end/fa2_value", "1795466040"}};
  const auto send_forms = [&] {
    for (const SlackMessage& m : world.slack.messages_of_app()) {
      if (m.blocks.find("fa2_analyse") == std::string::npos) continue;
      // A form that was sent before loses its button in the meantime.
      const auto click = person.clicks_if_there(kChannel, m.ts, "fa2_analyse", window);
      if (click) send_to_app(world.slack, world.url(), *click);
    }
  };
  SlackSaid waiting;
  for (int kill = 0; kill < options.kills; ++kill) {
    world.start();
    if (waiting.ts.empty()) {
      SlackAlarm alarm;
      alarm.name = fmt::format("alarm-{}", told++);
      waiting = post_alarm(world.slack, kChannel, alarm);
    }
    // An event that was not answered is told again, as Slack does.
    if (send_to_app(world.slack, world.url(), waiting.payload).status == 200) {
      ++accepted;
      waiting = {};
    }
    send_forms();
    const std::size_t calls = world.slack.calls().size() + random() % 12;
    (void)world.slack.wait_until([&] { return world.slack.calls().size() >= calls; },
                                 std::chrono::milliseconds(random() % 500));
    world.server->kill_now();
  }
  world.start();
  (void)world.slack.wait_until([&] { return world.delivered("/form") >= accepted; }, kPatience);
  send_forms();
  (void)world.slack.wait_until(
      [&] { return world.delivered("/report-0") >= accepted && world.reports_with_files() >= accepted; }, kPatience);
  const std::string kills = fmt::format("{} kills", options.kills);
  row(kills + ": alarms accepted, forms, reports, reports with files",
      fmt::format("{}, {}, {}, {}", accepted, world.delivered("/form"), world.delivered("/report-0"),
                  world.reports_with_files()),
      world.delivered("/form") == accepted && world.delivered("/report-0") == accepted &&
          world.reports_with_files() == accepted);
  row(kills + ": doubled messages or files", std::to_string(world.slack.doubled().size()),
      world.slack.doubled().empty());
  world.server->terminate();
}

Options options_of(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: fa_serve_bench PROGRAM LOAD_PROGRAM INCIDENT [load|held|memory|crash ...] [--kills N] "
                 "[--seconds S] [--rate N]\n");
    std::exit(2);
  }
  Options o{argv[1], argv[2], argv[3], {}};
  for (int i = 4; i < argc; ++i) {
    const std::string argument = argv[i];
    int* number = argument == "--kills"     ? &o.kills
                  : argument == "--seconds" ? &o.seconds
                  : argument == "--rate"    ? &o.rate
                                            : nullptr;
    if (number != nullptr && i + 1 < argc) {
      *number = std::atoi(argv[++i]);
    } else {
      o.parts.insert(argument);
    }
  }
  if (o.parts.empty()) o.parts = {"load", "held", "memory", "crash"};
  return o;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  std::printf("| measured | figure | as promised |\n|---|---|---|\n");
  const std::pair<const char*, void (*)(const Options&)> parts[] = {
      {"load", load}, {"held", held}, {"memory", memory}, {"crash", crash}};
  for (const auto& [name, measure] : parts) {
    if (options.parts.contains(name)) measure(options);
  }
  return failed ? 1 : 0;
}
