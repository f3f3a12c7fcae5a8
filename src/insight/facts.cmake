# What the data say, and how it is told.
list(APPEND insight_sources advice.cpp advice_rules_compute.cpp advice_rules_data.cpp answer.cpp answer_chart.cpp
     answer_words.cpp facts.cpp facts_comparison.cpp facts_correlation.cpp facts_grid.cpp facts_limits.cpp
     facts_outliers.cpp facts_season.cpp facts_shift.cpp facts_statistics.cpp facts_trend.cpp)
list(APPEND insight_test_sources answer_test.cpp facts_test.cpp)
