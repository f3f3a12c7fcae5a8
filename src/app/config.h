#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace fa {

/// Settings from a TOML file; options on the command line win over them. docs/ops/configuration.md lists the keys.
struct Config {
  std::optional<std::string> language;  ///< [report] language = "en" | "ja"
  std::optional<std::string> format;    ///< [report] format = "text" | "json" | "markdown" | "html"
  std::size_t threads = 0;              ///< [investigate] threads; 0: as many as the machine has
};

/// Reads a configuration file. Unknown keys and values of the wrong kind are errors that name the file and the line.
Result<Config> read_config(const std::filesystem::path& path);

}  // namespace fa
