# What the Slack app says, and how it reads what people fill in; no network, no store.
fa_library(chatops_messages
  SOURCES inquiry.cpp messages_answer.cpp messages_form.cpp messages_inquiry.cpp messages_parts.cpp messages_phrases.cpp
          messages_progress.cpp messages_report.cpp messages_time.cpp messages_values.cpp messages_views.cpp
  DEPENDS fa_base fa_model fa_report fa_slack_blocks date::date-tz)
fa_test(chatops_messages
  SOURCES messages_form_test.cpp messages_test.cpp messages_golden_test.cpp
          ${PROJECT_SOURCE_DIR}/src/report/sample_report.cpp
  DEPENDS fa_chatops_messages)
if(FA_TESTS)
  target_include_directories(fa_chatops_messages_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
endif()
