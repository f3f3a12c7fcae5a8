#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "manual/setting.h"

/// What people are told about each key of the configuration file. Kinds and defaults are not here: they come from the
/// code that reads the keys.
namespace fa::manual {

struct SettingText {
  std::string_view key;
  std::string_view meaning;  ///< Sentences. `code` in backticks, no other markup.
  std::string_view example;  ///< As TOML, for keys without a default.
};

struct TableText {
  std::string_view table;
  std::string_view title;
  std::string_view meaning;
  bool switches_on = false;  ///< Its presence alone changes what fa2 does.
};

/// Tables in the order of the manual.
[[nodiscard]] std::span<const TableText> table_texts();
/// nullptr: nothing is said about it.
[[nodiscard]] const SettingText* text_of(std::string_view key);
[[nodiscard]] const TableText* table_text_of(std::string_view table);

/// Whether every setting and its table have a text, and every text its setting. The error names the first that has not.
[[nodiscard]] Result<void> check_setting_texts(const std::vector<Setting>& settings);

}  // namespace fa::manual
