#pragma once

#include <string_view>

namespace fa {

/// Version of this build; set by CMake from the project's version.
inline constexpr std::string_view kVersion = FA_VERSION;

}  // namespace fa
