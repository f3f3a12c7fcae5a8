# The folder a collection is written into, and what it costs.
file(READ ${CMAKE_CURRENT_SOURCE_DIR}/prices.toml prices_toml)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/prices.toml)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/sources/aws/prices_toml.h CONTENT [[#pragma once

#include <string_view>

namespace fa {

/// The text of src/sources/aws/prices.toml.
inline constexpr std::string_view kPricesToml = R"toml(@prices_toml@)toml";

}  // namespace fa
]] @ONLY)
list(APPEND source_aws_sources aws_run.cpp aws_session.cpp collect_aws.cpp doctor.cpp doctor_findings.cpp collected_folder.cpp cost.cpp parallel.cpp price_list.cpp)
list(APPEND source_aws_test_sources collected_folder_test.cpp cost_test.cpp)
