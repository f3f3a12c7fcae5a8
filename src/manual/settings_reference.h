#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manual/setting.h"

/// The settings with their texts (setting_texts.h), for readers of each kind. Pure. Settings without a text are left
/// out; check_setting_texts() finds those.
namespace fa::manual {

/// Tables for docs/ops/configuration.md.
[[nodiscard]] std::string settings_as_markdown(const std::vector<Setting>& settings);

/// The page fa2.toml(5).
[[nodiscard]] std::string settings_as_man_page(const std::vector<Setting>& settings, std::string_view version);

/// A configuration file that explains each key and sets only the presets; what else is there is a comment with its
/// default or an example. Tables with presets come first. It reads as fa2 reads one.
[[nodiscard]] std::string settings_as_example(const std::vector<Setting>& settings,
                                              const std::vector<PresetValue>& presets);

}  // namespace fa::manual
