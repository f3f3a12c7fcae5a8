#include "aws/profile_parser.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace fa::aws {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool starts_comment(char c) { return c == '#' || c == ';'; }

/// Names of sections and keys; others are passed over.
bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-/.%@_:+").find(c) != std::string_view::npos;
  });
}

/// A comment behind a value needs a blank before it: `https://x/#a` is a value.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (starts_comment(line[i]) && is_blank(line[i - 1])) return line.substr(0, i);
  }
  return line;
}

/// `word name` -> name; nullopt when the header does not begin with that word and a blank.
std::optional<std::string_view> behind_word(std::string_view header, std::string_view word) {
  if (!header.starts_with(word) || header.size() == word.size() || !is_blank(header[word.size()])) return std::nullopt;
  return trim(header.substr(word.size()));
}

class Parser {
 public:
  Parser(ProfileFileKind kind, ProfileFiles& files) : kind_(kind), files_(files) {}

  /// What is wrong with the line; empty when nothing is.
  std::string_view add(std::string_view line) {
    const std::string_view text = trim(line);
    if (text.empty() || starts_comment(text.front())) return {};
    if (line.front() == '[') return begin_section(line);
    if (!in_section_) return "Expected a profile definition, such as [default], before this";
    return is_blank(line.front()) ? continue_property(text) : begin_property(line);
  }

  /// `[profile default]` makes `[default]` of the same file void, whichever comes first.
  void finish() {
    ProfileSection* from = prefixed_default_ ? &*prefixed_default_ : plain_default_ ? &*plain_default_ : nullptr;
    if (from != nullptr) files_.profiles["default"] = std::move(*from);
  }

 private:
  std::string_view begin_section(std::string_view line) {
    const std::size_t close = line.find(']');
    const std::string_view rest = close == std::string_view::npos ? line : trim(line.substr(close + 1));
    if (close == std::string_view::npos || (!rest.empty() && !starts_comment(rest.front()))) {
      return "Profile definition must end with ']'";
    }
    in_section_ = true;
    key_state_ = KeyState::kNone;
    section_ = find_section(trim(line.substr(1, close - 1)));
    return {};
  }

  /// Where the section's keys go; nullptr for a section that is passed over.
  ProfileSection* find_section(std::string_view header) {
    const auto named = [](std::map<std::string, ProfileSection>& sections, std::string_view name) {
      return is_name(name) ? &sections[std::string(name)] : nullptr;
    };
    if (kind_ == ProfileFileKind::kCredentials) return named(files_.profiles, header);
    if (header == "default") return &(plain_default_ ? *plain_default_ : plain_default_.emplace());
    if (const auto name = behind_word(header, "profile")) {
      if (*name == "default") return &(prefixed_default_ ? *prefixed_default_ : prefixed_default_.emplace());
      return named(files_.profiles, *name);
    }
    if (const auto name = behind_word(header, "sso-session")) return named(files_.sso_sessions, *name);
    if (const auto name = behind_word(header, "services")) return named(files_.services, *name);
    return nullptr;
  }

  std::string_view begin_property(std::string_view line) {
    const std::string_view text = without_comment(line);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return "Expected an '=' sign defining a property";
    const std::string_view key = trim(text.substr(0, equals));
    const std::string_view value = trim(text.substr(equals + 1));
    if (key.empty()) return "Property did not have a name";
    if (section_ == nullptr || !is_name(key)) {
      key_state_ = KeyState::kPassedOver;
      return {};
    }
    key_ = to_lower(key);
    key_state_ = value.empty() ? KeyState::kNested : KeyState::kValue;
    section_->values[key_] = std::string(value);
    section_->nested.erase(key_);
    return {};
  }

  std::string_view continue_property(std::string_view text) {
    switch (key_state_) {
      case KeyState::kNone:
        return "Expected a property definition, found continuation";
      case KeyState::kPassedOver:
        return {};
      case KeyState::kNested: {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos) return "Expected an '=' sign defining a sub-property";
        const std::string_view key = trim(text.substr(0, equals));
        if (key.empty()) return "Sub-property did not have a name";
        section_->nested[key_][to_lower(key)] = std::string(trim(text.substr(equals + 1)));
        break;
      }
      case KeyState::kValue:
        break;
    }
    std::string& value = section_->values[key_];
    value += '\n';
    value += text;
    return {};
  }

  /// What an indented line belongs to.
  enum class KeyState { kNone, kPassedOver, kValue, kNested };

  ProfileFileKind kind_;
  ProfileFiles& files_;
  std::optional<ProfileSection> plain_default_;
  std::optional<ProfileSection> prefixed_default_;
  bool in_section_ = false;
  ProfileSection* section_ = nullptr;
  KeyState key_state_ = KeyState::kNone;
  std::string key_;
};

}  // namespace

Result<void> parse_profile_text(std::string_view text, ProfileFileKind kind, const std::string& file,
                                ProfileFiles& files) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // editors on Windows put a byte order mark there
  Parser parser(kind, files);
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const std::string_view wrong = parser.add(line); !wrong.empty()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}, line {}: {}. Correct this line of the AWS profile file.", file, number, wrong));
    }
  }
  parser.finish();
  return {};
}

}  // namespace fa::aws
