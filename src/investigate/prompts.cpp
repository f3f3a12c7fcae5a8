#include "investigate/prompts.h"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <array>
#include <fstream>
#include <iterator>

#include "base/hash.h"
#include "base/text.h"
#include "investigate/builtin_prompts.h"  // made by CMake from prompts/

namespace fa {
namespace {

constexpr std::size_t kMostPromptBytes = std::size_t{256} << 10;

Result<std::string> read_prompt(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::kUnreadable, fmt::format("Cannot read the prompt {}.", path.string()));
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (text.size() > kMostPromptBytes) {
    return fail(ErrorCode::kLimit,
                fmt::format("The prompt {} is longer than {} bytes.", path.string(), kMostPromptBytes));
  }
  if (!is_valid_utf8(text)) {
    return fail(ErrorCode::kInvalidInput, fmt::format("The prompt {} is not UTF-8.", path.string()));
  }
  return text;
}

Result<std::map<std::string, std::string>> read_texts(std::string_view toml, const std::string& name) {
  std::map<std::string, std::string> texts;
  try {
    const toml::table table = toml::parse(toml, name);
    for (const auto& [key, node] : table) {
      const auto value = node.value_exact<std::string>();
      if (!value) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("{}:{}: {} must be a text.", name, key.source().begin.line, std::string(key.str())));
      }
      texts.emplace(std::string(key.str()), *value);
    }
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}:{}: {}", name, error.source().begin.line, std::string(error.description())));
  }
  return texts;
}

/// A folder's texts may say things otherwise, but must say all of them.
Result<void> has_all(const std::map<std::string, std::string>& given, const std::map<std::string, std::string>& wanted,
                     const std::string& name) {
  for (const auto& [key, text] : wanted) {
    if (!given.contains(key)) return fail(ErrorCode::kInvalidInput, fmt::format("{}: \"{}\" is missing.", name, key));
  }
  return {};
}

}  // namespace

std::string Prompts::text(const std::string& key, std::string_view argument) const {
  const auto it = texts.find(key);
  if (it == texts.end()) return {};
  std::string out = it->second;
  if (const std::size_t at = out.find("{0}"); at != std::string::npos) out.replace(at, 3, argument);
  return out;
}

Result<Prompts> load_prompts(Language language, const std::optional<std::filesystem::path>& folder) {
  const bool japanese = language == Language::kJapanese;
  Prompts p;
  p.language = language;
  std::array<std::string, 3> files{std::string(japanese ? kPromptsJaSystem : kPromptsEnSystem),
                                   std::string(japanese ? kPromptsJaTexts : kPromptsEnTexts),
                                   std::string(japanese ? kPromptsJaTools : kPromptsEnTools)};
  const auto texts = read_texts(files[1], "texts.toml");
  const auto tools = read_texts(files[2], "tools.toml");
  if (!texts) return tl::unexpected(texts.error());
  if (!tools) return tl::unexpected(tools.error());
  p.texts = *texts;
  p.tools = *tools;
  if (folder) {
    static constexpr std::array<std::string_view, 3> kNames{"system.md", "texts.toml", "tools.toml"};
    const std::filesystem::path of_language = *folder / language_name(language);
    for (std::size_t i = 0; i < files.size(); ++i) {
      auto text = read_prompt(of_language / kNames[i]);
      if (!text) return tl::unexpected(text.error());
      files[i] = std::move(*text);
    }
    for (auto& [file, to, name] : {std::tuple(1, &p.texts, "texts.toml"), std::tuple(2, &p.tools, "tools.toml")}) {
      const std::string path = (of_language / name).string();
      auto given = read_texts(files[static_cast<std::size_t>(file)], path);
      if (!given) return tl::unexpected(given.error());
      if (auto ok = has_all(*given, *to, path); !ok) return tl::unexpected(ok.error());
      *to = std::move(*given);
    }
  }
  p.system = files[0];
  p.version = sha256_hex(files[0] + '\0' + files[1] + '\0' + files[2]).substr(0, 12);
  return p;
}

}  // namespace fa
