list(APPEND aws_sources
     credential_caching.cpp credential_call.cpp credential_chain.cpp credential_container.cpp credential_document.cpp
     credential_imds.cpp credential_plan.cpp credential_process.cpp credential_sso.cpp credential_sts.cpp
     environment.cpp environment_command.cpp profile.cpp profile_parser.cpp sso_token.cpp)
list(APPEND aws_test_sources credential_process_test.cpp environment_test.cpp credential_plan_test.cpp credential_vectors_test.cpp profile_test.cpp credential_container_test.cpp credential_imds_test.cpp)
