#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "manual/setting.h"

namespace fa {

/// Values as TOML writes them; empty for those that say nothing.
inline std::string toml_literal(const std::string& text) {
  if (text.empty()) return "";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}
inline std::string toml_literal(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "[" : ", ") + toml_literal(text);
  return out.empty() ? "" : out + "]";
}

/// One table of a configuration file. Each read marks its key as known; finish() refuses those nobody asked for. The
/// first error wins and later reads do nothing, so that a section reads as a list of its keys. Private to src/app.
///
/// With a catalogue it reads nothing and writes down which keys it would have read, with the values that stand there
/// as their defaults: so the manual cannot know other keys than the program. For that, `use` of section() and
/// sections() must ask for all keys whatever they hold.
class TomlSection {
 public:
  TomlSection(const toml::table& table, std::string path, const std::string& file, std::optional<Error>& error,
              std::vector<manual::Setting>* catalogue = nullptr)
      : table_(table), path_(std::move(path)), file_(file), error_(error), catalogue_(catalogue) {}

  void read(std::string_view key, std::string& to) {
    with(key, "a text", toml_literal(to), [&](const toml::node& node) {
      const auto text = node.value_exact<std::string>();
      if (text) to = *text;
      return text.has_value();
    });
  }
  void read(std::string_view key, bool& to) {
    with(key, "true or false", to ? "true" : "false", [&](const toml::node& node) {
      const auto flag = node.value_exact<bool>();
      if (flag) to = *flag;
      return flag.has_value();
    });
  }
  /// For what has no default of its own.
  void read(std::string_view key, std::optional<bool>& to) {
    with(key, "true or false", "", [&](const toml::node& node) {
      to = node.value_exact<bool>();
      return to.has_value();
    });
  }
  void read(std::string_view key, double& to, double least, double most) {
    const std::string default_value = to >= least && to <= most ? fmt::format("{}", to) : "";
    with(key, fmt::format("a number from {} to {}", least, most), default_value, [&](const toml::node& node) {
      const auto number = node.value<double>();
      if (!number || !(*number >= least && *number <= most)) return false;
      to = *number;
      return true;
    });
  }
  template <class Whole>
  void read_whole(std::string_view key, Whole& to, std::int64_t least, std::int64_t most) {
    with(key, fmt::format("a whole number from {} to {}", least, most), fmt::format("{}", to),
         [&](const toml::node& node) {
           const auto number = node.value_exact<std::int64_t>();
           if (!number || *number < least || *number > most) return false;
           to = static_cast<Whole>(*number);
           return true;
         });
  }
  void read_choice(std::string_view key, const std::vector<std::string>& choices, std::string& to) {
    const std::string kind = fmt::format("one of \"{}\"", fmt::join(choices, "\", \""));
    with(key, kind, toml_literal(to), [&](const toml::node& node) {
      const auto text = node.value_exact<std::string>();
      for (const std::string& choice : choices) {
        if (text && *text == choice) {
          to = choice;
          return true;
        }
      }
      return false;
    });
  }
  void read(std::string_view key, std::vector<std::string>& to) {
    with(key, "a list of texts", toml_literal(to), [&](const toml::node& node) {
      const toml::array* list = node.as_array();
      if (list == nullptr) return false;
      std::vector<std::string> texts;
      for (const toml::node& item : *list) {
        const auto text = item.value_exact<std::string>();
        if (!text) return false;
        texts.push_back(*text);
      }
      to = std::move(texts);
      return true;
    });
  }
  void read(std::string_view key, std::map<std::string, std::string>& to) {
    with(key, "a table of texts", "", [&](const toml::node& node) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return false;
      for (const auto& [name, value] : *table) {
        const auto text = value.value_exact<std::string>();
        if (!text) return false;
        to[std::string(name.str())] = *text;
      }
      return true;
    });
  }
  /// Calls `use(TomlSection&)` for the table under `key`, if there is one.
  template <class Use>
  void section(std::string_view key, Use use) {
    if (catalogue_ != nullptr) return inside(table_, name(key), use);
    with(key, "a table", "", [&](const toml::node& node) {
      const toml::table* table = node.as_table();
      if (table == nullptr) return false;
      inside(*table, name(key), use);
      return true;
    });
  }
  /// The same for every table of the array under `key`.
  template <class Use>
  void sections(std::string_view key, Use use) {
    if (catalogue_ != nullptr) return inside(table_, name(key) + "[]", use);
    with(key, "a list of tables", "", [&](const toml::node& node) {
      const toml::array* list = node.as_array();
      if (list == nullptr) return false;
      for (const toml::node& item : *list) {
        const toml::table* table = item.as_table();
        if (table == nullptr) return false;
        inside(*table, name(key), use);
      }
      return true;
    });
  }

  /// What a key must be present for: an error at the table's line when `present` is false.
  void require(bool present, std::string_view key, std::string_view what) {
    if (error_ || present || catalogue_ != nullptr) return;
    error_ = Error{ErrorCode::kInvalidInput,
                   fmt::format("{}:{}: {} needs {}.", file_, table_.source().begin.line, name(key), what)};
  }

  void finish() {
    for (const auto& [key, node] : table_) {
      if (error_ || known_.contains(std::string(key.str()))) continue;
      error_ = Error{ErrorCode::kInvalidInput,
                     fmt::format("{}:{}: unknown key \"{}\". See docs/ops/configuration.md for the keys.", file_,
                                 key.source().begin.line, name(key.str()))};
    }
  }

 private:
  [[nodiscard]] std::string name(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }
  template <class Use>
  void inside(const toml::table& table, const std::string& path, Use use) {
    TomlSection inner(table, path, file_, error_, catalogue_);
    use(inner);
    inner.finish();
  }
  template <class Take>
  void with(std::string_view key, const std::string& expected, const std::string& default_value, Take take) {
    if (catalogue_ != nullptr) return catalogue_->push_back({name(key), expected, default_value});
    known_.insert(std::string(key));
    if (error_) return;
    const toml::node* node = table_.get(key);
    if (node == nullptr || take(*node) || error_) return;
    error_ = Error{ErrorCode::kInvalidInput,
                   fmt::format("{}:{}: {} must be {}.", file_, node->source().begin.line, name(key), expected)};
  }

  const toml::table& table_;
  std::string path_;
  const std::string& file_;
  std::optional<Error>& error_;
  std::vector<manual::Setting>* catalogue_;
  std::set<std::string> known_;
};

}  // namespace fa
