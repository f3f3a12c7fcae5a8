list(APPEND aws_sources endpoint.cpp event_stream.cpp host_label.cpp partitions.cpp s3_endpoint.cpp sigv4.cpp uri.cpp)
list(APPEND aws_test_sources endpoint_cases_test.cpp endpoint_test.cpp event_stream_test.cpp
     event_stream_vectors_test.cpp sigv4_test.cpp sigv4_vectors_test.cpp uri_test.cpp)
