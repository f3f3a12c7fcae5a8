# What the Slack app does; what it says is in messages.cmake. re2 only to link: its -pthread does not go with the
# precompiled headers.
fa_library(chatops SOURCES courier.cpp directory.cpp edge.cpp edge_forms.cpp edge_inquiry.cpp edge_intake.cpp errands.cpp
           flow_texts.cpp job_payloads.cpp kept_files.cpp progress_message.cpp routes.cpp work.cpp work_analyse.cpp work_deliver.cpp
           work_inquire.cpp workers.cpp
           DEPENDS fa_chatops_messages fa_slack fa_alarms fa_server fa_store fa_report $<LINK_ONLY:PkgConfig::re2>)
fa_test(chatops SOURCES courier_test.cpp edge_test.cpp inquiry_flow_test.cpp work_test.cpp ../report/sample_report.cpp
        DEPENDS fa_chatops)
if(FA_TESTS)
  target_include_directories(fa_chatops_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
endif()
