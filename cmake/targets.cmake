# How every target of the project is built: one library per folder of src/, its tests beside the sources.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

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

# fa_test(<name> SOURCES ... DEPENDS ...): one GoogleTest program, one CTest entry.
function(fa_test name)
  if(NOT FA_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(fa_${name}_test ${ARG_SOURCES})
  target_link_libraries(fa_${name}_test PRIVATE fa_flags ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(fa_${name}_test PRIVATE FA_PROJECT_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND fa_${name}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()
