# What FA2 does with any model: the loop of turns and tools, budgets, redaction, recording and replay.
list(APPEND llm_sources budget.cpp cassette.cpp cassette_lines.cpp redacting_model.cpp token_bound.cpp tool_loop.cpp)
list(APPEND llm_test_sources budget_test.cpp cassette_test.cpp redacting_model_test.cpp token_bound_test.cpp
     tool_loop_test.cpp)
