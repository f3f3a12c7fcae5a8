# The AWS stand-in: one file per service it plays, and what they share.
set(test_aws_sources
    support/aws/alarms.cpp
    support/aws/athena.cpp
    support/aws/authentication.cpp
    support/aws/cloudtrail.cpp
    support/aws/cloudwatch.cpp
    support/aws/dynamodb.cpp
    support/aws/dynamodb_expression.cpp
    support/aws/faults.cpp
    support/aws/guardduty.cpp
    support/aws/insights.cpp
    support/aws/insights_query.cpp
    support/aws/lambda.cpp
    support/aws/log_filter.cpp
    support/aws/log_queries.cpp
    support/aws/logs.cpp
    support/aws/metric_data.cpp
    support/aws/metric_math.cpp
    support/aws/python_check.cpp
    support/aws/recent_account.cpp
    support/aws/reference_access_logs.cpp
    support/aws/reference_changes.cpp
    support/aws/reference_incident.cpp
    support/aws/reference_logs.cpp
    support/aws/reference_metrics.cpp
    support/aws/reference_requests.cpp
    support/aws/reference_traces.cpp
    support/aws/s3.cpp
    support/aws/secrets_manager.cpp
    support/aws/security_hub.cpp
    support/aws/signature.cpp
    support/aws/stand_in.cpp
    support/aws/stand_in_http.cpp
    support/aws/sts.cpp
    support/aws/trace_filter.cpp
    support/aws/wire.cpp
    support/aws/xray.cpp)
add_library(fa_test_aws STATIC ${test_aws_sources})
# Nothing of fa_aws: the stand-in must not share code with the client that is tried against it.
target_link_libraries(fa_test_aws PUBLIC fa_flags fa_base OpenSSL::Crypto ZLIB::ZLIB Boost::headers fmt::fmt
                                         nlohmann_json::nlohmann_json)
target_include_directories(fa_test_aws PUBLIC ${CMAKE_CURRENT_LIST_DIR}/../..)
target_compile_options(fa_test_aws PRIVATE ${FA_STAND_IN_OPTIONS})  # Some tests move 100,000 events through it.
fa_compile_together(fa_test_aws ${test_aws_sources})
target_compile_definitions(fa_test_aws PRIVATE FA_PROJECT_DIR="${PROJECT_SOURCE_DIR}")
