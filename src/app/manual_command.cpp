// fa2 completion, and fa2 manual, which packages are built with.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "app/commands.h"
#include "app/config.h"
#include "app/outline_commands.h"
#include "app/output.h"
#include "base/version.h"
#include "manual/completion.h"
#include "manual/man_page.h"
#include "manual/setting_texts.h"
#include "manual/settings_reference.h"

namespace fa {
namespace {

/// What the packaged service starts from: packaging/fa2.service gives it the folder and the credentials.
const std::vector<manual::PresetValue> kServicePresets = {
    {"serve.data", "\"/var/lib/fa2\""},
    {"memory.path", "\"/var/lib/fa2/memory.db\""},
    {"slack.mode", "\"socket\""},
    {"slack.bot_token", "\"credential:slack_bot_token\""},
    {"slack.app_token", "\"credential:slack_app_token\""},
};

std::string completion_for(const manual::CommandOutline& program, const std::string& shell) {
  if (shell == "bash") return manual::bash_completion(program);
  if (shell == "zsh") return manual::zsh_completion(program);
  return manual::fish_completion(program);
}

int print_completion(const CLI::App& app, const std::string& shell) {
  const auto written = write_output(completion_for(outline_commands(app), shell), std::nullopt);
  return written ? kExitOk : report_failure(written.error());
}

Result<void> write_manual(const CLI::App& app, const std::filesystem::path& folder) {
  const std::vector<manual::Setting> settings = known_settings();
  if (auto ok = manual::check_setting_texts(settings); !ok) return ok;
  const manual::CommandOutline program = outline_commands(app);
  std::vector<manual::ManPage> files = manual::man_pages(program, kVersion);
  files.push_back({"fa2.toml.5", manual::settings_as_man_page(settings, kVersion)});
  files.push_back({"fa2.toml", manual::settings_as_example(settings, kServicePresets)});
  files.push_back({"settings.md", manual::settings_as_markdown(settings)});
  for (const char* shell : {"bash", "zsh", "fish"}) {
    files.push_back({fmt::format("completion.{}", shell), completion_for(program, shell)});
  }
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  for (const manual::ManPage& file : files) {
    if (auto ok = write_output(file.text, folder / file.file); !ok) return ok;
  }
  return {};
}

}  // namespace

void add_manual_commands(CLI::App& app, int& status) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion", "Print what a shell loads to complete command lines of fa2");
  completion->add_option("SHELL", *shell, "Which shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([shell, &app, &status] { status = print_completion(app, *shell); });

  auto folder = std::make_shared<std::string>();
  CLI::App* manual = app.add_subcommand("manual", "Write manual pages, completions and an example configuration");
  manual->group("");
  manual->add_option("DIR", *folder, "Folder to write into")->required();
  manual->callback([folder, &app, &status] {
    const auto written = write_manual(app, *folder);
    status = written ? kExitOk : report_failure(written.error());
  });
}

}  // namespace fa
