# What the app shows: Block Kit, mrkdwn, a model's Markdown. Knows nothing of Slack's network.
# Debian's CMake files of md4c name files of another package, those of pkg-config do not.
pkg_check_modules(md4c REQUIRED IMPORTED_TARGET GLOBAL md4c)
fa_library(slack_blocks
  SOURCES block_kit.cpp markdown_blocks.cpp markdown_reader.cpp markdown_table.cpp mrkdwn.cpp rich_text.cpp text_length.cpp
  DEPENDS fa_base PkgConfig::md4c)
fa_test(slack_blocks SOURCES block_kit_test.cpp markdown_blocks_test.cpp DEPENDS fa_slack_blocks)
if(FA_TESTS)
  target_include_directories(fa_slack_blocks_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
endif()
