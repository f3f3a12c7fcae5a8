list(APPEND formats_sources change_events_reader.cpp cloudwatch_metrics_reader.cpp csv.cpp csv_layout.cpp
     csv_metrics_reader.cpp detect.cpp detect_json.cpp json_access.cpp json_document_reader.cpp json_documents.cpp
     metric_entity.cpp metric_expression.cpp metric_queries.cpp otlp_histogram.cpp otlp_logs.cpp otlp_metrics.cpp otlp_reader.cpp otlp_span_forms.cpp otlp_spans.cpp
     otlp_values.cpp prometheus_labels.cpp prometheus_reader.cpp prometheus_text.cpp prometheus_text_reader.cpp)
list(APPEND formats_test_sources change_events_reader_test.cpp cloudwatch_metrics_reader_test.cpp
     csv_metrics_reader_test.cpp detect_test.cpp json_documents_test.cpp metric_entity_test.cpp otlp_reader_test.cpp
     prometheus_reader_test.cpp recorded_data_test.cpp)
