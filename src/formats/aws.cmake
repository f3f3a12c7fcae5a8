list(APPEND formats_sources alb_counts_reader.cpp alb_line.cpp alb_reader.cpp aws_values.cpp cloudtrail_event.cpp
     cloudtrail_reader.cpp cloudtrail_rows_reader.cpp cloudtrail_rules.cpp cloudwatch_logs_reader.cpp
     csv_table_reader.cpp json_slices.cpp xray_graph_reader.cpp xray_segment.cpp xray_summaries_reader.cpp
     xray_traces_reader.cpp)
list(APPEND formats_test_sources alb_counts_reader_test.cpp alb_reader_test.cpp aws_values_test.cpp
     cloudtrail_reader_test.cpp cloudtrail_rows_reader_test.cpp cloudwatch_logs_reader_test.cpp json_slices_test.cpp
     xray_graph_reader_test.cpp xray_summaries_reader_test.cpp xray_traces_reader_test.cpp)
