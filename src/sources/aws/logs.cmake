# CloudWatch Logs: groups, volumes, events, Logs Insights queries and what they mine.
list(APPEND source_aws_sources logs_filter.cpp logs_groups.cpp logs_insights.cpp logs_mining.cpp logs_origin.cpp
     logs_pattern_filter.cpp logs_patterns.cpp logs_queries.cpp logs_rows.cpp logs_slices.cpp logs_source.cpp
     logs_volume.cpp)
list(APPEND source_aws_test_sources logs_patterns_test.cpp logs_plan_test.cpp logs_insights_test.cpp
     logs_source_test.cpp logs_mining_test.cpp)
