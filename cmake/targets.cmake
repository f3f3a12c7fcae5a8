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
  if(FA_SANITIZE MATCHES "undefined")
    # AddressSanitizer sees what these look for, and they are a third of the time to compile.
    target_compile_options(fa_flags INTERFACE -fno-sanitize=null,object-size,vptr)
  endif()
  target_link_options(fa_flags INTERFACE -fsanitize=${FA_SANITIZE})
endif()
# For what only tests run: the tests' own code under AddressSanitizer alone, stand-ins for other systems under none.
# Both are compiled more often than they are run, and it is the product that is looked at.
if(FA_SANITIZE MATCHES "address")
  set(FA_TEST_OPTIONS -O0 -fno-sanitize=undefined)
  set(FA_STAND_IN_OPTIONS -O1 -fno-sanitize=all)
  # Frames of an allocation that are kept, and freed memory that is watched: less than usual, since a third of the time
  # went there.
  set(FA_TEST_ENVIRONMENT "ASAN_OPTIONS=malloc_context_size=8:quarantine_size_mb=64")
  target_link_options(fa_flags INTERFACE -fuse-ld=lld)  # In half the time, for a hundred programs.
else()
  set(FA_TEST_OPTIONS -O0)
  set(FA_STAND_IN_OPTIONS -O1)
  set(FA_TEST_ENVIRONMENT "")
endif()
# What the fuzzer is to see the paths of: the product's libraries, not its tests.
set(FA_COVERAGE $<$<BOOL:${FA_FUZZ_COVERAGE}>:-fsanitize=fuzzer-no-link>)

# The headers that most files take longer to read than to compile: once for all of the libraries, where a whole build is
# wanted. It saves g++ 12 an eighth of its time and clang more. A build without FA_UNITY shows what includes are missing.
set(common_headers <algorithm> <chrono> <filesystem> <functional> <map> <memory> <mutex> <optional> <set> <string>
    <thread> <unordered_map> <variant> <vector> <fmt/core.h> <tl/expected.hpp> "${PROJECT_SOURCE_DIR}/src/base/json.h"
    "${PROJECT_SOURCE_DIR}/src/base/time.h" "${PROJECT_SOURCE_DIR}/src/base/context.h")
# precompile(<target> <headers> [<compile options>]): an object library that others reuse the precompiled headers of. Their
# compile options must be the same.
function(precompile target headers)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${target}.cpp CONTENT "// Only carries the precompiled headers.\n")
  add_library(${target} OBJECT ${PROJECT_BINARY_DIR}/${target}.cpp)
  target_link_libraries(${target} PRIVATE fa_flags fmt::fmt nlohmann_json::nlohmann_json)
  target_compile_options(${target} PRIVATE ${ARGN})
  target_precompile_headers(${target} PRIVATE ${headers})
endfunction()
if(FA_UNITY)
  precompile(fa_common_headers "${common_headers}" ${FA_COVERAGE})
endif()
if(FA_UNITY AND FA_SANITIZE)
  precompile(fa_common_headers_unoptimized "${common_headers}" ${FA_COVERAGE} -O0)
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
      math(EXPR rest "${rest_count} / 12")
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
  fa_compile_together(fa_${name} ${ARG_SOURCES})
  # Under the sanitizers optimizing takes four fifths of the time to compile, which only those libraries are worth that
  # the tests spend their time in.
  if(NOT FA_SANITIZE OR name MATCHES "^(base|model|formats|source_file|analysis_.*|redact|store|investigate|insight)$")
    fa_compile_library_source(fa_${name} fa_common_headers)
  else()
    fa_compile_library_source(fa_${name} fa_common_headers_unoptimized -O0)
  endif()
endfunction()

# fa_compile_library_source(<target> <precompiled headers> [<compile options>])
function(fa_compile_library_source target headers)
  target_compile_options(${target} PRIVATE ${FA_COVERAGE} ${ARGN})
  if(TARGET ${headers})
    target_precompile_headers(${target} REUSE_FROM ${headers})
    # g++ takes precompiled headers only where every macro is what it was when they were made.
    target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  endif()
endfunction()

add_custom_target(all_tests)  # What ctest runs.

# GoogleTest's headers take longer to compile than most tests: once for all of them.
function(fa_use_test_headers target)
  if(NOT TARGET fa_test_headers)
    precompile(fa_test_headers "<gmock/gmock.h>;<gtest/gtest.h>;${common_headers};${PROJECT_SOURCE_DIR}/src/model/report.h"
               ${FA_TEST_OPTIONS})
    target_link_libraries(fa_test_headers PRIVATE GTest::gmock)
  endif()
  target_precompile_headers(${target} REUSE_FROM fa_test_headers)
endfunction()

# fa_test(<name> SOURCES ... DEPENDS ... [COST seconds]): one GoogleTest program, one CTest entry. The costly ones begin
# first, so that nobody waits for them at the end.
function(fa_test name)
  if(NOT FA_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "COST" "SOURCES;DEPENDS" ${ARGN})
  add_executable(fa_${name}_test ${ARG_SOURCES})
  target_link_libraries(fa_${name}_test PRIVATE fa_flags ${ARG_DEPENDS} GTest::gmock GTest::gtest_main fmt::fmt
                                                nlohmann_json::nlohmann_json)
  target_compile_options(fa_${name}_test PRIVATE ${FA_TEST_OPTIONS})
  target_compile_definitions(fa_${name}_test PRIVATE FA_PROJECT_DIR="${PROJECT_SOURCE_DIR}")
  fa_use_test_headers(fa_${name}_test)
  add_test(NAME ${name} COMMAND fa_${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${FA_TEST_ENVIRONMENT}")
  if(ARG_COST)
    set_tests_properties(${name} PROPERTIES COST ${ARG_COST})
  endif()
  add_dependencies(all_tests fa_${name}_test)
endfunction()
