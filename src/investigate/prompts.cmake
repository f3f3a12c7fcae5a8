# prompts/ goes into the program, so that it works from anywhere; --prompts reads others.
set(prompt_constants "")
foreach(language En Ja)
  string(TOLOWER ${language} folder)
  foreach(part System.md Texts.toml Tools.toml)
    string(TOLOWER ${part} file)
    string(REGEX REPLACE "\\..*" "" name ${part})
    set(path ${PROJECT_SOURCE_DIR}/prompts/${folder}/${file})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} prompt_text)
    string(APPEND prompt_constants "inline constexpr std::string_view kPrompts${language}${name} = R\"prompt(${prompt_text})prompt\";\n")
  endforeach()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/investigate/builtin_prompts.h CONTENT [[#pragma once

#include <string_view>

namespace fa {

/// The texts of prompts/.
@prompt_constants@
}  // namespace fa
]] @ONLY)
