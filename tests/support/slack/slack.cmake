# The Slack stand-in: the Web API, Socket Mode's other side, and the people in the workspace. Nothing of fa_slack: it
# must not share code with the client that is tried against it.
set(test_slack_sources
    support/slack/slack_block_checks.cpp
    support/slack/slack_conversation_text.cpp
    support/slack/slack_faults.cpp
    support/slack/slack_messages.cpp
    support/slack/slack_methods.cpp
    support/slack/slack_person.cpp
    support/slack/slack_pings.cpp
    support/slack/slack_send.cpp
    support/slack/slack_stand_in.cpp
    support/slack/slack_state.cpp
    support/slack/slack_wire.cpp
    support/slack/socket_channel.cpp
    support/slack/socket_frames.cpp
    support/slack/socket_stand_in.cpp)
add_library(fa_test_slack STATIC ${test_slack_sources})
target_link_libraries(fa_test_slack PUBLIC fa_flags fa_base fa_test_net OpenSSL::SSL OpenSSL::Crypto Threads::Threads
                                           nlohmann_json::nlohmann_json)
target_include_directories(fa_test_slack PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../..)
target_compile_options(fa_test_slack PRIVATE ${FA_STAND_IN_OPTIONS})  # Load tests move 100,000 events through it.
fa_compile_together(fa_test_slack ${test_slack_sources})
fa_test(slack_stand_in SOURCES slack_stand_in_test.cpp DEPENDS fa_test_slack fa_net)
