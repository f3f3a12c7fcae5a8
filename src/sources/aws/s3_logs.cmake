# Load balancers and changes: from S3, the event history, and tables in Athena.
list(APPEND source_aws_sources alb_source.cpp athena_csv.cpp athena_query.cpp athena_source.cpp athena_sql.cpp
     cloudtrail_lookup.cpp cloudtrail_plan.cpp cloudtrail_source.cpp s3_collector.cpp s3_fetch.cpp s3_gap_book.cpp
     s3_key_plan.cpp s3_listing.cpp s3_location.cpp)
list(APPEND source_aws_test_sources alb_source_test.cpp athena_csv_test.cpp athena_source_test.cpp
     athena_sql_test.cpp cloudtrail_source_test.cpp s3_key_plan_test.cpp s3_location_test.cpp)
