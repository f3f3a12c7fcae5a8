#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace fa {

/// What a model is told, in one language: the files of prompts/en or prompts/ja. Plain values.
struct Prompts {
  Language language = Language::kEnglish;
  std::string system;                        ///< system.md
  std::map<std::string, std::string> texts;  ///< texts.toml
  std::map<std::string, std::string> tools;  ///< tools.toml: `tool`, `tool.parameter`
  std::string version;                       ///< First 12 hex digits of the SHA-256 of the three.

  /// A text by its key, with {0} replaced.
  [[nodiscard]] std::string text(const std::string& key, std::string_view argument = {}) const;
};

/// The prompts that come with the program, or those of `folder`/en and `folder`/ja, which must be complete. Errors name
/// the file and what it lacks.
Result<Prompts> load_prompts(Language language, const std::optional<std::filesystem::path>& folder = std::nullopt);

}  // namespace fa
