# texts/*.toml go into the program: a constant each, since compilers promise no more than 64 KiB of one literal.
set(text_rows "")
set(text_count 0)
foreach(file controls_access controls_workloads threats_hosts threats_identity)
  set(path ${CMAKE_CURRENT_SOURCE_DIR}/texts/${file}.toml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} text)
  string(APPEND text_rows "    BuiltInText{\"${file}.toml\", R\"toml(${text})toml\"},\n")
  math(EXPR text_count "${text_count} + 1")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/findings/built_in_texts.h CONTENT [[#pragma once

#include <array>
#include <string_view>

namespace fa::findings {

/// The texts of src/findings/texts.
struct BuiltInText {
  std::string_view file;
  std::string_view text;
};
inline constexpr std::array<BuiltInText, @text_count@> kBuiltInTexts = {
@text_rows@};

}  // namespace fa::findings
]] @ONLY)
