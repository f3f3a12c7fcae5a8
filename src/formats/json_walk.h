#pragma once

#include <limits>
#include <string>
#include <string_view>

#include "formats/json_access.h"

/// Loops over objects and arrays of simdjson's on-demand interface, for .cpp files of readers only.
namespace fa {

/// Calls `visit(key, value)` for each member of an object, in text order. Whatever `visit` leaves unread is passed
/// over. A value that is no object has no members. Stops at the byte where the text breaks and returns that error.
template <class Visit>
simdjson::error_code each_member(simdjson::ondemand::value parent, Visit&& visit) {
  simdjson::ondemand::object members;
  if (const auto error = parent.get_object().get(members)) {
    return error == simdjson::INCORRECT_TYPE ? simdjson::SUCCESS : error;
  }
  for (auto member : members) {
    std::string_view key;
    simdjson::ondemand::value child;
    if (const auto error = member.unescaped_key().get(key)) return error;
    if (const auto error = member.value().get(child)) return error;
    visit(key, child);
  }
  return simdjson::SUCCESS;
}

/// The same for the elements of an array: `visit(value)`; those behind the first `limit` are not visited.
template <class Visit>
simdjson::error_code each_element(simdjson::ondemand::value parent, Visit&& visit,
                                  std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  simdjson::ondemand::array elements;
  if (const auto error = parent.get_array().get(elements)) {
    return error == simdjson::INCORRECT_TYPE ? simdjson::SUCCESS : error;
  }
  std::size_t count = 0;
  for (auto element : elements) {
    simdjson::ondemand::value child;
    if (const auto error = element.get(child)) return error;
    if (count++ < limit) visit(child);
  }
  return simdjson::SUCCESS;
}

/// An owned copy of a string value; empty for anything else.
inline std::string json_text(simdjson::ondemand::value value) {
  return std::string(json_string(value).value_or(std::string_view{}));
}

/// True for the literal `true` alone.
inline bool json_flag(simdjson::ondemand::value value) {
  bool flag = false;
  return !value.get_bool().get(flag) && flag;
}

/// Parses one object and visits its members; returns where it broke. The text must have kReadPadding readable bytes
/// behind it.
template <class Visit>
simdjson::error_code each_member(JsonParser& parser, std::string_view object, Visit&& visit) {
  simdjson::ondemand::document parsed;
  simdjson::ondemand::value root;
  if (const auto error = parser.iterate(object, parsed)) return error;
  if (const auto error = parsed.get_value().get(root)) return error;
  simdjson::ondemand::json_type type;
  if (const auto error = root.type().get(type)) return error;
  if (type != simdjson::ondemand::json_type::object) return simdjson::INCORRECT_TYPE;
  return each_member(root, visit);
}

}  // namespace fa
