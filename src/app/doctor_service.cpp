// What `fa2 serve` has to have.
#include <fmt/core.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <filesystem>
#include <string>
#include <system_error>

#include "app/doctor_checks.h"
#include "app/secret_reference.h"
#include "base/text.h"
#include "base/wait.h"
#include "net/http_date.h"
#include "slack/web_api.h"
#include "store/database_format.h"

namespace fa {
namespace {

using State = DoctorCheck::State;
namespace fs = std::filesystem;

constexpr std::uint64_t kTooFewBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kFewBytes = std::uint64_t{1} << 30;

struct NamedReference {
  const char* setting;
  const std::string& reference;
};

std::vector<NamedReference> secrets_of(const ServeConfig& serve) {
  return {{"slack.signing_secret", serve.signing_secret},
          {"slack.bot_token", serve.bot_token},
          {"slack.app_token", serve.app_token},
          {"webhook.secret", serve.webhook_secret},
          {"alertmanager.token", serve.alertmanager_token}};
}

DoctorCheck examine_settings(const Config& config) {
  DoctorCheck check{"settings of the server", State::kGood, "complete", ""};
  if (const auto complete = check_serve_config(config.serve); !complete) {
    check.state = State::kBad;
    check.finding = complete.error().message;
  } else if (!config.aws && config.serve.paths.empty()) {
    check.state = State::kBad;
    check.finding = "there is nothing to analyse";
    check.fix = "set [aws] to collect from an account, or serve.paths to recorded data";
  }
  return check;
}

DoctorCheck examine_secret(const NamedReference& secret) {
  DoctorCheck check{fmt::format("secret {}", secret.setting), State::kGood, "can be read", ""};
  if (secret.reference.starts_with("secretsmanager:")) {
    check.state = State::kSkipped;
    check.finding = "is in Secrets Manager; fa2 serve reads it when it starts";
    return check;
  }
  const auto read = read_secret(secret.reference, secret.setting, nullptr);
  if (read && !read->reveal().empty()) return check;
  check.state = State::kBad;
  check.finding = read ? fmt::format("{} names a file without a secret in it.", secret.setting) : read.error().message;
  return check;
}

DoctorCheck examine_path(const std::string& path) {
  DoctorCheck check{"data " + path, State::kGood, "can be read", ""};
  std::error_code ec;
  const bool there = fs::exists(path, ec);
  if (there && ::access(path.c_str(), R_OK) == 0) return check;
  check.state = State::kBad;
  check.finding = there ? "cannot be read" : "does not exist";
  check.fix = "correct serve.paths, or let the user of the service read it";
  return check;
}

/// The folder, or the nearest one above it that exists.
fs::path existing(fs::path folder) {
  std::error_code ec;
  while (!fs::exists(folder, ec) && folder.has_parent_path() && folder.parent_path() != folder) {
    folder = folder.parent_path();
  }
  return folder;
}

DoctorCheck examine_disk(const fs::path& folder) {
  DoctorCheck check{"disk of " + folder.string(), State::kGood, "", ""};
  struct statvfs disk {};
  const fs::path there = existing(folder);
  if (::statvfs(there.c_str(), &disk) != 0) {
    check.state = State::kBad;
    check.finding = std::generic_category().message(errno);
    return check;
  }
  const std::uint64_t bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  check.finding = format_bytes(bytes) + " free";
  if (there != folder) check.finding += "; the folder is made by fa2 serve";
  if (bytes >= kFewBytes) return check;
  check.state = bytes < kTooFewBytes ? State::kBad : State::kWarning;
  check.fix = "free some space, or lower serve.keep_days";
  return check;
}

DoctorCheck examine_database(const fs::path& file, std::string_view subject) {
  DoctorCheck check{fmt::format("{} {}", subject, file.string()), State::kGood, "none yet", ""};
  const auto format = database_format(file);
  if (!format) {
    check.state = State::kBad;
    check.finding = format.error().message;
  } else if (*format) {
    const DatabaseFormat& f = **format;
    check.finding = fmt::format("format {} of {}", f.format, f.newest);
    if (f.format < f.newest) check.finding += "; brought up to date when it is opened";
    if (f.format > f.newest) {
      check.state = State::kBad;
      check.finding += ": written by a newer fa2";
      check.fix = "install that version again, or restore a backup from before";
    }
  }
  return check;
}

/// What the answer's Date header says of our clock.
DoctorCheck examine_skew(const std::string& api, HttpClient& http, const Context& context) {
  DoctorCheck check{"clock against Slack", State::kGood, "", ""};
  HttpRequest request;
  request.url = api + "/api.test";
  request.timeout = std::chrono::seconds(10);
  request.max_response_bytes = 64 << 10;
  const auto response = http.send(request, context);
  const auto header = response ? find_header(response->headers, "date") : std::nullopt;
  const auto theirs = header ? parse_http_date(*header) : std::nullopt;
  if (!theirs) {
    check.state = State::kSkipped;
    check.finding = response ? "the answer says no time" : response.error().message;
    return check;
  }
  const double off = std::chrono::duration<double>(SystemClock().now() - *theirs).count();
  check.finding = fmt::format("{:.0f} s off", std::abs(off));
  if (std::abs(off) < 60) return check;
  check.state = std::abs(off) < 240 ? State::kWarning : State::kBad;
  check.fix = "set the clock: requests that are five minutes off are refused";
  return check;
}

}  // namespace

std::vector<DoctorCheck> examine_service(const Config& config) {
  std::vector<DoctorCheck> checks;
  if (!config.memory.empty()) checks.push_back(examine_database(config.memory, "memory"));
  const ServeConfig& serve = config.serve;
  if (serve.data.empty() && serve.bot_token.empty()) return checks;  // No server is configured.
  checks.push_back(examine_settings(config));
  for (const NamedReference& secret : secrets_of(serve)) {
    if (!secret.reference.empty()) checks.push_back(examine_secret(secret));
  }
  if (!config.aws) {
    for (const std::string& path : serve.paths) checks.push_back(examine_path(path));
  }
  if (serve.data.empty()) return checks;
  checks.push_back(examine_disk(serve.data));
  checks.push_back(examine_database(fs::path(serve.data) / "jobs.db", "jobs"));
  return checks;
}

std::vector<DoctorCheck> examine_slack(const Config& config, HttpClient& http, const Context& context) {
  const ServeConfig& serve = config.serve;
  if (serve.bot_token.empty() || serve.bot_token.starts_with("secretsmanager:")) return {};
  const auto bot = read_secret(serve.bot_token, "slack.bot_token", nullptr);
  const auto app = serve.app_token.starts_with("secretsmanager:")
                       ? Result<Secret>(Secret())
                       : read_secret(serve.app_token, "slack.app_token", nullptr);
  if (!bot || !app) return {};  // examine_service() has said so.
  const SystemClock clock;
  SystemSleeper sleeper;
  SystemRandom random;
  slack::WebApiOptions options;
  options.base_url = serve.slack_api;
  options.bot_token = [&] { return *bot; };
  options.app_token = [&] { return *app; };
  options.timeout = std::chrono::seconds(10);
  const auto api = slack::make_web_api(std::move(options), http, clock, sleeper, random);
  const Context soon = context.within(std::chrono::seconds(30));

  std::vector<DoctorCheck> checks{examine_skew(serve.slack_api, http, soon)};
  DoctorCheck token{"Slack bot token", State::kGood, "", ""};
  const auto identity = api->identify(soon);
  token.finding = identity ? fmt::format("accepted: user {} of workspace {}", identity->user_id, identity->team)
                           : identity.error().message;
  if (!identity) {
    token.state = State::kBad;
    token.fix = "docs/ops/slack.md says where the token is found";
  }
  checks.push_back(std::move(token));
  if (!serve.socket_mode || app->reveal().empty()) return checks;
  DoctorCheck socket{"Slack Socket Mode", State::kGood, "a connection is given", ""};
  if (const auto connection = api->open_connection(soon); !connection) {
    socket.state = State::kBad;
    socket.finding = connection.error().message;
    socket.fix = "switch Socket Mode on, and give the app-level token connections:write";
  }
  checks.push_back(std::move(socket));
  return checks;
}

}  // namespace fa
