# How every target of the project is built: one library per folder of src/, its tests beside the sources.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# -O3 takes half as long again to build here and makes g++ 12 warn falsely about std::string.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(fa_flags INTERFACE)
target_include_directories(fa_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(fa_flags INTERFACE FA_VERSION="${PROJECT_VERSION}")
target_compile_options(fa_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                       -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Werror)
if(FA_SANITIZE)
  target_compile_options(fa_flags INTERFACE -fsanitize=${FA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fa_flags INTERFACE -fsanitize=${FA_SANITIZE})
endif()
# What the fuzzer is to see the paths of: the product's libraries, not its tests.
set(FA_COVERAGE $<$<BOOL:${FA_FUZZ}>:-fsanitize=fuzzer-no-link>)

# The headers that most files take longer to read than to compile: once for all of the libraries. Only for clang, and so
# not in the product's own build: g++ 12 gains nothing by it, and that build shows what includes are missing.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/common_headers.cpp CONTENT "// Only carries the precompiled header.\n")
  add_library(fa_common_headers OBJECT ${PROJECT_BINARY_DIR}/common_headers.cpp)
  target_link_libraries(fa_common_headers PRIVATE fa_flags fmt::fmt nlohmann_json::nlohmann_json)
  target_compile_options(fa_common_headers PRIVATE ${FA_COVERAGE})
  target_precompile_headers(fa_common_headers PRIVATE <algorithm> <chrono> <functional> <map> <memory> <mutex> <optional>
                            <string> <thread> <unordered_map> <variant> <vector> <fmt/core.h> <tl/expected.hpp>
                            "${PROJECT_SOURCE_DIR}/src/base/json.h")
endif()

# fa_compile_together(<target> <sources>): several sources as one, those of one first word (logs_, xray_) with each other.
# Most of the time goes into reading the same headers over and over.
function(fa_compile_together target)
  if(NOT FA_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set(rest_count 0)
  foreach(source IN LISTS ARGN)
    get_filename_component(file ${source} NAME_WE)
    string(REGEX MATCH "^[a-z0-9]+" word ${file})
    set(of_word ${ARGN})
    list(FILTER of_word INCLUDE REGEX "(^|/)${word}_[a-z0-9_]*\\.cpp$")
    list(LENGTH of_word together)
    if(together GREATER 2)
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${word})
    else()
      math(EXPR rest "${rest_count} / 8")
      math(EXPR rest_count "${rest_count} + 1")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP rest${rest})
    endif()
  endforeach()
endfunction()

# fa_library(<folder name> SOURCES ... [DEPENDS ...])
function(fa_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(fa_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(fa_${name} PUBLIC fa_flags ${ARG_DEPENDS})
  target_compile_options(fa_${name} PRIVATE ${FA_COVERAGE})
  fa_compile_together(fa_${name} ${ARG_SOURCES})
  if(TARGET fa_common_headers)
    target_precompile_headers(fa_${name} REUSE_FROM fa_common_headers)
  endif()
endfunction()

add_custom_target(all_tests)  # What ctest runs.

# GoogleTest's headers take longer to compile than most tests: once for all of them.
function(fa_use_test_headers target)
  if(NOT TARGET fa_test_headers)
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/test_headers.cpp CONTENT "// Only carries the precompiled header.\n")
    add_library(fa_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cpp)
    target_link_libraries(fa_test_headers PRIVATE fa_flags GTest::gmock fmt::fmt nlohmann_json::nlohmann_json)
    target_compile_options(fa_test_headers PRIVATE -O0)
    target_precompile_headers(fa_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <fmt/core.h>
                              "${PROJECT_SOURCE_DIR}/src/base/json.h")
  endif()
  target_precompile_headers(${target} REUSE_FROM fa_test_headers)
endfunction()

# fa_test(<name> SOURCES ... DEPENDS ...): one GoogleTest program, one CTest entry.
function(fa_test name)
  if(NOT FA_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(fa_${name}_test ${ARG_SOURCES})
  target_link_libraries(fa_${name}_test PRIVATE fa_flags ${ARG_DEPENDS} GTest::gmock GTest::gtest_main fmt::fmt
                                                nlohmann_json::nlohmann_json)
  target_compile_options(fa_${name}_test PRIVATE -O0)  # tests are compiled more often than they are run
  target_compile_definitions(fa_${name}_test PRIVATE FA_PROJECT_DIR="${PROJECT_SOURCE_DIR}")
  fa_use_test_headers(fa_${name}_test)
  add_test(NAME ${name} COMMAND fa_${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  add_dependencies(all_tests fa_${name}_test)
endfunction()
