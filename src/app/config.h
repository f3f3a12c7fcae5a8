#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "sources/aws/aws_request.h"

namespace fa {

/// [aws]: what `fa2 investigate --aws` and `fa2 doctor` work with.
struct AwsConfig {
  AwsRequest request;
  std::string region;   ///< Where no target and no option names one.
  std::string ca_file;  ///< CA bundle (PEM) instead of the system's and AWS_CA_BUNDLE.
  std::string proxy;    ///< Instead of the one the environment names.
};

/// Settings from a TOML file; options on the command line win over them. docs/ops/configuration.md lists the keys.
struct Config {
  std::optional<std::string> language;  ///< [report] language = "en" | "ja"
  std::optional<std::string> format;    ///< [report] format = "text" | "json" | "markdown" | "html"
  std::size_t threads = 0;              ///< [investigate] threads; 0: as many as the machine has
  std::optional<AwsConfig> aws;         ///< [aws]; nullopt when the file has no such table
};

/// Reads a configuration file. Unknown keys and values of the wrong kind are errors that name the file and the line.
Result<Config> read_config(const std::filesystem::path& path);

}  // namespace fa
