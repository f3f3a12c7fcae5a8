#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/serve_config.h"
#include "base/result.h"
#include "llm/budget.h"
#include "manual/setting.h"
#include "redact/redact.h"
#include "sources/aws/aws_request.h"

namespace fa {

/// [aws]: what `fa2 investigate --aws` and `fa2 doctor` work with.
struct AwsConfig {
  AwsRequest request;
  std::string region;   ///< Where no target and no option names one.
  std::string ca_file;  ///< CA bundle (PEM) instead of the system's and AWS_CA_BUNDLE.
  std::string proxy;    ///< Instead of the one the environment names.
};

/// [model]: the language model that investigates and words the answer, where there is one.
struct ModelConfig {
  std::string provider;  ///< "bedrock" or "openai"
  std::string id;        ///< Model or inference profile.
  std::string region;    ///< Bedrock; else that of [aws], the profile or the environment.
  std::string profile;   ///< Bedrock: profile of the shared AWS files; else that of [aws].
  std::string base_url;  ///< OpenAI-compatible: up to and with /v1.
  std::string key;       ///< `env:NAME`, `file:PATH` or `secretsmanager:ID`; empty: none is sent.
  std::string max_tokens_field = "max_tokens";
  bool tools = true;  ///< False: the model knows no tools, they go through text.
  bool stream = true;
  std::optional<bool> cache_prompts;  ///< Without a value: what the model is known to take.
  std::string guardrail_id;
  std::string guardrail_version = "DRAFT";
  double temperature = -1;
  std::string prompts;       ///< Folder with en/ and ja/ instead of the built-in prompts.
  std::string architecture;  ///< The team's description of its system, for the model to read.
  int max_cycles = 5;
  std::uint32_t max_output_tokens_per_call = 4096;
  std::uint64_t first_call_tokens = 8000;
  std::chrono::seconds deadline{120};
  llm::ModelPrice price;
  llm::ModelLimits limits;
  double max_usd_per_month = 0;  ///< 0: no limit. Needs [memory].
};

/// Settings from a TOML file; options on the command line win over them. docs/ops/configuration.md lists the keys.
struct Config {
  std::optional<std::string> language;  ///< [report] language = "en" | "ja"
  std::optional<std::string> format;    ///< [report] format = "text" | "json" | "markdown" | "html"
  std::string time_zone = "UTC";        ///< [report] time_zone: IANA name; of the times shown
  std::size_t threads = 0;              ///< [investigate] threads; 0: as many as the machine has
  /// [investigate] architecture, or where that is not set, [model]'s: `A -> B` lines of it are calls of the topology.
  std::string architecture;
  std::optional<AwsConfig> aws;        ///< [aws]; nullopt when the file has no such table
  std::optional<ModelConfig> model;    ///< [model]; likewise
  RedactionPolicy privacy;             ///< [privacy]
  bool show_secrets = false;           ///< [privacy] show_secrets: reports show what is otherwise replaced
  std::string memory;                  ///< [memory] path: SQLite file of past incidents and documents
  std::vector<std::string> detectors;  ///< [findings] detectors: GuardDuty detectors to ask; empty: all
  ServeConfig serve;                   ///< [serve] and its neighbours
};

/// Reads a configuration file. Unknown keys and values of the wrong kind are errors that name the file and the line.
Result<Config> read_config(const std::filesystem::path& path);

/// Every key that read_config() knows, with its kind and default.
std::vector<manual::Setting> known_settings();

}  // namespace fa
