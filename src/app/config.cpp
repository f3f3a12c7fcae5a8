#include "app/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace fa {
namespace {

class ConfigReader {
 public:
  explicit ConfigReader(std::string file) : file_(std::move(file)) {}

  Result<Config> read(const toml::table& root) {
    for (const auto& [section, node] : root) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return unknown(section, std::string(section.str()));
      for (const auto& [key, value] : *table) {
        const std::string name = std::string(section.str()) + "." + std::string(key.str());
        if (auto ok = set(name, key, value); !ok) return tl::unexpected(ok.error());
      }
    }
    return config_;
  }

 private:
  Result<void> set(const std::string& name, const toml::key& key, const toml::node& value) {
    if (name == "report.language") return choice(value, name, {"en", "ja"}, config_.language);
    if (name == "report.format") return choice(value, name, {"text", "json", "markdown", "html"}, config_.format);
    if (name == "investigate.threads") {
      const auto number = value.value<std::int64_t>();
      if (!number || *number < 0 || *number > 1024) return wrong(value, name, "a whole number from 0 to 1024");
      config_.threads = static_cast<std::size_t>(*number);
      return {};
    }
    return tl::unexpected(unknown(key, name).error());
  }

  Result<void> choice(const toml::node& value, const std::string& name, std::initializer_list<std::string_view> allowed,
                      std::optional<std::string>& to) {
    const auto text = value.value_exact<std::string>();
    std::string list;
    for (const std::string_view a : allowed) {
      if (text && *text == a) {
        to = *text;
        return {};
      }
      list += (list.empty() ? "\"" : ", \"") + std::string(a) + "\"";
    }
    return wrong(value, name, "one of " + list);
  }

  Result<Config> unknown(const toml::key& key, const std::string& name) const {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}:{}: unknown key \"{}\". See docs/ops/configuration.md for the keys.", file_,
                            key.source().begin.line, name));
  }

  Result<void> wrong(const toml::node& value, const std::string& name, const std::string& expected) const {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}:{}: {} must be {}.", file_, value.source().begin.line, name, expected));
  }

  std::string file_;
  Config config_;
};

}  // namespace

Result<Config> read_config(const std::filesystem::path& path) {
  try {
    const toml::table root = toml::parse_file(path.string());
    return ConfigReader(path.string()).read(root);
  } catch (const toml::parse_error& e) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}:{}: {}.", path.string(), e.source().begin.line, e.description()));
  }
}

}  // namespace fa
