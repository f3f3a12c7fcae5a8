# Socket Mode. Boost's headers are for socket_connection.cpp only: they take long to compile.
fa_library(slack_socket
  SOURCES socket_connection.cpp socket_frame.cpp socket_line.cpp socket_mode.cpp
  DEPENDS fa_slack fa_base fa_net Boost::headers OpenSSL::SSL Threads::Threads)
fa_test(slack_socket SOURCES socket_mode_test.cpp DEPENDS fa_slack_socket fa_test_slack)
