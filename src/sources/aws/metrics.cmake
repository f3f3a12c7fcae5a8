# CloudWatch metrics and alarms, X-Ray.
list(APPEND source_aws_sources alarm_history.cpp alarm_rule.cpp alarm_study.cpp metrics_fetch.cpp metrics_listing.cpp metrics_request.cpp
     metrics_rules.cpp metrics_select.cpp metrics_source.cpp xray_fetch.cpp xray_select.cpp xray_source.cpp
     xray_summaries.cpp)
list(APPEND source_aws_test_sources alarm_history_test.cpp alarm_rule_test.cpp alarm_study_test.cpp
     metrics_request_test.cpp metrics_rules_test.cpp metrics_select_test.cpp metrics_source_test.cpp xray_select_test.cpp
     xray_source_test.cpp)
