#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

/// Members of a JSON request, without exceptions: what is missing or of another kind is absent. For .cpp files only.
namespace fa::test {

inline const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}
inline std::optional<std::string> text_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}
inline std::string text_or_empty(const Json& object, const char* name) {
  return text_member(object, name).value_or(std::string());
}
inline std::optional<std::int64_t> integer_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_number() ? std::optional(value->get<std::int64_t>()) : std::nullopt;
}
inline std::optional<double> number_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}
inline bool flag_member(const Json& object, const char* name, bool otherwise = false) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
}
inline std::vector<std::string> texts_member(const Json& object, const char* name) {
  std::vector<std::string> out;
  const Json* value = member(object, name);
  if (value == nullptr || !value->is_array()) return out;
  for (const Json& item : *value) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}
/// With U+FFFD for invalid UTF-8, which JSON cannot carry.
inline std::string dump(const Json& json) { return json_text(json); }

}  // namespace fa::test
