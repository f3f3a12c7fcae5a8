list(APPEND net_sources
  body_queue.cpp curl_client.cpp curl_failure.cpp curl_loop.cpp curl_transfer.cpp
  http.cpp http_date.cpp retry.cpp url_parts.cpp)
list(APPEND net_test_sources
  body_queue_test.cpp curl_client_test.cpp curl_failures_test.cpp curl_limits_test.cpp curl_sink_test.cpp
  http_test.cpp http_date_test.cpp retry_test.cpp url_parts_test.cpp)
