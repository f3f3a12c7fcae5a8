#pragma once

#include <string>
#include <vector>

namespace fa::manual {

/// A key of the configuration file as the code that reads it knows it.
struct Setting {
  std::string key;            ///< `aws.logs.groups`; below a list of tables `aws.targets[].region`
  std::string kind;           ///< `a whole number from 1 to 100`
  std::string default_value;  ///< As TOML; empty: there is none, or it is empty.
};

/// A setting that a written file has in force, and not as a comment.
struct PresetValue {
  std::string key;
  std::string value;  ///< As TOML.
};

/// `aws.targets[]` of `aws.targets[].region`; empty for a key at the top.
[[nodiscard]] std::string table_of(const std::string& key);

}  // namespace fa::manual
