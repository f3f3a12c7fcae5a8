# Who serves models, and what they share.
list(APPEND llm_sources
     bedrock.cpp bedrock_answer.cpp bedrock_request.cpp openai.cpp openai_answer.cpp openai_request.cpp
     server_sent_events.cpp text_protocol.cpp tool_schema.cpp tool_wire.cpp)
list(APPEND llm_test_sources
     bedrock_answer_test.cpp bedrock_request_test.cpp bedrock_test.cpp bedrock_test_frames.cpp openai_answer_test.cpp
     openai_test.cpp server_sent_events_test.cpp text_protocol_test.cpp tool_wire_test.cpp)
