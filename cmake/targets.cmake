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
if(FA_FUZZ)
  target_compile_options(fa_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# fa_library(<folder name> SOURCES ... [DEPENDS ...])
function(fa_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(fa_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(fa_${name} PUBLIC fa_flags ${ARG_DEPENDS})
endfunction()

# Everything `ctest -L unit` runs: the tests of the libraries, without those that run the program.
add_custom_target(unit_tests)

# fa_test(<name> SOURCES ... DEPENDS ... [LABEL program]): one GoogleTest program, one CTest entry.
function(fa_test name)
  if(NOT FA_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(fa_${name}_test ${ARG_SOURCES})
  target_link_libraries(fa_${name}_test PRIVATE fa_flags ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_options(fa_${name}_test PRIVATE -O0)  # tests are compiled more often than they are run
  target_compile_definitions(fa_${name}_test PRIVATE FA_PROJECT_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND fa_${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL})
  if(ARG_LABEL STREQUAL unit)
    add_dependencies(unit_tests fa_${name}_test)
  endif()
endfunction()
