# The tools a model may use on the inputs of an investigation, and what they are made of.
list(APPEND investigate_sources
     evidence_book.cpp model_tools.cpp reread.cpp tool_access.cpp tool_changes.cpp tool_compare.cpp tool_metrics.cpp
     tool_rows_around.cpp tool_search_knowledge.cpp tool_search_logs.cpp tool_series.cpp tool_span_tree.cpp
     tool_support.cpp tool_templates.cpp tool_topology.cpp)
list(APPEND investigate_test_sources
     evidence_book_test.cpp model_tools_test.cpp tool_logs_test.cpp tool_numbers_test.cpp)
