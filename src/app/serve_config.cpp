#include "app/serve_config.h"

#include <re2/re2.h>

#include "app/secret_reference.h"
#include "app/toml_section.h"
#include "base/text.h"
#include "base/time_zone.h"

namespace fa {
namespace {

constexpr std::string_view kReference =
    "a reference env:NAME, file:PATH, credential:NAME or secretsmanager:ID, never the secret itself";

void read_reference(TomlSection& s, std::string_view key, std::string& to) {
  s.read(key, to);
  s.require(to.empty() || is_secret_reference(to), key, kReference);
}

void read_names(TomlSection& s, std::string_view key, std::set<std::string>& to) {
  std::vector<std::string> names;
  s.read(key, names);
  to.insert(names.begin(), names.end());
}

template <class Duration>
void read_duration(TomlSection& s, std::string_view key, Duration& to, std::int64_t least, std::int64_t most) {
  std::int64_t count = to.count();
  s.read_whole(key, count, least, most);
  to = Duration(count);
}

void read_web(TomlSection& s, server::WebServerOptions& web) {
  web.port = 8080;
  s.read("address", web.address);
  s.read_whole("port", web.port, 0, 65'535);
  s.read("certificate", web.certificate);
  s.read("private_key", web.private_key);
  s.read_whole("max_connections", web.max_connections, 1, 1'000'000);
  s.require(web.certificate.empty() == web.private_key.empty(), "private_key", "certificate and private_key together");
}

void read_serve(TomlSection& s, ServeConfig& to) {
  read_web(s, to.web);
  s.read("data", to.data);
  s.read("paths", to.paths);
  s.read_whole("analyses", to.analyses, 1, 64);
  s.read_whole("max_attempts", to.settings.max_attempts, 1, 1000);
  s.read_whole("max_queued", to.settings.max_queued, 1, 1'000'000);
  read_duration(s, "analysis_deadline_seconds", to.analysis_deadline, 1, 86'400);
  read_duration(s, "drain_seconds", to.drain, 0, 3600);
  std::int64_t days = to.keep.count() / 24;
  s.read_whole("keep_days", days, 1, 36'500);
  to.keep = std::chrono::hours(24 * days);
  days = to.keep_audit.count() / 24;
  s.read_whole("keep_audit_days", days, 1, 36'500);
  to.keep_audit = std::chrono::hours(24 * days);
}

void read_languages(TomlSection& s, chatops::Settings& to) {
  std::map<std::string, std::string> names;
  s.read("languages", names);
  for (const auto& [id, name] : names) {
    const auto language = language_from_name(name);
    s.require(language.has_value(), "languages", "\"en\" or \"ja\" for each user or workspace");
    if (language) to.languages[id] = *language;
  }
}

/// The name of a command that may be switched off.
void read_command(TomlSection& s, std::string_view key, std::string& to) {
  s.read(key, to);
  s.require(to.empty() || to.starts_with("/"), key, "a name that begins with /, or \"\" for none");
}

void read_slack(TomlSection& s, ServeConfig& to) {
  chatops::Settings& app = to.settings;
  std::string mode = "http";
  s.read_choice("mode", {"http", "socket"}, mode);
  to.socket_mode = mode == "socket";
  read_reference(s, "signing_secret", to.signing_secret);
  read_reference(s, "bot_token", to.bot_token);
  read_reference(s, "app_token", to.app_token);
  s.read("api_url", to.slack_api);
  to.plain_socket = to.slack_api.starts_with("http://127.0.0.1:") || to.slack_api.starts_with("http://localhost:");
  s.require(to.slack_api.starts_with("https://") || to.plain_socket, "api_url", "an https address");
  read_names(s, "teams", app.teams);
  read_names(s, "channels", app.channels);
  read_names(s, "users", app.users);
  read_languages(s, app);
  s.read("follow_locale", app.follow_locale);
  s.read("time_zone", app.time_zone);
  s.require(TimeZone::find(app.time_zone).has_value(), "time_zone", "an IANA name such as Asia/Tokyo");
  s.read("command", app.command);
  s.require(app.command.starts_with("/"), "command", "a name that begins with /");
  read_command(s, "insight_command", app.insight_command);
  read_command(s, "findings_command", app.findings_command);
  s.require(app.insight_command.empty() || app.insight_command != app.findings_command, "findings_command",
            "another name than insight_command");
  s.read("alarm_apps", app.alarm_apps);
  s.read("alarm_patterns", app.alarm_patterns);
  for (const std::string& pattern : app.alarm_patterns) {
    re2::RE2::Options quiet;
    quiet.set_log_errors(false);
    const re2::RE2 compiled(pattern, quiet);
    s.require(compiled.ok(), "alarm_patterns", "regular expressions (RE2): " + compiled.error());
  }
  s.read("start_at_once", app.start_at_once);
  std::int64_t minutes = 30;
  s.read_whole("join_minutes", minutes, 0, 10'080);
  app.join_window = std::chrono::minutes(minutes);
}

}  // namespace

void read_serve_config(TomlSection& top, ServeConfig& to) {
  top.section("serve", [&](TomlSection& s) { read_serve(s, to); });
  top.section("slack", [&](TomlSection& s) { read_slack(s, to); });
  top.section("alarms", [&](TomlSection& s) { s.read("channel", to.settings.alarm_channel); });
  top.section("sns", [&](TomlSection& s) {
    s.read("topics", to.settings.sns_topics);
    s.read("channels", to.settings.topic_channels);
  });
  top.section("webhook", [&](TomlSection& s) { read_reference(s, "secret", to.webhook_secret); });
  top.section("alertmanager", [&](TomlSection& s) { read_reference(s, "token", to.alertmanager_token); });
}

Result<void> check_serve_config(const ServeConfig& c) {
  const auto need = [](std::string what) {
    return fail(ErrorCode::kInvalidInput, what + " docs/ops/slack.md goes through it step by step.");
  };
  if (c.data.empty()) return need("Set serve.data: the folder where fa2 serve keeps its jobs.");
  if (c.bot_token.empty()) return need("Set slack.bot_token, a reference to the app's bot token.");
  if (c.socket_mode && c.app_token.empty()) {
    return need("Set slack.app_token: Socket Mode needs an app-level token with connections:write.");
  }
  if (!c.socket_mode && c.signing_secret.empty()) {
    return need("Set slack.signing_secret, or slack.mode = \"socket\", which needs none.");
  }
  const bool other_alarms =
      !c.settings.sns_topics.empty() || !c.webhook_secret.empty() || !c.alertmanager_token.empty();
  if (other_alarms && c.settings.alarm_channel.empty()) {
    return need("Set alarms.channel: where alarms that do not come through Slack are posted.");
  }
  return {};
}

}  // namespace fa
