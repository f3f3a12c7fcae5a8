# One file per service.
list(APPEND aws_services_sources
  alarm_answer.cpp
  athena.cpp
  cloudtrail.cpp
  cloudwatch.cpp
  dynamodb.cpp
  guardduty.cpp
  json_answer.cpp
  json_body.cpp
  lambda.cpp
  logs.cpp
  s3.cpp
  secrets_manager.cpp
  security_hub.cpp
  sts.cpp
  xray.cpp)
list(APPEND aws_services_test_sources
  ${PROJECT_SOURCE_DIR}/tests/support/aws/every_operation.cpp
  answers_test.cpp
  hostile_answers_test.cpp
  json_answer_test.cpp
  json_body_test.cpp
  recorded_answers_test.cpp
  requests_test.cpp)
