#pragma once

#include <cstdint>
#include <string>

/// Reading documents of unknown shape: what is not there, or of another kind, reads as nothing. Private to this
/// folder's sources. Templates, with fa::Json for J, so that a header need not bring that class along.
namespace fa::llm {

/// A member of an object; a null for anything else. Lives as long as `value`.
template <class J>
const J& field(const J& value, const char* name) {
  static const J kNothing;
  if (!value.is_object()) return kNothing;
  const auto found = value.find(name);
  return found == value.end() ? kNothing : *found;
}

template <class J>
std::string text_field(const J& value, const char* name) {
  const J& found = field(value, name);
  return found.is_string() ? found.template get_ref<const std::string&>() : std::string();
}

/// A count; 0 for negative numbers, fractions beyond what a double counts exactly, and anything else.
template <class J>
std::uint64_t count_field(const J& value, const char* name) {
  const J& found = field(value, name);
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53
  if (found.is_number_unsigned()) return found.template get<std::uint64_t>();
  if (!found.is_number_float()) return 0;
  const auto number = found.template get<double>();
  return number > 0 && number <= kLargestExact ? static_cast<std::uint64_t>(number) : 0;
}

}  // namespace fa::llm
