list(APPEND aws_sources client.cpp call_error.cpp clock_skew.cpp service_error.cpp)
list(APPEND aws_test_sources client_test.cpp clock_skew_test.cpp service_error_test.cpp)
